"""`verbline` with marks at the stations of a message. Rule: a mark is a number in a list; nothing is written before the end.

    python -m benchmarks.marked FILE run PROJECT --log LOG --store STORE

Into FILE goes, at the end, JSON: by station the instants in nanoseconds since 1970, by address or key of the message.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from verbline.cli import main
from verbline.interpreter.step.sending import SENT
from verbline.runtime.channels.courier import Courier
from verbline.runtime.engine.engine import Engine
from verbline.runtime.engine.following import Following
from verbline.runtime.engine.receipts import Receipts
from verbline.runtime.engine.runner import Runner
from verbline.runtime.leaving.alike import Posted
from verbline.runtime.leaving.leaving import Leaving
from verbline.runtime.store.together import Together

STATIONS = (
    "woken", "read", "decided", "noted", "written", "stored", "committed", "called", "handed", "answered",
)  # fmt: skip


class Marks:
    """Where each message is when; ``batches`` are how many lines and nanoseconds each batch had."""

    def __init__(self) -> None:
        self.at: dict[str, dict[str, int]] = {name: {} for name in STATIONS}
        self.batches: list[tuple[int, int]] = []
        self.woken = 0
        self.keys: dict[str, str] = {}
        self.fresh: list[str] = []

    def set(self, station: str, key: str) -> None:
        """Note that a message has come to a station, the first time that it does."""
        self.at[station].setdefault(key, time.time_ns())


def wrapped(owner: Any, name: str, make: Callable[[Any], Any]) -> None:
    """Put something around a method."""
    setattr(owner, name, make(getattr(owner, name)))


def reading(marks: Marks) -> None:
    """Mark when the run was woken, and when a line was read."""

    def stretches(inner: Any) -> Any:
        def around(self: Following) -> Any:
            marks.woken = time.time_ns()
            for stretch in inner(self):
                for item in stretch.items:
                    told = getattr(item, "data", {}).get("email")
                    if told:
                        marks.at["woken"].setdefault(told, marks.woken)
                        marks.set("read", told)
                yield stretch

        return around

    wrapped(Following, "stretches", stretches)


def deciding(marks: Marks) -> None:
    """Mark when a message was decided."""

    def take(inner: Any) -> Any:
        def around(self: Leaving, *given: Any) -> None:
            inner(self, *given)
            kind, verdict, more = given[4], given[5], given[7]
            if kind == "message" and verdict == SENT:
                decided(more["contact"])

        return around

    def post(inner: Any) -> Any:
        def around(self: Leaving, letter: Posted) -> None:
            inner(self, letter)
            decided(letter.contact)

        return around

    def decided(to: str) -> None:
        marks.set("decided", to)
        marks.fresh.append(to)

    wrapped(Leaving, "take", take)
    wrapped(Leaving, "post", post)


def committing(marks: Marks) -> None:
    """Mark when what was decided is on the disk, and how long each batch took."""

    def done(inner: Any) -> Any:
        def around(self: Leaving) -> None:
            for to in marks.fresh:
                marks.set("committed", to)
            marks.fresh.clear()
            inner(self)

        return around

    def taken(inner: Any) -> Any:
        def around(self: Runner, stretches: Any) -> Any:
            begun = time.perf_counter_ns()
            found = inner(self, stretches)
            lines = sum(len(one.items) for one in stretches)
            marks.batches.append((lines, time.perf_counter_ns() - begun))
            return found

        return around

    wrapped(Leaving, "done", done)
    wrapped(Runner, "take", taken)


def storing(marks: Marks) -> None:
    """Mark when the receipt of a batch is on its way, when all of the batch is written, and when that is on the disk."""

    def before(inner: Any, station: str) -> Any:
        def around(self: Any, *given: Any, **named: Any) -> Any:
            for to in marks.fresh:
                marks.set(station, to)
            return inner(self, *given, **named)

        return around

    wrapped(Engine, "_write", lambda inner: before(inner, "noted"))
    wrapped(Together, "join", lambda inner: before(inner, "written"))
    wrapped(Receipts, "wait", lambda inner: before(inner, "stored"))


def carrying(marks: Marks) -> None:
    """Mark when a courier begins, hands over, and has written down what came of it."""

    def called(inner: Any) -> Any:
        def around(self: Courier) -> Any:
            found = inner(self)
            if found is not None:
                marks.keys[found.key] = found.address
                marks.set("called", found.address)
            return found

        return around

    def sent(inner: Any) -> Any:
        def around(self: Courier, intent: Any) -> Any:
            marks.set("handed", intent.address)
            return inner(self, intent)

        return around

    def begun(inner: Any) -> Any:
        def around(self: Courier) -> None:
            answered = self.outbox.answered

            def then(key: str, *given: Any) -> None:
                answered(key, *given)
                marks.set("answered", marks.keys.get(key, key))

            self.outbox.answered = then  # type: ignore[method-assign,assignment]  # around it
            inner(self)

        return around

    wrapped(Courier, "_next", called)
    wrapped(Courier, "_sent", sent)
    wrapped(Courier, "start", begun)


def marked(path: Path, words: list[str]) -> int:
    """Do what `verbline` does with these words, and return its exit code."""
    marks = Marks()
    reading(marks)
    deciding(marks)
    committing(marks)
    storing(marks)
    carrying(marks)
    sys.argv[1:] = words
    try:
        return main()
    finally:
        path.write_text(json.dumps({"at": marks.at, "batches": marks.batches}), "utf-8")


if __name__ == "__main__":
    sys.exit(marked(Path(sys.argv[1]), sys.argv[2:]))
