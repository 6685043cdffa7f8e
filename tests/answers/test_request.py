"""A request that is written as plain data and read back is the same request, and so is what is read and written."""

from datetime import date, timedelta
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from fee_service.answers.request import request_facts, request_from
from fee_service.model import (
    CLOSING_PRICE,
    REAL_TIME,
    Channel,
    Company,
    CompanySize,
    Exclusion,
    Licence,
    Qualification,
    QuoteRequest,
    SizeEvidence,
    Usage,
)
from fee_service.periods import Period

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
COUNTS = st.integers(0, 10**12)


def several(of: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    """None to three of them."""
    return st.lists(of, max_size=3).map(tuple)


PERIODS = st.builds(lambda first, days: Period.through(first, first + timedelta(days)), DAYS, st.integers(0, 2000))
EVIDENCE = st.builds(SizeEvidence, WORDS, COUNTS, COUNTS, st.booleans(), st.booleans(), st.none() | DAYS, st.booleans())
COMPANIES = st.builds(
    Company,
    founded_on=DAYS,
    size=st.sampled_from(CompanySize),
    name=st.none() | WORDS,
    business_number=st.none() | WORDS,
    size_evidence=st.none() | EVIDENCE,
    corporation=st.booleans(),
    qualification=st.none() | st.sampled_from(Qualification),
    exclusions=several(st.sampled_from(Exclusion)),
)
REAL_TIME_LICENCES = st.builds(
    Licence,
    contract=st.just(REAL_TIME),
    product=WORDS,
    options=several(WORDS),
    affiliate_extension=st.booleans(),
    reception_sets=COUNTS,
    disaster_recovery_sets=COUNTS,
    usage=st.builds(Usage, COUNTS, COUNTS, COUNTS),
    non_display_use=several(WORDS),
)
CLOSING_PRICE_LICENCES = st.builds(Licence, contract=st.just(CLOSING_PRICE), product=WORDS)
REQUESTS = st.builds(
    QuoteRequest,
    company=COMPANIES,
    starts_on=DAYS,
    apis=several(WORDS),
    licences=several(REAL_TIME_LICENCES | CLOSING_PRICE_LICENCES),
    channel=st.sampled_from(Channel),
    api_calls_per_month=st.none() | COUNTS,
    ends_on=st.none() | DAYS,
    months=st.integers(1, 120),
    test_months=st.integers(0, 120),
    prior_waiver=several(PERIODS),
    waiver_policy=st.none() | WORDS,
    price_list=st.none() | WORDS,
)


@given(REQUESTS)
def test_what_is_written_is_read_back_as_the_same_request(request: QuoteRequest) -> None:
    """Through the bytes that are kept, whatever the request holds."""
    kept = orjson.dumps(request_facts(request))
    assert request_from(orjson.loads(kept)) == request


@given(REQUESTS)
def test_what_is_read_is_written_again_in_the_same_bytes(request: QuoteRequest) -> None:
    """So that the digest of a quote does not depend on how often it was read."""
    kept = orjson.dumps(request_facts(request))
    assert orjson.dumps(request_facts(request_from(orjson.loads(kept)))) == kept
