"""A runtime without threads, on a clock that is set. Rule: each step is one that the real one takes, in any order.

What is compared in the end is the store of such a run with one that was made again from the log.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from typing import Any

from tests.rehearsed import BrokenOffError, bytes_of, shape_of
from verbline.runtime.engine import engine as engines
from verbline.runtime.engine.again import made_store
from verbline.runtime.engine.engine import TOGETHER, Engine
from verbline.runtime.engine.following import Following
from verbline.runtime.engine.given import Given
from verbline.runtime.engine.opened import LIVE, Store
from verbline.runtime.engine.outlets import Past
from verbline.runtime.engine.reading import Backlog
from verbline.runtime.engine.runner import Runner
from verbline.runtime.engine.telling import Telling
from verbline.runtime.log import SUFFIX
from verbline.runtime.traces.told import Told


class KilledError(BaseException):
    """The process was killed: nobody goes on behind that."""


class Clock:
    """Milliseconds that pass when they are told to."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        """Return what it shows."""
        return self.now


class Running:
    """One process: it reads what is there, then follows."""

    def __init__(self, given: Given, store: Store, outlet: Past, clock: Clock) -> None:
        self.outlet = outlet
        self.told = io.StringIO()
        self.runner = Runner(given, store, outlet, Telling(self.told, clock), clock)
        self.runner.is_patient = False
        self.runner.behind = outlet.rows.append
        self.runner.put_right()
        outlet.rows.append()
        self._clock = clock
        self._log = given.log
        self._following: Following | None = None

    def catch_up(self) -> None:
        """Take what is there."""
        if any(one.name.endswith(SUFFIX) for one in self._log.iterdir()):
            runner = self.runner
            backlog = Backlog(runner.files, now=self._clock(), floor=runner.floor)
            runner.handle(backlog.stretches())
            runner.tick()

    def step(self) -> None:
        """Take what has come since."""
        if self._following is None:
            self._following = Following(self.runner.files, self.runner.stamp)
        self.runner.handle(self._following.stretches())
        self.runner.tick()

    def close(self) -> None:
        """End."""
        if self._following is not None:
            self._following.close()


@contextmanager
def running(path: Path, given: Given, clock: Clock) -> Iterator[Running]:
    """Open a store and begin."""
    with (
        closing(Store(path, given.wanted(LIVE))) as store,
        closing(Past(given, store, path, {})) as outlet,
        closing(Running(given, store, outlet, clock)) as found,
    ):
        yield found


def break_somewhere(found: Running, dice: Random) -> None:
    """Let a run break off at some later record, write or append; it may never come to that."""
    left = dice.randint(1, 30)
    # The engine fails, which a run survives, or all of it ends.
    kind = dice.choice((BrokenOffError, KilledError, KilledError))

    def counted(do: Any) -> Any:
        def doing(*given: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if not left:
                raise kind
            return do(*given, **named)

        return doing

    engine, receipts = found.runner.engine, found.runner.receipts
    match dice.randint(0, 3):
        case 0:
            engine.traces.take = counted(engine.traces.take)  # type: ignore[method-assign]
        case 1:
            engine.store.journal.add = counted(engine.store.journal.add)  # type: ignore[method-assign]
        case 2:
            receipts.write = counted(receipts.write)  # type: ignore[method-assign]
        case _:
            kind = KilledError  # behind the transaction
            receipts.done = counted(receipts.done)  # type: ignore[method-assign]


def all_of(engine: Engine) -> dict[str, Any]:
    """Return all that two stores of one log have in common."""
    shape = shape_of(engine)
    del shape["places"], shape["counts"]
    connection = engine.store.writer.connection
    return {
        **shape,
        "bytes": bytes_of(engine),
        "trace": [json.dumps(one) for one in Told(connection).all()],
        "outbox": sorted(row[0] for row in connection.execute("select key from outbox")),
    }


def made_again(path: Path, given: Given, clock: Clock) -> dict[str, Any]:
    """Make the store again beside the one at ``path``, and return what it has."""
    new = path.with_name("again.db")
    made_store(given, new, path, clock)
    with closing(Store(new, given.wanted(LIVE))) as store:
        return all_of(Engine(store, given))


def lived(path: Path, given: Given, clock: Clock, events: list[dict[str, Any]], dice: Random) -> dict[str, Any]:  # fmt: skip
    """Write events into the log while it is followed, broken off at random; return what the store has in the end."""
    pending = iter(events)
    while True:
        engines.TOGETHER = dice.choice((1, 2, 5, 2000))
        try:
            with running(path, given, clock) as found:
                if dice.random() < 0.5:
                    break_somewhere(found, dice)
                found.catch_up()
                if went_on(found, given.log, pending, dice, clock):
                    return last(found, clock)
        except (BrokenOffError, KilledError):
            continue
        finally:
            engines.TOGETHER = TOGETHER


def went_on(
    found: Running, log: Path, pending: Iterator[dict[str, Any]], dice: Random, clock: Clock
) -> bool:
    """Write and follow for a while; return whether all events are written."""
    while dice.random() < 0.9:
        if dice.random() < 0.8 and not written(log, pending, dice):
            return True
        clock.now += dice.choice((0, 0, 1, 1_000, 3_600_000, 86_400_000, 400_000_000))
        found.step()
    return False


def last(found: Running, clock: Clock) -> dict[str, Any]:
    """Let the rest happen, and return what the store has."""
    clock.now += 1_000
    found.step()
    return all_of(found.runner.engine)


def rotated(log: Path, dice: Random) -> None:
    """Give a file of the log another name, now and then: one that is the log's too, or one that is not."""
    name = dice.choice(("a.jsonl", "b.jsonl"))
    if dice.random() < 0.2 and (log / name).exists():
        (log / name).rename(log / dice.choice((f"{name}.{log.stat().st_mtime_ns}", f"{log.stat().st_mtime_ns}-{name}")))  # fmt: skip


def written(log: Path, pending: Iterator[dict[str, Any]], dice: Random) -> bool:
    """Append some events to files of the log, which may be rotated before; return whether there were any."""
    rotated(log, dice)
    for _ in range(dice.randint(1, 3)):
        event = next(pending, None)
        if event is None:
            return False
        with (log / dice.choice(("a.jsonl", "b.jsonl"))).open("a", encoding="utf-8") as file:
            file.write(json.dumps(event) + "\n")
    return True
