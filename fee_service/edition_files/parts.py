"""What blocks of several files have in common: readings, sources, where a block is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from fee_service.edition_files.faults import EditionFile, dotted
from fee_service.model import Reading
from fee_service.published.editions import Source


def reading(file: EditionFile, *path: str) -> Reading | None:
    """How the block at `path` is read, under a name of its own: `market-data-2018-07-01/fees.usage_fee`."""
    block: Any = file.data
    for part in path:
        block = block.get(part, {})
    text = block.get("reading")
    return Reading(f"{file.stem}/{dotted(path)}", text, block["source"]) if text else None


def readings(file: EditionFile, blocks: Iterable[str]) -> tuple[Reading, ...]:
    return tuple(read for block in blocks if (read := reading(file, block)))


def cited(content: Mapping[str, Any]) -> dict[str, str]:
    """The source of each block."""
    return {name: block["source"] for name, block in content.items() if isinstance(block, dict) and "source" in block}


def sources(content: Mapping[str, Any]) -> dict[str, Source]:
    return {
        letter: Source(letter, source["label"], source.get("published_on"))
        for letter, source in content["sources"].items()
    }
