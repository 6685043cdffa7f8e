"""Won and quantities by a grammar, not by a cast: what is not written as whole won says by its own code why not."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

from fee_service.spelling import one_width

MOST_WON = 10**13 - 1  # a million lines of it still fit in 64 bits

# 1.000 may be a thousand in another spelling: three zeros behind a dot are decimals only where no dot could group.
_DIGITS = r"(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{4,}|0+|[0-9]{1,3}(?!\.0{3}(?!0)))(?:\.0+)?"
_WON_SIGN = r"[₩\\]?"
_WON = re.compile(
    rf"(?P<minus>[-△▲]?) ?{_WON_SIGN} ?{_DIGITS} ?원?"
    rf"|{_WON_SIGN} ?(?P<inner>[-△▲]) ?{_DIGITS.replace('digits', 'behind')} ?원?"
    rf"|(?P<brackets>\() ?{_WON_SIGN} ?{_DIGITS.replace('digits', 'within')} ?원? ?\)원?"
)
_NUMBER = r"[-+△▲(]?[₩\\]?[0-9][0-9,]*"
_FORMS = (  # the first that fits says why a text is no amount
    ("amount_error_cell", re.compile(r"#(?:[A-Z]+[/0-9A-Z]*[!?]?|N/A)")),
    ("amount_formula_uncomputed", re.compile(r"[=@].*", re.DOTALL)),
    ("digits_lost", re.compile(r"-?[0-9](?:\.[0-9]+)?[eE]\+?(?:1[5-9]|[2-9][0-9])")),
    ("amount_in_exponent", re.compile(r"[-+]?[0-9.,]+[eE][-+]?[0-9]+")),
    ("amount_in_hexadecimal", re.compile(r"[-+]?0[xX][0-9a-fA-F]+")),
    ("amount_with_underscores", re.compile(r"[-+]?[0-9]+(?:_[0-9]+)+")),
    (
        "amount_with_dots",
        re.compile(
            r"[-+△▲(]?[₩\\]?[0-9]+(?:\.[0-9]+){2,}원?\)?|[-+]?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+|[-+△▲(]?[₩\\]?[0-9]{1,3}\.0{3}원?\)?"
        ),
    ),
    ("amount_with_fraction", re.compile(rf"{_NUMBER}\.[0-9]*원?\)?")),
    ("amount_commas_misplaced", re.compile(r"[-△▲]?[₩\\]?(?![0-9]{1,3}(?:,[0-9]{3})+원?$)[0-9]*(?:,[0-9]*)+원?")),
    ("amount_in_korean_units", re.compile(r".*[0-9] ?[십백천만억조].*")),
    (
        "amount_in_other_currency",
        re.compile(r"(?i)(?:[$€¥£]|usd|eur|jpy|cny|us\$).*|.*(?:[$€¥£]|usd|eur|jpy|cny|달러|엔)"),
    ),
    ("amount_is_a_day", re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}.*")),
)
FORMS = tuple(code for code, _ in _FORMS)


class Won(NamedTuple):
    """Whole won, or None and the code of the fault."""

    won: int | None
    code: str | None = None


MISSING = Won(None, "amount_missing")


def won(text: str) -> Won:
    """The whole won that a text stands for; (1,000), △1,000 and ▲1,000 are negative."""
    plain = one_width(text).replace("￦", "₩").replace("−", "-")
    if plain in ("", "-"):  # how a sheet shows nothing, and 0
        return MISSING
    if found := _WON.fullmatch(plain):
        digits = found["digits"] or found["behind"] or found["within"]
        amount = int(digits.replace(",", "")) if len(digits) < 40 else MOST_WON + 1
        negative = bool(found["minus"] or found["inner"] or found["brackets"])
        return Won(-amount if negative else amount) if amount <= MOST_WON else Won(None, "amount_beyond_bound")
    return Won(None, next((code for code, form in _FORMS if form.fullmatch(plain)), "amount_not_a_number"))


_QUANTITY = re.compile(r"-?(?:[0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.[0-9]{1,4}0*)?")


def quantity(text: str) -> Decimal | None:
    """A quantity, which may have up to 4 decimals; None where it is none."""
    plain = one_width(text)
    return Decimal(plain.replace(",", "")) if _QUANTITY.fullmatch(plain) else None
