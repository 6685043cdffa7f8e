"""Limits by key and minute, by key and day: counted in memory, and in a real Redis by several at once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import support.redis_server as redis_server
from flask import Flask
from support.calling import caller

from fee_service.actors import COMMAND_LINE, Role
from fee_service.app import create_app
from fee_service.clock import KOREA_STANDARD_TIME
from fee_service.keys import keyring
from fee_service.operations import limits
from fee_service.operations.limits import DAY, MINUTE, Limits
from fee_service.published.editions import Editions
from fee_service.settings import BadSettings, Settings, read_settings

NOON = datetime(2026, 12, 9, 12, 0, tzinfo=KOREA_STANDARD_TIME).timestamp()
with_redis = pytest.mark.skipif(redis_server.INSTALLED is None, reason=redis_server.WHY_SKIPPED)
APIS = "/v1/eligibility"
COMPANY = {"company": {"founded_on": "2023-05-10", "size": "sme"}}


@pytest.fixture
def redis_now(tmp_path: Path) -> Iterator[redis_server.RedisServer]:
    """A Redis that runs."""
    server = redis_server.RedisServer(tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["memory", pytest.param("redis", marks=with_redis)])
def storage_url(request: pytest.FixtureRequest) -> str:
    """Where requests are counted."""
    if request.param == "memory":
        return "memory://"
    url: str = request.getfixturevalue("redis_now").url
    return url


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """The time of the door; it stands still unless a test moves it."""
    now = SimpleNamespace(at=NOON)
    monkeypatch.setattr("fee_service.http.access.time", SimpleNamespace(time=lambda: now.at))
    return now


def test_of_two_windows_that_are_used_up_the_longer_wait_is_told() -> None:
    """A caller who obeys Retry-After is not refused again."""
    counted = Limits(None, 5, 8)
    standings = [counted.of_key("key", NOON) for _ in range(10)]
    assert [standing.window for standing in standings[:7]] == [MINUTE] * 7
    assert (standings[-1].window, standings[-1].reset) == (DAY, 12 * 3600)
    assert not counted.of_key("key", NOON + standings[-1].reset).exceeded


def limited(editions: Editions, folder: Path, url: str | None, minute: int = 3, day: int = 5) -> Flask:
    """An application with small limits."""
    return create_app(
        Settings(instance=folder, rate_limit_storage_url=url, requests_per_minute=minute, requests_per_day=day),
        editions,
    )


def a_key(app: Flask) -> str:
    """A new key."""
    return keyring.create(app.extensions["database"], COMMAND_LINE, "tests", Role.PORTAL, "limited")


def ask(app: Flask, key: str, **headers: str) -> Any:
    """One request with a key."""
    return caller(app, key).post(APIS, json=COMPANY, headers=headers)


def test_what_is_over_the_limit_of_a_minute_is_refused_until_it_is_over(
    editions: Editions, tmp_path: Path, storage_url: str, clock: SimpleNamespace
) -> None:
    """Three pass; the fourth gets a 429 that says when to come again; then they pass again."""
    app = limited(editions, tmp_path, storage_url)
    key, clock.at = a_key(app), NOON + 13
    left = []
    for _ in range(3):
        answer = ask(app, key)
        assert answer.status_code == 200
        assert (answer.headers["X-RateLimit-Limit"], answer.headers["X-RateLimit-Reset"]) == ("3", "47")
        left.append(answer.headers["X-RateLimit-Remaining"])
    assert left == ["2", "1", "0"]
    refused = ask(app, key, **{"Accept-Language": "en"})
    assert (refused.status_code, refused.content_type) == (429, "application/problem+json")
    assert (refused.headers["Retry-After"], refused.headers["X-RateLimit-Remaining"]) == ("47", "0")
    assert refused.headers["X-RateLimit-Policy"] == "3;w=60, 5;w=86400"
    (fault,) = refused.get_json(force=True)["errors"]
    assert fault["code"] == "rate_limit_exceeded"
    assert "3 requests in a minute" in fault["message"]
    assert "47 seconds" in fault["hint"]
    clock.at = NOON + 60
    assert ask(app, key).status_code == 200


def test_what_is_over_the_limit_of_a_day_is_refused_until_midnight_in_korea(
    editions: Editions, tmp_path: Path, storage_url: str, clock: SimpleNamespace
) -> None:
    """The nearer limit is told; the day begins at midnight in Seoul, three in the afternoon in London."""
    app = limited(editions, tmp_path, storage_url, minute=100)
    key = a_key(app)
    last_second = datetime(2026, 12, 9, 23, 59, 59, tzinfo=KOREA_STANDARD_TIME).timestamp()
    for _ in range(5):
        answer = ask(app, key)
    assert (answer.headers["X-RateLimit-Limit"], answer.headers["X-RateLimit-Remaining"]) == ("5", "0")
    clock.at = last_second
    refused = ask(app, key)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "1")
    assert "하루" in refused.get_json(force=True)["errors"][0]["message"]
    clock.at = last_second + 1
    assert ask(app, key).status_code == 200


def test_keys_do_not_use_up_each_other_s_limits(
    editions: Editions, tmp_path: Path, storage_url: str, clock: SimpleNamespace
) -> None:
    """Each key has its own."""
    app = limited(editions, tmp_path, storage_url)
    one, other = a_key(app), a_key(app)
    assert [ask(app, one).status_code for _ in range(4)] == [200, 200, 200, 429]
    assert ask(app, other).status_code == 200


def test_callers_without_a_good_key_are_counted_by_address(
    editions: Editions, tmp_path: Path, storage_url: str, clock: SimpleNamespace
) -> None:
    """What is open, and guesses at keys, share one limit; a good key from the same address has its own."""
    app = limited(editions, tmp_path, storage_url)
    key, client = a_key(app), app.test_client()
    assert client.get("/v1/waiver-policies").status_code == 200
    assert client.get("/v1/none").status_code == 404
    wrong = "fee_" + "a" * 12 + "_" + "b" * 43
    assert [ask(app, wrong).status_code for _ in range(2)] == [401, 429]
    assert client.get("/v1/waiver-policies").status_code == 429
    assert client.get("/v1/waiver-policies", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 200
    assert ask(app, key).status_code == 200


def test_probes_are_never_refused(editions: Editions, tmp_path: Path, clock: SimpleNamespace) -> None:
    """Health, readiness and metrics are asked all day long."""
    client = limited(editions, tmp_path, None, minute=1).test_client()
    for path in ("/healthz", "/readyz", "/metrics") * 3:
        answer = client.get(path)
        assert answer.status_code == 200
        assert "X-RateLimit-Limit" not in answer.headers


def test_addresses_of_one_ipv6_customer_are_one() -> None:
    """Who has 2⁶⁴ addresses has one limit."""
    counted = Limits(None, 10, 10)
    spellings = ["2001:db8:0:1::7", "2001:DB8::1:0:0:0:8", "[2001:db8:0:1::9]:443", "2001:db8:0:1:ffff::%eth0"]
    for address in spellings:
        standing = counted.of_address(address, NOON)
    assert standing.used == 4
    counted.of_address("2001:db8::1", NOON)
    assert counted.of_address("2001:db8:0:0:1::", NOON).used == 2
    assert counted.of_address("2001:db8:0:2::1", NOON).used == 1
    assert counted.of_address("192.0.2.1", NOON).used == 1
    assert counted.of_address("192.0.2.1:5000", NOON).used == 2
    assert counted.of_address("::ffff:192.0.2.1", NOON).used == 3


def test_memory_counts_so_many_callers_one_by_one_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever changes his address a million times a minute takes no memory; those counted before keep their counts."""
    monkeypatch.setattr(limits, "MOST_NAMES", 100)
    counters, now = limits.MemoryCounters(), ((MINUTE, 1),)
    used = [counters.count(f"address {number}", now)[0] for number in range(1000)]
    assert len(counters._counts[MINUTE]) == 101
    assert (used[99], used[999]) == (1, 900)
    assert counters.count("address 7", now) == [2]


def test_memory_forgets_what_is_over() -> None:
    """Callers of yesterday take no memory."""
    counters = limits.MemoryCounters()
    for minute in range(1000):
        counters.count(f"address {minute}", ((MINUTE, minute),))
    assert len(counters._counts[MINUTE]) == 1


def test_no_more_than_the_limit_pass_at_once(storage_url: str) -> None:
    """Of 400 requests from eight threads exactly 100 are within a limit of 100."""
    counted = Limits(storage_url, 100, 1000)
    with ThreadPoolExecutor(8) as threads:
        standings = list(threads.map(lambda _: counted.of_key("k", NOON), range(400)))
    assert sum(not standing.exceeded for standing in standings) == 100


@with_redis
def test_machines_with_one_redis_share_one_limit(redis_now: redis_server.RedisServer) -> None:
    """Two processes together let no more through than one; what is counted is forgotten by itself."""
    one, other = Limits(redis_now.url, 3, 100), Limits(redis_now.url, 3, 100)
    standings = [each.of_key("k", NOON) for each in (one, other, one, other)]
    assert [standing.used for standing in standings] == [1, 2, 3, 4]
    assert [standing.exceeded for standing in standings] == [False, False, False, True]
    lives = {0 < redis_now.client.ttl(key) <= DAY + MINUTE for key in redis_now.client.keys("*")}
    assert lives == {True}


@with_redis
def test_without_its_redis_the_service_answers_and_is_not_ready(
    editions: Editions,
    redis_now: redis_server.RedisServer,
    tmp_path: Path,
    clock: SimpleNamespace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Requests are counted by each worker alone meanwhile; when Redis is back all is as before."""
    monkeypatch.setattr(limits, "PAUSE", 0)
    app = limited(editions, tmp_path, redis_now.url)
    key = a_key(app)
    assert ask(app, key).headers["X-RateLimit-Remaining"] == "2"
    assert app.test_client().get("/readyz").status_code == 200
    redis_now.stop()
    assert [ask(app, key).status_code for _ in range(4)] == [200, 200, 200, 429]
    not_ready = app.test_client().get("/readyz")
    assert (not_ready.status_code, not_ready.content_type) == (503, "application/problem+json")
    codes = [fault["code"] for fault in not_ready.get_json(force=True)["errors"]]
    assert codes == ["rate_limit_storage_unavailable"]
    redis_now.start()
    assert ask(app, key).headers["X-RateLimit-Remaining"] == "2"
    assert app.test_client().get("/readyz").status_code == 200


def test_several_workers_that_count_alone_are_noticed() -> None:
    """The start warns of it (test_operations.py); one worker or a Redis need no warning."""
    assert Settings(workers=2).counts_apart
    assert Settings(workers=2, rate_limit_storage_url="memory://").counts_apart
    assert not Settings(workers=1).counts_apart
    assert not Settings(workers=2, rate_limit_storage_url="redis://localhost").counts_apart


@pytest.mark.parametrize(
    ("name", "value"),
    [("RATE_LIMIT_STORAGE_URL", "memcached://x"), ("REQUESTS_PER_MINUTE", "0"), ("REQUESTS_PER_DAY", "-1")],
)
def test_wrong_settings_of_limits_stop_the_start(name: str, value: str) -> None:
    """A limit that does not limit is no limit."""
    with pytest.raises(BadSettings, match=name):
        read_settings({f"FEE_SERVICE_{name}": value})
