"""Rows of the outbox: how many are in each state, what leaves after a time, and that a key is found wherever it stands."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from tests.small_runtime import intent
from verbline.runtime.channels.answers import Accepted, Answer, Later, Refused, Unknown
from verbline.runtime.channels.intent import Task
from verbline.runtime.store import past
from verbline.runtime.store.keys import gather
from verbline.runtime.store.outbox import Outbox
from verbline.runtime.store.rows import FIND, found_in
from verbline.runtime.store.statements import TAKE
from verbline.runtime.store.writer import Writer


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return where a store may be made."""
    return tmp_path / "store.db"


def test_states_are_counted_wherever_they_change(store: Path) -> None:
    """Each state as often as rows are in it, without looking at what is over."""
    writer = Writer(store)
    outbox = Outbox(writer)
    outbox.put([intent(one, one) for one in range(1, 9)])
    outbox.put_failed(intent(9, 9), Refused("stale"), 1)
    outbox.put_failed(intent(10, 10), Refused("no_words"), 1)
    answers: list[Answer] = [Accepted(), Refused("gone"), Unknown("hung"), Later("busy")]
    for number, answer in enumerate(answers, 1):
        outbox.taken(f"k{number}-{number}", 9)
        outbox.answered(f"k{number}-{number}", answer, 9, 20 if number == 4 else None)
    outbox.taken("k5-5", 9)
    outbox.withdraw(["k6-6", "k7-7"], 9)
    outbox.again(intent(6, 6), 9)
    outbox.recall("k1-1", "refused", None, 9)
    outbox.forget(["P8"])
    rows = writer.connection.execute("select state, count(*) from outbox group by state order by state")  # fmt: skip
    assert outbox.counts() == dict(rows)
    assert set(outbox.counts()) == {"ready", "sending", "refused", "stale", "failed", "unknown", "withdrawn"}  # fmt: skip
    for query in (past.ENDED, past.OPEN, past.ASKING):
        plan = [row[3] for row in writer.connection.execute(f"explain query plan {query}")]
        assert not [step for step in plan if step.startswith("SCAN outbox") and "outbox_open" not in step and "outbox_count" not in step], plan  # fmt: skip
    writer.close()


def test_what_was_over_long_ago_leaves_and_is_not_decided_again(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Its key stays, and it is still counted; what may leave, waits for a word or is a task stays with its row."""
    monkeypatch.setattr(past, "TOGETHER", 3)
    writer = Writer(store)
    outbox = Outbox(writer)
    task = msgspec.structs.replace(intent(1, 1), key="task", task=Task(desk="Desk"))
    outbox.put([task, *(intent(one, one) for one in range(2, 9))])
    for key in ("task", "k2-2", "k3-3", "k4-4", "k5-5"):
        outbox.taken(key, 10)
        outbox.answered(key, Unknown("hung") if key == "k4-4" else Accepted(), 500 if key == "k5-5" else 10, None)  # fmt: skip
    outbox.withdraw(["k6-6"], 10)
    before = outbox.counts()
    assert outbox.leave(10) == 0
    assert outbox.leave(100) == 3
    assert outbox.leave(100) == 0
    assert [one.intent.key for one in outbox.rows()] == ["task", "k4-4", "k5-5", "k7-7", "k8-8"]
    assert outbox.counts() == before
    assert outbox.find("k2-2") is None
    assert outbox.put([intent(2, 2), intent(3, 3)]) == 0
    assert not outbox.put_failed(intent(2, 2), Refused("stale"), 100)
    assert outbox.put([intent(6, 6)]) == 1  # it was taken back before it left
    writer.close()


def test_a_key_is_found_wherever_it_stands(store: Path) -> None:
    """In its table, or among the last rows: by whoever writes, by whoever opens the store anew, and by whoever only reads."""
    every = [intent(one, one) for one in range(1, 7)]

    def fail(outbox: Outbox, writer: Writer) -> None:
        with writer.writing():
            outbox.put(every)
            raise ZeroDivisionError

    for new in (2, 0):
        writer = Writer(store)
        outbox = Outbox(writer)
        assert outbox.put(every[:2]) == new
        with writer.writing() as connection:
            gather(connection)
        assert outbox.put([*every[:4], every[3]]) == new
        with pytest.raises(ZeroDivisionError):
            fail(outbox, writer)
        with closing(sqlite3.connect(store)) as reader:
            found = [found_in(reader, one.key) for one in every]
            keys = [row.intent.key for row in found if row is not None]
            plans = [row[3] for row in reader.execute(f"explain query plan {FIND}", ("k",))]
        assert keys == ["k1-1", "k2-2", "k3-3", "k4-4"]
        plans += [row[3] for row in writer.connection.execute(f"explain query plan {TAKE}", (1, "k", 1))]  # fmt: skip
        assert "SCAN outbox" not in plans, plans
        assert outbox.put(every[:4]) == 0
        writer.close()
    writer = Writer(store)
    outbox = Outbox(writer)
    assert [outbox.taken(one.key, 9) for one in every] == [True] * 4 + [False] * 2
    writer.close()
