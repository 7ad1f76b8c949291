"""`verbline run`: whatever comes whenever, and however often it is broken off, the log says again what was decided."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.living import Clock, lived, made_again
from tests.loglines import HOUR, START
from tests.rehearsed import dice_of, folder, given_of
from tests.test_simulate import CASE_FILES, case_of
from tests.test_simulate_anything import EVENT
from tests.trials import tries
from verbline.cli.programs import Compiled, compiled
from verbline.interpreter.step.records import instant_text
from verbline.runtime.sources import Sources

SOURCES = {"booking system": {"source": ["urn:club:booking"], "fields": {"memberNo": "member-number"}}}  # fmt: skip


@pytest.fixture(params=CASE_FILES, ids=lambda path: path.stem, scope="module")
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """Return the project of a case."""
    place = tmp_path_factory.mktemp("project")
    case_of(request.param).write(place)
    found = compiled(str(place))
    assert found is not None
    return found


def events_of(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return events, each so many hours after the one before it."""
    at, found = START, []
    for number, event in enumerate(told):
        at += event["hours"] * HOUR
        more = {name: value for name, value in event.items() if name != "hours"}
        found.append({"id": f"e{number}", "time": instant_text(at), **more})
    return found


@tries(7)
@given(told=st.lists(EVENT, min_size=1, max_size=15), seed=st.integers(0, 1 << 30))
def test_a_store_made_again_is_the_store(case: Compiled, told: list[dict[str, Any]], seed: int) -> None:  # fmt: skip
    """People, timers, brakes, trace and outbox, after random lines at random times and random crashes."""
    dice = dice_of(seed)
    with folder() as place:
        log = place / "log"
        log.mkdir()
        asked = given_of(case, log, Sources(SOURCES))
        asked.folder = place
        clock = Clock(START)
        found = lived(place / "s.db", asked, clock, events_of(told), dice)
        if (log / "verbline.runtime.jsonl").exists():
            assert made_again(place / "s.db", asked, clock) == found
