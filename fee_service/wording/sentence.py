"""A sentence in both languages, what is said of a fault, and in which language it is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple, TypeVar

OneLanguage = Literal["ko", "en"]
Language = Literal["ko", "en", "both"]
Said = TypeVar("Said")


class Sentence(NamedTuple):
    ko: str
    en: str


class FaultWording(NamedTuple):
    """The sentences of one code; `title` is its short English name for the documentation.

    `alone_…` is the hint where there is nothing that the other could name.
    """

    title: str
    message_ko: str
    message_en: str
    hint_ko: str
    hint_en: str
    alone_ko: str = ""
    alone_en: str = ""

    @property
    def message(self) -> Sentence:
        return Sentence(self.message_ko, self.message_en)

    @property
    def hint(self) -> Sentence:
        return Sentence(self.hint_ko, self.hint_en)

    def hint_naming(self, params: Mapping[str, object]) -> Sentence:
        """The hint for a fault with these params: one of nothing to choose from names nothing."""
        names_nothing = any(isinstance(value, tuple | list) and not value for value in params.values())
        return Sentence(self.alone_ko, self.alone_en) if self.alone_en and names_nothing else self.hint


def merged(*parts: Mapping[str, Said]) -> dict[str, Said]:
    """All that is said, by code. Raises RuntimeError where two parts define one code: the service does not start."""
    found: dict[str, Said] = {}
    for part in parts:
        twice = found.keys() & part.keys()
        if twice:
            raise RuntimeError(f"defined twice: {', '.join(sorted(twice))}")
        found |= part
    return found
