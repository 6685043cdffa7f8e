"""What a word of an invoice says, as codes, and the words of pricing_tables/item_names.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Says:
    """What a text, or a column, says of an item, as codes; None is left open. `total`: an invoice as a whole,
    `ignored`: none of ours."""

    fee: str | None = None
    agreement: str | None = None
    product: str | None = None
    option: str | None = None
    user_type: str | None = None
    total: bool = False
    ignored: bool = False

    def with_(self, other: Says) -> Says | None:
        """Both together; None where they contradict each other."""
        told = self.codes()
        for name, code in other.codes().items():
            if told.setdefault(name, code) != code:
                return None
        return Says(**told, total=self.total or other.total, ignored=self.ignored or other.ignored)

    def codes(self) -> dict[str, str]:
        """The codes that are told, by field."""
        return {name: code for name in CODES if (code := getattr(self, name)) is not None}


def saying(name: str, code: str) -> Says:
    """One code alone."""
    return Says(**{name: code}, total=False, ignored=False)


CODES = ("fee", "agreement", "product", "option", "user_type")
NOTHING = Says()


class ItemWords(NamedTuple):
    """What the file says: texts with the codes of each, and words that only say that an invoice is corrected."""

    names: tuple[tuple[str, Says], ...]
    corrections: tuple[str, ...]
