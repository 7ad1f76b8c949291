"""A log read by a process beside: what is learned of it is what a reading here learns, and its mistakes are told here."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.years.made import PROJECTS, year_of
from tests.apart import MARK, club, visit
from tests.test_simulate_anything import EVENT, lines_of
from tests.tree import ROOT
from tests.trials import tries
from verbline.cli.programs import Compiled, compiled
from verbline.runtime import gist, shares
from verbline.runtime.apart import Apart
from verbline.runtime.entries import OutOfOrderError
from verbline.runtime.gist import Packed, fields_of
from verbline.runtime.lines import LogError
from verbline.runtime.log import Log
from verbline.runtime.simulate import Simulation
from verbline.runtime.sources import renamed, sources_of

YES = {"act": "grant", "purpose": "offers", "channel": "email"}


@pytest.fixture(scope="module")
def shared_club(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """Return a project whose people are written to."""
    return club(tmp_path_factory.mktemp("club"))


def learned(found: Compiled, path: Path, *, beside: bool) -> dict[str, Any]:
    """Return all that a first reading learns."""
    made = Simulation(found.project, found.program, sources=sources_of(found.reading.settings))
    log = Log(path, park=made.park)
    apart = Apart(made, log)
    try:
        apart.learn(beside=beside)
    except OutOfOrderError as error:
        return {"no way": str(error)}
    jotted, feed, counts = apart.jotted, made.feed, log.counts
    return {
        "events": list(zip(jotted.owner, jotted.places, jotted._known, jotted._happened, jotted._before, strict=True)),
        "said": [repr(jotted.resolution(one)) for one in range(len(jotted.owner))],
        "families": list(apart.families()),
        "people": feed.graph.store.people,
        "nobody": (feed.nobody, feed.refused, dict(feed.strange), dict(feed.foreign), dict(feed.asked)),
        "bounds": (made.first, made.last, made.events, apart.reached),
        "parked": [(one.file, one.offset, one.fault.reason, one.known) for one in made.parked],
        "counts": {name: getattr(counts, name) for name in counts.__slots__},
    }  # fmt: skip


def are_same(found: Compiled, path: Path) -> dict[str, Any]:
    """Assert that both ways learn the same, and return it."""
    here, beside = learned(found, path, beside=False), learned(found, path, beside=True)
    for name, told in here.items():
        assert beside[name] == told, name
    return here


@pytest.mark.parametrize("name", sorted(PROJECTS))
def test_a_year_is_learned_beside(name: str, tmp_path: Path) -> None:
    """The year of an example project, whose sources have other names for our fields, and desks that answer."""
    year_of(name, 90, 5).write(tmp_path / "log")
    found = compiled(str(ROOT / "journeys" / name))
    assert found is not None
    assert are_same(found, tmp_path / "log")["people"] > 80


@tries(25)
@given(events=st.lists(EVENT, min_size=1, max_size=25), together=st.sampled_from([1, 3, 512]))
def test_anything_is_learned_beside(
    shared_club: Compiled, tmp_path: Path, events: list[dict[str, Any]], together: int
) -> None:
    """Whatever stands in a log, with what is no event, from nobody, or said about being written to."""
    path = tmp_path / "log.jsonl"
    visits = [json.loads(visit(number, "2026-03-02T08:00:00Z")) for number in (1, 2, 3)]
    visits[0]["agrees"] = visits[1]["agrees"] = {"offers": {"email": True}}
    visits[2]["consent"] = [{**YES, "contact": "email:1@mail.example"}]
    told = "".join(f"{json.dumps(one)}\n" for one in visits)
    nobody = '{"id": "n", "type": "visit.begun", "time": "2026-03-02T08:00:00Z", "data": {}}'
    path.write_text(f"{told}{lines_of(events)}\n{nobody}\nno event\n{told}", "utf-8")
    gist.TOGETHER = together
    try:
        learned_of = are_same(shared_club, path)
        assert "no way" in learned_of or learned_of["parked"]
    finally:
        gist.TOGETHER = 512


def test_answers_that_are_many_are_passed_on(
    shared_club: Compiled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where so many different things are said that not all can be kept, and of so many kinds, nothing else is learned."""
    monkeypatch.setattr(gist, "ANSWERS_MAX", 2)
    monkeypatch.setattr(gist, "KINDS_MAX", 2)
    path = tmp_path / "log.jsonl"
    events = [json.loads(visit(number, "2026-03-02T08:00:00Z")) for number in range(1, 8)]
    for number, event in enumerate(events):
        event["consent"] = [{**YES, "contact": f"email:{number}@mail.example"}]
        event["type"] = f"visit.{number}"
    path.write_text("".join(f"{json.dumps(one)}\n" for one in events * 2), "utf-8")
    assert are_same(shared_club, path)["people"] == 7


def test_an_answer_that_is_mixed_up_is_seen(
    shared_club: Compiled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The comparison is no idle one."""
    path = tmp_path / "log.jsonl"
    event = json.loads(visit(1, "2026-03-02T08:00:00Z"))
    event["consent"] = [{**YES, "contact": "email:other@mail.example"}]
    path.write_text(json.dumps(event), "utf-8")
    are_same(shared_club, path)
    monkeypatch.setattr(Packed, "_whole", lambda _packed, one, _answers: dict(one.data))
    with pytest.raises(AssertionError, match="said"):
        are_same(shared_club, path)


NAME = st.sampled_from(["a", "b", "c", "d"])


@given(
    said=st.lists(NAME, max_size=4, unique=True),
    names=st.dictionaries(NAME, NAME, max_size=3),
    fields=st.dictionaries(NAME, st.integers(0, 9), max_size=4),
)
def test_fields_are_found_under_the_names_of_their_source(
    said: list[str], names: dict[str, str], fields: dict[str, int]
) -> None:
    """What is picked out of an event is what stands there once all is renamed, where no two names become one."""
    if len({*names.values()}) < len(names):
        return
    ours = renamed(fields, names)
    picked = {name: fields[one] for one, name in fields_of(said, names) if one in fields}
    assert picked == {name: ours[name] for name in said if name in ours}


def test_what_cannot_be_read_beside_is_told_here(shared_club: Compiled, tmp_path: Path) -> None:
    """A file that goes while it is read is an error of the log, as it is where one process reads."""
    path = tmp_path / "log.jsonl"
    path.write_text(visit(1, "2026-03-02T08:00:00Z"), "utf-8")
    made = Simulation(shared_club.project, shared_club.program)
    log = Log(path)
    path.unlink()
    with pytest.raises(LogError, match="cannot be read"):
        Apart(made, log).learn(beside=True)


def test_what_needs_the_order_of_time_ends_the_reading_beside(
    shared_club: Compiled, tmp_path: Path
) -> None:
    """An answer that nobody can be told of ends it, however much is still to be read."""
    path = tmp_path / "log.jsonl"
    answer = {"id": "a", "source": "verbline", "type": MARK, "time": "2026-03-02T09:00:00Z", "data": {"key": "k"}}  # fmt: skip
    later = "".join(visit(number, "2026-03-03T08:00:00Z") for number in range(2, 5_000))
    path.write_text(f"{json.dumps(answer)}\n{later}", "utf-8")
    made = Simulation(shared_club.project, shared_club.program)
    with pytest.raises(OutOfOrderError):
        Apart(made, Log(path)).learn(beside=True)


def test_who_reads_beside_and_is_ended_is_told() -> None:
    """What was passed on has been taken; then a sentence says that the process was ended."""
    heard: list[bytes] = []

    def ends(tell: shares.Tell) -> None:
        tell(b"one")
        os.kill(os.getpid(), signal.SIGKILL)

    def fails(tell: shares.Tell) -> None:
        tell(b"two")
        raise ValueError("this reading")

    with pytest.raises(shares.EndedError, match="ended from outside"):
        shares.streamed(ends, heard.append)
    with pytest.raises(ValueError, match="this reading"):
        shares.streamed(fails, heard.append)
    assert shares.streamed(lambda tell: tell(b"three"), heard.append) is None
    assert heard == [b"one", b"two", b"three"]
