"""A store loses nothing and decides nothing twice wherever its process is killed; one process writes it."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.limits import joined
from tests.small_runtime import intent, swept
from verbline.runtime.channels.answers import Accepted, Answer, Later, Refused, Unknown
from verbline.runtime.channels.intent import Intent
from verbline.runtime.standing import StoreError
from verbline.runtime.store.journal import Journal
from verbline.runtime.store.outbox import Outbox
from verbline.runtime.store.writer import TakenError, Writer


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return where a store may be made."""
    return tmp_path / "store.db"


@pytest.mark.parametrize(("every", "crashes"), [(307, 1), (499, 3)])
def test_killed_anywhere_the_result_is_that_of_a_run_without(tmp_path: Path, every: int, crashes: int) -> None:  # fmt: skip
    """Nothing lost, nothing decided twice; what arrives twice was under way, once a crash."""
    points, twice = swept(tmp_path, every, crashes)
    assert points > 15
    assert twice < points * crashes / 4


def test_a_store_without_its_rule_is_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Without a transaction around a batch something is lost or decided twice."""

    @contextmanager
    def loose(writer: Writer) -> Iterator[sqlite3.Connection]:
        yield writer.connection
        writer.along.join(writer.connection)
        writer.along.over(is_written=True)

    monkeypatch.setattr(Writer, "writing", loose)
    with pytest.raises(AssertionError):
        swept(tmp_path, 13, start=600)


def test_one_process_writes(store: Path) -> None:
    """A second one is told who has it, also through another name of the file."""
    writer = Writer(store)
    other = store.with_name("other.db")
    other.symlink_to(store)
    for path in (store, other):
        with pytest.raises(TakenError, match=f"process {os.getpid()}") as caught:
            Writer(path)
        assert caught.value.pid == os.getpid()
    writer.close()
    Writer(store).close()


def test_whoever_was_taken_over_from_writes_nothing_more(store: Path) -> None:
    """A process that slept while another one took the store loses at its next transaction."""
    stale = Writer(store)
    os.close(stale._lock)  # as if its lock had been lost
    stale._lock = -1
    journal = Journal(stale)
    fresh = Writer(store)
    with pytest.raises(TakenError, match="has taken over"):
        journal.add({1: b"x"}, {})
    Journal(fresh).add({1: b"y"}, {})
    assert Journal(fresh).load().records == {1: b"y"}
    stale.close()
    fresh.close()


def test_an_empty_file_is_no_store(store: Path) -> None:
    """Nothing is begun anew where something was expected."""
    store.touch()
    with pytest.raises(StoreError, match="is empty"):
        Writer(store, create=False)
    with pytest.raises(StoreError, match="cannot be opened"):
        Writer(store.with_name("none.db"), create=False)


@pytest.mark.parametrize("spoiled", [b"no database", b"SQLite format 3\0" + b"x" * 500])
def test_a_file_of_something_else_is_refused(store: Path, spoiled: bytes) -> None:
    """The message names the file; the file stays as it is, and is free."""
    store.write_bytes(spoiled)
    for _ in range(2):
        with pytest.raises(StoreError, match=str(store)):
            Writer(store)
    assert store.read_bytes() == spoiled


def test_what_is_tried_again_after_a_full_disk_is_there_once(store: Path) -> None:
    """The transaction that failed left nothing; with space it goes through."""
    writer = Writer(store)
    journal, outbox = Journal(writer), Outbox(writer)
    (pages,) = writer.connection.execute("pragma page_count").fetchone()
    writer.connection.execute(f"pragma max_page_count = {pages}")

    def batch() -> None:
        with writer.writing():
            outbox.put([intent(1, 1)])
            journal.add({1: os.urandom(100_000)}, {})

    with pytest.raises(StoreError, match="full"):
        batch()
    assert outbox.counts() == {}
    writer.connection.execute("pragma max_page_count = 1000000")
    batch()
    assert outbox.counts() == {"ready": 1}
    assert len(journal.load().records[1]) == 100_000
    writer.close()


BATCH = st.dictionaries(st.integers(1, 9), st.none() | st.binary(max_size=4), max_size=4)
NAMED = st.dictionaries(st.sampled_from("abc"), st.binary(max_size=4), max_size=2)


@settings(deadline=None, max_examples=60)
@given(steps=st.lists(st.tuples(BATCH, NAMED, st.integers(0, 4)), max_size=12))
def test_folding_changes_nothing(steps: list[tuple[dict[int, bytes | None], dict[str, bytes], int]]) -> None:  # fmt: skip
    """What is loaded is the newest of everything, however far the batches were moved."""
    writer = Writer(Path(os.devnull).with_name("shm") / f"fold-{os.getpid()}.db")
    try:
        journal = Journal(writer)
        journal.fold(1 << 30)
        writer.connection.execute("delete from record")
        writer.connection.execute("delete from kept")
        records: dict[int, bytes] = {}
        kept: dict[str, bytes] = {}
        for batch, named, most in steps:
            journal.add(batch, named)
            journal.fold(most)
            for number, one in batch.items():
                if one is None:
                    records.pop(number, None)
                else:
                    records[number] = one
            kept.update(named)
            kept = {name: one for name, one in kept.items() if one}
            assert journal.load() == (records, kept)
    finally:
        writer.close()
        for end in ("", "-wal", "-shm"):
            Path(f"{writer.path}{end}").unlink(missing_ok=True)


def test_what_was_taken_back_is_not_folded(store: Path) -> None:
    """A batch that was taken back left its number to another one: what stands in the file counts, not what is remembered."""
    with closing(Writer(store)) as writer:
        journal = Journal(writer)
        with suppress(ZeroDivisionError), writer.writing():
            journal.add({1: b"a", 2: b"b"}, {"name": b"a"})
            raise ZeroDivisionError
        Journal(writer).add({1: b"c"}, {})
        assert journal.fold(1) == 1
        assert journal.load() == ({1: b"c"}, {})


def test_a_person_gets_one_after_the_other(store: Path) -> None:
    """What waits for another attempt holds back what follows for the same person, and nobody else's."""
    writer = Writer(store)
    outbox = Outbox(writer)
    outbox.put([intent(1, 1), intent(2, 1), intent(1, 2)])
    assert [one.key for one in outbox.due("email", 1, 9, 10)] == ["k1-1", "k1-2"]
    assert outbox.taken("k1-1", 9)
    assert not outbox.taken("k1-1", 9)
    assert [one.key for one in outbox.due("email", 1, 9, 10)] == ["k1-2"]
    outbox.answered("k1-1", Later("busy"), 9, 20)
    assert [one.key for one in outbox.due("email", 1, 19, 10)] == ["k1-2"]
    (_, again) = outbox.due("email", 1, 20, 10)
    assert (again.key, again.attempts) == ("k1-1", 1)
    assert outbox.taken("k1-1", 20)
    outbox.answered("k1-1", Accepted("id-7"), 21, None)
    assert {one.key for one in outbox.due("email", 1, 21, 10)} == {"k2-1", "k1-2"}
    assert {one.intent.key: one.answer for one in outbox.rows("sent")} == {"k1-1": Accepted("id-7")}
    writer.close()


@pytest.mark.parametrize(
    ("answer", "again", "state"),
    [
        (Accepted(), None, "sent"),
        (Refused("no_such_user"), None, "refused"),
        (Refused("stale"), None, "stale"),
        (Later("busy"), 5, "ready"),
        (Later("busy"), None, "stale"),
        (Unknown("hung"), None, "unknown"),
        (Unknown("hung"), 5, "unknown"),
    ],
)
def test_what_an_answer_leads_to(store: Path, answer: Answer, again: int | None, state: str) -> None:  # fmt: skip
    """Each answer has its state; what is settled is told once, in the transaction that says so."""
    writer = Writer(store)
    told: list[str] = []

    def settled(one: Intent, found: str, *_: object) -> None:
        told.append(f"{one.key} {found}")

    outbox = Outbox(writer, settled=settled)
    outbox.put([intent(1, 1)])
    outbox.taken("k1-1", 2)
    outbox.answered("k1-1", answer, 3, again)
    assert [(one.state, one.due, one.attempts) for one in outbox.rows()] == [(state, again, 1)]
    assert told == ([] if again else [f"k1-1 {state}"])
    writer.close()


@pytest.mark.parametrize(("repeatable", "leaves"), [("yes", 1), ("by key", 1), ("no", 0)])
def test_what_was_under_way_at_a_crash(store: Path, repeatable: str, leaves: int) -> None:
    """Where it may arrive twice it waits for a person's word, who may send it again or leave it."""
    writer = Writer(store)
    outbox = Outbox(writer)
    outbox.put([intent(1, 1), intent(2, 2)])
    outbox.taken("k1-1", 2)
    assert outbox.recover({"email": repeatable}, 3) == 1
    assert outbox.counts() == {"ready": 1, "unknown": 1}
    assert len(outbox.due("email", 1, 3, 9)) == 1 + leaves
    assert outbox.decide("k1-1", 4, again=True)
    assert len(outbox.due("email", 1, 4, 9)) == 2
    assert not outbox.decide("k1-1", 4, again=False)
    writer.close()


def test_what_is_withdrawn_does_not_leave(store: Path) -> None:
    """Only what was never handed over can be taken back, and what must not leave any more is not handed over."""
    writer = Writer(store)
    outbox = Outbox(writer, lambda one: "opted_out" if one.person == "P3" else "")
    outbox.put([intent(1, 1), intent(1, 2), intent(1, 3)])
    outbox.taken("k1-1", 2)
    assert outbox.withdraw(["k1-1", "k1-2", "none"], 3) == ["k1-2"]
    assert not outbox.taken("k1-2", 4)
    assert not outbox.taken("k1-3", 4)
    assert outbox.counts() == {"refused": 1, "sending": 1, "withdrawn": 1}
    assert outbox.put([intent(1, 2)]) == 0
    writer.close()


def test_threads_take_each_message_once(store: Path) -> None:
    """Several couriers ask at once; each message is given to one of them."""
    writer = Writer(store)
    outbox = Outbox(writer)
    outbox.put(intent(number, number) for number in range(20))
    taken: list[str] = []

    def carry() -> None:
        for one in outbox.due("email", 1, 99, 99):
            if outbox.taken(one.key, 99):
                taken.append(one.key)
                outbox.answered(one.key, Accepted(), 99, None)

    threads = [threading.Thread(target=carry) for _ in range(4)]
    for thread in threads:
        thread.start()
    joined(*threads)
    assert sorted(taken) == sorted(f"k{number}-{number}" for number in range(20))
    writer.close()


def test_looking_for_what_is_due_reads_few_rows(store: Path) -> None:
    """Neither who is due nor who has to wait is found by reading the whole table."""
    from verbline.runtime.store.statements import DUE

    writer = Writer(store)
    Outbox(writer)
    rows = writer.connection.execute(f"explain query plan {DUE}", ("email", 1, 9, 9))
    plan = [row[3] for row in rows]
    assert not [step for step in plan if step.startswith("SCAN")], plan
    assert "outbox_due" in plan[0]
    writer.close()


def test_a_name_that_holds_nothing_is_gone(store: Path) -> None:
    """At once, and from the file once its batch is folded."""
    writer = Writer(store)
    journal = Journal(writer)
    journal.add({}, {"a": b"1", "b": b"2"})
    assert journal.fold(1) == 1
    journal.add({}, {"a": b""})
    for _ in range(2):
        assert journal.load().kept == journal.named() == {"b": b"2"}
        journal.fold(1)
    assert writer.connection.execute("select name from kept").fetchall() == [("b",)]
    writer.close()
