"""The API catalogue: what may be asked for by name or URI, and which licence each needs."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from fee_service.model import Label, Reading


class ApiStatus(StrEnum):
    """What becomes of a request for an API."""

    PRICED = "priced"
    ON_REQUEST = "on_request"  # offered, without a published price
    NOT_OFFERED = "not_offered"
    TOO_BROAD = "too_broad"  # a family of several licences: one of them has to be named


class LicenceKey(NamedTuple):
    contract: str
    product: str


class Api(NamedTuple):
    """One thing that can be asked for: a licence of the usage guide, a documented endpoint or an API family.

    Any one licence of `covered_by` is enough. `on_request` says what is needed beside it without a
    published price; `withdrawn_on` is the day from which the API is no longer offered.
    """

    id: str
    kind: str  # licence, endpoint, family
    label: Label
    names: tuple[str, ...]
    uri: str | None
    licence: str | None  # the licence's name in the usage guide
    status: ApiStatus
    covered_by: tuple[LicenceKey, ...]
    on_request: Label | None
    text: Label | None
    withdrawn_on: date | None
    members: tuple[str, ...]  # of a family: what to name instead
    transaction_data: bool
    source: str
    reading: Reading | None

    def status_on(self, day: date) -> ApiStatus:
        """The status for a contract that starts on `day`."""
        withdrawn = self.withdrawn_on is not None and day >= self.withdrawn_on
        return ApiStatus.NOT_OFFERED if withdrawn else self.status

    def unpriced_on(self, day: date) -> Label | None:
        """What of it has no published price: all of it, or a licence needed beside the priced one."""
        return self.text if self.status_on(day) is ApiStatus.ON_REQUEST else self.on_request


class Requested(NamedTuple):
    """An API under the name by which it was asked for."""

    asked: str
    api: Api


_PLACEHOLDER = re.compile(r"\{[A-Za-z_]+\}")


def folded(name: str) -> str:
    """A name without what people write differently: width, case, spaces, hyphens and underscores."""
    return re.sub(r"[\s_-]+", "", unicodedata.normalize("NFKC", name).casefold())


def _uri_pattern(uri: str) -> re.Pattern[str]:
    """Matches a documented URI with each placeholder as written, otherwise named, or filled in."""
    literals = (re.escape(part) for part in _PLACEHOLDER.split(uri))
    return re.compile(r"(?:\{[A-Za-z_]+\}|[^/{}?#]+)".join(literals))


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All APIs in the printed order; every name, URI and id leads to exactly one of them."""

    apis: tuple[Api, ...]
    _by_name: Mapping[str, Api] = field(init=False, repr=False)
    _by_uri: tuple[tuple[re.Pattern[str], Api], ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        names = {folded(name): api for api in self.apis for name in (api.id, *api.names)}
        with_uri = [api for api in self.apis if api.uri]
        with_uri.sort(key=lambda api: len(_PLACEHOLDER.findall(api.uri or "")))  # the most literal URI first
        object.__setattr__(self, "_by_name", names)
        object.__setattr__(self, "_by_uri", tuple((_uri_pattern(api.uri or ""), api) for api in with_uri))

    def find(self, requested: str) -> Api | None:
        """The API that a licence name, an API name, an own id or a URI stands for; None where there is none."""
        named = self._by_name.get(folded(requested))
        if named is not None or "/" not in requested:
            return named
        path = "/" + requested.strip().strip("/")
        return next((api for pattern, api in self._by_uri if pattern.fullmatch(path)), None)

    def nearest(self, requested: str, count: int = 3) -> tuple[str, ...]:
        """The names, URIs or ids most like one that does not exist."""
        if "/" in requested:
            known: Iterable[str] = (api.uri for api in self.apis if api.uri)
        else:
            known = (name for api in self.apis for name in (*api.names, api.id))
        written = {folded(name): name for name in known}
        close = difflib.get_close_matches(folded(requested[:200]), written, count, cutoff=0.4)
        return tuple(written[name] for name in close)
