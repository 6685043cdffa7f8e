"""What a worker that is gone counted goes to one file for all of them: its own would be read for ever."""

from __future__ import annotations

import os
from pathlib import Path

from prometheus_client.mmap_dict import MmapedDict

from fee_service.operations.metrics_folder import FOLDER, alone

KINDS = ("counter", "histogram")
PAST = "past"  # in the place of a process id
NO_TIME = 0.0


def retire() -> None:
    """Add the counts of workers that are gone to those of earlier ones, and remove their files.

    Where there is no room, or somebody reads for too long, the files stay until the next worker is gone.
    """
    folder = Path(os.environ[FOLDER])
    with alone(folder) as nobody_reads:
        for kind in KINDS if nobody_reads else ():
            for own in folder.glob(f"{kind}_*.db"):
                process = own.stem.removeprefix(f"{kind}_")
                if process != PAST and not Path("/proc", process).exists():
                    _add(own, folder / f"{kind}_{PAST}.db")


def _add(own: Path, past: Path) -> None:
    """Into a copy, which then takes the place of the former one: what is interrupted leaves all as it was."""
    new = past.with_suffix(".new")
    files = [file for file in (past, own) if file.exists()]
    sums: dict[str, float] = {}
    for file in files:
        for key, value, _, _ in MmapedDict.read_all_values_from_file(str(file)):  # type: ignore[no-untyped-call]
            sums[key] = sums.get(key, 0.0) + value
    try:
        with new.open("wb") as room:
            os.posix_fallocate(room.fileno(), 0, sum(file.stat().st_size for file in files))
        written = MmapedDict(str(new))  # type: ignore[no-untyped-call]
        for key, value in sums.items():
            written.write_value(key, value, NO_TIME)  # type: ignore[no-untyped-call]
        written.close()  # type: ignore[no-untyped-call]
        new.replace(past)
        own.unlink()
    except OSError:
        new.unlink(missing_ok=True)
