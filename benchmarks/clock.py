"""How long something takes. Rule: a process is timed from outside, work inside this process by its own CPU time."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import NamedTuple


class Run(NamedTuple):
    """One process that has ended: seconds on the wall, seconds of CPU, its exit code and its standard output."""

    wall: float
    cpu: float
    code: int
    output: str


def run(command: list[str], folder: Path, environment: Mapping[str, str]) -> Run:
    """Return the run of ``command`` in ``folder``; its standard output goes to a file, so that no pipe can fill up."""
    with tempfile.TemporaryFile() as output:
        begun = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=output)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode("utf-8")
    return Run(wall, used.ru_utime + used.ru_stime, process.returncode, text)


def clean_environment(cache: Path) -> dict[str, str]:
    """Return the variables for a measured process: bytecode may be kept, answers go to ``cache``."""
    left_out = ("PYTHON", "VERBLINE", "VIRTUAL_ENV", "NO_COLOR")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return {**kept, "XDG_CACHE_HOME": str(cache)}


def wall_of(command: list[str], folder: Path, environment: Mapping[str, str], shots: int) -> float:
    """Return the median seconds on the wall of so many runs."""
    return median(run(command, folder, environment).wall for _shot in range(shots))


def cpu_of(work: Callable[[], object], times: int) -> float:
    """Return the least CPU seconds that ``work`` took."""
    taken = []
    for _time in range(times):
        begun = time.process_time()
        work()
        taken.append(time.process_time() - begun)
    return min(taken)


def wall_inside(work: Callable[[], object]) -> float:
    """Return the seconds on the wall that ``work`` took in this process."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
