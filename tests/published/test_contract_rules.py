"""The rules of running contracts, as pricing_tables/contract_rules.yaml says them."""

from fractions import Fraction

from fee_service.contract import WithdrawalGround
from fee_service.model import Label
from fee_service.published.editions import Editions


def test_the_rules_are_those_of_the_agreements(editions: Editions) -> None:
    """P1 §2.1: a month's notice; P1 §9: reports within 30 days, kept three years; P1 §11.5: over 10 %."""
    rules = editions.contract_rules
    assert rules.notice_months == 1
    assert rules.term.cited == Label("P1 제2조 제1항, P2 제2조 제1항", "P1 §2.1, P2 §2.1")
    assert rules.usage_report[:2] == (30, 3)
    assert rules.audit[:4] == (Fraction(1, 10), ("real_time",), 12, False)
    assert not rules.estimate.in_time_on_the_day
    assert rules.named_price_list.holds
    assert rules.missing_after_day == 10


def test_every_ground_of_withdrawal_is_the_plan_s(editions: Editions) -> None:
    """S withdrawal_grounds: three, in the order in which it prints them."""
    grounds = editions.contract_rules.withdrawal_grounds
    assert list(grounds) == list(WithdrawalGround)
    assert {rule.written.source for rule in grounds.values()} == {"S"}


def test_readings_of_running_contracts_have_names_of_their_own(editions: Editions) -> None:
    """A due or a finding that rests on one can name it."""
    names = [reading.id for reading in editions.contract_rules.readings]
    assert names == [
        "contract_rules/term",
        "contract_rules/named_price_list",
        "contract_rules/waiver_ledger",
        "contract_rules/estimate",
        "contract_rules/audit",
        "contract_rules/missing_invoice",
    ]
