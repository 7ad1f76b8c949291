"""Twenty runtimes at once at one store, under two names of it. Rule: one runs, the others end and say who does.

Another one sleeps meanwhile (SIGSTOP): a process that sleeps keeps its lock, so nobody takes the store from it. What would become
of one that had lost its lock all the same, the tests of the store say.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.limits import code_of, limit
from tests.sweeps.club import Place
from verbline.runtime.engine.opened import LIVE, Store
from verbline.runtime.standing import StoreError
from verbline.runtime.store.writer import TakenError

MANY = 20
RAN = "ran"


class Ended(NamedTuple):
    """What a process came to: its number, whether it ran, and whom it named as the one who does; 0 for nobody."""

    pid: int
    has_run: bool
    named: int


def names_of(store: Path) -> tuple[Path, ...]:
    """Return two names of one file, which is made by a run before."""
    soft = store.with_name("soft.db")
    soft.symlink_to(store)
    return store, soft


def at_once(place: Place, many: int, opened: Callable[[Path], Store]) -> list[Ended]:
    """Let so many processes open the store at one moment; whoever has it keeps it until all others have ended."""
    names = names_of(place.store)
    go, told, end = os.pipe(), os.pipe(), os.pipe()
    children = []
    for number in range(many):
        child = os.fork()
        if not child:
            limit()
            os.close(go[1])
            os.close(end[1])
            os.read(go[0], 1)  # until the other end is closed
            tell(names[number % len(names)], told[1], end[0], opened)
        children.append(child)
    for one in (go[0], go[1], told[1], end[0]):
        os.close(one)
    with os.fdopen(told[0], encoding="ascii") as lines:
        found = [lines.readline().split() for _ in children]
    os.close(end[1])
    for child in children:
        code_of(child)
    return [Ended(int(pid), what == RAN, 0 if what == RAN else int(what)) for pid, what in found]


def tell(path: Path, told: int, end: int, opened: Callable[[Path], Store]) -> None:
    """Open a store, tell what came of it, keep it until the end, and end."""
    try:
        try:
            store = opened(path)
        except TakenError as error:
            os.write(told, f"{os.getpid()} {error.pid}\n".encode())
        except StoreError:
            os.write(told, f"{os.getpid()} -1\n".encode())
        else:
            os.write(told, f"{os.getpid()} {RAN}\n".encode())
            os.read(end, 1)
            store.close()
    finally:
        os._exit(0)


def wrong(found: list[Ended]) -> list[str]:
    """Return what is wrong with how they ended."""
    holders = [one.pid for one in found if one.has_run]
    if len(holders) != 1:
        return [f"{len(holders)} ran at once"]
    others = [one for one in found if not one.has_run]
    return [f"{one.pid} named {one.named}" for one in others if one.named not in (0, *holders)]


def swept(folder: Path, many: int) -> list[Ended]:
    """Return what became of so many that begin at once at a store that others had before."""
    place = Place(folder)
    child = os.fork()
    if not child:
        try:
            limit()
            Store(place.store, place.given.wanted(LIVE)).close()
        finally:
            os._exit(0)
    code_of(child)  # its number stands in the store, and is nobody's now
    return at_once(place, many, lambda path: Store(path, place.given.wanted(LIVE)))


def asleep(folder: Path) -> int:
    """Return whom somebody names who comes while the holder sleeps, minus the holder's own number."""
    place = Place(folder)
    told, end = os.pipe(), os.pipe()
    child = os.fork()
    if not child:
        limit()
        os.close(end[1])
        tell(place.store, told[1], end[0], lambda path: Store(path, place.given.wanted(LIVE)))
    assert os.read(told[0], 100)
    os.kill(child, signal.SIGSTOP)
    os.waitpid(child, os.WUNTRACED)
    try:
        Store(place.store, place.given.wanted(LIVE)).close()
        named = 0
    except TakenError as error:
        named = error.pid
    os.kill(child, signal.SIGCONT)
    for one in (*told, *end):
        os.close(one)
    code_of(child)
    return named - child


def main(many: int) -> int:
    """Sweep, print what came of it, and return the exit code."""
    with TemporaryDirectory() as folder:
        found = swept(Path(folder) / "many", many)
        named = asleep(Path(folder) / "asleep")
    ran = sum(one.has_run for one in found)
    nobody = sum(not one.has_run and not one.named for one in found)
    sys.stdout.write(
        f"{many} at once: {ran} ran, {many - ran} ended, of whom {nobody} could not say who runs; one asleep keeps its store: {'no' if named else 'yes'}\n"
    )
    faults = wrong(found)
    for what in faults:
        sys.stdout.write(f"  {what}\n")
    return 1 if faults or named else 0
