"""Bad input gets a clear 4xx that names every fault and its place; never a 500, never a silent default."""

import json
from collections.abc import Callable
from copy import deepcopy
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from marshmallow import ValidationError

from fee_service.reference.examples import FULL
from schemas import load
from schemas.quote import QuoteRequestSchema

AskErrors = Callable[[dict[str, Any]], list[dict[str, Any]]]

PREVIEW = "/v1/quotes/preview"
GOOD: dict[str, Any] = {
    "company": {"founded_on": "2023-05-10", "size": "sme"},
    "licences": [{"contract": "real_time", "product": "securities_a"}],
    "starts_on": "2026-12-09",
}
EVIDENCE = {
    "ksic": "J",
    "average_sales": 1_200_000_000,
    "total_assets": 900_000_000,
    "business_group": False,
    "large_holder": False,
}


def changed(changes: dict[str, Any], good: dict[str, Any] = GOOD) -> dict[str, Any]:
    """A good request with values put at JSON Pointers."""
    request = deepcopy(good)
    for place, value in changes.items():
        *parents, last = place.split("/")[1:]
        node: Any = request
        for part in parents:
            node = node[int(part)] if isinstance(node, list) else node.setdefault(part, {})
        node[int(last) if isinstance(node, list) else last] = value
    return request


def places(errors: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """The code and pointer of each error, in a stable order."""
    return sorted((error["code"], error["pointer"]) for error in errors)


# -- the body as a whole -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "code", "says"),
    [
        (b"", "empty_body", "no body"),
        (b" \n\t", "empty_body", "no body"),
        (b"{", "invalid_json", "line 1, column 2"),
        (b'{"a": 1,\n "b" 2}', "invalid_json", "line 2, column 6"),
        (b'{"a": 1} {}', "invalid_json", "extra data"),
        (b"\xef\xbb\xbf{}", "invalid_json", "BOM"),
        (b'{"a": "\xff"}', "invalid_json", "line 1, column 8"),
        ('{"a": 1}'.encode("utf-16"), "invalid_json", "UTF-8"),
        (b'{"a": NaN}', "invalid_json", "NaN"),
        (b'{"a": -Infinity}', "invalid_json", "-Infinity"),
        (b'{"a": 1, "b": {"c": 1, "c": 2}}', "invalid_json", '"c" stands twice'),
        (b'{"a": "\\ud800"}', "invalid_json", "half a character"),
        (b'{"\\udfff": 1}', "invalid_json", "half a character"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "invalid_json", "too deeply"),
        (b"[" * 400_000, "invalid_json", "too deeply"),
        (b'{"a": ' + b"9" * 5000 + b"}", "invalid_json", "too long"),
        (b'{"a": "line\nbreak"}', "invalid_json", "control character"),
        (b"{'a': 1}", "invalid_json", "line 1, column 2"),
    ],
)
def test_a_body_that_is_no_json_is_told_where(client: FlaskClient, body: bytes, code: str, says: str) -> None:
    """An unreadable body is 400 with one error that says what is wrong and where."""
    answer = client.post(PREVIEW, data=body, content_type="application/json", headers={"Accept-Language": "en"})
    problem = answer.get_json(force=True)
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert places(problem["errors"]) == [(code, "")]
    assert says in problem["errors"][0]["message"]


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "text/json",
        "application/json; charset=euc-kr",
        "application/json; charset=utf-16",
        "json",
        "*/*",
        "application/json, text/plain",
    ],
)
def test_a_wrong_content_type_is_415(client: FlaskClient, content_type: str | None) -> None:
    """Only JSON in UTF-8 is read."""
    answer = client.post(PREVIEW, data=json.dumps(GOOD), content_type=content_type)
    assert answer.status_code == 415
    assert places(answer.get_json(force=True)["errors"]) == [("unsupported_media_type", "")]


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        'application/json;charset="UTF-8"',
        "application/vnd.fees+json",
    ],
)
def test_json_content_types_are_read(client: FlaskClient, content_type: str) -> None:
    """application/json and +json types are JSON, with or without the charset UTF-8."""
    assert client.post(PREVIEW, data=json.dumps(GOOD), content_type=content_type).status_code == 200


def test_a_body_of_ten_megabytes_is_413(client: FlaskClient) -> None:
    """A body over one million bytes is refused before it is read."""
    body = b'{"company": "' + b"x" * 10_000_000 + b'"}'
    answer = client.post(PREVIEW, data=body, content_type="application/json")
    assert answer.status_code == 413
    assert places(answer.get_json(force=True)["errors"]) == [("body_too_large", "")]


def test_a_chunked_body_is_not_cut_silently(client: FlaskClient) -> None:
    """Without a Content-Length the limit is the same."""
    body = BytesIO(json.dumps({**GOOD, "x": "y" * 2_000_000}).encode())
    answer = client.post(
        PREVIEW,
        input_stream=body,
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert answer.status_code == 413


@pytest.mark.parametrize("body", ["null", "true", "1", '"text"', "[]", '[{"company": {}}]'])
def test_a_body_that_is_no_object_is_refused(client: FlaskClient, body: str) -> None:
    """The request is an object."""
    answer = client.post(PREVIEW, data=body, content_type="application/json")
    assert answer.status_code == 422
    assert ("not_an_object", "") in places(answer.get_json(force=True)["errors"])


# -- structure and values ------------------------------------------------------------------------------

COUNT_PLACES = [
    "/months",
    "/test_months",
    "/api_calls_per_month",
    "/licences/0/reception_sets",
    "/licences/0/usage/personal_ids",
]


@pytest.mark.parametrize("place", COUNT_PLACES)
@pytest.mark.parametrize("value", [2.0, "2", True, False, 1e3, [], {}, "", 2.5])
def test_a_count_is_a_json_integer(ask_errors: AskErrors, place: str, value: object) -> None:
    """2.0, "2" and true are no counts."""
    assert places(ask_errors(changed({place: value}))) == [("not_an_integer", place)]


@pytest.mark.parametrize("place", [*COUNT_PLACES[2:], "/licences/0/disaster_recovery_sets"])
@pytest.mark.parametrize("value", [-1, 10**9 + 1, 10**30, -(10**30)])
def test_an_absurd_count_is_out_of_range(ask_errors: AskErrors, place: str, value: int) -> None:
    """Counts go from 0 to a thousand million."""
    assert ("out_of_range", place) in places(ask_errors(changed({place: value})))


@pytest.mark.parametrize(("place", "value"), [("/months", 0), ("/months", 121), ("/months", -1), ("/test_months", 121)])
def test_months_out_of_range(ask_errors: AskErrors, place: str, value: int) -> None:
    """A horizon has 1 to 120 months."""
    assert places(ask_errors(changed({place: value}))) == [("out_of_range", place)]


@pytest.mark.parametrize("place", ["/starts_on", "/ends_on", "/company/founded_on"])
@pytest.mark.parametrize(
    "value",
    [
        "20260101",
        "2026-02-30",
        "2025-02-29",
        "2026-1-1",
        "2026-W01-1",
        "2026-001",
        "2026-13-01",
        "2026-00-10",
        "2026-01-00",
        "0000-01-01",
        "2026/01/01",
        "09.12.2026",
        "2026-12-09T00:00:00",
        " 2026-12-09",
        "2026-12-09 ",
        "２０２６-12-09",
        "today",
        "",
        20260101,
        1.5,
        True,
        [],
        {},
    ],
)
def test_a_date_is_a_real_day_written_one_way(ask_errors: AskErrors, place: str, value: object) -> None:
    """Only YYYY-MM-DD, and only days of the calendar."""
    assert places(ask_errors(changed({place: value}))) == [("invalid_date", place)]


@pytest.mark.parametrize("value", ["1899-12-31", "2200-01-01", "9999-12-31", "0001-01-01"])
def test_a_day_outside_three_centuries_is_out_of_range(ask_errors: AskErrors, value: str) -> None:
    """Days go from 1900 to 2199."""
    assert places(ask_errors(changed({"/ends_on": value}))) == [("out_of_range", "/ends_on")]


@pytest.mark.parametrize("value", [1.0, 0.1, "1000", True, 1e9, None])
def test_an_amount_is_whole_won(ask_errors: AskErrors, value: object) -> None:
    """No float, no text for an amount of money."""
    place = "/company/size_evidence/average_sales"
    request = changed({"/company/size_evidence": {**EVIDENCE, "average_sales": value}})
    assert places(ask_errors(request)) == [("amount_not_integer", place)]


@pytest.mark.parametrize("value", [-1, 10**16 + 1])
def test_an_absurd_amount_is_out_of_range(ask_errors: AskErrors, value: int) -> None:
    """Amounts go from 0 to ten thousand million million won."""
    place = "/company/size_evidence/total_assets"
    request = changed({"/company/size_evidence": {**EVIDENCE, "total_assets": value}})
    assert places(ask_errors(request)) == [("out_of_range", place)]


@pytest.mark.parametrize(
    ("place", "value", "code"),
    [
        ("/company/corporation", "true", "not_a_boolean"),
        ("/company/corporation", 1, "not_a_boolean"),
        ("/company/corporation", None, "not_a_boolean"),
        ("/licences/0/affiliate_extension", 0, "not_a_boolean"),
        ("/company/size", "SME", "unknown_value"),
        ("/company/size", "small", "unknown_value"),
        ("/company/size", None, "unknown_value"),
        ("/company/size", ["sme"], "unknown_value"),
        ("/company/qualification", "bank", "unknown_value"),
        ("/company/exclusions", ["gambling", "betting"], "unknown_value"),
        ("/channel", "internet", "unknown_value"),
        ("/channel", None, "unknown_value"),
        ("/licences/0/contract", "realtime", "unknown_value"),
        ("/company/name", "x" * 201, "text_too_long"),
        ("/company/name", "tab\tin it", "invalid_text"),
        ("/company/name", "null\x00", "invalid_text"),
        ("/company/name", "two\u2028lines", "invalid_text"),
        ("/company/name", "no character\ufffe", "invalid_text"),
        ("/company/name", "\u200b\u3164 \u202e", "empty_text"),
        ("/company/name", "next line\x85", "invalid_text"),
        ("/company/name", "", "empty_text"),
        ("/company/name", " \u3000", "empty_text"),
        ("/company/name", 7, "not_text"),
        ("/apis", "주식실시간A", "not_a_list"),
        ("/apis", {"0": "주식실시간A"}, "not_a_list"),
        ("/apis", None, "not_a_list"),
        ("/apis", [None], "not_text"),
        ("/apis", ["x" * 301], "text_too_long"),
        ("/apis", ["주식실시간A"] * 201, "too_many"),
        ("/licences/0", "securities_a", "not_an_object"),
        ("/licences/0", None, "not_an_object"),
        ("/licences/0", [], "not_an_object"),
        ("/licences/0/options", "retail", "not_a_list"),
        ("/licences/0/options", ["retail"] * 11, "too_many"),
        ("/licences/0/usage", [], "not_an_object"),
        ("/licences/0/usage", None, "not_an_object"),
        ("/licences/0/usage/ids", 5, "unknown_field"),
        ("/licences", [GOOD["licences"][0]] * 101, "too_many"),
        ("/company", None, "not_an_object"),
        ("/company", [], "not_an_object"),
        ("/company/founded", "2020-01-01", "unknown_field"),
        ("/prior_waiver", [{}] * 51, "too_many"),
        ("/waiver_policy", 36, "not_text"),
        ("/price_list", {}, "not_text"),
        ("/discount", 50, "unknown_field"),
        ("/", 1, "unknown_field"),
        ("/__proto__", {}, "unknown_field"),
    ],
)
def test_a_wrong_value_is_named_with_its_place(ask_errors: AskErrors, place: str, value: object, code: str) -> None:
    """Each wrong value has a code of its own kind, and a pointer to it or into it."""
    errors = ask_errors(changed({place: value}))
    found = [error for error in errors if error["code"] == code]
    assert found, errors
    assert all(error["pointer"].startswith(place) for error in found)


def test_a_null_that_means_nothing_is_taken(client: FlaskClient) -> None:
    """Fields that the contract shows as null may be null."""
    request = changed(
        {
            "/ends_on": None,
            "/waiver_policy": None,
            "/price_list": None,
            "/api_calls_per_month": None,
            "/company/name": None,
            "/company/business_number": None,
            "/company/qualification": None,
            "/company/size_evidence": None,
        }
    )
    assert client.post(PREVIEW, json=request).status_code == 200


def test_unknown_fields_show_the_nearest_known_name(ask_errors: AskErrors) -> None:
    """A slip of the pen is answered with the name that was probably meant, first of all."""
    (error,) = ask_errors(changed({"/start_on": "2026-12-09"}))
    assert (error["code"], error["pointer"]) == ("unknown_field", "/start_on")
    assert "more similar" not in error["hint"]
    assert error["hint"].split(": ")[1].startswith("starts_on, ")


def test_pointers_are_escaped_as_rfc_6901_says(ask_errors: AskErrors) -> None:
    """~ and / of a name become ~0 and ~1."""
    (error,) = ask_errors({**GOOD, "a/b~c": 1})
    assert error["pointer"] == "/a~1b~0c"


def test_many_unknown_fields_are_summed_up(ask_errors: AskErrors) -> None:
    """Ten are named, the others counted: an answer does not outgrow its request."""
    errors = ask_errors({**GOOD, **{f"x{i}": i for i in range(5000)}})
    assert [error["code"] for error in errors] == ["unknown_field"] * 10 + ["unknown_fields"]
    assert "4,990" in errors[-1]["message"]


def test_long_values_are_cut_in_messages(ask_errors: AskErrors) -> None:
    """A message stays readable whatever was sent."""
    (error,) = ask_errors(changed({"/starts_on": "9" * 100_000}))
    assert len(error["message"]) < 300


def test_all_faults_of_form_come_at_once(ask_errors: AskErrors) -> None:
    """Every structural fault of a request is in one answer, each at its place."""
    request = {
        "company": {"founded_on": "20230510", "size": "tiny", "corporation": "yes", "nmae": "x"},
        "licences": [
            {"contract": "real_time", "product": "securities_a", "usage": {"queries": -1}},
            {"product": 5, "reception_sets": 1.0},
        ],
        "starts_on": "2026-02-30",
        "months": 121,
        "prior_waiver": [{"starts_on": "2024-01-01"}],
    }
    expected = {
        ("invalid_date", "/company/founded_on"),
        ("unknown_value", "/company/size"),
        ("not_a_boolean", "/company/corporation"),
        ("unknown_field", "/company/nmae"),
        ("out_of_range", "/licences/0/usage/queries"),
        ("missing_field", "/licences/1/contract"),
        ("not_text", "/licences/1/product"),
        ("not_an_integer", "/licences/1/reception_sets"),
        ("invalid_date", "/starts_on"),
        ("out_of_range", "/months"),
        ("missing_field", "/prior_waiver/0/ends_on"),
    }
    assert set(places(ask_errors(request))) == expected


def test_faults_of_query_and_body_come_together(client: FlaskClient) -> None:
    """The query string belongs to the request."""
    answer = client.post(f"{PREVIEW}?require_eligible=yes&dry_run=1", json=changed({"/months": 0}))
    assert places(answer.get_json(force=True)["errors"]) == [
        ("out_of_range", "/months"),
        ("unknown_parameter", "/query/dry_run"),
        ("unknown_value", "/query/require_eligible"),
    ]


# -- meaning -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"/company/founded_on": "2026-12-10"}, [("founded_after_start", "/company/founded_on")]),
        (
            {"/starts_on": "2018-06-30", "/company/founded_on": "2018-01-01"},
            [("no_price_list_on_date", "/starts_on")],
        ),
        ({"/licences": [GOOD["licences"][0]] * 2}, [("duplicate_licence", "/licences/1")]),
        (
            {"/licences/0/product": "overseas_etf_nav", "/licences/0/options": ["broadcast"]},
            [("option_not_applicable", "/licences/0/options/0")],
        ),
        ({"/apis": ["주식실시간Z"]}, [("unknown_api", "/apis/0")]),
        (
            {"/company/size_evidence": {**EVIDENCE, "total_assets": 600_000_000_000}},
            [("size_contradicts_evidence", "/company/size")],
        ),
        (
            {"/company/business_number": "124-81-00999"},
            [("invalid_business_number", "/company/business_number")],
        ),
        ({"/ends_on": "2026-12-08"}, [("ends_before_start", "/ends_on")]),
        ({"/waiver_policy": "free-for-all"}, [("unknown_waiver_policy", "/waiver_policy")]),
        ({"/price_list": "market-data-2030"}, [("unknown_price_list", "/price_list")]),
        ({"/licences": []}, [("missing_field", "/licences")]),
        ({"/test_months": 7}, [("test_months_exceed_policy", "/test_months")]),
        (
            {"/licences/0/reception_sets": 2},
            [("reception_needs_direct_channel", "/licences/0/reception_sets")],
        ),
        # the first set is part of the licence: none at all is no licence of a direct feed
        (
            {"/channel": "direct", "/api_calls_per_month": None, "/licences/0/reception_sets": 0},
            [("out_of_range", "/licences/0/reception_sets")],
        ),
        ({"/licences/0/reception_sets": 0}, [("out_of_range", "/licences/0/reception_sets")]),
        (
            {"/channel": "direct", "/api_calls_per_month": 1},
            [("api_calls_need_open_api", "/api_calls_per_month")],
        ),
    ],
)
def test_a_contradiction_is_named_with_its_place(
    ask_errors: AskErrors, changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    """What is well formed but cannot be is told apart by codes."""
    assert places(ask_errors(changed(changes))) == expected


def test_an_unknown_api_shows_the_nearest_names(ask_errors: AskErrors) -> None:
    """The answer to a misspelt API names what was probably meant."""
    (error,) = ask_errors(changed({"/apis": ["주식실시간D"]}))
    assert error["code"] == "unknown_api"
    assert "주식실시간A" in error["message"] + error["hint"]


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        ({"/apis": ["zzqqxx"]}, "No name is like it. All are listed at /v1/apis."),
        ({"/licences/0/product": "qqqq"}, "No product is like it. All are listed at /v1/products."),
        (
            {"/licences/0": {"contract": "closing_price", "product": "securities_a", "options": ["retail"]}},
            "Nothing is offered in its place: leave it out.",
        ),
    ],
)
def test_a_hint_that_has_nothing_to_name_says_what_to_do(
    ask_errors: AskErrors, changes: dict[str, Any], hint: str
) -> None:
    """No list of choices is empty: where there are none, that is said, not `-`."""
    for error in ask_errors(changed(changes)):
        assert error["hint"].endswith(hint)


def test_a_resource_without_parameters_says_so(client: FlaskClient) -> None:
    """One that is unknown can only be left out; so can those that are counted after the first ones."""
    query = "&".join(f"of_{number}=1" for number in range(40))
    errors = client.get(f"/v1/price-lists?{query}", headers={"Accept-Language": "en"}).get_json(force=True)["errors"]
    assert {error["hint"] for error in errors} == {
        "This resource has no parameters: leave it out.",
        "This resource has no parameters: leave them out.",
    }


def test_faults_of_form_and_of_meaning_come_together(ask_errors: AskErrors) -> None:
    """A wrong type somewhere does not hide a contradiction elsewhere."""
    request = changed(
        {
            "/months": "12",
            "/company/business_number": "1",
            "/apis": ["no such api at all", 5],
            "/color": "red",
        }
    )
    codes = [error["code"] for error in ask_errors(request)]
    assert sorted(codes)[:3] == ["invalid_business_number", "not_an_integer", "not_text"]
    assert {"unknown_field"} < set(codes)
    assert any(code.startswith("unknown_api") for code in codes)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"/company/size": "tiny"}, [("unknown_value", "/company/size")]),
        ({"/company/size_evidence": []}, [("not_an_object", "/company/size_evidence")]),
        ({"/company": 5}, [("not_an_object", "/company")]),
        ({"/licences": "all"}, [("not_a_list", "/licences")]),
        ({"/licences/0": 5}, [("not_an_object", "/licences/0")]),
        ({"/starts_on": "soon", "/test_months": 3}, [("invalid_date", "/starts_on")]),
        ({"/licences/0/options": [5]}, [("not_text", "/licences/0/options/0")]),
        ({"/channel": "satellite", "/licences/0/reception_sets": 3}, [("unknown_value", "/channel")]),
    ],
)
def test_a_fault_causes_no_second_one(
    ask_errors: AskErrors, changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    """A value that was refused is not also reported as missing or as contradicting something."""
    assert places(ask_errors(changed(changes))) == expected


@pytest.mark.parametrize(
    "changes", [{}, {"/months": 2.0}, {"/starts_on": "20261209"}, {"/x": 1}, {"/licences/0/options": [None]}]
)
def test_marshmallows_own_load_keeps_the_same_rules(changes: dict[str, Any]) -> None:
    """Whoever calls Schema.load instead of schemas.load gets no laxer reading."""
    request = changed(changes)
    loaded = load(QuoteRequestSchema, request)
    try:
        assert QuoteRequestSchema().load(request) == loaded.values
        assert loaded.faults == []
    except ValidationError:
        assert loaded.faults != []


BAD_VALUES = [
    None,
    True,
    0,
    -1,
    2.5,
    10**30,
    "",
    "x",
    "2026-02-30",
    "\x00",
    [],
    {},
    [None],
    ["x", 5],
    [[]],
    {"x": 1},
]


def every_place(node: Any, place: str = "") -> list[str]:
    """The pointers to all values of a request."""
    inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [place, *(found for key, value in inner for found in every_place(value, f"{place}/{key}"))]


FULLER = {
    **FULL,
    "company": {**FULL["company"], "exclusions": ["gambling", "insolvency"]},
    "licences": [
        {**FULL["licences"][0], "options": ["retail", "general"], "non_display_use": ["trading", "other"]},
        {"contract": "closing_price", "product": "securities_a"},
    ],
}


@pytest.mark.parametrize("place", every_place(FULLER)[1:])
def test_whatever_stands_in_whatever_place_there_is_an_answer(client: FlaskClient, place: str) -> None:
    """Any wrong value at any place of a full request is answered, and a refusal points there or above."""
    for value in BAD_VALUES:
        answer = client.post(PREVIEW, json=changed({place: deepcopy(value)}, FULLER))
        assert answer.status_code in (200, 422), value
        if answer.status_code == 422:
            assert answer.get_json(force=True)["errors"]


# -- query strings, paths, methods ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/v1/apis?page=2", [("unknown_parameter", "/query/page")]),
        ("/v1/apis?status=free", [("unknown_value", "/query/status")]),
        ("/v1/apis?status=priced&status=priced", [("repeated_parameter", "/query/status")]),
        ("/v1/apis?search=", [("empty_text", "/query/search")]),
        ("/v1/products?on=2026-02-30", [("invalid_date", "/query/on")]),
        ("/v1/products?on=2018-06-30", [("no_price_list_on_date", "/query/on")]),
        ("/v1/price-lists?on=2026-01-01", [("unknown_parameter", "/query/on")]),
        ("/v1/waiver-policies?x", [("unknown_parameter", "/query/x")]),
        ("/healthz?deep=true", [("unknown_parameter", "/query/deep")]),
    ],
)
def test_query_strings_are_strict(client: FlaskClient, url: str, expected: list[tuple[str, str]]) -> None:
    """An unknown, repeated or wrong query parameter is refused, never ignored."""
    answer = client.get(url)
    assert answer.status_code == 422
    assert places(answer.get_json(force=True)["errors"]) == expected


@pytest.mark.parametrize(
    "path",
    [
        "/nope",
        "/v1",
        "/v1/quotes/preview/x",
        "/v1/price-lists/none",
        "/docs/../app.py",
        "/docs/secret.js",
        "//docs/x",
    ],
)
def test_an_unknown_path_is_a_problem(client: FlaskClient, path: str) -> None:
    """The 404 has the same shape as every error."""
    answer = client.get(path)
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
    assert answer.get_json(force=True)["errors"][0]["code"] in ("not_found", "unknown_price_list")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("GET", PREVIEW, "OPTIONS, POST"),
        ("DELETE", PREVIEW, "OPTIONS, POST"),
        ("POST", "/v1/apis", "GET, HEAD, OPTIONS"),
        ("PUT", "/v1/price-lists", "GET, HEAD, OPTIONS"),
        ("TRACE", "/healthz", "GET, HEAD, OPTIONS"),
    ],
)
def test_a_wrong_method_is_told_the_right_ones(client: FlaskClient, method: str, path: str, allow: str) -> None:
    """405 keeps Allow."""
    answer = client.open(path, method=method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, allow)
    assert places(answer.get_json(force=True)["errors"]) == [("method_not_allowed", "")]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, ("missing_field", "/requests")),
        ({"requests": [GOOD]}, ("too_few", "/requests")),
        ({"requests": [GOOD] * 11}, ("too_many", "/requests")),
        ({"requests": [GOOD, 5]}, ("not_an_object", "/requests/1")),
        ({"requests": [GOOD, {**GOOD, "months": 0}]}, ("out_of_range", "/requests/1/months")),
        (
            {"requests": [GOOD, {**GOOD, "starts_on": "2018-06-30"}]},
            ("no_price_list_on_date", "/requests/1/starts_on"),
        ),
        ({"requests": [GOOD, GOOD], "labels": ["a", 1]}, ("not_text", "/labels/1")),
        ({"requests": [GOOD, GOOD], "labels": ["a"]}, ("labels_do_not_match", "/labels")),
    ],
)
def test_faults_of_a_comparison_point_into_its_requests(
    client: FlaskClient, body: dict[str, Any], expected: tuple[str, str]
) -> None:
    """Each fault names the request that it is in."""
    answer = client.post("/v1/comparisons", json=body)
    assert answer.status_code == 422
    assert expected in places(answer.get_json(force=True)["errors"])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, ("missing_field", "/company")),
        ({"company": {"size": "sme"}}, ("missing_field", "/company/founded_on")),
        ({"company": GOOD["company"], "licences": []}, ("unknown_field", "/licences")),
        ({"company": GOOD["company"], "starts_on": "2026-13-01"}, ("invalid_date", "/starts_on")),
        (
            {"company": GOOD["company"], "starts_on": "2023-05-09"},
            ("founded_after_start", "/company/founded_on"),
        ),
        ({"company": GOOD["company"], "prior_waiver": [1]}, ("not_an_object", "/prior_waiver/0")),
    ],
)
def test_faults_of_an_eligibility_check(client: FlaskClient, body: dict[str, Any], expected: tuple[str, str]) -> None:
    """The same rules hold for an eligibility check."""
    answer = client.post("/v1/eligibility", json=body)
    assert answer.status_code == 422
    assert expected in places(answer.get_json(force=True)["errors"])
