"""What a command takes, measured by a small process between: Linux counts the memory of whoever starts a process into
the largest that the process had."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

BETWEEN = """
import json, os, subprocess, sys, time
started = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, status, used = os.wait4(process.pid, 0)
waited = time.perf_counter() - started
print(json.dumps([status, used.ru_utime + used.ru_stime, waited, used.ru_maxrss / 1024]))
"""


class Used(NamedTuple):
    """What one process takes, its own children included: seconds of a processor and by the clock, MB at most."""

    busy: float
    waited: float
    memory: float


def run(arguments: Sequence[str], env: Mapping[str, str] | None = None) -> Used:
    """What Python with these arguments takes from its start to its end."""
    command = [sys.executable, "-S", "-c", BETWEEN, sys.executable, *arguments]
    told = subprocess.run(command, env=env or os.environ, check=True, capture_output=True).stdout
    status, *used = json.loads(told)
    assert status == 0, f"{arguments} failed"
    return Used(*used)


def largest_memory() -> float:
    """Of the process that is asked, in MB."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:")) / 1024
