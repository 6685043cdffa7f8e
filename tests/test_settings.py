"""The settings come from the environment, once; bad ones stop the start-up, all named at once."""

from pathlib import Path

import pytest

from fee_service.app import create_app
from fee_service.settings import REPOSITORY, BadSettings, Settings, read_settings

SECRET = "s" * 40


def test_an_empty_environment_is_enough() -> None:
    """The service starts without any setting, from the tables beside it."""
    assert read_settings({"PATH": "/bin"}) == Settings()
    assert read_settings({}).pricing_tables == REPOSITORY / "pricing_tables"


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
