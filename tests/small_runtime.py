"""A small runtime over a store, to be killed anywhere: it counts for people, decides messages and hands them over.

Rule: all that it does follows from how far it has got, so that whoever comes after a crash can be held to a run without one.
`python -m tests.small_runtime` kills it at every instruction of the store's code; with a number, at every so many.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any, NamedTuple

from tests.limits import code_of, limit
from tests.traced import FOLDER, record
from verbline.runtime.channels.answers import Accepted
from verbline.runtime.channels.intent import Intent, Words
from verbline.runtime.store.journal import Journal
from verbline.runtime.store.outbox import Outbox
from verbline.runtime.store.writer import Writer
from verbline.runtime.traces.told import Told
from verbline.runtime.traces.traces import Traces

BATCHES = 4
PEOPLE = 3
KILLED = 9
CODE = (f"runtime{os.sep}store{os.sep}", f"runtime{os.sep}traces{os.sep}", "small_runtime.py")


class Killer:
    """Ends the process, as a power cut does, when so many lines of the store's code have run."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, frame: FrameType, event: str, _: object) -> Killer | None:
        """Count a line."""
        if not any(one in frame.f_code.co_filename for one in CODE):
            return None
        if event in {"line", "opcode"}:
            frame.f_trace_opcodes = True
            self.left -= 1
            if self.left == 0:
                os._exit(KILLED)
        return self


def intent(batch: int, number: int) -> Intent:
    """Return the message that a batch decides for somebody."""
    words = Words(text=f"{batch}")
    return Intent(
        key=f"k{batch}-{number}",
        kind="message",
        channel="email",
        address="a@b.example",
        words=words,
        at=batch,
        person=f"P{number}",
    )


def work(store: Path, receiver: Path) -> None:
    """Go on until all batches are done and everything has left."""
    writer = Writer(store)
    journal, outbox, traces = Journal(writer), Outbox(writer), Traces(writer, FOLDER)
    outbox.recover({"email": "by key"}, BATCHES)
    state = journal.load()
    done = int(state.kept.get("done", b"0"))
    for batch in range(done + 1, BATCHES + 1):
        with writer.writing():
            number = batch % PEOPLE
            count = int(journal.load().records.get(number, b"0")) + 1
            journal.add({number: str(count).encode()}, {"done": str(batch).encode()})
            outbox.put([intent(batch, number)])
            traces.take(record(at=batch, person=f"P{number + 1}", journey=f"J{batch}"))
            traces.write()
        traces.done()
        send(outbox, receiver, batch)
        if batch % 2 == 0:
            journal.fold(1)
            traces.fold(1, 0)
    send(outbox, receiver, BATCHES)
    writer.close()


def send(outbox: Outbox, receiver: Path, now: int) -> None:
    """Hand over what is due."""
    for one in outbox.due("email", 1, now, 10):
        if outbox.taken(one.key, now):
            with receiver.open("a", encoding="utf-8") as file:
                file.write(one.key + "\n")
            outbox.answered(one.key, Accepted(), now, None)


class Result(NamedTuple):
    """The records, what is kept, the keys and states of intents, what was told, whether the file is whole, and how often each arrived."""

    records: dict[int, bytes]
    kept: dict[str, bytes]
    rows: list[tuple[str, str]]
    told: list[dict[str, Any]]
    integrity: str
    arrived: Counter[str]


def result(store: Path, receiver: Path) -> Result:
    """Return what a run came to: the state, the outbox, and how often each message arrived."""
    writer = Writer(store)
    loaded = Journal(writer).load()
    rows = [(one.intent.key, one.state) for one in Outbox(writer).rows()]
    told = list(Told(writer.connection).all())
    (whole,) = writer.connection.execute("pragma integrity_check").fetchone()
    writer.close()
    arrived = Counter(receiver.read_text("utf-8").split()) if receiver.exists() else Counter()
    return Result(loaded.records, loaded.kept, rows, told, whole, arrived)


def killed(store: Path, receiver: Path, after: int) -> bool:
    """Do the work in another process and kill it after so many steps of its code; return whether it got that far."""
    child = os.fork()
    if not child:
        try:
            limit()
            sys.settrace(Killer(after))
            work(store, receiver)
            os._exit(0)
        finally:
            os._exit(1)
    code = code_of(child)
    assert code in {0, KILLED}, f"the work ended with {code}"
    return code == KILLED


def compared(folder: Path, after: int, crashes: int, clean: Result) -> int:
    """Kill the work ``crashes`` times, let it end, hold it to a ``clean`` run, and return how often something arrived twice.

    -1 where the work was done before the first of them.
    """
    where = folder / f"{after}.db", folder / f"{after}.txt"
    met = 0
    while met < crashes and killed(*where, after + 61 * met):
        met += 1
    if not met:
        return -1
    work(*where)
    found = result(*where)
    assert found[:-1] == clean[:-1], f"killed {met} times, first after {after} steps"
    assert set(found.arrived) == set(clean.arrived), f"lost after {after} steps"
    twice = found.arrived.total() - clean.arrived.total()
    assert twice <= met, f"{twice} twice after {met} crashes, first after {after} steps"
    return twice


def swept(folder: Path, every: int, crashes: int = 1, start: int = 1) -> tuple[int, int]:
    """Kill the work at every so many steps of its code; return how many points there were and how much arrived twice."""
    work(folder / "clean.db", folder / "clean.txt")
    clean = result(folder / "clean.db", folder / "clean.txt")
    points = twice = 0
    for after in range(start, 1 << 30, every):
        found = compared(folder, after, crashes, clean)
        if found < 0:
            break
        points += 1
        twice += found
    return points, twice


if __name__ == "__main__":
    with TemporaryDirectory() as made:
        points, twice = swept(Path(made), int(sys.argv[1]) if sys.argv[1:] else 1)
        sys.stdout.write(f"{points} points, lost 0, state differs 0, arrived twice {twice}\n")
