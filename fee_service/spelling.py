"""What people type and paste, in the one spelling that is kept: nothing that cannot be seen, syllables whole (NFC).

Applied once, where text comes in; quotes that are stored stay as they are.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable

# Scripts and emoji in which a joiner (U+200C, U+200D) belongs to the spelling; elsewhere it only hides.
_JOINING = "[\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]"
_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"  # no shape of their own
    f"|(?<!{_JOINING})[\u200c\u200d]|[\u200c\u200d](?!{_JOINING})"
    "|(?<![^\\s\ufe00-\ufe0f])[\ufe00-\ufe0f]"  # a variation of nothing
)
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u3164\uffa0]")  # all that look like a space
_AROUND = " \t\r\n"

_FULL_WIDTH = {wide: chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)}
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―⁃−﹘﹣－ーｰㅡ─━"), "-")
_ONE_WIDTH = str.maketrans({**_FULL_WIDTH, **_DASHES})


def cleaned(text: str) -> str:
    """The text without hidden marks, in NFC, with plain spaces, none around it; joiners of emoji stay."""
    if text.isascii():
        return text.strip(_AROUND)
    seen = _HIDDEN.sub("", text)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", seen)).strip(_AROUND)


def one_width(text: str) -> str:
    """Cleaned text with full-width signs and every dash that a keyboard or a word processor makes as ASCII.

    Digits of other kinds (①, ², ٣) stay: they may be meant as something else.
    """
    return cleaned(text).translate(_ONE_WIDTH)


def nearest(word: str, known: Iterable[str], count: int = 1, likeness: float = 0.6) -> tuple[str, ...]:
    """Up to `count` known words most like one that is not known, the most similar first; `likeness` from 0 to 1."""
    return tuple(difflib.get_close_matches(word, list(known), count, cutoff=likeness))


def by_likeness(word: str, known: Iterable[str]) -> list[str]:
    """All known words, the most similar first, however little they are alike."""
    return sorted(known, key=lambda name: -difflib.SequenceMatcher(None, word.lower(), name).ratio())
