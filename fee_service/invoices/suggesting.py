"""For a text that nobody knows the known ones most like it: they are shown, and decide nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from fee_service.invoices.items import ItemKey
from fee_service.published.item_names import PublishedNames
from fee_service.published.item_texts import LONGEST
from fee_service.published.item_words import Says

MOST = 3
LEAST = 50  # of 100: less alike is no help
WITHIN = 80  # of 100: the most that a part of a text is alike
LEAST_WITHIN = 3  # letters of such a part


class Known(NamedTuple):
    """A text that is told or published, and what it says."""

    text: str
    specification: str | None
    says: Says
    told: bool


class Suggestion(NamedTuple):
    """A known text, and how much alike it is, up to 100."""

    known: Known
    score: int


def suggestions(
    text: str, specification: str | None, told: Mapping[ItemKey, Known], published: PublishedNames
) -> Sequence[Suggestion]:
    """Up to three of what is told for the supplier, of published words and of printed labels, the likest first.

    What is told comes before what is published where both are as much alike. One of each meaning.
    """
    sought = published.key(f"{text} {specification or ''}")[: 2 * LONGEST]
    if not sought:
        return ()
    own = [(published.key(f"{each.text} {each.specification or ''}"), each) for each in told.values()]
    found = [Suggestion(known, _alike(sought, key)) for key, known in (*own, *_published(published))]
    best: dict[Says, Suggestion] = {}
    for suggestion in sorted(found, key=lambda one: -one.score):  # of equals the told one stays first
        if suggestion.score < LEAST or len(best) == MOST:
            break
        best.setdefault(suggestion.known.says, suggestion)
    return tuple(best.values())


def _alike(sought: str, key: str) -> int:
    """As wholes; or, for less, a known text that stands, more or less, within the other."""
    from rapidfuzz import fuzz  # it is needed for this alone

    within = fuzz.partial_ratio(sought, key) if LEAST_WITHIN <= len(key) < len(sought) else 0
    return round(max(fuzz.ratio(sought, key), WITHIN * within / 100))


@lru_cache(maxsize=4)
def _published(published: PublishedNames) -> tuple[tuple[str, Known], ...]:
    """Texts that say something by themselves, as they are compared, with all that follows from them; found once."""
    found = []
    for text, says in (*published.names, *published.labels):
        whole = says if says.total or says.ignored else published.completed(published.readings(text))
        if whole is not None:
            found.append((published.key(text), Known(text, None, whole, told=False)))
    return tuple(found)
