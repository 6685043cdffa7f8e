"""A copy taken while quotes are issued is whole, and can be gone on from in an empty place."""

import subprocess
from pathlib import Path
from typing import Any

from breaking import Clients, PostgreSQL, command, issued, proven, shown, start
from support.serving import Service


def restored(instance: Path, url: str, key: str, at_least: dict[str, dict[str, Any]]) -> None:
    """All that was acknowledged before the copy was begun is there and proven; numbers go on."""
    instance.mkdir(exist_ok=True)
    with start(instance, database_url=url) as service:
        for quote in list(at_least.values())[::10]:
            assert shown(service, key, quote["id"]) == quote
        proven(service)
        numbers = [int(issued(service, key)["number"][7:]) for _ in range(2)]
        assert len(at_least) < numbers[0] == numbers[1] - 1


def issuing(service: Service) -> Clients:
    """Clients who never come to an end."""
    return Clients(lambda: service, service.key(), 100_000, clients=4)


def test_an_online_backup_of_sqlite_comes_back_whole(tmp_path: Path) -> None:
    """`db backup` while clients write, `db restore` where there is nothing."""
    with start(tmp_path) as service:
        with issuing(service) as clients:
            clients.reach(0.0004)
            before = dict(clients.acknowledged)
            service.command("db", "backup", str(tmp_path / "copy"))
            meanwhile = len(clients.acknowledged) - len(before)
            clients.give_up()
        assert meanwhile > 10
        assert not clients.refusals
    (tmp_path / "empty").mkdir()
    url = f"sqlite:///{tmp_path / 'empty' / 'place.db'}"
    done = command(url, "db", "restore", str(tmp_path / "copy"), "--yes")
    assert done.returncode == 0, done.stderr
    restored(tmp_path / "empty", url, clients.key, before)


def test_a_dump_of_postgresql_comes_back_whole(tmp_path: Path, postgresql: PostgreSQL) -> None:
    """With the tools that `db backup` names."""
    url, empty = postgresql.new_database(), postgresql.new_database()
    with start(tmp_path, database_url=url) as service, issuing(service) as clients:
        clients.reach(0.0004)
        before = dict(clients.acknowledged)
        file = f"--file={tmp_path / 'dump'}"
        subprocess.run([postgresql.programs / "pg_dump", "--format=custom", file, url], check=True)
        clients.give_up()
    assert "pg_dump --format=custom" in command(url, "db", "backup", "x").stderr
    subprocess.run([postgresql.programs / "pg_restore", f"--dbname={empty}", tmp_path / "dump"], check=True)
    restored(tmp_path / "restored", empty, clients.key, before)
