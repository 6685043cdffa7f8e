"""What texts on a supplier's invoices are for is told once, kept as versions, and understood from then on."""

import threading
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from support.asking import call, said
from support.tampering import unprotected

from fee_service.actors import Actor, Role
from fee_service.edition_files.plain_yaml import read_plain_yaml
from fee_service.errors import FeeError
from fee_service.finance import listing_item_names, telling_item_names
from fee_service.finance.item_names_kept import known_names
from fee_service.invoices.items import Named
from fee_service.quotes.desk import Desk
from fee_service.storage import audit, item_names, sealing
from schemas import load
from schemas.item_names import ItemNamesQuerySchema, ItemNamesSchema

FINANCE = Actor("finance-key", Role.FINANCE)
SELLER, OTHER = "999-81-00015", "999-86-00039"
FIRST = {"text": "실시간 주식A 월정액", "fee": "base_fee", "product": "securities_a", "option": "retail"}
CLOUD = {"text": "클라우드 이용료", "ignored": True}


def tell(at: Desk, *names: dict[str, Any], by: Any = None, **fields: Any) -> dict[str, Any]:
    """Tell names of a supplier."""
    body = {"supplier": SELLER, "names": list(names), **fields}
    return tell_body(at, body, by)


def tell_body(at: Desk, body: dict[str, Any], by: Any = None) -> dict[str, Any]:
    """What became of a body."""
    return said(telling_item_names.tell(at, load(ItemNamesSchema, body), by or call(actor=FINANCE)))


def refusal(at: Desk, *names: dict[str, Any], by: Any = None, **fields: Any) -> tuple[int, list[tuple[str, str]]]:
    """The status, codes and places with which it is refused."""
    with pytest.raises(FeeError) as refused:
        tell(at, *names, by=by, **fields)
    return refused.value.status, [(fault.code, fault.pointer) for fault in refused.value.faults]


def listed(at: Desk, **wishes: str) -> dict[str, Any]:
    """A page of what is told."""
    read = load(ItemNamesQuerySchema, wishes)
    assert read.faults == []
    return listing_item_names.list_item_names(at, read.values, call(actor=FINANCE))


def test_what_is_told_once_is_understood_from_then_on(desk: Desk) -> None:
    """However it is typed next month, with its month, as a correction, and for this supplier alone."""
    assert tell(desk, FIRST, CLOUD) == {"suppliers": [{"supplier": SELLER, "version": 1, "names": 2, "changed": True}]}
    with desk.database.reading() as connection:
        names = known_names(connection, desk.editions)
    first = Named("base_fee", "real_time", "securities_a", "retail")
    assert names.named(supplier=SELLER, item="［실시간］주식Ａ 월정액 정정") == first
    assert names.named(supplier=SELLER, item="클라우드이용료 2027년 1월분", issued_on=None) is not None
    assert names.named(supplier=OTHER, item="클라우드 이용료") is None


def test_each_telling_is_another_version_and_none_is_edited(desk: Desk) -> None:
    """Other texts go on; one told anew says the new thing; what says nothing new is no version."""
    tell(desk, FIRST, CLOUD)
    more = {"text": "월정액 B", "fee": "base_fee", "product": "securities_b"}
    assert tell(desk, more)["suppliers"][0]["version"] == 2
    assert tell(desk, {**more, "text": "월정액-B"}, CLOUD)["suppliers"] == [
        {"supplier": SELLER, "version": 3, "names": 3, "changed": True}
    ]
    assert tell(desk, CLOUD)["suppliers"][0] == {"supplier": SELLER, "version": 3, "names": 3, "changed": False}
    assert tell(desk, {"text": "클라우드이용료", "forgotten": True})["suppliers"][0]["names"] == 2
    assert tell(desk, FIRST, replace=True)["suppliers"][0] == {
        "supplier": SELLER, "version": 5, "names": 1, "changed": True,
    }  # fmt: skip
    with desk.database.reading() as connection:
        kept = item_names.of_supplier(connection, SELLER, most=9)
    assert [each.version for each in kept] == [5, 4, 3, 2, 1]
    assert {each.entered_by for each in kept} == {FINANCE.key_id}
    (only,) = listed(desk)["suppliers"]
    assert [(name["text"], name["since"]) for name in only["names"]] == [(FIRST["text"], 1)]


def test_every_fault_is_told_at_once_and_nothing_is_kept(desk: Desk) -> None:
    """Unknown codes, codes that do not go together, texts without words, twins, what says nothing or too much."""
    status, faults = refusal(
        desk,
        {"text": "하나", "fee": "base_fee", "product": "securities_z"},
        {"text": "둘", "agreement": "closing_price", "product": "securities_a", "option": "retail"},
        {"text": "()·-"} | {"ignored": True},
        {"text": "넷"},
        {"text": "다섯", "total": True, "fee": "base_fee"},
        {"text": "여섯", "fee": "base_fee"},
        {"text": "하 나 2027-01", "ignored": True},
        {"text": "여덟", "forgotten": True},
        {"text": "담당 billing@example.invalid", "ignored": True},
        {"text": "아홉 900101-1234567", "ignored": True},
        {"text": "x" * 201, "ignored": True},
        {"text": "열", "produkt": "securities_a"},
        CLOUD,
    )
    assert status == 422
    assert sorted(faults) == sorted([
        ("item_code_unknown", "/names/0/product"),
        ("item_codes_contradict", "/names/1/option"),
        ("item_text_without_words", "/names/2/text"),
        ("item_says_nothing", "/names/3"),
        ("item_says_several", "/names/4"),
        ("item_product_missing", "/names/5/product"),
        ("item_name_told_twice", "/names/6/text"),
        ("item_name_not_told", "/names/7/text"),
        ("item_text_personal", "/names/8/text"),
        ("item_text_personal", "/names/9/text"),
        ("text_too_long", "/names/10/text"),
        ("unknown_field", "/names/11/produkt"),
        ("item_says_nothing", "/names/11"),
    ])  # fmt: skip
    assert listed(desk)["suppliers"] == []


def test_names_of_several_suppliers_are_taken_together_or_not_at_all(desk: Desk) -> None:
    """A fault of one keeps all from being told, and says where it stands."""
    both = {"suppliers": [{"supplier": SELLER, "names": [FIRST]}, {"supplier": OTHER, "names": [CLOUD]}]}
    wrong = {"suppliers": [*both["suppliers"], {"supplier": SELLER, "names": [{"text": "하나", "fee": "fee"}]}]}
    with pytest.raises(FeeError) as refused:
        tell_body(desk, wrong)
    assert {(fault.code, fault.pointer) for fault in refused.value.faults} == {
        ("item_supplier_told_twice", "/suppliers/2/supplier"), ("item_code_unknown", "/suppliers/2/names/0/fee"),
    }  # fmt: skip
    assert listed(desk)["suppliers"] == []
    assert [each["version"] for each in tell_body(desk, both)["suppliers"]] == [1, 1]


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({}, [("missing_field", "/supplier"), ("missing_field", "/names")]),
        ({"supplier": "123"}, [("invalid_business_number", "/supplier"), ("missing_field", "/names")]),
        ({"suppliers": [], "names": []}, [("too_few", "/suppliers"), ("item_names_here_or_there", "/names")]),
    ],
)
def test_a_body_says_whose_names_it_has(desk: Desk, body: dict[str, Any], faults: list[tuple[str, str]]) -> None:
    """One supplier, or a list of them."""
    with pytest.raises(FeeError) as refused:
        tell_body(desk, body)
    assert [(fault.code, fault.pointer) for fault in refused.value.faults] == faults


def test_who_saw_another_version_is_told_so_and_changes_nothing(desk: Desk) -> None:
    """Whose version is the newest may go on; without a version nobody asks."""
    assert tell(desk, FIRST, version=0)["suppliers"][0]["version"] == 1
    assert refusal(desk, CLOUD, version=0) == (409, [("item_names_changed", "/version")])
    assert refusal(desk, {"text": "하나"}, version=7) == (
        422, [("item_says_nothing", "/names/0"), ("item_names_changed", "/version")],
    )  # fmt: skip
    assert tell(desk, CLOUD, version=1)["suppliers"][0]["version"] == 2
    assert tell(desk, {**CLOUD, "forgotten": True})["suppliers"][0]["version"] == 3


def test_the_same_key_is_answered_once(desk: Desk) -> None:
    """A second version is not told by a request that was sent twice."""
    first = tell(desk, FIRST, by=call(actor=FINANCE, key="one"))
    tell(desk, CLOUD)
    assert tell(desk, FIRST, by=call(actor=FINANCE, key="one")) == first
    assert [each["version"] for each in listed(desk)["suppliers"]] == [2]


def test_of_many_who_tell_at_once_nobody_is_lost(desk: Desk) -> None:
    """Each tells another text without a version: four versions, and all four texts hold."""
    outcomes: list[int] = []

    def telling(number: int) -> None:
        outcomes.append(tell(desk, {"text": f"클라우드 {number}호", "ignored": True})["suppliers"][0]["version"])

    threads = [threading.Thread(target=telling, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [1, 2, 3, 4]
    (only,) = listed(desk)["suppliers"]
    assert len(only["names"]) == 4
    with desk.database.reading() as connection:
        assert sealing.verify_quotes(connection) == []


@pytest.mark.parametrize("role", [Role.PORTAL, Role.SALES])
def test_it_is_the_business_of_finance(desk: Desk, role: Role) -> None:
    """Neither told nor read by others."""
    other = call(actor=Actor("other", role))
    assert refusal(desk, FIRST, by=other)[0] == 403
    with pytest.raises(FeeError) as refused:
        listing_item_names.list_item_names(desk, {}, other)
    assert refused.value.status == 403
    with pytest.raises(FeeError):
        listing_item_names.written_item_names(desk, None, other)


def test_what_is_written_is_taken_back_as_it_was(desk: Desk) -> None:
    """As YAML, with quotation marks, signs and line ends of texts as they came; told again it is no new version."""
    odd = {"text": 'A "월정액": #1 {x} \\ 100%', "specification": "소매 '전용'", "ignored": True}
    tell_body(desk, {"suppliers": [{"supplier": OTHER, "names": [odd]}, {"supplier": SELLER, "names": [FIRST, CLOUD]}]})
    written = listing_item_names.written_item_names(desk, None, call(actor=FINANCE))
    read = read_plain_yaml(written.encode())
    assert read.faults == ()
    assert [each["changed"] for each in tell_body(desk, read.content)["suppliers"]] == [False, False]
    one = listing_item_names.written_item_names(desk, OTHER, call(actor=FINANCE))
    assert SELLER not in one
    assert listing_item_names.written_item_names(desk, "124-81-00998", call(actor=FINANCE)) == "suppliers: []\n"


def test_names_are_found_by_supplier_and_text_page_by_page(desk: Desk) -> None:
    """A text is compared as on invoices; a cursor belongs to its filters."""
    for number in (SELLER, OTHER, "124-81-00998"):
        tell(desk, FIRST, CLOUD, supplier=number)
    page = listed(desk, limit="2")
    assert [each["supplier"] for each in page["suppliers"]] == ["124-81-00998", SELLER]
    rest = listed(desk, limit="2", cursor=page["next_cursor"])
    assert ([each["supplier"] for each in rest["suppliers"]], rest["next_cursor"]) == ([OTHER], None)
    (only,) = listed(desk, supplier=OTHER, text="주식ａ월정액")["suppliers"]
    assert [name["text"] for name in only["names"]] == [FIRST["text"]]
    with pytest.raises(FeeError) as refused:
        listed(desk, limit="2", text="주식", cursor=page["next_cursor"])
    assert refused.value.status == 400


def test_for_a_text_that_nobody_knows_the_likest_known_ones_are_shown(desk: Desk) -> None:
    """At most three, each of another meaning, told ones before published ones; they decide nothing."""
    tell(desk, FIRST, CLOUD)
    page = listed(desk, supplier=SELLER, text="실시간 주식A 월정엑")
    assert page["understood"] is None
    best, *others = page["suggestions"]
    assert (best["text"], best["source"], best["option"]) == (FIRST["text"], "told", "retail")
    assert len(others) <= 2
    assert [best["score"], *(each["score"] for each in others)] == sorted(
        [each["score"] for each in page["suggestions"]], reverse=True
    )
    known = listed(desk, supplier=SELLER, text="클라우드 이용료 3월분")
    assert (known["understood"]["ignored"], known["suggestions"]) == (True, [])
    published = listed(desk, text="코스닥 실시간(증권B) 기본료")["understood"]
    assert (published["product"], published["fee"]) == ("securities_b", "base_fee")
    assert listed(desk, text="=1+1")["suggestions"] == []


def test_a_version_is_attested_and_never_changes(desk: Desk) -> None:
    """The tables refuse it; who gets around them is found by the audit log."""
    tell(desk, FIRST)
    tell(desk, CLOUD)
    for change in ("UPDATE item_names SET names = '[]'", "DELETE FROM item_names"):
        with pytest.raises(DatabaseError), desk.database.engine.begin() as connection:
            connection.execute(text(change))
    with desk.database.reading() as connection:
        assert (audit.verify(connection), sealing.verify_quotes(connection)) == ([], [])
    unprotected(desk.database, "item_names", "UPDATE item_names SET names = '[]' WHERE version = 1")
    with desk.database.reading() as connection:
        assert [found.subject for found in sealing.verify_quotes(connection)] == [f"{SELLER}/1"]
