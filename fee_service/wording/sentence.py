"""A sentence in both languages."""

from __future__ import annotations

from typing import NamedTuple


class Sentence(NamedTuple):
    ko: str
    en: str
