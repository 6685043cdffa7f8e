"""What belongs to persons is not read: columns of theirs by name, their numbers and addresses wherever they stand."""

from __future__ import annotations

import re

RESIDENT = r"\b[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]) ?[-–]? ?[1-8][0-9*]{6}(?:\b|\*)"
E_MAIL = r"(?<![0-9A-Za-z._%+-])[0-9A-Za-z._%+-]{1,64}@[0-9A-Za-z-]{1,63}(?:\.[0-9A-Za-z-]{1,63}){0,8}"
_PERSONAL = re.compile(f"{RESIDENT}|{E_MAIL}", re.ASCII)
_COLUMNS = re.compile(
    r"대표|성명|이름|담당|주소|메일|전화|휴대|핸드폰|연락처|주민|팩스|생년|"
    r"e-?mail|phone|mobile|ceoname|contactname|\baddr|\btel\b|hp$|person|representative"
)
MASK = "***"
_FIGURES = re.compile(r"[0-9A-Fa-fxXeE.,()△▲₩%+_#=/:$ -]{1,40}")


def is_personal(name: str) -> bool:
    """Whether a column, by its name, holds data of persons."""
    return _COLUMNS.search(name.lower().replace(" ", "")) is not None


def masked(text: str) -> str:
    """A text without resident numbers and e-mail addresses."""
    return _PERSONAL.sub(MASK, text)


def shown(text: str) -> str | None:
    """A text that a fault may quote: figures and signs alone, no words, nothing of a person."""
    plain = text.strip()
    return plain if _FIGURES.fullmatch(plain) and masked(plain) == plain else None
