"""The sum closes: what is billed is what is expected, the differences by cause and what is unexplained, everywhere."""

import random
from collections.abc import Iterator
from datetime import date

import pytest
from support.core import A, B, day
from support.reckoning import SPLIT, reckoned
from support.result_lines import FIRST, LINES, SECOND, result_line, unjudged

from fee_service.answers.reconciled import ResultLine, packed, unpacked, written
from fee_service.published.editions import Editions
from fee_service.reconciliation import summing
from fee_service.reconciliation.summing import SUMMED, Given, summed_up
from fee_service.rules.judging import CheckedAgainst, Claim, Expected, Status, causes_of, judge

MONTHS = [day("2026-12-01"), day("2027-01-01"), day("2027-02-01")]


def closes(lines: list[ResultLine], size: int = 3) -> bool:
    """Whether the sum of some lines closes, in tables of a size."""
    of_files = sum(line.status != "missing" for line in lines)
    tables = (written(lines[at : at + size]) for at in range(0, len(lines), size))
    return bool(summed_up(tables, Given(of_files + 2, {"header": 2}))["closes"])


def test_the_summary_is_what_is_added_up_by_hand() -> None:
    """Judged: 1,483,870 + 800,000 + 100 + 2,000,007 + 50,000 − 4,000 billed; seven won of it nobody can explain."""
    summary = summed_up([written(LINES[:4]), written(LINES[4:])], Given(12, {"header": 2, "sum": 1}))
    assert (summary["rows"], summary["lines"], summary["closes"]) == (12, 9, True)
    assert (summary["amount"], summary["expected"], summary["unexplained"]) == (4_329_977, 4_877_718, 7)
    assert {cause: each["amount"] for cause, each in summary["by_cause"].items()} == {
        "missing": -800_000,
        "not_prorated": 206_452,
        "duplicate": 50_000,
        "unexpected": -4_000,
        "rounding+other_price_list": -200,
    }
    assert summary["by_status"]["overbilled"] == {"lines": 2, "amount": 2_800_007, "difference": 206_459}
    assert summary["aside"] == {"not_judged": 9_999, "already_seen": 1_483_870, "unreadable": 0}
    assert {key: each["expected"] for key, each in summary["by_month"].items()} == {
        "2026-12": 2_077_718,
        "2027-01": 2_800_000,
    }
    assert summary["by_file"]["-"]["by_cause"] == {"missing": {"lines": 1, "amount": -800_000, "vat": -80_000}}


def test_invoices_that_match_are_not_told_one_by_one() -> None:
    """Of invoices those with something wrong; of files, contracts and months all."""
    lines = [result_line(), result_line(invoice_number=SECOND, vat_difference=1, cause="vat_rounding")]
    summary = summed_up([written(lines)], Given(2, {}))
    assert list(summary["by_invoice"]) == [SECOND]
    assert summary["by_cause"] == {"vat_rounding": {"lines": 1, "amount": 0, "vat": 1}}
    assert list(summary["by_file"]) == ["journal.csv"]


def test_what_is_too_much_to_tell_is_told_as_a_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two contracts of three are told, the one with a difference among them; the others' money is still there."""
    monkeypatch.setattr(summing, "MOST_TOLD", 2)
    lines = [result_line(contract=f"Q-2026-{number:06d}", amount=100, expected=100) for number in range(3)]
    lines[2] = lines[2]._replace(amount=101, difference=1, status="overbilled", cause="unexplained")
    summary = summed_up([written(lines)], Given(3, {}))
    assert list(summary["by_contract"]) == ["Q-2026-000000", "Q-2026-000002"]
    assert summary["left_out"] == {"by_contract": {"count": 1, "lines": 1, "amount": 100, "expected": 100}}
    assert summary["closes"]


@pytest.mark.parametrize("field", ["amount", "expected", "difference"])
@pytest.mark.parametrize("place", [0, 1, 3, 4, 9])
def test_a_won_taken_away_is_seen(field: str, place: int) -> None:
    """Of any line that is judged, in any of its columns of money."""
    lines = list(LINES)
    assert closes(lines)
    lines[place] = lines[place]._replace(**{field: getattr(lines[place], field) - 1})
    assert not closes(lines)


def test_a_row_that_is_lost_is_seen() -> None:
    """Rows in are lines and rows that are none."""
    assert summed_up([written(LINES)], Given(9, {}))["closes"]
    assert not summed_up([written(LINES[1:])], Given(9, {}))["closes"]
    assert not summed_up([written([*LINES, LINES[0]])], Given(9, {}))["closes"]


def test_sums_beyond_64_bits_are_exact() -> None:
    """Three lines of 2^62 won come to more than an int64 holds."""
    large = 1 << 62
    lines = [result_line(amount=large, expected=large, vat=0)] * 3
    summary = summed_up([written(lines)] * 2, Given(6, {}))
    assert summary["amount"] == 6 * large
    assert summary["closes"]


def test_nothing_closes_at_nothing() -> None:
    """A file without a line."""
    summary = summed_up([], Given(4, {"preamble": 3, "header": 1}))
    assert (summary["closes"], summary["amount"], summary["by_status"]) == (True, 0, {})
    assert not summed_up([], Given(5, {"preamble": 3, "header": 1}))["closes"]


# -- what the judge gives ------------------------------------------------------------------------------------


def judged_lines(editions: Editions, chance: random.Random) -> Iterator[ResultLine]:
    """Random claims on a contract as lines: right ones, wrong ones, of nothing that is due, twice, in parts, totals."""
    dues = [
        Expected(of.key, month, month, CheckedAgainst.CONTRACT, of)
        for month in MONTHS
        for of in (reckoned(editions, product, span=SPLIT) for product in (A, B))
    ]
    claims = []
    for number in range(chance.randrange(1, 8)):
        due = chance.choice(dues)
        amount = chance.choice([due.amount, due.amount + chance.randrange(-9, 9), 2_000_000, 1_000_000, 0, -5_000])
        is_total = chance.random() < 0.2
        key, month = (None, None) if is_total else (due.key, due.month)
        claims.append(Claim(f"{number}", due.invoice_on, amount, key, month))
    judged = judge(dues, claims, editions.price_lists)
    for verdict in judged.verdicts:
        claim = verdict.claim
        yield result_line(
            invoice_number=claim.chain, service_month=claim.month, status=verdict.status, amount=claim.amount,
            expected=verdict.expected, difference=verdict.difference, cause=next(causes_of(verdict), None),
        )  # fmt: skip
    for due in judged.not_billed:
        yield result_line(
            file=None, invoice_number=None, service_month=due.month, status=Status.MISSING, amount=0,
            expected=due.amount, difference=-due.amount,
        )  # fmt: skip
    for number in range(chance.randrange(3)):
        yield unjudged(line=number, amount=chance.randrange(10**9), status=chance.choice(summing.ASIDE))


def test_what_the_judge_gives_closes_and_a_won_less_does_not(editions: Editions) -> None:
    """80 random contracts, and each with a won taken from one of its judged lines."""
    for seed in range(80):
        chance = random.Random(seed)
        lines = list(judged_lines(editions, chance))
        assert closes(lines, chance.randrange(1, 9)), seed
        judged = [place for place, line in enumerate(lines) if line.expected is not None]
        place = chance.choice(judged)
        lines[place] = lines[place]._replace(amount=(lines[place].amount or 0) - 1)
        assert not closes(lines), seed


def test_only_the_columns_that_are_summed_need_be_unpacked() -> None:
    """What a job keeps gives the same sums without its texts."""
    part = unpacked(packed(written(LINES)), SUMMED)
    assert set(part.column_names) == set(SUMMED)
    assert summed_up([part], Given(9, {})) == summed_up([written(LINES)], Given(9, {}))
    assert FIRST in summed_up([part], Given(9, {}))["by_invoice"]
    assert date.fromisoformat(f"{min(summed_up([part], Given(9, {}))['by_month'])}-01") == MONTHS[0]
