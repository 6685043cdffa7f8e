"""Faults are values: collected, so that a caller sees all of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple


class Fault(NamedTuple):
    """One thing wrong with a request.

    `code` is stable and has its sentences in `wording.faults`; `pointer` is a JSON Pointer into the request
    (RFC 6901, empty for the whole of it); `params` fill the sentences.
    """

    code: str
    pointer: str = ""
    params: Mapping[str, Any] = {}


class FeeError(Exception):
    """A request that cannot be answered, with every reason found."""

    def __init__(self, faults: Iterable[Fault], status: int = 422) -> None:
        self.faults = tuple(faults)
        self.status = status
        super().__init__(", ".join(f"{fault.code} at {fault.pointer or '/'}" for fault in self.faults))


def pointer(*parts: str | int) -> str:
    """The JSON Pointer to a place in a request, each part escaped as RFC 6901 says."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)
