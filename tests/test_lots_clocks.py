"""A clock that runs ahead in a log that is dealt into lots: its line happened when the line above it was known, and to the millisecond."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.apart import project_at, run
from tests.test_lots import are_same, shared
from tests.test_simulate_anything import lines_of
from verbline.cli.programs import Compiled
from verbline.runtime.lots.look import Look

# Asked three days into a visit: what was read seven days before to the millisecond still counts, what was read earlier does not.
READERS = """
person member
  known by member-number

moment "visit begins"
  comes from "site" as "visit.begun"

moment "page is read"
  comes from "site" as "page.read"

journey "Visit"
  starts when "visit begins"
  runs again after 2 days

  wait 3 days
  if the member had "page is read" in the last 7 days
    finish as "reader"
  finish as "other"
"""
SETTLED, LEAP = 40, 2_400


@pytest.fixture(scope="module")
def readers(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """Return the project of `READERS`."""
    folder = tmp_path_factory.mktemp("readers")
    (folder / "verbline.toml").write_text('[project]\nzone = "Europe/Ljubljana"\ncountry = "SI"\n')
    (folder / "a.journey").write_text(READERS)
    return project_at(folder)


def does(what: str, number: int, hours: int = 0) -> dict[str, Any]:
    """Return what somebody does, so many hours after the line above."""
    data = {"member-number": f"M-{number}"}
    return {"type": what, "source": "site", "data": data, "hours": hours}


def log_of(path: Path) -> Path:
    """Write a log whose first line and some others run a hundred days ahead, with a line that is no event above them."""
    events = [does("visit.begun", SETTLED), does("visit.begun", SETTLED + 1, -LEAP)]
    events += (does("page.read", one, {3: LEAP, 4: -LEAP}.get(one % 10, 0)) for one in range(SETTLED))  # fmt: skip
    for hours in (4 * 24, 6 * 24):
        events.append(does("visit.begun", 0, hours))
        events += (does("visit.begun", one) for one in range(1, SETTLED))
    events.append(does("visit.begun", SETTLED + 2, 100))
    path.write_text("no event\n\n" + lines_of(events), "utf-8")
    return path


def test_it_happened_when_the_line_above_was_known(readers: Compiled, tmp_path: Path) -> None:
    """Whoever read a page by a clock that runs ahead is a reader for seven days, as all others are, and the first line is no exception."""
    path = log_of(tmp_path / "log.jsonl")
    assert are_same(readers, path)
    told = run(readers, path, "in order")
    assert '"clock_ahead": 5' in told
    assert '"outcomes": {"other": 42, "reader": 40}' in told


def test_who_leaves_it_where_its_clock_says_is_found(
    readers: Compiled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not moved at all; moved by the place among those that are events; a millisecond off."""
    path = log_of(tmp_path / "log.jsonl")
    told, plain = run(readers, path, "in order"), Look.one_by_one

    def fault(*given: Any) -> tuple[int, bytes, dict[int, int]]:
        known, when, moved = plain(*given)
        return known, when, {place + at: one + late for place, one in moved.items()}

    for at, late in ((1_000, 0), (-1, 0), (0, -1)):
        monkeypatch.setattr(Look, "one_by_one", fault)
        assert shared(readers, path, 2) != told, (at, late)
