"""Companies are found under every way to write their names."""

import unicodedata

import orjson
import pytest
from alembic import command
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from support.asking import call, issue

from fee_service.company_name import folded, searched, words
from fee_service.published.editions import Editions
from fee_service.quotes.desk import Desk
from fee_service.quotes.listing import list_quotes
from fee_service.storage import migrating
from fee_service.storage.database import Database
from fee_service.storage.searching import Wanted

LEGAL_FORMS = ("주식회사", "유한회사", "유한책임회사", "사단법인", "재단법인", "합자회사")
HANGUL = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=2, max_size=8).filter(
    lambda name: not any(form in name for form in LEGAL_FORMS)
)
BEFORE = (
    "(주){}",
    "㈜{}",
    "(주) {}",
    "( 주 ) {}",
    "주식회사 {}",
    "주식회사{}",
    "（주）{}",
    "\ufeff㈜\u200b{}",
    "(株){}",
)
BEHIND = ("{}(주)", "{} ㈜", "{} 주식회사", "{}주식회사", "{}株式会社")
FORMS = (*BEFORE, *BEHIND, "유한회사 {}", "(유){}", "{}")


def holds(name: str, part: str) -> bool:
    return all(word in searched(name) for word in words(part))


@given(HANGUL, st.sampled_from(FORMS), st.sampled_from(FORMS))
def test_a_name_is_found_with_any_legal_form(name: str, written: str, sought: str) -> None:
    """Before it, behind it, short, long, bracketed or left out."""
    assert holds(written.format(name), sought.format(name))


@given(st.lists(HANGUL, min_size=2, max_size=4), st.randoms())
def test_the_order_and_the_spaces_of_words_do_not_matter(parts: list[str], chance: object) -> None:
    """한국 증권 데이터 is found as 데이터 증권, and as 한국증권데이터."""
    name = "㈜" + " ".join(parts)
    assert holds(name, " ".join(reversed(parts)))
    assert holds(name, "".join(parts))
    assert holds("".join(parts), " ".join(parts[1:]))


@given(HANGUL, HANGUL)
def test_another_name_is_not_found(name: str, other: str) -> None:
    """The legal form alone makes no company like another."""
    if other not in name:
        assert not holds(f"(주){name}", f"(주){other}")
        assert not holds(f"주식회사 {name}", other)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Needle Co., Ltd.", "needle"),
        ("Needle Co., Ltd.", "Needle Inc."),
        ("NEEDLE", "Needle co.,ltd"),
        ("Needle Ltd", "ltd"),
        ("(주)스타트업", "주식회사"),
        ("(주)스타트업", "㈜"),
        ("주식회사", "주식회사"),
        ("Ａｃｍｅ", "acme"),
        ("A–B 데이터", "a-b"),
        ("농업회사법인 주식회사 푸른들", "푸른들 농업회사법인"),
        ("👩‍👩‍👧 가족", "👩👩👧"),
        (unicodedata.normalize("NFD", "한국핀테크"), "한국"),
        ("한국핀테크", unicodedata.normalize("NFD", "핀테")),
        ("\uf90a융", "金融"[:1]),
    ],
)
def test_a_part_of_a_name_finds_it(name: str, part: str) -> None:
    """However the two are written."""
    assert holds(name, part)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("(주)스타트업", "유한회사"),
        ("(유)스타트업", "(주)"),
        ("스타트업", "주식회사"),
        ("Needle", "ltd"),
        ("한국", "국한"),
    ],
)
def test_what_is_not_in_a_name_does_not_find_it(name: str, part: str) -> None:
    """A legal form that is asked for alone is looked for."""
    assert not holds(name, part)


@given(st.text(min_size=1, max_size=30))
def test_every_search_has_a_word(part: str) -> None:
    """None would find everything."""
    assert all(words(part))
    assert folded(folded(part)) == folded(part) or not part.isprintable()


def numbers(desk: Desk, **wanted: str) -> list[str]:
    page = list_quotes(desk, Wanted(**wanted), call())
    return sorted(orjson.loads(quote)["number"] for quote in page.quotes)


def test_quotes_are_found_by_their_company_in_every_spelling(desk: Desk) -> None:
    """In both filters of the list, on both databases."""
    written = ("(주)한국증권 데이터", "㈜한국증권데이터", "주식회사 한국증권데이터", "한국증권데이터(주)")
    names = (*written, "데이터 한국증권")
    issued = [issue(desk, company_name=name, company_business_number=None)["number"] for name in names]
    issue(desk, company_name="(주)다른 회사", company_business_number=None)
    in_one = ("㈜한국증권데이터", "주식회사 한국증권데이터", "한국증권데이터(주)", "한국증권데이터")
    in_words = ("(주)한국증권 데이터", "데이터 한국증권", "한국증권", unicodedata.normalize("NFD", "데이터"))
    for part, expected in (*((part, issued[:4]) for part in in_one), *((part, issued) for part in in_words)):
        assert numbers(desk, company=part) == numbers(desk, text=part) == expected, part


def test_names_that_are_stored_are_searched_anew_after_the_migration(database_url: str, editions: Editions) -> None:
    """The column that is searched changes; the quote, its name and its digest do not."""
    database = Database(database_url)
    database.upgrade()
    desk_of = Desk(database, editions)
    quote = issue(desk_of, company_name="주식회사 옛날 데이터", company_business_number=None)
    config = migrating.alembic()
    with database.engine.connect() as connection, connection.begin():
        before = connection.execute(text("SELECT facts, listed, digest FROM quotes")).one()
        config.attributes["connection"] = connection
        command.downgrade(config, "0005")
        old = [term for (term,) in connection.execute(text("SELECT term FROM company_name_terms"))]
        assert "주식회사 옛날 데이터" in old
        command.upgrade(config, "0006")
        assert connection.execute(text("SELECT facts, listed, digest FROM quotes")).one() == before
    for part in ("(주)옛날데이터", "데이터 옛날", "주식회사 옛날"):
        assert numbers(desk_of, company=part) == [quote["number"]]
    database.close()
