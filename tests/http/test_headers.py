"""What stands around every answer: its id, security headers, other origins, proxies."""

from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from fee_service.app import create_app
from fee_service.published.editions import Editions
from fee_service.settings import BadSettings, Settings, read_settings

PORTAL = "https://portal.example.kr"
SECURITY = ("X-Content-Type-Options", "Referrer-Policy", "Content-Security-Policy", "Cross-Origin-Resource-Policy")


@pytest.fixture(scope="module")
def behind(editions: Editions, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application behind one proxy, for a portal of another origin."""
    instance = tmp_path_factory.mktemp("instance")
    return create_app(Settings(instance=instance, cors_origins=(PORTAL,), trusted_proxies=1), editions)


@pytest.mark.parametrize("path", ["/healthz", "/docs", "/v1/apis", "/none", "/v1/quotes"])
def test_every_answer_has_an_id_and_the_security_headers(stranger: FlaskClient, path: str) -> None:
    """Refusals name their request and are as guarded as any answer."""
    headers = stranger.get(path).headers
    assert all(len(headers.getlist(name)) == 1 for name in (*SECURITY, "X-Request-Id", "Cache-Control"))


def test_a_caller_may_name_his_request(stranger: FlaskClient) -> None:
    """His own id comes back, so that both sides find it in their logs."""
    answer = stranger.get("/healthz", headers={"X-Request-Id": "order-2026.12_09"})
    assert answer.headers["X-Request-Id"] == "order-2026.12_09"


@pytest.mark.parametrize(
    "given", ["", "short", "x" * 65, "a b c d e f", "주문번호-12345", '{"a": "b"}', "%0a%0dabcdef"]
)
def test_an_id_that_could_confuse_a_log_is_replaced(stranger: FlaskClient, given: str) -> None:
    """Letters, digits, dot, dash and underscore, 8 to 64 of them."""
    got = stranger.get("/healthz", headers={"X-Request-Id": given.encode().decode("latin-1")}).headers["X-Request-Id"]
    assert got != given
    assert len(got) == 36


def test_a_portal_of_a_named_origin_may_read_the_answers(behind: Flask) -> None:
    """Refusals too; never with cookies."""
    client = behind.test_client()
    for path in ("/v1/waiver-policies", "/v1/quotes"):
        headers = client.get(path, headers={"Origin": PORTAL}).headers
        assert headers["Access-Control-Allow-Origin"] == PORTAL
        assert "X-RateLimit-Remaining" in headers["Access-Control-Expose-Headers"]
        assert headers.getlist("Cross-Origin-Resource-Policy") == ["cross-origin"]
        assert "Origin" in headers.getlist("Vary")
        assert "Access-Control-Allow-Credentials" not in headers


def test_a_browser_that_asks_first_is_told_what_it_may_send(behind: Flask) -> None:
    """A key, JSON, an idempotency key; answered before keys and limits."""
    asked = {
        "Origin": PORTAL,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization",
    }
    answer = behind.test_client().options("/v1/quotes", headers=asked)
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == PORTAL
    for name in ("Authorization", "Content-Type", "Idempotency-Key"):
        assert name in answer.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("origin", ["https://evil.example", f"{PORTAL}.evil.example", "null", f"{PORTAL}:444"])
def test_another_origin_gets_no_permission(behind: Flask, origin: str) -> None:
    """Origins are compared whole."""
    client = behind.test_client()
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    for answer in (
        client.get("/v1/apis", headers={"Origin": origin}),
        client.options("/v1/quotes", headers=asked),
    ):
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_without_the_setting_there_are_no_other_origins(stranger: FlaskClient) -> None:
    """Nothing is allowed that nobody asked for."""
    assert "Access-Control-Allow-Origin" not in stranger.get("/v1/apis", headers={"Origin": PORTAL}).headers


def test_the_proxy_tells_of_tls_and_of_the_caller(behind: Flask) -> None:
    """Where the caller came by TLS the browser is told to keep to it; he cannot forge an address of his own."""
    client = behind.test_client()
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "10.9.9.9, 192.0.2.1"}
    assert "max-age=" in client.get("/healthz", headers=forwarded).headers["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in client.get("/healthz").headers
    forged = {**forwarded, "X-Forwarded-For": "10.1.1.1, 192.0.2.1"}
    answers = [client.get("/v1/apis", headers=headers) for headers in (forwarded, forwarded, forged)]
    left = [int(answer.headers["X-RateLimit-Remaining"]) for answer in answers]
    assert [left[0] - each for each in left] == [0, 1, 2]


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:50312", "192.0.2.1"),
        ("[2001:DB8:0::1]:50312", "2001:db8::1"),
        ("2001:0db8:0:0:0:0:0:1", "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ('"[2001:db8::1]"', "2001:db8::1"),
        ("unknown", "127.0.0.1"),
        ("_hidden", "127.0.0.1"),
        ("300.1.1.1", "127.0.0.1"),
        ("", "127.0.0.1"),
        ("9" * 5000, "127.0.0.1"),
    ],
)
def test_an_address_is_one_however_a_proxy_writes_it(
    behind: Flask, monkeypatch: pytest.MonkeyPatch, told: str, address: str
) -> None:
    """With a port, in brackets, in capitals, in the clothes of IPv6; what is none leaves the proxy's own."""
    seen: list[str] = []
    monkeypatch.setattr("fee_service.http.access.origin", lambda: seen.append(request.remote_addr or "") or seen[-1])
    assert behind.test_client().get("/v1/apis", headers={"X-Forwarded-For": f"10.9.9.9, {told}"}).status_code == 200
    assert seen == [address]


@pytest.mark.parametrize(
    ("peer", "told", "address"),
    [
        ("127.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("::ffff:127.0.0.1", "192.0.2.7", "192.0.2.7"),
        ("127.0.0.1", "10.9.9.9, 192.0.2.7, 10.0.0.2, 10.0.0.1", "192.0.2.7"),
        ("127.0.0.1", "10.0.0.2, 10.0.0.1", "10.0.0.2"),
        ("127.0.0.1", "192.0.2.7, unknown", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("2001:db8::1", "192.0.2.7", "192.0.2.7"),
        ("198.51.100.1", "192.0.2.7", "198.51.100.1"),
        ("", "192.0.2.7", ""),
    ],
)
def test_proxies_with_known_addresses_are_believed_and_nobody_else(
    editions: Editions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, peer: str, told: str, address: str
) -> None:
    """Who reaches the port directly cannot name another address, nor TLS, nor another host."""
    proxies = read_settings({"FEE_SERVICE_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8,2001:db8::/32"}).trusted_proxies
    app = create_app(Settings(instance=tmp_path, trusted_proxies=proxies), editions)
    seen: list[str] = []
    monkeypatch.setattr("fee_service.http.access.origin", lambda: seen.append(request.remote_addr or "") or seen[-1])
    headers = {"X-Forwarded-For": told, "X-Forwarded-Proto": "https"}
    answer = app.test_client().get("/v1/apis", headers=headers, environ_base={"REMOTE_ADDR": peer})
    assert seen == [address]
    assert ("Strict-Transport-Security" in answer.headers) is (peer not in ("198.51.100.1", ""))


@pytest.mark.parametrize("host", ["evil.example/path", "a b", "a,b\\c", "[::1", "x" * 300, "a@b", "a:b"])
def test_a_host_that_cannot_be_is_not_taken_from_a_proxy(behind: Flask, host: str) -> None:
    """It would stand in links and documents."""
    answer = behind.test_client().get("/sign-in", headers={"X-Forwarded-Host": host, "X-Forwarded-Proto": "javascript"})
    assert answer.status_code == 200
    assert "Strict-Transport-Security" not in answer.headers


def test_a_prefix_of_the_path_is_believed_from_nobody(behind: Flask) -> None:
    """It would stand before every link of a page."""
    headers = {"X-Forwarded-Prefix": "/evil", "Script-Name": "/evil", "SCRIPT_NAME": "/evil"}
    assert "/evil" not in behind.test_client().get("/sign-in", headers=headers).text


def test_without_the_setting_no_proxy_is_believed(stranger: FlaskClient) -> None:
    """Anybody can send these headers."""
    answer = stranger.get("/healthz", headers={"X-Forwarded-Proto": "https"})
    assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "https://portal.example.kr/"),
        ("CORS_ORIGINS", "portal.example.kr"),
        ("TRUSTED_PROXIES", "yes"),
        ("TRUSTED_PROXIES", "11"),
        ("TRUSTED_PROXIES", "²"),
        ("TRUSTED_PROXIES", "127.0.0.1,"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("BIND", "::1:8000"),
        ("LOG_LEVEL", "loud"),
        ("PATIENCE", "0"),
    ],
)
def test_wrong_settings_stop_the_start(name: str, value: str) -> None:
    """The fault names the variable."""
    with pytest.raises(BadSettings, match=name):
        read_settings({f"FEE_SERVICE_{name}": value})


def test_settings_are_read(tmp_path: Path) -> None:
    """Origins are a list with commas; a missing folder is made later."""
    found = read_settings(
        {
            "FEE_SERVICE_CORS_ORIGINS": f"{PORTAL}, http://localhost:3000",
            "FEE_SERVICE_TRUSTED_PROXIES": "2",
            "FEE_SERVICE_LOG_LEVEL": "WARNING",
            "FEE_SERVICE_INSTANCE": str(tmp_path / "new"),
        }
    )
    assert found.cors_origins == (PORTAL, "http://localhost:3000")
    assert (found.trusted_proxies, found.log_level) == (2, "warning")
    assert found.database == f"sqlite:///{tmp_path / 'new' / 'fee_service.db'}"
