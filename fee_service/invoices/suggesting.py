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
    from rapidfuzz import fuzz, process  # it is needed for this alone

    sought = published.key(f"{text} {specification or ''}")[: 2 * LONGEST]
    if not sought:
        return ()
    own = [(published.key(f"{each.text} {each.specification or ''}"), each) for each in told.values()]
    keyed = (*own, *_published(published))
    found = process.extract(sought, [key for key, _ in keyed], scorer=fuzz.ratio, limit=None, score_cutoff=LEAST)
    ranked = sorted(found, key=lambda match: (-round(match[1]), match[2]))
    best: dict[Says, Suggestion] = {}
    for _, score, place in ranked:
        known = keyed[place][1]
        best.setdefault(known.says, Suggestion(known, round(score)))
        if len(best) == MOST:
            break
    return tuple(best.values())


@lru_cache(maxsize=4)
def _published(published: PublishedNames) -> tuple[tuple[str, Known], ...]:
    """Texts that say something by themselves, as they are compared, with all that follows from them; found once."""
    found = []
    for text, says in (*published.names, *published.labels):
        whole = says if says.total or says.ignored else published.completed(published.readings(text))
        if whole is not None:
            found.append((published.key(text), Known(text, None, whole, told=False)))
    return tuple(found)
