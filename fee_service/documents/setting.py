"""Papers are set by Typst as tagged PDF: a template of how it looks, and its words and amounts as JSON.

Nothing that a caller typed is ever read as markup. The same content gives the same bytes: the file bears the instant
that it is given, and the fonts are those installed with the service.
"""

from __future__ import annotations

import json
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

import typst

from fee_service.glyphs import FONT_FOLDERS, code_point, missing
from fee_service.strict_json import Data

TEMPLATES = Path(__file__).parent


def typeset(template: str, content: Data, made_at: datetime) -> bytes:
    """A paper as a PDF."""
    printed = _printable(json.dumps(content, ensure_ascii=False))
    try:
        return _set(template, printed, made_at, "ua-1")
    except typst.TypstError:  # PDF/UA wants a glyph for every cluster of letters, and a name may be in any script
        return _set(template, printed, made_at, "1.7")


def _printable(content: str) -> str:
    """The content with a code point in the place of every letter that no font has."""
    for sign in missing(content):
        content = content.replace(sign, code_point(sign))
    return content


def _set(template: str, content: str, made_at: datetime, standard: Literal["ua-1", "1.7"]) -> bytes:
    return typst.compile(
        _template(template),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"content": content},
        pdf_standards=standard,
        timestamp=made_at,
    )


@lru_cache
def _template(name: str) -> bytes:
    return b"\n".join((TEMPLATES / f"{each}.typ").read_bytes() for each in ("paper", name))


@lru_cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder) for folder in FONT_FOLDERS]
    )
