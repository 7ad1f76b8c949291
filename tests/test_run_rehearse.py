"""`verbline run --rehearse`: through the store a log comes to what simulate says, wherever it was broken off."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rehearsed import broken, bytes_of, dice_of, folder, given_of, opened, shape_of, simulated
from tests.test_simulate import CASE_FILES, case_of
from tests.test_simulate_anything import EVENT, lines_of
from tests.tree import ROOT
from tests.trials import seeds, tries
from verbline import cli
from verbline.cli.programs import Compiled, compiled
from verbline.runtime.engine.engine import Engine
from verbline.runtime.engine.reading import Backlog
from verbline.runtime.engine.world import Noting, Watched
from verbline.runtime.sources import Sources, sources_of

SOURCES = {"booking system": {"source": ["urn:club:booking"], "fields": {"memberNo": "member-number"}}}  # fmt: skip
MOBILITY = ROOT / "journeys" / "mobility"


@pytest.fixture(params=CASE_FILES, ids=lambda path: path.stem, scope="module")
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """Return the project of a case, with its log."""
    folder = tmp_path_factory.mktemp("project")
    case_of(request.param).write(folder)
    found = compiled(str(folder))
    assert found is not None
    return found


def test_the_trace_of_a_case_is_that_of_simulate(case: Compiled) -> None:
    """Its own log, broken off at random."""
    log = Path(case.reading.folder) / "log"
    log = log if log.exists() else next(Path(case.reading.folder).glob("*.jsonl"))
    sources = sources_of(case.reading.settings)
    expected = simulated(case, log, sources)
    with folder() as place:
        for seed in seeds(2):
            found, _ = broken(place / f"{seed}.db", given_of(case, log, sources), dice_of(seed))
            assert found == expected


def test_the_example_with_a_log_is_rehearsed_as_it_is_simulated() -> None:
    """Several files, a runtime's own log among them."""
    found = compiled(str(MOBILITY))
    assert found is not None
    sources = sources_of(found.reading.settings)
    expected = simulated(found, MOBILITY / "log", sources)
    begun = 0
    with folder() as place:
        for seed in seeds(5):
            asked = given_of(found, MOBILITY / "log", sources)
            trace, number = broken(place / f"{seed}.db", asked, dice_of(seed), 6)
            assert trace == expected
            begun += number
    assert begun > len(seeds(5)), "some were broken off"


@tries(10)
@given(events=st.lists(EVENT, min_size=1, max_size=20), dice=st.integers(0, 1 << 30))
def test_whatever_stands_in_a_log_a_rehearsal_is_a_simulation(
    case: Compiled, events: list[dict[str, Any]], dice: int
) -> None:
    """Random events, in random batches, broken off at random."""
    with folder() as place:
        log = place / "log.jsonl"
        log.write_text(
            lines_of(events) + dice_of(dice).choice(("", "\n", '\n{"id": "to', "\n[]\n"))
        )
        sources = Sources(SOURCES)
        expected = simulated(case, log, sources)
        found, _ = broken(place / "s.db", given_of(case, log, sources), dice_of(dice))
        assert found == expected


def checked(engine: Engine) -> None:
    """Take the log in batches of one stretch; who is not noted has not changed, and what is read back is what was there."""
    before: dict[int, bytes] = {}
    for stretch in Backlog(engine.files).stretches():
        left = stretch
        while left is not None:
            with engine.batch():
                engine.room = 1
                left = engine.take(left)  # type: ignore[assignment]
                touched = set(engine.world.touched)
            now = bytes_of(engine)
            assert {one for one in now.keys() | before.keys() if now.get(one) != before.get(one)} <= touched  # fmt: skip
            again = Engine(engine.store, engine.given)
            assert bytes_of(again) == now
            assert shape_of(again) == shape_of(engine)
            before = now


@tries(6)
@given(events=st.lists(EVENT, min_size=1, max_size=12))
def test_who_is_not_noted_has_not_changed(case: Compiled, events: list[dict[str, Any]]) -> None:
    """After each batch, the bytes of everybody whom it did not note are those from before; what is loaded is what was there."""
    with folder() as place:
        log = place / "log.jsonl"
        log.write_text(lines_of(events) + "\n")
        with opened(place / "s.db", given_of(case, log, Sources(SOURCES))) as engine:
            checked(engine)


@pytest.mark.parametrize("where", ["begin", "handle", "hold", "add", "put_into"])
def test_a_way_to_a_person_that_notes_nobody_is_found(
    where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of the ways is met by the example's log, and by a merge and a timer in it."""
    kind = Noting if where == "begin" else Watched
    plain = getattr(kind.__mro__[1], where)
    monkeypatch.setattr(kind, where, plain)
    found = compiled(str(MOBILITY))
    assert found is not None
    asked = given_of(found, MOBILITY / "log", sources_of(found.reading.settings))
    with folder() as place, opened(place / "s.db", asked) as engine, pytest.raises(AssertionError):
        checked(engine)


def test_the_sums_and_the_intents_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """The same again the second time: nothing is new in the log, and nothing is decided twice."""
    store = tmp_path / "s.db"
    command = ["run", str(MOBILITY), "--log", str(MOBILITY / "log"), "--store", str(store), "--rehearse"]  # fmt: skip
    assert cli.run([*command, "--format", "json"]) == 0
    first = json.loads(capsys.readouterr().out)
    lines = Path(first["intents"]).read_text("utf-8").splitlines()
    assert len(lines) == first["trace"]["message"]["sent"] + first["trace"]["task"]["taken"]
    assert cli.run([*command, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out) == first
    assert Path(first["intents"]).read_text("utf-8").splitlines() == lines
    assert cli.run(command) == 0
    assert "8 people" in capsys.readouterr().out
