"""The trace of a store comes back as it was told: every record, in its order, however it was written and moved."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import logs
from tests.traced import FOLDER, fill, of_scenarios, record, told
from verbline.cli.programs import compiled
from verbline.interpreter.step.records import Record
from verbline.runtime.clock import now
from verbline.runtime.log import Log
from verbline.runtime.simulate import Simulation
from verbline.runtime.store.writer import Writer
from verbline.runtime.traces import packing, sieve, terms
from verbline.runtime.traces.told import Told
from verbline.runtime.traces.traces import Traces, blocks

# What a record of the cart log may cost, in bytes, when it is written and once more when it is moved.
WRITTEN, MOVED = 12, 12


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[Writer]:
    """Return the writer of a new store."""
    made = Writer(tmp_path / "store.db")
    yield made
    made.close()


def test_every_kind_of_record_comes_back(writer: Writer) -> None:
    """What the scenarios of all example projects told is read as it was told, field by field in the same order."""
    kinds = set()
    for folder, records in of_scenarios():
        traces = Traces(writer, folder)
        before = len(told(writer))
        fill(traces, records, [1, 7, 50])
        expected = [one.as_dict(folder) for one in records]
        for _ in range(2):
            found = told(writer)[before:]
            assert [list(one.items()) for one in found] == [list(one.items()) for one in expected]
            while traces.fold(9, 0):
                pass
        kinds |= {one.kind for one in records}
    assert kinds >= {
        "entry", "message", "task", "signal", "fact", "label", "wait", "branch", "outcome", "merge", "route",
    }  # fmt: skip


def one_record() -> st.SearchStrategy[Record]:
    """Return records of some people and any values that a record may have."""
    value = st.one_of(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
        st.integers(-(10**25), 10**25),
        st.decimals(allow_nan=False, allow_infinity=False).map(lambda one: Decimal(str(one))),
        st.booleans(),
        st.none(),
        st.tuples(st.just("a"), st.just("b")),
        st.just((Decimal("1.5"), "EUR")),
    )
    more = st.fixed_dictionaries(
        {},
        optional={
            "channel": st.sampled_from(["email", "sms", ""]),
            "contact": st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
            "until": st.integers(0, 1 << 45),
            "value": value,
            "shown": st.dictionaries(st.sampled_from(["a", "b"]), value),
            "key": st.sampled_from(["ab" * 16, "no key"]),
        },
    )
    return st.builds(
        record,
        person=st.sampled_from(["P1", "P2", "P30", ""]),
        at=st.integers(0, 1 << 45),
        visit=st.sampled_from(["", "00" * 8, "ff" * 8]),
        reason=st.sampled_from(["", "consent"]),
        cause=st.sampled_from(
            [("", ""), ("shop", ""), ("shop", "e-1"), ("", "e-2"), ("web", "e-1")]
        ),
        more=more,
    )


@settings(max_examples=80, deadline=None)
@given(
    records=st.lists(one_record(), max_size=30),
    sizes=st.lists(st.integers(1, 9), min_size=1, max_size=3),
    slices=st.lists(st.integers(1, 4), max_size=4),
    block=st.integers(1, 5),
)
def test_whatever_was_moved_the_same_is_read(
    records: list[Record], sizes: list[int], slices: list[int], block: int
) -> None:
    """Any records, written in any batches, some of which are moved in any slices: all are read, and those of each person."""
    expected = [one.as_dict(FOLDER) for one in records]
    with (
        pytest.MonkeyPatch.context() as patch,
        TemporaryDirectory() as folder,
        closing(Writer(Path(folder) / "s.db")) as writer,
    ):
        patch.setattr("verbline.runtime.traces.traces.BLOCK", block)
        traces = Traces(writer, FOLDER)
        fill(traces, records, sizes)
        for most in slices:
            traces.fold(most, 0)
        assert told(writer) == expected
        for people in (("P1",), ("P2",), ("P30",), ("P1", "P30")):
            mine = [one for one in expected if one.get("person") in people]
            assert told(writer, *people) == mine


def test_a_key_that_follows_is_not_stored(writer: Writer) -> None:
    """The key of a step's effect is told from the visit, the step and the occurrence."""
    traces = Traces(writer, FOLDER)
    records = [one for _, told in of_scenarios() for one in told if "key" in one.more]
    fill(traces, records, [500])
    (content,) = writer.connection.execute("select body from trace_batch").fetchone()
    keys = [one.more["key"] for one in records]
    plain = b"".join(repr(one).encode() for one in packing.unpacked(content, traces._terms))
    stored = [key for key in keys if key.encode() in plain]
    assert len(stored) < len(keys) / 20
    assert [one["key"] for one in told(writer)] == keys


def test_a_transaction_taken_back_is_written_again(writer: Writer) -> None:
    """Neither the records nor the terms they name are lost when a batch has to be written once more."""
    traces = Traces(writer, FOLDER)
    one, two = record(), record(journey="Other", at=2_000)
    traces.take(one)

    def cut_off() -> None:
        with writer.writing():
            traces.write()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cut_off()
    assert told(writer) == []
    traces.write()
    traces.done()
    traces.take(two)
    traces.write()
    traces.done()
    assert told(writer) == [one.as_dict(FOLDER), two.as_dict(FOLDER)]


def test_a_store_goes_on_where_it_stopped(writer: Writer) -> None:
    """Whoever opens the store again adds behind what is there, folded or not, under the same terms."""
    expected = []
    for turn in range(6):
        traces = Traces(writer, FOLDER)
        made = [record(at=turn, person=f"P{turn % 2 + 1}", journey=f"J{turn // 2}")]
        fill(traces, made, [1])
        expected += [one.as_dict(FOLDER) for one in made]
        if turn % 2:
            assert Traces(writer, FOLDER).fold(5, 0)
        assert told(writer) == expected
    count = writer.connection.execute("select count(*) from trace_term").fetchone()
    assert count == (4,), "three journeys and a source"


def test_small_heaps_are_not_moved(writer: Writer) -> None:
    """Batches stay where they are until they are worth a slice."""
    traces = Traces(writer, FOLDER)
    fill(traces, [record(at=at) for at in range(20)], [2])
    assert traces.fold(100) == 0
    assert traces.fold(4, 1) == 4


def test_many_small_batches_become_one_slice(writer: Writer) -> None:
    """Where a batch is an event or two, as many are moved as a slice needs, so that nothing waits for ever."""
    traces = Traces(writer, FOLDER)
    records = [record(at=at, person=f"P{at % 7 + 1}") for at in range(90)]
    fill(traces, records, [1])
    assert [traces.fold(4, 40) for _ in range(3)] == [40, 40, 0]
    assert told(writer) == [one.as_dict(FOLDER) for one in records]
    assert writer.connection.execute("select count(*) from trace_slice").fetchone() == (2,)


def test_sources_without_end_are_not_learned(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """A log with another source in every line does not make the list of terms grow without end."""
    monkeypatch.setattr(terms, "MOST", 10)
    traces = Traces(writer, FOLDER)
    records = [record(cause=(f"s-{n}", f"e-{n}"), more={"channel": "email"}) for n in range(50)]
    fill(traces, records, [5])
    assert told(writer) == [one.as_dict(FOLDER) for one in records]
    assert len(traces._terms.known) < 20


def test_a_runtime_that_moves_batches_does_not_disturb_a_reader(writer: Writer, tmp_path: Path) -> None:  # fmt: skip
    """What is read comes from one state of the store, though batches become slices meanwhile."""
    traces = Traces(writer, FOLDER)
    records = [record(at=at, person=f"P{at % 3 + 1}") for at in range(60)]
    fill(traces, records, [4])
    traces.fold(3, 0)
    path = f"file:{tmp_path / 'store.db'}?mode=ro"
    with closing(sqlite3.connect(path, uri=True)) as connection:
        found = []
        for one in Told(connection).all():
            found.append(one)
            traces.fold(1, 0)
        assert found == [one.as_dict(FOLDER) for one in records]


def test_who_is_erased_is_taken_out(writer: Writer) -> None:
    """What names somebody goes from slices, batches and what waits; what was decided, and everybody else, stays."""
    traces = Traces(writer, FOLDER)
    own = {"channel": "email", "contact": "tina@mail.example", "key": "ab" * 16, "value": {"a": 1}}
    records = [record(at=at, person=f"P{at % 3 + 1}", more=dict(own)) for at in range(30)]
    fill(traces, records[:24], [4])
    traces.fold(3, 0)
    for one in records[24:]:
        traces.take(one)
    assert traces.forget(["P2"]) == 10
    traces.write()
    traces.done()
    expected = [one.as_dict(FOLDER) for one in records]
    for row in expected:
        if row["person"] == "P2":
            del row["contact"], row["value"]
    assert told(writer) == expected
    assert traces.forget(["P2"]) == 0


def test_nobody_is_in_two_blocks() -> None:
    """A block ends where a person does, so that one look finds all that a slice tells of somebody."""
    groups = [
        packing.Group(place, place * 7 % 5, 0, 0, "", [(1, b"", [])] * 360) for place in range(20)
    ]
    parts = list(blocks(packing.columns_of(groups)))
    assert len(parts) > 3
    assert all(one.persons[-1] < two.persons[0] for one, two in pairwise(parts))


@given(st.sets(st.integers(0, 1 << 40), max_size=300))
def test_a_sieve_holds_nobody_back(people: set[int]) -> None:
    """Whoever is among the people of a slice is let through; of others few are."""
    made = sieve.sieve_of(people)
    assert all(sieve.lets_through(made, person) for person in people)
    assert len(made) <= max(1, len(people) * 2)
    strangers = [person for person in range(5_000, 7_000) if person not in people]
    assert sum(sieve.lets_through(made, one) for one in strangers) < len(strangers) / 8


def test_what_does_not_tell_of_somebody_is_not_read(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Of many slices only those with the person are opened."""
    traces = Traces(writer, FOLDER)
    for number in range(1, 41):
        fill(traces, [record(person=f"P{number * 10 + one}", at=number) for one in range(10)], [10])
        traces.fold(1, 0)
    read: list[int] = []
    block = Told._block

    def noted(told: Told, number: int) -> Iterator[packing.Group]:
        read.append(number)
        return block(told, number)

    monkeypatch.setattr(Told, "_block", noted)
    assert len(told(writer, "P123")) == 1
    assert 12 in read
    assert len(read) < 8


def test_a_record_costs_little(tmp_path: Path, writer: Writer) -> None:
    """The bytes of a record of the cart log stay within their budget, written in batches of a thousand events."""
    made = logs.make("cart", "s")
    made.write(tmp_path)
    one = compiled(str(tmp_path))
    assert one is not None
    records: list[Record] = []
    run = Simulation(one.project, one.program, tell=records.append)
    run.run(Log(tmp_path / "log.jsonl", now=now(), park=run.park))
    traces = Traces(writer, one.program.folder)
    fill(traces, records, [1500])
    read = "select sum(length(body)) from trace_{}"
    (written,) = writer.connection.execute(read.format("batch")).fetchone()
    while traces.fold(10, 0):
        pass
    (moved,) = writer.connection.execute(read.format("block")).fetchone()
    assert len(records) > 4_000
    assert written / len(records) < WRITTEN, written / len(records)
    assert moved / len(records) < MOVED, moved / len(records)
