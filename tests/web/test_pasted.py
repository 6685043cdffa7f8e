"""Pasted APIs are the APIs that a person reads, however they are divided; each wrong one by its line."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from fee_service.published.editions import Editions
from fee_service.web.forms import filled
from fee_service.web.pasted import every_name, names_in

BETWEEN = ["\n", "\r\n", ", ", ",", "; ", ";", "\t", "、", "，", "\n\n", " | ", "\n- ", "\n• "]


def test_every_name_of_the_catalogue_is_one_name(editions: Editions) -> None:
    """Also those that hold a comma."""
    find = editions.catalogue.find
    for api in editions.catalogue.apis:
        for name in (api.id, *api.names, *filter(None, [api.uri])):
            assert [each for _, each in names_in(name, find)] == [name]
            assert [each for _, each in names_in(name, every_name)] == [name]


@given(st.data())
def test_names_are_found_whatever_stands_between_them(editions: Editions, data: st.DataObject) -> None:
    """Signs of lists, cells and sentences."""
    find = editions.catalogue.find
    names = sorted({name for api in editions.catalogue.apis for name in (api.id, *api.names)})
    chosen = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=6))
    between = data.draw(st.sampled_from(BETWEEN))
    found = [find(name) for _, name in names_in(between.join(chosen), find)]
    assert found == [find(name) for name in chosen]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("주식실시간A, 주식실시간B", [(1, "주식실시간A"), (1, "주식실시간B")]),
        ("KOSPI shares, closing, ETF, real-time", [(1, "KOSPI shares, closing"), (1, "ETF, real-time")]),
        ("1. 주식실시간A\n2) 주식실시간B\n\n• 지수실시간", [(1, "주식실시간A"), (2, "주식실시간B"), (4, "지수실시간")]),
        ('"주식실시간A"; “주식실시간B”', [(1, "주식실시간A"), (1, "주식실시간B")]),
        ("\ufeff주식실시간A\u200b\n ,\n;;", [(1, "주식실시간A")]),
        (unicodedata.normalize("NFD", "주식실시간A、주식실시간B"), [(1, "주식실시간A"), (1, "주식실시간B")]),
        ("주식실시간A, 없는 것, 주식실시간B", [(1, "주식실시간A"), (1, "없는 것"), (1, "주식실시간B")]),
        ("/v3/market/closed/kospi/lists,주식실시간A", [(1, "/v3/market/closed/kospi/lists"), (1, "주식실시간A")]),
        ("없는 것, 또 없는 것", [(1, "없는 것"), (1, "또 없는 것")]),
        ("", []),
        (" ,; \t", []),
    ],
)  # fmt: skip
def test_pasted_names_stand_with_their_lines(editions: Editions, text: str, found: list[tuple[int, str]]) -> None:
    """What is unknown is kept, to be refused."""
    assert list(names_in(text, editions.catalogue.find)) == found


@given(st.text(max_size=60))
def test_no_letter_of_a_pasted_text_is_lost(editions: Editions, text: str) -> None:
    """Only what divides, hides or quotes is left out."""
    kept = "".join(name for _, name in names_in(text, editions.catalogue.find))
    letters = [sign for sign in unicodedata.normalize("NFC", text) if sign.isalpha()]
    assert [sign for sign in kept if sign.isalpha()] == letters


def test_the_form_takes_what_is_pasted(editions: Editions) -> None:
    """Once each, with the line of the field."""
    form = MultiDict([("other_apis", "주식실시간A, 주식실시간B\n주식실시간A; 없는 것")])
    understood = filled(form, editions.catalogue.find)
    assert understood.body["apis"] == ["주식실시간A", "주식실시간B", "없는 것"]
    assert understood.lines == {"/apis/0": 1, "/apis/1": 1, "/apis/2": 2}
