"""What belongs to persons does not come out: columns of theirs, their numbers, addresses and names wherever they stand.

A name in a text is known by what stands before it (담당자:), by the title behind it (과장), or by a column of persons.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

RESIDENT = r"(?<![0-9A-Za-z])[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]) ?[-–]? ?[1-8][0-9*]{6}(?![0-9A-Za-z])"
E_MAIL = r"(?<![0-9A-Za-z._%+-])[0-9A-Za-z._%+-]{1,64}@[0-9A-Za-z-]{1,63}(?:\.[0-9A-Za-z-]{1,63}){0,8}"
_PERSONAL = re.compile(f"{RESIDENT}|{E_MAIL}", re.ASCII)
_COLUMNS = re.compile(
    r"대표|성명|이름|담당|주소|메일|전화|휴대|핸드폰|연락처|주민|팩스|생년|"
    r"e-?mail|phone|mobile|ceoname|contactname|\baddr|\btel\b|hp$|person|representative"
)
_NAMES = re.compile(
    r"대표자|대표이사|^대표$|성명|이름|담당자|ceoname|contactname|personname|representative(?:name)?$|person$"
)
_SURNAMES = "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민나진지엄채원천방"
_NAME = rf"[{_SURNAMES}][가-힣]{{1,7}}(?![가-힣])"
_LATIN_NAME = r"[A-Z][a-z]+(?:[ -][A-Z][a-z]+){1,2}"
_TITLES = "귀하|과장|대리|부장|차장|팀장|실장|주임|사원"
TRIGGERS = rf"담당|대표|성명|성함|이름|예금주|수신|참조|문의|님|씨|{_TITLES}|[Cc]ontact|[Aa]ttn|ATTN|CEO"
_LABELLED = re.compile(
    rf"((?:대표자|대표이사|담당자|성명|성함|예금주)명?(?:은|는)? ?[:：(]? ?){_NAME}"
    rf"|((?:대표|담당|이름|수신|참조|문의) ?[:：(] ?){_NAME}"
    rf"|((?:[Cc]ontact|[Aa]ttn|ATTN|CEO) ?[:.]? ?){_LATIN_NAME}"
)
_TITLED = re.compile(rf"(?<![가-힣])[{_SURNAMES}][가-힣]{{1,2}} ?(?:(?:님|씨)(?![가-힣])|(?:{_TITLES})님?(?![가-힣]))")
_IN_A_FILE_NAME = re.compile(rf"(?<![가-힣0-9A-Za-z])[{_SURNAMES}][가-힣]{{2}}(?![가-힣0-9A-Za-z])")
_NO_NAMES = re.compile(
    "(?:이용|정산|청구|구매|조회|시세|정보|주문|공급|신청|안내|전표|전체|주식|지수|선물|현물|기본|전월|당월|상반|하반)."
)
MASK = "***"
_FIGURES = re.compile(r"[0-9A-Fa-fxXeE.,()△▲₩%+_#=/:$ -]{1,40}")


def is_personal(name: str) -> bool:
    """Whether a column, by its name, holds data of persons."""
    return _COLUMNS.search(name.lower().replace(" ", "")) is not None


def is_name(column: str) -> bool:
    """Whether a column, by its name, holds names of persons."""
    return _NAMES.search(column.lower().replace(" ", "")) is not None


def masked(text: str) -> str:
    """A text without resident numbers and e-mail addresses, and without names that something tells as such."""
    bare = _PERSONAL.sub(MASK, text)
    bare = _LABELLED.sub(lambda found: (found[1] or found[2] or found[3]) + MASK, bare)
    return _TITLED.sub(MASK, bare)


def masked_file_name(name: str) -> str:
    """The name of a file without what belongs to a person: also a word that is built like a name, between signs."""
    return _IN_A_FILE_NAME.sub(lambda found: found[0] if _NO_NAMES.match(found[0]) else MASK, masked(name))


_RUN = re.compile("[가-힣]+")


def names_in(texts: Iterable[str | None]) -> frozenset[str]:
    """The names in cells that hold nothing else; of several in a cell each."""
    found = {run for text in texts if text for run in _RUN.findall(text) if 2 <= len(run) <= 4}
    latin = (" ".join(text.split()) for text in texts if text and text.isascii())
    return frozenset(found | {text for text in latin if re.fullmatch(r"(?i:[a-z.-]{2,}(?: [a-z.-]+){1,3})", text)})


def without(names: frozenset[str], text: str, shortest: int = 2) -> str:
    """A text without these names; in a longer word only those of three syllables or more are seen (홍길동에게)."""

    def bare(run: re.Match[str]) -> str:
        word = run[0]
        for length in (4, 3):
            if len(word) >= length and word[:length] in names:
                return MASK + word[length:]
        return MASK if len(word) >= shortest and word in names else word

    told = _RUN.sub(bare, text)
    for name in names:
        if name.isascii() and name in told:
            told = told.replace(name, MASK)
    return told


def shown(text: str) -> str | None:
    """A text that a fault may quote: figures and signs alone, no words, nothing of a person."""
    plain = text.strip()
    return plain if _FIGURES.fullmatch(plain) and masked(plain) == plain else None
