"""The settings come from the environment, once; bad ones stop the start-up, all named at once."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from support.contracts import SEED_VARIABLE
from support.serving import GUNICORN

from fee_service.app import create_app
from fee_service.keys.secret_key import secret_key_of
from fee_service.settings import PREFIX, REPOSITORY, BadSettings, Settings, read_settings

SECRET = "s" * 40


def test_an_empty_environment_is_enough() -> None:
    """The service starts without any setting, from the tables beside it."""
    assert read_settings({"PATH": "/bin"}) == Settings()
    assert read_settings({}).pricing_tables == REPOSITORY / "pricing_tables"


def test_the_seed_that_repeats_random_contracts_is_no_setting_and_disturbs_none() -> None:
    """A failed run tells people to set it: the service under test must start with it, too."""
    assert not SEED_VARIABLE.startswith(PREFIX)
    assert read_settings({SEED_VARIABLE: "5"}) == Settings()


def test_every_setting_is_read(tmp_path: Path) -> None:
    """Each variable sets its value."""
    found = read_settings(
        {
            "FEE_SERVICE_PRICING_TABLES": str(tmp_path),
            "FEE_SERVICE_BIND": "0.0.0.0:9000",
            "FEE_SERVICE_WORKERS": "3",
            "FEE_SERVICE_THREADS": "8",
            "FEE_SERVICE_DATABASE_URL": "sqlite:///quotes.db",
            "FEE_SERVICE_SECRET_KEY": SECRET,
            "FEE_SERVICE_RATE_LIMIT_STORAGE_URL": "redis://localhost",
        }
    )
    assert found == Settings(tmp_path, "0.0.0.0:9000", 3, 8, "sqlite:///quotes.db", SECRET, "redis://localhost")


def test_all_bad_settings_are_told_at_once(tmp_path: Path) -> None:
    """One start tells every fault: which variable, what it says, what it should say."""
    environ = {
        "FEE_SERVICE_PRICING_TABLES": str(tmp_path / "missing"),
        "FEE_SERVICE_BIND": "8000",
        "FEE_SERVICE_WORKERS": "0",
        "FEE_SERVICE_THREADS": "many",
        "FEE_SERVICE_DATABASE_URL": "quotes.db",
        "FEE_SERVICE_SECRET_KEY": "short",
        "FEE_SERVICE_WORKRES": "2",
    }
    with pytest.raises(BadSettings) as caught:
        read_settings(environ)
    assert len(caught.value.faults) == len(environ)
    for name in environ:
        assert any(fault.startswith(name) for fault in caught.value.faults)
    assert "did you mean FEE_SERVICE_WORKERS" in str(caught.value)


def test_secrets_stay_out_of_messages() -> None:
    """Neither a fault nor the settings' repr shows a secret."""
    with pytest.raises(BadSettings) as caught:
        read_settings({"FEE_SERVICE_SECRET_KEY": "hunter2", "FEE_SERVICE_DATABASE_URL": "hunter2"})
    assert "hunter2" not in str(caught.value)
    assert SECRET not in repr(read_settings({"FEE_SERVICE_SECRET_KEY": SECRET}))


@pytest.mark.parametrize("bind", ["127.0.0.1:8000", "[::1]:8000", "unix:/run/fees.sock", "localhost:0"])
def test_addresses(bind: str) -> None:
    """HOST:PORT and unix:/PATH are addresses."""
    assert read_settings({"FEE_SERVICE_BIND": bind}).bind == bind


@pytest.mark.parametrize("bind", ["", ":8000", "host:", "host:70000", "host:http", "unix:relative"])
def test_wrong_addresses(bind: str) -> None:
    """Anything else is refused."""
    with pytest.raises(BadSettings):
        read_settings({"FEE_SERVICE_BIND": bind})


def test_an_empty_table_folder_stops_the_start(tmp_path: Path) -> None:
    """Without editions there is no service: better no start than a wrong price."""
    with pytest.raises(Exception, match="price_lists"):
        create_app(Settings(pricing_tables=tmp_path))


# -- the key that signs sessions and links ---------------------------------------------------------------


def test_where_a_database_is_set_the_secret_key_is_demanded(tmp_path: Path) -> None:
    """A copy of the database must not open the desk, so that the key is kept apart from it, by whoever deploys."""
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'quotes.db'}", instance=tmp_path)
    with pytest.raises(BadSettings, match="FEE_SERVICE_SECRET_KEY is missing"):
        create_app(settings)
    assert list(tmp_path.iterdir()) == []
    assert create_app(replace(settings, secret_key=SECRET)).secret_key == SECRET


def test_without_one_an_installation_keeps_its_own_for_its_owner(tmp_path: Path) -> None:
    """Made once, whatever the umask; another installation has another."""
    before = os.umask(0)
    try:
        first = secret_key_of(Settings(instance=tmp_path / "a"))
        other = secret_key_of(Settings(instance=tmp_path / "b"))
    finally:
        os.umask(before)
    assert secret_key_of(Settings(instance=tmp_path / "a")) == first != other
    assert len(first) >= 32
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["secret-key"]
    assert (tmp_path / "a" / "secret-key").stat().st_mode & 0o777 == 0o600


def test_all_who_start_at_once_have_the_same(tmp_path: Path) -> None:
    """Whoever comes second takes what the first one made."""
    with ThreadPoolExecutor(8) as together:
        found = set(together.map(secret_key_of, [Settings(instance=tmp_path)] * 32))
    assert len(found) == 1


def test_a_key_that_cannot_be_kept_or_read_is_told(tmp_path: Path) -> None:
    """An empty file is no key, and no folder holds one below a file."""
    (tmp_path / "secret-key").write_text("\n")
    (tmp_path / "file").touch()
    for instance in (tmp_path, tmp_path / "file"):
        with pytest.raises(BadSettings, match="FEE_SERVICE_SECRET_KEY is not set and cannot be kept"):
            secret_key_of(Settings(instance=instance))


@pytest.mark.parametrize("command", [("-m", "fee_service", "serve"), GUNICORN])
def test_a_start_without_the_key_says_so_in_a_sentence(tmp_path: Path, command: tuple[str, ...]) -> None:
    """And does not start."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("FEE_SERVICE_")}
    environ |= {"FEE_SERVICE_DATABASE_URL": f"sqlite:///{tmp_path / 'q.db'}", "FEE_SERVICE_INSTANCE": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, *command], cwd=REPOSITORY, env=environ, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode != 0
    assert "FEE_SERVICE_SECRET_KEY is missing" in done.stderr
    assert "Traceback" not in done.stderr
