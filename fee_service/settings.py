"""Everything read from the environment, once; all faults are told at once."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

from fee_service.spelling import nearest

PREFIX = "FEE_SERVICE_"
REPOSITORY = Path(__file__).resolve().parent.parent
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")
ON_THIS_MACHINE = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}
LIMIT_STORAGES = ("memory://", "redis://", "rediss://", "unix://")


Proxies = int | tuple[IPv4Network | IPv6Network, ...]


class BadSettings(Exception):
    """The environment cannot be used; `faults` are sentences that name variable, value and remedy."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(["The settings cannot be used:", *(f"- {fault}" for fault in faults)]))


@dataclass(frozen=True, slots=True)
class Settings:
    """What the service reads from the environment; secrets stay out of `repr`."""

    pricing_tables: Path = REPOSITORY / "pricing_tables"
    bind: str = "127.0.0.1:8000"
    workers: int = 2
    threads: int = 4
    database_url: str | None = field(default=None, repr=False)
    secret_key: str | None = field(default=None, repr=False)
    rate_limit_storage_url: str | None = field(default=None, repr=False)
    instance: Path = REPOSITORY / "instance"
    quote_valid_days: int = 30  # after the day of issue
    idempotency_hours: int = 24
    share_days: int | None = None  # after the day on which a link is made
    job_days: int = 7  # that a job which is over is kept, with its result
    lease: int = 30  # seconds after which the job of a worker that is gone goes on elsewhere
    requests_per_minute: int = 6_000
    requests_per_day: int = 500_000
    cors_origins: tuple[str, ...] = ()
    trusted_proxies: Proxies = 0  # how many stand in front, or from where they come
    public_url: str | None = None  # where prospects reach the service; without it, where it was asked
    log_level: str = "info"
    patience: int = 10  # seconds without a byte from or to a caller

    @property
    def database(self) -> str:
        """Where quotes are kept: the URL that is set, or a file of this installation."""
        return self.database_url or f"sqlite:///{self.database_file}"

    @property
    def database_file(self) -> Path:
        """Where the database lies that nobody chose."""
        return self.instance / "fee_service.db"

    @property
    def counts_apart(self) -> bool:
        """Whether several workers each count requests for themselves, so that more than the limits pass."""
        return self.workers > 1 and (self.rate_limit_storage_url or "memory://").startswith("memory:")


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process. Raises BadSettings with every fault."""
    given = {
        name.removeprefix(PREFIX).lower(): value
        for name, value in (os.environ if environ is None else environ).items()
        if name.startswith(PREFIX)
    }
    faults: list[str] = []
    values: dict[str, Any] = {}
    for name, value in given.items():
        reader = READERS.get(name)
        try:
            if reader is None:
                raise ValueError(f"is not a setting; {_nearest(name)}")
            values[name] = reader(value)
        except ValueError as error:
            faults.append(f"{PREFIX}{name.upper()} {error}")
    if faults:
        raise BadSettings(faults)
    return Settings(**values)


def _nearest(name: str) -> str:
    close = nearest(name, READERS)
    names = close or sorted(READERS)
    return f"{'did you mean' if close else 'settings are'} {', '.join(PREFIX + n.upper() for n in names)}"


def _folder(value: str) -> Path:
    if not value or not Path(value).is_dir():
        raise ValueError(f"is {value!r}: no such folder; give the folder that holds price_lists/")
    return Path(value).resolve()


def _place(value: str) -> Path:
    path = Path(value)
    if not value or (path.exists() and not path.is_dir()):
        raise ValueError(f"is {value!r}: give a folder; it is made where it is missing")
    return path.resolve()


def _count(most: int, least: int = 1) -> Callable[[str], int]:
    def read(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            raise ValueError(f"is {value!r}: give a whole number from {least} to {most}")
        return int(value)

    return read


def _proxies(value: str) -> Proxies:
    """How many proxies stand in front of the service, or the addresses and networks that they have."""
    try:
        if value.isdigit():
            return _count(10, least=0)(value)
        return tuple(ip_network(part.strip()) for part in value.split(","))
    except ValueError:
        told = "give how many proxies stand in front (0 to 10), or their addresses, e.g. 127.0.0.1, 10.0.0.0/8"
        raise ValueError(f"is {value!r}: {told}") from None


def _origins(value: str) -> tuple[str, ...]:
    origins = tuple(origin.strip() for origin in value.split(",") if origin.strip())
    for origin in origins:
        if not ORIGIN.fullmatch(origin):
            raise ValueError(f"has {origin!r}: give origins like https://portal.example.kr, with commas between")
    return origins


def _origin(value: str) -> str:
    if not ORIGIN.fullmatch(value.removesuffix("/")):
        raise ValueError(f"is {value!r}: give where the service is reached, like https://fees.example.kr")
    return value.removesuffix("/")


def _one_of(*words: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value.lower() not in words:
            raise ValueError(f"is {value!r}: give one of {', '.join(words)}")
        return value.lower()

    return read


def _address(value: str) -> str:
    host, _, port = value.rpartition(":")
    if value.startswith("unix:/"):
        return value
    if ":" in host and (host[0], host[-1]) != ("[", "]"):
        raise ValueError(f"is {value!r}: write an IPv6 address in brackets, e.g. [::1]:8000")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65_535:
        raise ValueError(f"is {value!r}: give HOST:PORT, e.g. 127.0.0.1:8000, or unix:/PATH")
    return value


def url_of(bind: str) -> str:
    """Where a service with this `bind` is asked from its own machine."""
    host, _, port = bind.rpartition(":")
    return bind if bind.startswith("unix:") else f"http://{ON_THIS_MACHINE.get(host, host)}:{port}"


def _secret(value: str) -> str:
    if len(value) < 32:
        raise ValueError(f"has {len(value)} characters: give at least 32 random ones")
    return value


def _database(value: str) -> str:
    from fee_service.storage import addresses  # the libraries of databases, for those who name one

    addresses.require_folder(addresses.address(value))
    return value


def _limits_url(value: str) -> str:
    if not value.startswith(LIMIT_STORAGES):
        raise ValueError(f"names no storage of limits: begin with one of {', '.join(LIMIT_STORAGES)}")
    return value


READERS: dict[str, Callable[[str], Any]] = {
    "pricing_tables": _folder,
    "bind": _address,
    "workers": _count(64),
    "threads": _count(64),
    "database_url": _database,
    "secret_key": _secret,
    "rate_limit_storage_url": _limits_url,
    "instance": _place,
    "quote_valid_days": _count(366),
    "idempotency_hours": _count(24 * 366),
    "share_days": _count(3_660),
    "job_days": _count(3_660),
    "lease": _count(3_600),
    "requests_per_minute": _count(10**9),
    "requests_per_day": _count(10**12),
    "cors_origins": _origins,
    "trusted_proxies": _proxies,
    "public_url": _origin,
    "patience": _count(600),
    "log_level": _one_of("debug", "info", "warning", "error"),
}
