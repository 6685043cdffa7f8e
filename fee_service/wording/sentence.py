"""A sentence in both languages, and in which of them it is wanted."""

from __future__ import annotations

from typing import Literal, NamedTuple

OneLanguage = Literal["ko", "en"]
Language = Literal["ko", "en", "both"]


class Sentence(NamedTuple):
    ko: str
    en: str
