"""What a case is. Rule: a case is ready after its first sample, takes one sample at a call, and knows the right answer."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Protocol, runtime_checkable

from benchmarks.installed import Installed

# How often a process is started for one sample, by the size of the run.
SHOTS = {"s": 3, "m": 7, "l": 15}


class Room(NamedTuple):
    """Where and how large: a folder of its own for each case, what is installed, the size of the run."""

    folder: Path
    installed: Installed
    size: str

    @property
    def shots(self) -> int:
        """How often a process is started for one sample."""
        return SHOTS[self.size]


class Case(Protocol):
    """One thing that is measured."""

    # The row of goals.toml, and what is measured of it.
    row: str
    what: str

    def once(self) -> float:
        """Return one sample, in seconds; in MB where the row's unit is that."""

    def check(self) -> None:
        """Raise `WrongAnswerError` where the last sample's answer was not the right one."""


@runtime_checkable
class Compared(Case, Protocol):
    """A case that brings what it is compared with, instead of the unit that all cases of its row share."""

    def beside(self) -> float:
        """Return one sample of the other side, in seconds."""
