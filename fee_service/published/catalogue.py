"""The API catalogue: what may be asked for by name or URI, and which licence each needs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from fee_service.model import Label, Reading, Text
from fee_service.published.services import ServiceTable
from fee_service.spelling import nearest


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
    """One thing that can be asked for: a licence of the usage guide, a documented endpoint, a service or a family.

    Any one licence of `covered_by` is enough; `services` are those whose published fees a request for it owes.
    `on_request` says what is needed beside it without a published price. `priced_from` is the day before which no
    fee was published, `withdrawn_on` the day from which it is no longer offered.
    """

    id: str
    kind: str  # licence, endpoint, service, family
    label: Label
    names: tuple[str, ...]
    uris: tuple[str, ...]  # the documented one first, then the other documented forms
    licence: str | None  # the licence's name in the usage guide
    status: ApiStatus
    covered_by: tuple[LicenceKey, ...]
    on_request: Label | None
    text: Label | None
    withdrawn_on: date | None
    members: tuple[str, ...]  # of a family: what to name instead
    transaction_data: bool
    source: str
    readings: tuple[Reading, ...]
    services: tuple[str, ...] = ()
    priced_from: date | None = None
    paths_below: str | None = None  # every path that begins so is this one

    def __hash__(self) -> int:
        """By its id, which no other of a catalogue has: all that it says is long to hash."""
        return hash(self.id)

    @property
    def uri(self) -> str | None:
        """The documented URI."""
        return self.uris[0] if self.uris and self.kind == "endpoint" else None

    def status_on(self, day: date) -> ApiStatus:
        """The status for a contract that starts on `day`."""
        if self.withdrawn_on is not None and day >= self.withdrawn_on:
            return ApiStatus.NOT_OFFERED
        if self._is_before_its_price(day):
            return ApiStatus.ON_REQUEST
        return self.status

    def _is_before_its_price(self, day: date) -> bool:
        return self.status is ApiStatus.PRICED and self.priced_from is not None and day < self.priced_from

    def why_on(self, day: date) -> Label | Text | None:
        """What becomes of a request for a contract that starts on `day`, in words, where it is not simply priced."""
        if self.withdrawn_on is not None and day >= self.withdrawn_on:
            return Text("withdrawn_since", {"day": self.withdrawn_on})
        if self._is_before_its_price(day):
            return Text("no_fee_published_before", {"day": self.priced_from})
        return self.text

    def unpriced_on(self, day: date) -> Label | Text | None:
        """What of it has no published price: all of it, or a licence needed beside the priced one."""
        return self.why_on(day) if self.status_on(day) is ApiStatus.ON_REQUEST else self.on_request


class Requested(NamedTuple):
    """An API under the name by which it was asked for."""

    asked: str
    api: Api


_PLACEHOLDER = re.compile(r"\{[A-Za-z_]+\}")
_SPELLINGS = {"코스피": "kospi", "코스닥": "kosdaq", "코넥스": "konex"}  # names of the markets in Hangul
_SPELT = re.compile("|".join(_SPELLINGS))
_METHOD = re.compile(r"(?:GET|POST)\s+", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:https?://)?(?P<host>[a-z0-9.-]+\.[a-z]+)(?::\d{1,5})?(?P<path>/.*)", re.IGNORECASE)


def folded(name: str) -> str:
    """A name without what people write differently: width, case, composed or decomposed Hangul, the markets' names
    in Hangul or Latin letters, spaces, hyphens, underscores, middle dots, commas, parentheses, what cannot be seen."""
    if name.isascii():
        return name.lower().translate(_IGNORED_ASCII)
    plain = unicodedata.normalize("NFKC", name).casefold()
    kept = "".join(char for char in plain if not _is_ignored(char))
    return _SPELT.sub(lambda found: _SPELLINGS[found[0]], kept)


_IGNORED = frozenset("-_·ㆍ・‧•∙⋅,()[]\u2010\u2011\u2012\u2013\u2014\u2015\u2212")


_IGNORED_ASCII = dict.fromkeys((*range(33), 127, *(ord(char) for char in _IGNORED if char.isascii())))


def _is_ignored(char: str) -> bool:
    return char in _IGNORED or char.isspace() or unicodedata.category(char) in ("Cf", "Cc")


def without_query(requested: str) -> str:
    """A name or URI as it is kept: a query or fragment is left out, as it decides nothing and may hold a key."""
    return re.split(r"[?#]", requested, maxsplit=1)[0] if "/" in requested else requested


def mentions(term: str, names: Iterable[str]) -> bool:
    """Whether one of some names holds a search term, both as folded."""
    sought = folded(term)
    return any(sought in folded(name) for name in names)


def searched_names(api: Api, table: ServiceTable) -> Iterator[str]:
    """Everything by which an API may be looked for: of a service also its family, its provider and who may use it."""
    yield from (api.id, *api.names, *api.uris, api.licence or "")
    for service in table.in_order((api.id, *api.services)):
        yield from (service.family, *table.families[service.family], *service.provider)


@lru_cache(maxsize=1_024)
def _uri_pattern(uri: str) -> re.Pattern[str]:
    """Matches a documented URI with each placeholder as written, otherwise named, or filled in.

    Made when it is first asked for: most requests name no URI.
    """
    literals = (re.escape(part) for part in _PLACEHOLDER.split(uri))
    return re.compile(r"(?:\{[A-Za-z_]+\}|[^/{}?#]+)".join(literals), re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All APIs in the printed order; every name, URI and id leads to exactly one of them. `hosts` are the domains
    of the platform, under whose addresses a URI may be written in full."""

    apis: tuple[Api, ...]
    hosts: tuple[str, ...] = ()
    _by_name: Mapping[str, Api] = field(init=False, repr=False)
    _by_uri: Mapping[int, Sequence[tuple[str, Api]]] = field(init=False, repr=False)  # by parts of the path

    def __post_init__(self) -> None:
        names: dict[str, Api] = {}
        for api in self.apis:
            for name in (api.id, *api.names):
                other = names.setdefault(folded(name), api)
                if other is not api:
                    raise ValueError(f"{name!r} leads to {other.id} and to {api.id}")
        with_uri = [(uri, api) for api in self.apis for uri in api.uris]
        with_uri.sort(key=lambda pair: len(_PLACEHOLDER.findall(pair[0])))  # the most literal URI first
        object.__setattr__(self, "_by_name", names)
        by_uri: dict[int, list[tuple[str, Api]]] = {}
        for uri, api in with_uri:
            by_uri.setdefault(uri.count("/"), []).append((uri, api))
        object.__setattr__(self, "_by_uri", by_uri)

    def find(self, requested: str) -> Api | None:
        """The API that a licence name, an API name, an own id or a URI stands for; None where there is none."""
        name = folded(requested)
        named = self._by_name.get(name) or self._by_name.get(name.removesuffix("api"))
        path = None if named is not None else self._path(requested)
        if path is None:
            return named
        alike = self._by_uri.get(path.count("/"), ())
        found = next((api for uri, api in alike if _uri_pattern(uri).fullmatch(path)), None)
        return found or next(
            (api for api in self.apis if api.paths_below and f"{path}/".startswith(api.paths_below)), None
        )

    def _path(self, requested: str) -> str | None:
        """The path of a URI, however much of its address is written; None for a name or a foreign address."""
        if "/" not in requested:
            return None
        written = requested
        if not requested.isascii():
            seen = "".join(char for char in requested if unicodedata.category(char) not in ("Cf", "Cc"))
            written = unicodedata.normalize("NFKC", seen)
        written = unquote(_METHOD.sub("", written.strip(), count=1))
        written = without_query(written)
        address = _ADDRESS.fullmatch(written)
        if address is not None:
            host = address["host"].casefold()
            if not any(host == domain or host.endswith(f".{domain}") for domain in self.hosts):
                return None
            written = address["path"]
        elif ":" in written.partition("/")[0]:
            return None
        return "/" + written.strip("/")

    def nearest(self, requested: str, count: int = 3) -> tuple[str, ...]:
        """The names, URIs or ids most like one that does not exist."""
        path = self._path(requested) if re.search(r"^\s*/|://|/.*/", requested) else None
        if path is not None:
            known: Iterable[str] = (uri for api in self.apis for uri in api.uris)
        else:
            known = (name for api in self.apis for name in (*api.names, api.id))
        written = {folded(name): name for name in reversed(list(known))}
        sought = folded((path or requested)[:200])
        close = nearest(sought, written, count, likeness=0.4)
        holding = sorted((name for name in written if path is None and len(sought) > 1 and sought in name), key=len)
        return tuple(written[name] for name in dict.fromkeys([*close[:1], *holding, *close]))[:count]
