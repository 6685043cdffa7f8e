"""The clauses of the contracts: each shows on the quotes on which it bears, with its clause, and on no other."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from support.desk_forms import Seat

Ask = Callable[[dict[str, Any]], dict[str, Any]]

COMPANY = {"name": "(주)스타트업", "founded_on": "2023-05-10", "size": "sme", "qualification": "fintech"}
LIST = "market-data-2018-07-01"


def real_time(product: str = "securities_a", **taken: Any) -> dict[str, Any]:
    return {"contract": "real_time", "product": product, **taken}


def closing(product: str = "securities_a", **taken: Any) -> dict[str, Any]:
    return {"contract": "closing_price", "product": product, **taken}


def asking(*licences: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {"company": COMPANY, "licences": list(licences), "starts_on": "2026-12-09", "months": 12, **others}


def clauses(answer: dict[str, Any]) -> dict[str, str]:
    return {term["id"]: term["clause"]["en"] for term in answer["terms"]}


PLAIN, PLAIN_CLOSING = asking(real_time()), asking(closing())
IDS = asking(real_time(usage={"personal_ids": 10}))
QUERIES = asking(real_time(usage={"queries": 10}))
AFFILIATES = asking(real_time(affiliate_extension=True))
CASES = [
    # term, a quote on which it bears, its clause there, a quote on which it does not
    ("direct_line", asking(real_time(), channel="direct"), "P1 §4.6", PLAIN),
    ("affiliate_approval", AFFILIATES, "P1 §5.5", PLAIN),
    ("affiliate_approval", asking(closing(affiliate_extension=True)), "P2 §4.2", PLAIN_CLOSING),
    ("affiliate_approval", asking(closing(affiliate_extension=True), real_time("securities_b")), "P2 §4.2", PLAIN),
    ("subscribers_non_display", IDS, "P1 §8.8", QUERIES),
    ("subscribers_non_display", asking(real_time(non_display_use=["trading"])), "P1 §8.8", PLAIN),
    ("usage_records", IDS, "P1 §9.4", PLAIN),
    ("usage_records", QUERIES, "P1 §9.4", PLAIN_CLOSING),
    ("late_usage_report", IDS, "P1 §9.3", PLAIN),
    ("withheld_fees", asking(real_time("derivatives_b")), "P1 appendix A", PLAIN),
    ("withheld_fees", asking(closing("derivatives_b")), "P2 appendix A", PLAIN_CLOSING),
    ("delayed_data", PLAIN, "P1 §8.6", PLAIN_CLOSING),
    ("own_brand", PLAIN, "P1 §6.2, §6.3", PLAIN_CLOSING),
    ("use_beyond_the_order", PLAIN, "P1 §3.3", PLAIN_CLOSING),
    ("audit_cost", PLAIN, "P1 §11.5", PLAIN_CLOSING),
]
OF_BOTH = {
    "payment": ("P1 §10.1–10.3", "P2 §6.1–6.3"),
    "derived_products": ("P1 §7.2, §7.3", "P2 §5.3, §5.4"),
    "suspension": ("P1 §4.5, §8.5, §9.7", "P2 §5.2"),
    "audit": ("P1 §11", "P2 §7"),
    "termination_by_customer": ("P1 §3.6, §4.3, §7.1, §10.4", "P2 §3.3, §6.4"),
    "renewal_notice": ("P1 §2.1", "P2 §2.1"),
    "force_majeure": ("P1 §13.3", "P2 §9.2"),
    "termination_for_cause": ("P1 §16", "P2 §12"),
}


@pytest.mark.parametrize(("term", "bears", "clause", "does_not"), CASES)
def test_a_term_shows_where_it_bears_and_nowhere_else(
    ask: Ask, term: str, bears: dict[str, Any], clause: str, does_not: dict[str, Any]
) -> None:
    assert clauses(ask(bears))[term] == clause
    assert term not in clauses(ask(does_not))


@pytest.mark.parametrize("term", OF_BOTH)
def test_each_contract_has_its_own_clause(ask: Ask, term: str) -> None:
    """One quote under both contracts names both; a quote under one of them only that one's."""
    first, second = OF_BOTH[term]
    assert clauses(ask(PLAIN))[term] == first
    assert clauses(ask(PLAIN_CLOSING))[term] == second
    assert clauses(ask(asking(real_time(), closing("market_actions_kospi"))))[term] == f"{first}, {second}"


def test_only_the_general_agreement_passes_on_the_cost_of_an_audit(ask: Ask) -> None:
    """P1 §11.5 names 10 %; P2 §7 has audits without it."""
    assert "10 %" in next(term["text"] for term in ask(PLAIN)["terms"] if term["id"] == "audit_cost")
    assert not any("10 %" in term["text"] for term in ask(PLAIN_CLOSING)["terms"])


def test_late_interest_is_that_of_the_price_list(ask: Ask) -> None:
    """Commercial Act 54: 6 % a year."""
    text = next(term["text"] for term in ask(PLAIN)["terms"] if term["id"] == "payment")
    assert "연 6%" in text
    assert "6 % a year" in text


def test_the_line_of_a_direct_closing_quote_rests_on_a_reading(ask: Ask) -> None:
    """P2 is silent on it, so the quote shows how that is read; a real-time quote needs no reading."""
    of_closing = ask(asking(closing(), channel="direct"))
    assert clauses(of_closing)["direct_line"] == "P1 §4.6"
    named = f"{LIST}/terms.direct_line.clauses.closing_price"
    assert named in [reading["id"] for reading in of_closing["readings"]]
    assert named not in [reading["id"] for reading in ask(asking(real_time(), channel="direct"))["readings"]]


def test_a_price_list_shows_all_of_its_terms(client: FlaskClient) -> None:
    """Also with what says on which quotes they bear."""
    terms = {term["id"]: term for term in client.get(f"/v1/price-lists/{LIST}").get_json()["terms"]}
    assert terms.keys() == {case[0] for case in CASES} | OF_BOTH.keys()
    assert [wanted["channels"] for wanted in terms["direct_line"]["when"]] == [["direct"]]
    assert terms["audit"]["when"] == []
    assert terms["audit"]["clause"]["ko"] == "P1 제11조, P2 제7조"


def test_terms_change_no_amount_and_no_digest(ask: Ask) -> None:
    """They are prose: the digest covers the price list that they stand in, by its hash."""
    answer = ask(PLAIN)
    assert ask(answer["request"])["digest"] == answer["digest"]


def test_page_share_page_and_pdf_say_that_the_line_is_not_included(
    app: Flask, keys: dict[str, str], client: FlaskClient
) -> None:
    """In Korean and English, with the clause."""
    issued = client.post("/v1/quotes", json=asking(real_time(usage={"personal_ids": 10}), channel="direct")).get_json()
    for language, said in (("ko", "회선 비용은 이 견적에 포함되어 있지 않습니다"), ("en", "its cost is not included")):
        seat = Seat(app.test_client(), keys["sales"], language)
        seat.post(f"/quotes/{issued['number']}/shares")
        page = seat.client.get(f"/quotes/{issued['number']}").text
        link = re.search(r"/s/[^\"?]+", page)
        assert link
        shared = app.test_client().get(link[0], headers={"Accept-Language": language}).text
        content = client.get(f"/v1/quotes/{issued['id']}.pdf?lang={language}").data
        printed = " ".join(found.extract_text() for found in PdfReader(io.BytesIO(content)).pages)
        for text in (page, shared, printed):
            assert re.sub(r"\s", "", said) in re.sub(r"\s", "", text)
            assert {"ko": "제4조제6항", "en": "§4.6"}[language] in re.sub(r"\s", "", text)
    listed = client.get(f"/price-lists?list={LIST}", headers={"Accept-Language": "ko"}).text
    assert "제4조 제6항" in listed
