"""Names of APIs as they are pasted: from mails and spreadsheets, in lines, cells or with signs between."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from fee_service.spelling import cleaned

Known = Callable[[str], object]  # whether there is an API of a name

_BETWEEN = re.compile(r"[;；\t、|]")
_COMMA = re.compile(r"[,，]")
_BULLET = re.compile(r"(?:[-*•·▪○●]|\d{1,3}[.)])\s+")


def every_name(_name: str) -> bool:
    """Where nobody knows the APIs, a comma belongs to the name that it stands in."""
    return True


def names_in(text: str, is_known: Known) -> Iterator[tuple[int, str]]:
    """Each name with the number of its line. Raises nothing: what is no name is told by whoever looks it up."""
    for number, line in enumerate(text.splitlines(), 1):
        for part in _BETWEEN.split(line):
            name = _bare(part)
            if name:
                yield from ((number, each) for each in _apart(name, is_known))


def _bare(part: str) -> str:
    """A name without the bullet or number before it, and without quotation marks around it."""
    name = _BULLET.sub("", cleaned(part), count=1) if _BULLET.match(cleaned(part)) else cleaned(part)
    return name.strip("\"'“”‘’ ")


def _apart(name: str, is_known: Known) -> Iterator[str]:
    """The names between commas, the longest that is known first: some names hold a comma themselves."""
    if not _COMMA.search(name) or is_known(name):
        yield name
        return
    ends = [*(found.start() for found in _COMMA.finditer(name)), len(name)]
    start = 0
    while start < len(name):
        later = [end for end in ends if end >= start]
        end = next((end for end in reversed(later) if is_known(_bare(name[start:end]))), later[0])
        if piece := _bare(name[start:end]):
            yield piece
        start = end + 1
