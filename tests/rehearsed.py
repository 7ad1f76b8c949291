"""Rehearsals to be broken off anywhere. Rule: what is compared is what simulate tells, record by record, as JSON.

A break is an exception where the trace takes a record, where a batch is written, or between two batches; what was in memory
is gone then, and the rehearsal goes on from the store.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from verbline.cli.programs import Compiled
from verbline.interpreter.person.encode import to_bytes
from verbline.runtime.engine import engine as engines
from verbline.runtime.engine.engine import TOGETHER, Engine
from verbline.runtime.engine.given import Given
from verbline.runtime.engine.opened import REHEARSAL, Store
from verbline.runtime.engine.parking import record_of
from verbline.runtime.engine.rehearse import rehearse
from verbline.runtime.events import Parked
from verbline.runtime.log import Log
from verbline.runtime.simulate import Simulation
from verbline.runtime.sources import Sources
from verbline.runtime.traces.forgetting import PERSONAL
from verbline.runtime.traces.told import Told

# Waiting for a disk shows nothing here: a folder in memory, where the machine has one.
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it


@contextmanager
def folder() -> Iterator[Path]:
    """Give a folder of its own."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as name:
        yield Path(name)


def dice_of(seed: int) -> Random:
    """Return dice that fall the same way each time."""
    return Random(seed)  # noqa: S311 - hides nothing


class BrokenOffError(Exception):
    """The process was killed."""


def given_of(project: Compiled, log: Path, sources: Sources | None = None) -> Given:
    """Return what an engine is given."""
    given = Given(project.project, log)
    given.name, given.program = "club", project.program
    given.sources = sources or Sources()
    return given


def simulated(project: Compiled, log: Path, sources: Sources | None = None) -> list[str]:
    """Return the trace of a simulation as lines."""
    found = list[Any]()
    run = Simulation(project.project, project.program, sources=sources, tell=found.append)

    def park(one: Parked) -> None:
        run.park(one)
        found.append(record_of(one, run.world.now))

    run.run(Log(log, park=park))
    folder = project.program.folder
    return without_erased([json.dumps(one.as_dict(folder)) for one in found])


@contextmanager
def opened(path: Path, given: Given) -> Iterator[Engine]:
    """Open the store of a rehearsal."""
    with closing(Store(path, given.wanted(REHEARSAL))) as store:
        yield Engine(store, given)


def told(engine: Engine) -> list[str]:
    """Return the trace in a store as lines."""
    return without_erased([json.dumps(one) for one in Told(engine.store.writer.connection).all()])


def without_erased(trace: list[str]) -> list[str]:
    """Return a trace as it is where somebody was erased: what names people, or tells what they said, left out."""
    rows = [json.loads(one) for one in trace]
    if not any(row["kind"] == "erased" for row in rows):
        return trace
    return [
        json.dumps({name: value for name, value in row.items() if name not in PERSONAL})
        for row in rows
    ]


def breaking(engine: Engine, dice: Random, most: int = 40) -> Callable[[object], None]:
    """Let a rehearsal break off at one of its first ``most`` points; return what it calls between two batches."""
    left = [dice.randint(1, most)]

    def count(*_: object) -> None:
        left[0] -= 1
        if not left[0]:
            raise BrokenOffError

    if dice.random() < 0.5:
        take = engine.traces.take
        engine.traces.take = lambda record: (count(), take(record))[1]  # type: ignore[method-assign,func-returns-value]
    if dice.random() < 0.3:
        add = engine.store.journal.add
        engine.store.journal.add = lambda records, kept: (add(records, kept), count())[0]  # type: ignore[method-assign,func-returns-value]
    return count


def broken(path: Path, given: Given, dice: Random, most: int = 40) -> tuple[list[str], int]:
    """Rehearse a log, broken off at random and in batches of random size; return the trace and how often it was begun.

    A log of few events needs few points, ``most``, to be broken off at all.
    """
    begun = 0
    while True:
        engines.TOGETHER = dice.choice((1, 1, 2, 3, 5, 20, 2000))
        begun += 1
        with opened(path, given) as engine:
            try:
                rehearse(engine, None, breaking(engine, dice, most))
            except BrokenOffError:
                continue
            finally:
                engines.TOGETHER = TOGETHER
            return told(engine), begun


def bytes_of(engine: Engine) -> dict[int, bytes]:
    """Return everybody as bytes, by number."""
    numbered = enumerate(engine.world.numbered)
    return {number: to_bytes(one) for number, one in numbered if one is not None}


def shape_of(engine: Engine) -> dict[str, Any]:
    """Return all of a world but the people themselves: what leads to them, who waits, and when something is due."""
    world = engine.world
    return {
        "now": world.now,
        "order": (world.turn.order, world.turn.said),
        "people": {identity: one.number for identity, one in world.people.items()},
        "holders": {key: [one.number for one in held] for key, held in world.holders.items() if held},
        "also": world.also,
        "erased": world.erased,
        "entries": {name: list(one) for name, one in world.brakes.entries.items()},
        "queues": [
            (name, [(one.number, start.moment, start.whose) for one, start in queue])
            for name, queue in world.brakes.queues.items()
        ],
        "calls": sorted(world.calls),
        "due": sorted(
            (one.timers[0][0], one.number) for one in world.numbered if one is not None and one.timers
        ),
        "counts": {name: number for name, number in engine.counts.items() if number},
        "places": engine.files.places,
    }  # fmt: skip
