"""Versions over restarts: people inside go on by the words that the store has of their version, or the run is refused."""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.known import event
from tests.rehearsed import told
from tests.versioned import JOURNEY, MOVES, SETTINGS, WORDS
from verbline.cli.paths import readings
from verbline.interpreter.program.versions import Kept
from verbline.runtime.engine.engine import Engine
from verbline.runtime.engine.given import Given
from verbline.runtime.engine.opened import REHEARSAL, Store
from verbline.runtime.engine.rehearse import rehearse
from verbline.runtime.store.journal import Loaded
from verbline.runtime.uptake import clocks, stored
from verbline.runtime.uptake.inside import Inside
from verbline.runtime.uptake.saved import Saved
from verbline.runtime.uptake.stored import NotTakenError, words_in


class Shop:
    """A project in a folder with a log, rehearsed again and again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "log.jsonl"
        self.log.write_text("")
        (folder / "verbline.toml").write_text(SETTINGS)
        self.write(JOURNEY)

    def write(self, journey: str, words: str = WORDS) -> None:
        """Save the project."""
        (self.folder / "club.journey").write_text(words + journey)

    def happens(self, day: int, code: str, **fields: Any) -> None:
        """Add an event about the member to the log."""
        who = {"member-number": "M-1", "email": "tea@mail.example", **fields}
        line = event(day, code, "desk", id=f"{code} {day} {who['member-number']}", data=who)
        with self.log.open("a") as file:
            file.write(json.dumps(line) + "\n")

    def given(self) -> Given:
        """Return what an engine is given of the project as it stands there."""
        (reading,) = readings((str(self.folder),))
        project = reading.project()
        given = Given(project, self.log)
        given.name = "club"
        return given

    def loaded(self) -> Loaded:
        """Return the records of the store."""
        with closing(Store(self.folder / "s.db", self.given().wanted(REHEARSAL))) as store:
            return store.journal.load()

    @contextmanager
    def engine(self, **more: Any) -> Iterator[Engine]:
        """Open the store with what is taken up of the project."""
        given = self.given()
        with closing(Store(self.folder / "s.db", given.wanted(REHEARSAL))) as store:
            given.ends = more.get("ends", ())
            given.take_up(store.journal)
            yield Engine(store, given)

    def rehearse(self, **more: Any) -> list[dict[str, Any]]:
        """Rehearse what is new in the log and return the whole trace."""
        with self.engine(**more) as engine:
            rehearse(engine, None)
            return [json.loads(line) for line in told(engine)]


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """Return a shop in which somebody has joined."""
    made = Shop(tmp_path)
    made.happens(1, "joined", plan="family")
    made.rehearse()
    return made


def outcomes(trace: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return when visits ended, and how."""
    return [(one["at"][:10], one["outcome"]) for one in trace if one["kind"] == "outcome"]


def test_who_is_inside_finishes_their_version_after_a_restart(shop: Shop) -> None:
    """The old words are compiled again; twice, as people are in two versions by then."""
    shop.write(JOURNEY.replace("7 days", "9 days"))
    shop.happens(2, "joined", **{"member-number": "M-2", "email": "jon@mail.example"})
    shop.rehearse()
    shop.write(JOURNEY.replace("7 days", "11 days"))
    shop.happens(3, "joined", **{"member-number": "M-3", "email": "ana@mail.example"})
    shop.happens(28, "spoke")
    trace = shop.rehearse()
    assert outcomes(trace) == [
        ("2026-03-08", "silent"),
        ("2026-03-11", "silent"),
        ("2026-03-14", "silent"),
    ]
    assert len({one["version"] for one in trace if one["kind"] == "outcome"}) == 3


def test_nobody_is_written_anew_who_goes_on_as_before(shop: Shop) -> None:
    """A version that is taken up costs nothing for those who finish their own."""
    before = shop.loaded().records
    shop.write(JOURNEY.replace("7 days", "9 days"))
    with shop.engine() as engine, engine.batch():
        engine.take_over()
        assert engine.world.touched == set()
    assert shop.loaded().records == before


def test_people_move_once(shop: Shop) -> None:
    """A move is one batch; a restart behind it moves nobody again."""
    shop.write(MOVES.replace("7 days", "9 days"))
    shop.rehearse()
    trace = shop.rehearse()
    assert [one["verdict"] for one in trace if one["kind"] == "version"] == ["taken"]
    shop.happens(28, "spoke")
    assert outcomes(shop.rehearse()) == [("2026-03-10", "silent")]


@pytest.mark.parametrize("most", [1, 2, 3, 100])
def test_many_people_move_in_batches(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    """Some at a time, each once, also where it is broken off in between; who came first moves first."""
    for number in range(2, 7):
        who = {"member-number": f"M-{number}", "email": f"m{number}@mail.example"}
        shop.happens(2, "joined", **who)
    shop.rehearse()
    shop.write(MOVES.replace("7 days", "9 days"))
    monkeypatch.setattr(stored, "TOGETHER", most)
    with shop.engine() as engine, engine.batch():
        engine.take_over()
        assert engine.counts["told version taken"] == min(6, most - 1)
    trace = shop.rehearse()
    moved = [one["person"] for one in trace if one["kind"] == "version"]
    assert moved == [f"P{number}" for number in range(1, 7)]
    assert shop.rehearse() == trace


def test_people_of_a_journey_that_is_gone_finish_or_are_let_out(shop: Shop) -> None:
    """With `--end` they are withdrawn, once."""
    shop.write("")
    shop.rehearse()
    trace = shop.rehearse(ends=["Welcome"])
    assert outcomes(trace) == [("2026-03-01", "withdrawn")]
    assert shop.rehearse(ends=["Welcome"]) == trace


def test_a_refused_version_leaves_the_store_as_it_was(shop: Shop) -> None:
    """Whoever is inside stands where they stood, and the good version goes on."""
    shop.write(MOVES.replace('wait for "pays" up', 'wait for "speaks" up'))
    before = shop.loaded()
    with pytest.raises(NotTakenError, match="1 person is inside"):
        shop.rehearse()
    assert shop.loaded() == before
    shop.write(JOURNEY)
    shop.happens(28, "spoke")
    assert outcomes(shop.rehearse()) == [("2026-03-08", "silent")]


def test_the_words_of_a_version_stay(shop: Shop) -> None:
    """What was sent years ago can be told in the words of that time."""
    shop.happens(28, "spoke")
    shop.write(JOURNEY.replace("7 days", "9 days"))
    shop.rehearse()
    shop.rehearse()
    words = words_in(shop.loaded().kept)
    texts = {
        line.strip()
        for one in words.values()
        for line in Kept.from_bytes(one).files["club"].splitlines()
        if "wait for" in line
    }
    assert texts == {'wait for "pays" up to 7 days', 'wait for "pays" up to 9 days'}


def test_records_are_read_for_it_only_where_something_has_changed(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is inside what is known from the last time; a million records are not read twice at each start."""

    def nothing(*_records: object) -> Inside:
        pytest.fail("the records are read")

    shop.write(JOURNEY.replace("7 days", "9 days"))
    shop.rehearse()
    with monkeypatch.context() as patch:
        patch.setattr(stored, "inside_records", nothing)
        shop.happens(28, "spoke")
        assert outcomes(shop.rehearse()) == [("2026-03-08", "silent")]
        shop.write(JOURNEY.replace("7 days", "11 days"))
        with pytest.raises(pytest.fail.Exception):
            shop.rehearse()
    shop.rehearse()


def test_other_clock_rules_count_anew_whom_they_concern(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another release of the data is met once: only zones whose rules are other ones are looked at."""
    asked = list[set[str]]()

    def recount(_world: object, zones: set[str], _among: slice) -> int:
        asked.append(zones)
        return 0

    monkeypatch.setattr(stored, "recount", recount)
    shop.rehearse()
    monkeypatch.setattr(clocks, "release", lambda: "2031.1")
    rules = clocks.rules()
    shop.rehearse()
    monkeypatch.setattr(clocks, "release", lambda: "2031.2")
    monkeypatch.setattr(clocks, "rules", lambda: {**rules, "Europe/Oslo": "0", "Europe/New": "1"})
    shop.rehearse()
    shop.rehearse()
    assert asked == [{"Europe/Oslo"}]


def test_a_store_that_lost_the_words_is_refused(shop: Shop) -> None:
    """Nobody is guessed into another version, and the sentence says how many they are."""
    with closing(sqlite3.connect(shop.folder / "s.db", isolation_level=None)) as connection:
        gone = connection.execute("delete from kept where name like 'version/%'")
        assert gone.rowcount == 1, "a rehearsal ends with what it wrote in its place"
    shop.write(JOURNEY.replace("7 days", "9 days"))
    with pytest.raises(NotTakenError, match=r"does not have the words .* 1 person is inside"):
        shop.rehearse()


# Saving


def cut_and_write(path: Path, content: bytes) -> Iterator[None]:
    """Save as editors do that cut the file, then write it in pieces."""
    path.write_bytes(b"")
    yield
    for length in range(0, len(content), 200):
        with path.open("ab") as file:
            file.write(content[length : length + 200])
        yield


def write_and_rename(path: Path, content: bytes) -> Iterator[None]:
    """Save as editors do that write another file and rename it, with the old one moved away first."""
    beside = path.with_name(path.name + "~")
    path.rename(beside)
    yield
    swap = path.with_name(".swap")
    swap.write_bytes(content)
    yield
    swap.replace(path)
    yield
    beside.unlink()
    yield


@pytest.mark.parametrize("save", [cut_and_write, write_and_rename])
def test_a_project_is_read_once_it_stands_still(
    tmp_path: Path, save: Callable[[Path, bytes], Iterator[None]]
) -> None:
    """However it is saved: it is read when nothing has changed for a second, and then once."""
    path = tmp_path / "club.journey"
    path.write_text(WORDS + JOURNEY)
    saved = Saved(lambda: [str(path), str(tmp_path / "verbline.toml")])
    now, told_at = 0, list[int]()
    content = (WORDS + JOURNEY.replace("7 days", "9 days")).encode()
    for _ in save(path, content):
        for _ in range(2):
            now += 150
            assert not saved.is_new(now), "it is still being written"
    for _ in range(12):
        now += 400
        if saved.is_new(now):
            told_at.append(now)
            assert path.read_bytes() == content
    assert len(told_at) == 1
    path.write_text("")
    os.utime(path, ns=(1, 1))
    assert [saved.is_new(now + more) for more in (400, 1_400, 2_400)] == [False, True, False]
