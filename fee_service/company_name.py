"""Names of companies as they are searched: ㈜A, (주) A, 주식회사 A and A(주) are one, in any order of words."""

from __future__ import annotations

import re
import unicodedata

from fee_service.spelling import one_width

# Legal forms, by how they are shortened; each may stand before or behind the name.
_FORMS = {
    "(주)": ("주식회사", "株式會社", "株式会社", "(株)"),
    "(유)": ("유한회사", "有限會社", "(有)"),
    "(유책)": ("유한책임회사",),
    "(합)": ("합자회사",),
    "(사)": ("사단법인", "社團法人", "(社)"),
    "(재)": ("재단법인", "財團法人", "(財)"),
}
_SHORT = {word: short for short, words in _FORMS.items() for word in words}
_BRACKETED = re.compile(r"\( *(유책|[주株유有합사社재財]) *\)")
_WORD = re.compile(r"(?<!\S)(?:{0})|(?:{0})(?!\S)".format("|".join(word for word in _SHORT if word[0] != "(")))
_ENGLISH = re.compile(
    r"(?:[ ,]+(?:co|company|corp|corporation|inc|incorporated|ltd|limited|llc|plc|gmbh)\b\.?,?)+ *$", re.ASCII
)
_VARIATIONS = re.compile("[\u200c\u200d\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def folded(name: str) -> str:
    """A name as it is compared whole: width, case, dashes, spaces and hidden marks do not matter (㈜ is (주))."""
    seen = _VARIATIONS.sub("", one_width(name))
    return " ".join(one_width(unicodedata.normalize("NFKC", seen)).casefold().split())


def searched(name: str) -> str:
    """A name as parts of it are looked for: without spaces, its legal forms at the end."""
    rest, forms = _apart(folded(name))
    return "".join((rest + forms).split())


def words(part: str) -> list[str]:
    """What a searched name has to hold, the longest first; a legal form counts where nothing else is given."""
    rest, forms = _apart(folded(part))
    found = rest.split() or forms.split() or [part]
    return sorted(dict.fromkeys(found), key=len, reverse=True)


def _apart(name: str) -> tuple[str, str]:
    """A folded name without its legal forms, and these."""
    forms: list[str] = []

    def keep(found: re.Match[str]) -> str:
        text = re.sub(" ", "", found[0]).strip(",")
        forms.append(_SHORT.get(text, text))
        return " "

    rest = _ENGLISH.sub(keep, _WORD.sub(keep, _BRACKETED.sub(keep, name)))
    return rest, " ".join(forms)
