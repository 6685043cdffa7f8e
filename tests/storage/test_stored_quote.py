"""A stored quote as a value: what was written comes back, and nothing of a row is left out."""

import pytest
from support.asking import NUMBER, call, issue, loaded, said, shown

from fee_service.errors import FeeError
from fee_service.keys import keyring
from fee_service.periods import Period
from fee_service.quote_status import QuoteStatus
from fee_service.quotes import closing, finding, issuing
from fee_service.quotes.desk import Desk
from fee_service.storage import tables
from fee_service.storage.audit import StoredEntry
from fee_service.storage.keys import StoredKey
from fee_service.storage.shares import Share
from fee_service.storage.stored_quote import COLUMNS, Reference


@pytest.mark.parametrize(
    ("names", "table"),
    [
        (COLUMNS, tables.quotes),
        (StoredKey._fields, tables.api_keys),
        (Share._fields, tables.quote_shares),
        (StoredEntry._fields, tables.audit_log),
    ],
)
def test_a_value_has_every_column_of_its_table(names: tuple[str, ...], table: tables.Table) -> None:
    """The seal of a quote is taken over all of them: one that a value forgot would be sealed by nobody."""
    assert set(names) == {column.name for column in table.columns}


def test_a_quote_knows_its_neighbours_and_how_it_stands(desk: Desk) -> None:
    """Revised, then accepted: each names the other, and the status is a word that knows what it allows."""
    first = issue(desk, company_business_number=NUMBER)
    second = said(issuing.revise(desk, first["number"], loaded(company_business_number=NUMBER), call()))
    closing.accept(desk, second["number"], call())
    before, after = (finding.find(desk, each["number"], call()) for each in (first, second))
    assert (before.status, after.status) == (QuoteStatus.REVISED, QuoteStatus.ACCEPTED)
    assert (before.earlier, before.later) == (None, Reference(second["id"], second["number"]))
    assert (after.earlier, after.later) == (Reference(first["id"], first["number"]), None)
    assert before.position == after.revises


def test_what_is_waived_is_a_period(desk: Desk) -> None:
    """Both its days are those of the answer; where nothing is waived there is none."""
    waived = shown(desk, issue(desk)["number"])
    quote = finding.find(desk, waived["number"], call())
    assert quote.waived is not None
    days = (quote.waived.start.isoformat(), quote.waived.last_day.isoformat())
    assert days == (waived["waiver"]["starts_on"], waived["waiver"]["ends_on"])
    assert isinstance(quote.waived, Period)
    large = issue(desk, company_size="large")
    assert finding.find(desk, large["number"], call()).waived is None


def test_a_role_of_another_version_opens_nothing(desk: Desk) -> None:
    """A key that a later version made is refused as one that is not known here, not by an error."""
    at = call().now
    with pytest.raises(FeeError) as refused:
        keyring.require_open(StoredKey("id", "hash", "auditor", "later", at), call().today)
    assert [fault.code for fault in refused.value.faults] == ["key_unknown"]
