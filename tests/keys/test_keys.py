"""API keys: made once, kept as a hash, refused with a reason, gone within seconds when revoked."""

import re
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from support.calling import caller
from support.serving import SECRET_KEY

from fee_service import keys as api_keys
from fee_service.actors import COMMAND_LINE, Role
from fee_service.app import create_app
from fee_service.errors import FeeError
from fee_service.keys import keyring
from fee_service.keys.demo_key import demo_key
from fee_service.keys.keyring import REMEMBERED_SECONDS, Keyring
from fee_service.published.editions import Editions
from fee_service.settings import REPOSITORY, Settings
from fee_service.storage import audit
from fee_service.storage.database import Database

TODAY = date(2026, 12, 9)
NOBODY = "fee_" + "a" * 12 + "_" + "b" * 43


def made(database: Database, role: Role = Role.SALES, name: str = "tests", expires_on: date | None = None) -> str:
    """A new key."""
    return keyring.create(database, COMMAND_LINE, "tests", role, name, expires_on)


def refusal(ring: Keyring, header: str | None, today: date = TODAY) -> str:
    """The code with which a header is refused."""
    with pytest.raises(FeeError) as caught:
        ring.actor(header, today)
    assert caught.value.status == 401
    return caught.value.faults[0].code


def id_of(key: str) -> str:
    """The part of a key that is no secret."""
    return key.split("_")[1]


def test_a_key_holds_256_random_bits_and_no_two_are_alike() -> None:
    """43 characters of base64 are 256 bits; the id has letters that no eye confuses."""
    keys = {api_keys.new_key() for _ in range(500)}
    assert len(keys) == 500
    assert all(re.fullmatch(r"fee_[a-z2-9]{12}_[A-Za-z0-9_-]{43}", key) for key in keys)
    assert not any(set(id_of(key)) & set("il01o") for key in keys)


def test_a_key_opens_with_its_role(database: Database) -> None:
    """Whoever sends it is its id, with its role; the word Bearer may be written in any case."""
    key = made(database, "finance")
    for scheme in ("Bearer", "bearer", "BEARER"):
        assert Keyring(database).actor(f"{scheme} {key}", TODAY) == (id_of(key), "finance")


def test_only_the_hash_is_kept(database: Database) -> None:
    """Neither the keys' table nor the audit log holds the secret part."""
    key = made(database)
    with database.reading() as connection:
        kept = str(keyring.everyone(database)) + str(list(audit.entries(connection)))
    assert id_of(key) in kept
    assert key not in kept
    assert key[17:] not in kept


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "Bearer abc", f"Bearer {NOBODY}x", f"Bearer {NOBODY} x", NOBODY,
     f"Bearer {NOBODY[:-1]}ß", f"Bearer {NOBODY}\n", "Bearer ' OR 1=1 --", "x" * 10_000],
)  # fmt: skip
def test_what_is_no_key_is_malformed(database: Database, header: str) -> None:
    """Told without a look into the database."""
    assert refusal(Keyring(database), header) == "key_malformed"


def test_missing_unknown_revoked_and_expired_keys_are_told_apart(database: Database) -> None:
    """Each has a code of its own, because each has another remedy."""
    ring = Keyring(database)
    revoked, expired = made(database), made(database, expires_on=date(2026, 12, 8))
    assert keyring.revoke(database, COMMAND_LINE, "tests", id_of(revoked))
    assert refusal(ring, None) == "key_missing"
    assert refusal(ring, f"Bearer {NOBODY}") == "key_unknown"
    assert refusal(ring, f"Bearer {revoked}") == "key_revoked"
    assert refusal(ring, f"Bearer {expired}") == "key_expired"


def test_an_id_with_another_secret_is_unknown(database: Database) -> None:
    """Who knows an id learns nothing about its key, not even that it was revoked."""
    key = made(database)
    forged = key[:-1] + ("A" if key[-1] != "A" else "B")
    assert refusal(Keyring(database), f"Bearer {forged}") == "key_unknown"
    keyring.revoke(database, COMMAND_LINE, "tests", id_of(key))
    assert refusal(Keyring(database), f"Bearer {forged}") == "key_unknown"


def test_hashes_are_compared_in_constant_time(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison is hmac's, for remembered keys too."""
    compared: list[tuple[str, str]] = []
    key, ring = made(database), Keyring(database)
    monkeypatch.setattr("fee_service.keys.hmac.compare_digest", lambda a, b: compared.append((a, b)) is None and a == b)
    ring.actor(f"Bearer {key}", TODAY)
    ring.actor(f"Bearer {key}", TODAY)
    assert len(compared) == 2


def test_a_key_opens_on_its_last_day_and_not_on_the_day_after(database: Database) -> None:
    """Days are days in Korea; a remembered key expires as well."""
    key, ring = made(database, expires_on=TODAY), Keyring(database)
    assert ring.actor(f"Bearer {key}", TODAY)
    assert refusal(ring, f"Bearer {key}", date(2026, 12, 10)) == "key_expired"


def test_a_key_is_looked_up_once_in_a_few_seconds(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests do not read the database for their key; a revocation works after five seconds at most."""
    now = [1000.0]
    monkeypatch.setattr("fee_service.keys.keyring.time.monotonic", lambda: now[0])
    key, ring = made(database), Keyring(database)
    assert ring.actor(f"Bearer {key}", TODAY)
    keyring.revoke(database, COMMAND_LINE, "tests", id_of(key))
    now[0] += REMEMBERED_SECONDS - 0.01
    assert ring.actor(f"Bearer {key}", TODAY)
    now[0] += 0.02
    assert refusal(ring, f"Bearer {key}") == "key_revoked"
    assert REMEMBERED_SECONDS <= 5


def test_making_and_revoking_stand_in_the_audit_log(database: Database) -> None:
    """Who, what, from where; revoking twice is told and written once."""
    key = made(database, "portal", "  포털   키 ")
    assert keyring.revoke(database, COMMAND_LINE, "here", id_of(key))
    assert not keyring.revoke(database, COMMAND_LINE, "here", id_of(key))
    with database.reading() as connection:
        entries = [(e.action, e.subject, e.actor, e.origin) for e in audit.entries(connection)]
        assert audit.verify(connection) == []
    key_id = id_of(key)
    assert entries == [
        ("key.created", key_id, "command-line", "tests"),
        ("key.revoked", key_id, "command-line", "here"),
    ]
    assert keyring.everyone(database)[0].name == "포털 키"


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\x00b", "a\x1b[31mb", "a\u202eb"])
def test_names_that_cannot_be_read_are_refused(database: Database, name: str) -> None:
    """A list of keys is read by people."""
    with pytest.raises(ValueError, match="1 to 100"):
        made(database, name=name)


def test_an_unknown_id_cannot_be_revoked(database: Database) -> None:
    """A slip of the pen is told."""
    with pytest.raises(LookupError):
        keyring.revoke(database, COMMAND_LINE, "tests", "nobody")


# -- over HTTP -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "code", "challenge"),
    [
        (None, "key_missing", 'Bearer realm="fee_service"'),
        ("Bearer abc", "key_malformed", 'error="invalid_token"'),
        (f"Bearer {NOBODY}", "key_unknown", 'error_description="API key unknown"'),
    ],
)
def test_a_refusal_is_a_problem_with_a_challenge(
    stranger: FlaskClient, header: str | None, code: str, challenge: str
) -> None:
    """401 as RFC 9457 and RFC 6750 want it, in the caller's language, without the key in it."""
    headers = {"Authorization": header} if header else {}
    messages = {}
    for language in ("ko", "en"):
        answer = stranger.post("/v1/quotes/preview", json={}, headers={**headers, "Accept-Language": language})
        assert (answer.status_code, answer.content_type) == (401, "application/problem+json")
        assert challenge in answer.headers["WWW-Authenticate"]
        assert NOBODY not in answer.get_data(as_text=True)
        (fault,) = answer.get_json(force=True)["errors"]
        assert fault["code"] == code
        messages[language] = fault["message"]
    assert messages["en"].isascii()
    assert not messages["ko"].isascii()


def test_no_body_is_read_before_the_key_is_good(stranger: FlaskClient) -> None:
    """Faults of the body are nobody's business who may not ask."""
    answer = stranger.post("/v1/quotes/preview", data=b"{", content_type="application/json")
    assert answer.status_code == 401


def test_a_remembered_key_costs_no_look_into_the_database(
    app: Flask, keys: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The preview of a company without a business number reads the database for nothing."""
    client = caller(app, keys["portal"])
    body = {"company": {"founded_on": "2023-05-10", "size": "sme"}, "apis": ["주식실시간A"]}
    assert client.post("/v1/quotes/preview", json=body).status_code == 200
    monkeypatch.setattr(Database, "reading", lambda self: pytest.fail("the database was read"))
    assert client.post("/v1/quotes/preview", json=body).status_code == 200


# -- the command line ----------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Any]:
    """The command line in a process and an installation of its own."""

    def running(*arguments: str) -> subprocess.CompletedProcess[str]:
        environ = {"FEE_SERVICE_INSTANCE": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
        return subprocess.run(
            [sys.executable, "-m", "fee_service", *arguments],
            env=environ, cwd=REPOSITORY, capture_output=True, encoding="utf-8", check=False, timeout=60,
        )  # fmt: skip

    return running


def test_keys_are_made_listed_and_revoked_at_the_command_line(run: Callable[..., Any]) -> None:
    """The key is printed once, alone on standard output; lists show ids only."""
    created = run("keys", "create", "--role", "portal", "--name", "포털", "--expires", "2099-12-31")
    key = created.stdout.strip()
    assert api_keys.presented_key(key)
    assert created.returncode == 0
    listed = run("keys", "list").stdout
    assert re.search(rf"{id_of(key)}\s+portal\s.*until 2099-12-31\s+포털", listed)
    assert key not in listed
    assert "5 seconds" in run("keys", "revoke", id_of(key)).stdout
    assert "revoked" in run("keys", "list").stdout
    assert "before" in run("keys", "revoke", id_of(key)).stdout
    assert "2 entries; the chain is whole" in run("audit", "verify").stdout
    assert "key.revoked" in run("audit", "list", "--subject", id_of(key)).stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("create", "--role", "boss", "--name", "x"), "boss"),
        (("create", "--role", "sales", "--name", ""), "--name"),
        (("create", "--role", "sales", "--name", "x", "--expires", "2020-01-01"), "is over"),
        (("create", "--role", "sales", "--name", "x", "--expires", "tomorrow"), "tomorrow"),
        (("revoke", "nobody"), "keys list"),
    ],
)
def test_wrong_commands_are_told_what_is_wrong(run: Callable[..., Any], arguments: tuple[str, ...], says: str) -> None:
    """No traceback, a failing exit, a word on what to do."""
    done = run("keys", *arguments)
    assert done.returncode != 0
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_the_demo_key_is_kept_for_its_owner_only(tmp_path: Path) -> None:
    """The next start shows the same key; a new database gets a new one; a revoked one stays revoked."""
    first = Database(f"sqlite:///{tmp_path / 'a.db'}")
    key = demo_key(tmp_path, first, "tests", TODAY)
    assert key is not None
    assert stat.S_IMODE((tmp_path / "demo-key").stat().st_mode) == 0o600
    assert demo_key(tmp_path, first, "tests", TODAY) == key
    assert Keyring(first).actor(f"Bearer {key}", TODAY).role == "sales"
    second = demo_key(tmp_path, Database(f"sqlite:///{tmp_path / 'b.db'}"), "tests", TODAY)
    assert second not in (None, key)
    (tmp_path / "demo-key").write_text(key + "\n")
    keyring.revoke(first, COMMAND_LINE, "tests", id_of(key))
    assert demo_key(tmp_path, first, "tests", TODAY) is None


def test_a_database_that_is_away_is_told_as_503(editions: Editions) -> None:
    """Keys cannot be looked up then; the caller may try again."""
    away = "postgresql://nobody@127.0.0.1:1/none"
    app = create_app(Settings(database_url=away, secret_key=SECRET_KEY), editions)
    answer = caller(app, NOBODY).post("/v1/quotes/preview", json={})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.get_json(force=True)["errors"][0]["code"] == "storage_unavailable"
