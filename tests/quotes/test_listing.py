"""Lists of quotes: every filter, page by page, while others write."""

import itertools
import random
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import orjson
import pytest
from support.asking import NUMBER, OTHER_NUMBER, OTHER_PORTAL, PORTAL, TODAY, call, issue

from fee_service.errors import FeeError
from fee_service.quote_status import QuoteStatus
from fee_service.quotes import closing
from fee_service.quotes.desk import Desk
from fee_service.quotes.listing import Page, list_quotes
from fee_service.storage import searching
from fee_service.storage.searching import Wanted

NAMES = ["(주)스타트업", "㈜스타트업 코리아", "ACME Finance", "acme data", "한국핀테크", "x" * 200, None, "50%_할인'--"]
LATER = TODAY + timedelta(days=40)
Quotes = list[dict[str, Any]]


@pytest.fixture
def many(desk: Desk) -> Desk:
    """Forty quotes of two portals over forty days, some of them closed."""
    chance = random.Random(3)
    for number in range(40):
        day = TODAY + timedelta(days=number)
        quote = issue(
            desk,
            call(day, actor=chance.choice([PORTAL, OTHER_PORTAL])),
            company_name=NAMES[number % len(NAMES)],
            company_business_number=chance.choice([NUMBER, OTHER_NUMBER, None]),
            waiver_policy=chance.choice([None, "startup-support-2018-07", "startup-12-months"]),
            starts_on=str(TODAY + timedelta(days=chance.randrange(60))),
            months=1,
            company_size=chance.choice(["sme", "sme", "large"]),
        )
        if number % 7 == 3:
            closing.withdraw(desk, quote["number"], call(day))
    return desk


def everything(at: Desk, wanted: Wanted | None = None, limit: int = 200, by: Any = None) -> Quotes:
    """All pages of a list."""
    found: Quotes = []
    cursor = None
    while True:
        page = list_quotes(at, wanted or Wanted(), by or call(LATER), cursor, limit)
        assert len(page.quotes) <= limit
        found += read(page)
        cursor = page.next_cursor
        if cursor is None:
            return found


def read(page: Page) -> Quotes:
    """The quotes of a page."""
    content: dict[str, Any] = orjson.loads(page.json())
    assert content["next_cursor"] == page.next_cursor
    found: Quotes = content["quotes"]
    return found


def fold(name: str | None) -> str:
    return " ".join(unicodedata.normalize("NFKC", name or "").casefold().split())


FILTERS: list[tuple[dict[str, Any], Callable[[dict[str, Any]], bool]]] = [
    ({"company": "스타트업"}, lambda q: "스타트업" in fold(q["company"]["name"])),
    ({"company": "(주)"}, lambda q: "(주)" in fold(q["company"]["name"])),
    ({"company": "ACME"}, lambda q: "acme" in fold(q["company"]["name"])),
    ({"company": "ｘｘｘ"}, lambda q: "xxx" in fold(q["company"]["name"])),
    ({"company": "x" * 150}, lambda q: "x" * 150 in fold(q["company"]["name"])),
    ({"company": "x" * 19 + "y"}, lambda q: False),
    ({"company": "트업 코"}, lambda q: "트업 코" in fold(q["company"]["name"])),
    ({"company": "%"}, lambda q: "%" in fold(q["company"]["name"])),
    ({"company": "_"}, lambda q: "_" in fold(q["company"]["name"])),
    ({"company": "'--"}, lambda q: "'--" in fold(q["company"]["name"])),
    ({"company": "nobody"}, lambda q: False),
    ({"text": "핀테"}, lambda q: "핀테" in fold(q["company"]["name"])),
    ({"text": "Q-2026-000007"}, lambda q: q["number"] == "Q-2026-000007"),
    ({"text": "q-2026-000007"}, lambda q: q["number"] == "Q-2026-000007"),
    ({"text": "7"}, lambda q: q["number"].endswith("-000007")),
    ({"text": "000012"}, lambda q: q["number"].endswith("-000012")),
    ({"text": NUMBER}, lambda q: q["company"]["business_number"] == NUMBER),
    ({"text": NUMBER.replace("-", "")}, lambda q: q["company"]["business_number"] == NUMBER),
    ({"text": "5"}, lambda q: q["number"].endswith("-000005") or "5" in fold(q["company"]["name"])),
    ({"text": "00998"}, lambda q: q["company"]["business_number"] == NUMBER),
    ({"text": "24-81-009"}, lambda q: q["company"]["business_number"] == NUMBER),
    ({"text": "124-81"}, lambda q: q["company"]["business_number"] == NUMBER),
    ({"text": "8162517"}, lambda q: q["company"]["business_number"] == OTHER_NUMBER),
    ({"text": "-81-"}, lambda q: False),
    ({"text": "q-2026-00001"}, lambda q: q["number"].startswith("Q-2026-00001")),
    ({"text": "2027-0000"}, lambda q: q["number"].startswith("Q-2027-")),
    ({"text": "Q-2027"}, lambda q: q["number"].startswith("Q-2027-")),
    ({"text": "Q-"}, lambda q: True),
    ({"text": "00001"}, lambda q: q["number"][7:12] == "00001" or q["number"][7:] == "000001"),
    ({"text": "2027-1"}, lambda q: False),
    ({"business_number": OTHER_NUMBER}, lambda q: q["company"]["business_number"] == OTHER_NUMBER),
    *(({"status": name}, lambda q, name=name: q["status"] == name.value)
      for name in QuoteStatus),
    ({"policy": "startup-12-months"}, lambda q: q["waiver"]["policy"] == "startup-12-months"),
    ({"policy": "unknown"}, lambda q: False),
    ({"issued_from": date(2026, 12, 20)}, lambda q: q["issued_at"][:10] >= "2026-12-20"),
    ({"issued_to": date(2026, 12, 20)}, lambda q: q["issued_at"][:10] <= "2026-12-20"),
    ({"issued_from": date(2026, 12, 31), "issued_to": date(2027, 1, 1)},
     lambda q: "2026-12-31" <= q["issued_at"][:10] <= "2027-01-01"),
    ({"starts_from": date(2027, 1, 1)}, lambda q: q["starts_on"] >= "2027-01-01"),
    ({"starts_to": date(2027, 1, 1)}, lambda q: q["starts_on"] <= "2027-01-01"),
    ({"starts_from": date(2027, 1, 1), "starts_to": date(2027, 1, 9)},
     lambda q: "2027-01-01" <= q["starts_on"] <= "2027-01-09"),
]  # fmt: skip


@pytest.mark.parametrize("few", [3000, 5, 0], ids=["looked up", "some walked", "walked"])
def test_every_filter_gives_what_it_says(many: Desk, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Alone and in pairs, whichever way the database goes, newest first."""
    monkeypatch.setattr(searching, "FEW", few)
    whole = everything(many)
    assert [quote["number"] for quote in whole] == sorted((quote["number"] for quote in whole), reverse=True)
    assert len(whole) == 40
    for wanted, holds in FILTERS:
        assert everything(many, Wanted(**wanted)) == [quote for quote in whole if holds(quote)], wanted
    pairs = list(itertools.combinations(FILTERS, 2))
    for (one, first), (other, second) in random.Random(few).sample(pairs, 120):
        if not one.keys() & other.keys():
            expected = [quote for quote in whole if first(quote) and second(quote)]
            assert everything(many, Wanted(**one, **other)) == expected, (one, other)


@pytest.mark.parametrize("limit", [1, 7, 39, 40, 41])
def test_pages_of_any_size_make_up_the_whole(many: Desk, limit: int) -> None:
    """Nothing twice, nothing left out."""
    assert everything(many, limit=limit) == everything(many)
    wanted = Wanted(company="스타트업", starts_from=TODAY)
    assert everything(many, wanted, limit) == everything(many, wanted)


def test_pages_stay_as_they_are_while_quotes_come_in(many: Desk) -> None:
    """New ones stand before the first page; none is shown twice or pushed out."""
    before = everything(many)
    first = list_quotes(many, Wanted(), call(LATER), None, 10)
    seen, cursor = read(first), first.next_cursor
    while cursor is not None:
        issue(many, call(LATER), months=1)
        page = list_quotes(many, Wanted(), call(LATER), cursor, 10)
        seen, cursor = seen + read(page), page.next_cursor
    assert seen == before


def test_the_portal_lists_its_own_quotes_only(many: Desk) -> None:
    """With any filter."""
    own = everything(many, by=call(LATER, actor=PORTAL))
    foreign = everything(many, by=call(LATER, actor=OTHER_PORTAL))
    assert len(own) + len(foreign) == 40
    assert own
    assert foreign
    for wanted, holds in FILTERS:
        found = everything(many, Wanted(**wanted), by=call(LATER, actor=PORTAL))
        assert found == [quote for quote in own if holds(quote)], wanted
    somebody = everything(many, Wanted(owner=OTHER_PORTAL.key_id), by=call(LATER, actor=PORTAL))
    assert somebody == own


def test_a_cursor_is_taken_back_for_its_own_list_only(many: Desk) -> None:
    """Not changed, not cut, not with other filters, not by another portal."""
    cursor = list_quotes(many, Wanted(), call(LATER), None, 5).next_cursor
    assert cursor is not None
    changed = [cursor[:-1], cursor + "A", cursor[::-1], "A" * len(cursor), "", " ", "가", cursor.lower(), "=", "-1"]
    changed += [cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :] for place in range(32)]
    for tampered in filter(None, changed):
        with pytest.raises(FeeError) as error:
            list_quotes(many, Wanted(), call(LATER), tampered)
        assert (error.value.status, error.value.faults[0].code) == (400, "invalid_cursor")
    for wanted, by in ((Wanted(policy="x"), call(LATER)), (Wanted(), call(LATER, actor=PORTAL))):
        with pytest.raises(FeeError):
            list_quotes(many, wanted, by, cursor)


def test_a_changed_validity_leaves_no_quote_out(desk: Desk) -> None:
    """Quotes of ninety days and of seven, side by side."""
    for number in range(12):
        days = 90 if number % 2 else 7
        issue(Desk(desk.database, desk.editions, days), call(TODAY + timedelta(days=number)), months=1)
    for ahead in (0, 5, 12, 18, 30, 95, 120):
        today = TODAY + timedelta(days=ahead)
        whole = everything(desk, by=call(today))
        for status in (QuoteStatus.ISSUED, QuoteStatus.EXPIRED):
            expected = [quote for quote in whole if quote["status"] == status]
            assert everything(desk, Wanted(status=status), by=call(today)) == expected
