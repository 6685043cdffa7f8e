"""Requests made from a seed and a number, sent to the application as the server would hand them over."""

from __future__ import annotations

import io
import json
import logging
import traceback
from collections.abc import Iterator
from random import Random
from typing import Any, NamedTuple
from urllib.parse import quote_from_bytes, unquote_to_bytes

from gunicorn.http.message import TOKEN_RE  # type: ignore[import-untyped]
from gunicorn.http.wsgi import HEADER_VALUE_RE  # type: ignore[import-untyped]

from fuzz import mutations
from fuzz.mutations import NASTY, Pairs
from fuzz.world import Seat, World

METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "BREW")
DELIBERATE = 503
JSON_TYPES = ("application/json", "application/json; charset=utf-8", "application/x+json", "APPLICATION/JSON")
TYPES = (
    "", "text/plain", "application/json; charset=euc-kr", "application/xml", "multipart/form-data", "a/b;c", ";",
    "multipart/form-data; boundary=b", "application/x-www-form-urlencoded; charset=x", "application/json; charset=",
)  # fmt: skip
HEADERS: dict[str, tuple[str, ...]] = {
    "Accept": ("text/html,*/*;q=0.8", "application/json", "*/*", "text/html;q=x", ";", "*", "a/b;q=2,,"),
    "Accept-Language": ("ko", "en", "ko-KR,en;q=0.1", "x", ";q=", "en;q=nan", "*", "\xff", "ko_KR" * 500),
    "Accept-Encoding": ("gzip", "gzip;q=0", "identity", "*", "br;q=x", ""),
    "Accept-Charset": ("utf-8", "x"),
    "Authorization": ("", "Bearer", "Bearer x", "Basic eDp5", f"Bearer fee_{'a' * 12}_{'b' * 43}", "\xff"),
    "Cache-Control": ("no-cache", "x=\xff"),
    "Content-Encoding": ("gzip", "identity", "\xff", ""),
    "Cookie": ("fee_session=x", "fee_session=.eJx", "fee_language=en", "fee_language=\xff", ";;;=", "x" * 5_000),
    "Date": ("x",),
    "Expect": ("100-continue",),
    "Forwarded": ("for=x",),
    "Host": ("x", "", "[::1", "[::1]:80", "a b", "a,b", "\xff", "evil.example:99999", "x" * 300, "a/b?c#d", "@"),
    "Idempotency-Key": ("a", "b", "once", "", "\xe9", "x" * 300, "a b"),
    "If-Match": ("*", "x"),
    "If-Modified-Since": ("x", "Wed, 09 Dec 2026 00:00:00 GMT", "0"),
    "If-None-Match": ("*", '"x"', 'W/"x"', "x,,", '"'),
    "If-Range": ("x", '"x"'),
    "Origin": ("https://portal.example.kr", "null", "https://evil.example", "\xff"),
    "Access-Control-Request-Method": ("POST", "x"),
    "Range": ("bytes=0-", "bytes=5-1", "bytes=-1", "x", "bytes=0-0,2-3", "bytes=999999999-"),
    "Referer": ("http://localhost/", "http://[", "\xff"),
    "Sec-Fetch-Site": ("cross-site",),
    "Transfer-Encoding": ("chunked", "gzip, chunked", "x"),
    "User-Agent": ("", "\xff" * 50),
    "X-Csrftoken": ("x", "\xff"),
    "X-Forwarded-For": ("192.0.2.1:5", "[::1]:5", "x" * 5_000, "\xff", ",,,"),
    "X-Forwarded-Host": ("[", "x y"),
    "X-Http-Method-Override": ("DELETE",),
    "X-Request-Id": ("12345678", "\xff", "x" * 70),
}  # fmt: skip


class Sent(NamedTuple):
    """A request as the server hands it over."""

    method: str
    path: str  # percent-encoded
    query: str
    headers: dict[str, str]
    body: bytes

    def told(self) -> str:
        """The request for a person who wants to send it again."""
        return json.dumps(
            {**self._asdict(), "body": self.body[:2_000].decode("latin-1"), "body bytes": len(self.body)}, indent=1
        )


class Failure(NamedTuple):
    number: int
    what: str
    sent: Sent
    trace: str

    @property
    def kind(self) -> str:
        """What distinguishes this failure from others: where it happened."""
        return self.trace.strip()[-300:] if self.trace else f"{self.what} {self.sent.method}"


def made(world: World, seed: int, number: int) -> Sent:
    """The request of a number; the same for the same seed, but for ids and tokens that are random."""
    rng = Random(f"{seed}:{number}")
    route = rng.choice(world.routes)
    if any(kind in route.rule for kind in (".pdf", ".xlsx", "/s/")) and rng.random() < 0.6:
        route = rng.choice(world.routes)  # documents take long
    seat = world.seat(rng, number, route.rule)
    path = world.path(rng, route.rule)
    fields = [*world.form(rng, path), ("csrf_token", seat.token)] if not route.rule.startswith("/v1/") else []
    method = route.method if rng.random() < 0.92 else rng.choice(METHODS)
    body, kind = (
        _body(rng, world, route.rule, fields) if method not in ("GET", "HEAD") or rng.random() < 0.03 else (b"", "")
    )
    return Sent(method, _path(rng, path), _query(rng, world), _headers(rng, seat, kind), body)


def _path(rng: Random, path: str) -> str:
    encoded = quote_from_bytes(path.encode(errors="surrogatepass"))
    if rng.random() < 0.85:
        return encoded
    parts = encoded.split("/")
    at = rng.randrange(len(parts))
    nasty = quote_from_bytes(mutations.text(rng, parts[at])[:2_000].encode(errors="surrogatepass"), safe="")
    parts[at] = rng.choice((nasty, parts[at] + nasty, "..", "", "%FF%FE", "%ED%A0%80"))
    return "/" + "/".join(parts).lstrip("/") if rng.random() < 0.9 else "/".join(parts) + "/"


def _quoted(text: str) -> str:
    return quote_from_bytes(text.encode(errors="surrogatepass"))


def _encoded(pairs: Pairs) -> str:
    return "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in pairs)


def _query(rng: Random, world: World) -> str:
    if rng.random() < 0.6:
        return ""
    known = rng.sample(world.queries, rng.randrange(4))
    names = tuple(name for name, _ in world.queries)
    query = _encoded(mutations.pairs(rng, known, names))[:8_000]
    return query if rng.random() < 0.95 else query + rng.choice(("&", "%", "%zz", "&=&", "%00", "+", "#"))


def _body(rng: Random, world: World, rule: str, fields: Pairs) -> tuple[bytes, str]:
    if rule.startswith("/v1/") or rng.random() < 0.03:
        value = rng.choice(world.bodies)
        if "comparisons" in rule and rng.random() < 0.8:
            value = world.bodies[3]
        changed = mutations.json_value(rng, value) if rng.random() < 0.9 else value
        return mutations.json_bytes(rng, changed), rng.choice(JSON_TYPES)
    changed_fields = [
        (name, _variant(rng, value) if name == "variant" and rng.random() < 0.5 else value)
        for name, value in mutations.pairs(rng, fields, world.names)
    ]
    if rng.random() < 0.15:
        return _multipart(rng, changed_fields), "multipart/form-data; boundary=b"
    body = _encoded(changed_fields).encode()
    return (body if rng.random() < 0.95 else mutations.octets(rng, body)), "application/x-www-form-urlencoded"


def _variant(rng: Random, packed: str) -> str:
    """A variant that a page of comparisons carries along."""
    try:
        return mutations.json_bytes(rng, mutations.json_value(rng, json.loads(packed))).decode("latin-1")
    except ValueError:
        return rng.choice(NASTY)


def _multipart(rng: Random, fields: Pairs) -> bytes:
    parts = b"".join(
        b'--b\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
        % (
            name.replace('"', "%22").encode(errors="surrogatepass"),
            b'; filename="x"' if rng.random() < 0.05 else b"",
            value.encode(errors="surrogatepass"),
        )
        for name, value in fields
    )
    body = parts + b"--b--\r\n"
    return body if rng.random() < 0.9 else mutations.octets(rng, body)


def _headers(rng: Random, seat: Seat, kind: str) -> dict[str, str]:
    headers = {"Host": "localhost", "Accept-Language": rng.choice(("ko", "en", ""))}
    if kind:
        headers["Content-Type"] = kind if rng.random() < 0.97 else rng.choice(TYPES)
    if seat.authorization:
        headers["Authorization"] = seat.authorization
    if seat.cookie:
        headers["Cookie"] = seat.cookie
    for name in rng.sample(list(HEADERS), rng.choice((0, 0, 1, 2, 4))):
        headers[name] = rng.choice(HEADERS[name])
    return headers


class _Traces(logging.Handler):
    """The errors that the application logs while it answers."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info:
            self.seen.append("".join(traceback.format_exception(*record.exc_info)))


def fuzz(world: World, seed: int, numbers: range) -> Iterator[Failure]:
    """Send the requests of these numbers; answers what went wrong."""
    traces, logger = _Traces(), logging.getLogger("fee_service")
    logger.addHandler(traces)
    propagated, logger.propagate = logger.propagate, False
    try:
        for number in numbers:
            sent = made(world, seed, number)
            traces.seen.clear()
            what = _wrong(world, sent, number)
            if what:
                yield Failure(number, what, sent, traces.seen[-1] if traces.seen else "")
    finally:
        logger.removeHandler(traces)
        logger.propagate = propagated


def _environ(sent: Sent, number: int) -> dict[str, Any]:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": sent.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(sent.path).decode("latin-1"),
        "QUERY_STRING": sent.query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": f"172.{16 + (number >> 16 & 15)}.{number >> 8 & 255}.{number & 255}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(sent.body),
        "wsgi.input_terminated": True,
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in sent.headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    if "Transfer-Encoding" not in sent.headers and (sent.body or sent.method == "POST"):
        environ["CONTENT_LENGTH"] = str(len(sent.body))
    return environ


def _wrong(world: World, sent: Sent, number: int) -> str:
    """What is wrong with the answer; empty where nothing is."""
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
        started.append((status, headers))

    try:
        answer = world.app.wsgi_app(_environ(sent, number), start)
        content = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
    except Exception:  # what leaves the application is the worst of all
        return f"an exception left the application: {traceback.format_exc()}"
    status, headers = int(started[-1][0][:3]), started[-1][1]
    for name, value in headers:
        if not TOKEN_RE.fullmatch(name) or not HEADER_VALUE_RE.fullmatch(value):
            return f"the server would not send the header {name}: {value!r}"
    told = {name.lower(): value for name, value in headers}
    if status >= 500 and not (status == DELIBERATE and "retry-after" in told):
        return f"answered {status}"
    if status == 405 and not told.get("allow"):
        return "405 without Allow"
    if sent.method == "HEAD" and content:
        return "HEAD with a body"
    if (
        told.get("content-type") in ("application/problem+json", "application/json")
        and sent.method != "HEAD"
        and content
    ):
        json.loads(content)
    return ""
