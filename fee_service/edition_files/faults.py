"""What is wrong with the files of pricing_tables/: file, line, field, and the next step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from fee_service.edition_files.plain_yaml import Path


class EditionFault(NamedTuple):
    """One fault; `line` counts from 1, `field` is dotted and empty where the whole file is meant."""

    file: str
    line: int
    field: str
    message: str
    hint: str

    def __str__(self) -> str:
        named = f"{self.field} " if self.field else ""
        return f"{self.file}:{self.line}: {named}{self.message}. {self.hint}"


class EditionFaults(Exception):
    """The price tables cannot be used, with every fault of every file."""

    def __init__(self, faults: Iterable[EditionFault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass
class EditionFile:
    """A file of the folder as it was read; `content` is None where it cannot be used."""

    name: str
    sha256: str = ""
    content: dict[str, Any] | None = None
    lines: Mapping[Path, int] = field(default_factory=dict)
    faults: list[EditionFault] = field(default_factory=list)

    @property
    def stem(self) -> str:
        return PurePosixPath(self.name).stem

    @property
    def data(self) -> dict[str, Any]:
        """The content of a file that can be used."""
        if self.content is None:
            raise ValueError(f"{self.name} cannot be used")
        return self.content

    def fault(self, path: Path, message: str, hint: str) -> None:
        """Notes a fault at the line of `path`, or of the nearest block around it."""
        self.faults.append(EditionFault(self.name, self.line(path), dotted(path), message, hint))

    def line(self, path: Path) -> int:
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def dotted(path: Path) -> str:
    """A path as people read it: `contracts.real_time.products`, `tiers[0]`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def flattened(messages: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """The messages of a marshmallow ValidationError, each with the path to its value."""
    if isinstance(messages, str):
        yield path, messages
    elif isinstance(messages, Mapping):
        for key, inner in messages.items():
            yield from flattened(inner, path if key == "_schema" else (*path, key))
    else:
        for inner in messages:
            yield from flattened(inner, path)
