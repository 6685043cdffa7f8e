"""Names of items over HTTP: told as JSON or YAML, listed, written as a file that is taken back."""

import pytest
from flask.testing import FlaskClient

SELLER = "220-81-62517"  # of no other test
TOLD = {"text": "월 정액(주식)", "fee": "base_fee", "product": "securities_a", "option": "retail"}


def test_told_listed_written_and_taken_back(client: FlaskClient) -> None:
    """A version each time; the file that was written says nothing new."""
    body = {"supplier": SELLER, "version": 0, "names": [TOLD]}
    told = client.put("/v1/item-names", json=body, headers={"Idempotency-Key": "items-1"})
    assert (told.status_code, told.get_json()["suppliers"][0]["version"]) == (200, 1)
    again = client.put("/v1/item-names", json=body, headers={"Idempotency-Key": "items-1"})
    assert (again.headers["Idempotent-Replayed"], again.get_json()) == ("true", told.get_json())
    (listed,) = client.get("/v1/item-names", query_string={"supplier": SELLER}).get_json()["suppliers"]
    assert listed["names"] == [
        {"specification": None, "agreement": None, "user_type": None, "total": False, "ignored": False, "since": 1}
        | TOLD
    ]  # fmt: skip
    written = client.get("/v1/item-names.yaml", query_string={"supplier": SELLER})
    assert written.content_type == "application/yaml"
    taken = client.put("/v1/item-names", data=written.get_data(), content_type="application/yaml")
    assert taken.get_json()["suppliers"] == [{"supplier": SELLER, "version": 1, "names": 1, "changed": False}]


@pytest.mark.parametrize(
    ("sent", "content_type", "status", "code"),
    [
        ("names: &a []\nsuppliers: *a\n", "application/yaml", 400, "invalid_yaml"),
        ("suppliers: {", "application/yaml", 400, "invalid_yaml"),
        (b"\xff\xfe", "text/yaml", 400, "invalid_yaml"),
        ("", "application/yaml", 400, "invalid_yaml"),
        ("- 1\n", "application/yaml", 422, "not_an_object"),
        ("supplier: 2208162517\nnames: []\n", "application/yaml", 422, "not_text"),
        ("a,b\n", "text/csv", 415, "unsupported_file_type"),
        (f'{{"supplier": "{SELLER}", "names": [{{"text": "a", "fee": "x"}}]}}', "application/json", 422,
         "item_code_unknown"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_says_why(
    client: FlaskClient, sent: str | bytes, content_type: str, status: int, code: str
) -> None:
    """No plain YAML, another type, codes that nobody knows: a problem in both languages, never a trace."""
    answer = client.put("/v1/item-names", data=sent, content_type=content_type)
    assert answer.status_code == status
    errors = answer.get_json(force=True)["errors"]
    assert errors[0]["code"] == code
    assert all(error["message"] and error["hint"] for error in errors)
