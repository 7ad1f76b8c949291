"""`verbline plan --store`: who is inside what, and what becomes of them; the store is only read."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.planned import PAIRS, changed
from verbline import cli
from verbline.cli.planning import Asked, planned

LONGER = next(one for one in PAIRS if one.path.stem == "longer-wait")
MOVES = "-  runs again after 30 days\n+  runs again after 30 days\n+  people inside move to the new version"
WAIT = 'wait for "member attends" up to {} days'


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """Return the old side, the new side and the store of the old one, in which three people wait."""
    folder = tmp_path_factory.mktemp("running")
    old, new, log = LONGER.write(folder)
    part = folder / "part.jsonl"
    lines = (log / "events.jsonl").read_text("utf-8").splitlines()[:8]
    part.write_text("\n".join(lines) + "\n", "utf-8")
    store = folder / "s.db"
    assert cli.run(["run", str(old), "--log", str(part), "--store", str(store), "--rehearse"]) == 0
    return old, new, store


def told(old: Path, new: Path, store: Path) -> dict[str, Any]:
    """Return what a plan says of the people in a store, which it leaves as it is."""
    before = sha256(store.read_bytes()).digest()
    asked = Asked(str(new), str(old), None)
    asked.store = str(store)
    found = planned(asked)
    assert found is not None
    assert sha256(store.read_bytes()).digest() == before
    answer: dict[str, Any] = found["store"]
    return answer


def rewritten(new: Path, into: Path, change: str) -> Path:
    """Return the folder of another new side, with a change more."""
    into.mkdir()
    for path in new.iterdir():
        (into / path.name).write_bytes(path.read_bytes())
    place = into / "course.journey"
    place.write_text(changed(place.read_text("utf-8"), change), "utf-8")
    return into


def test_people_inside_the_version_that_stays_are_not_concerned(
    running: tuple[Path, Path, Path],
) -> None:
    """The new version of the journey is the old one."""
    old, _new, store = running
    found = told(old, old, store)
    (row,) = found["inside"]
    assert (row["journey"], row["people"], row["becomes"]) == ("Course", 3, "stay")
    assert found["refused"] == []


def test_people_inside_finish_what_they_started(running: tuple[Path, Path, Path]) -> None:
    """Where the journey says nothing else."""
    (row,) = told(*running)["inside"]
    assert (row["step"], row["people"], row["becomes"]) == (WAIT.format(7), 3, "finish")


def test_people_inside_move_where_the_journey_says_so(
    running: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    """The step that has become theirs is named."""
    old, new, store = running
    (row,) = told(old, rewritten(new, tmp_path / "moves", MOVES), store)["inside"]
    assert (row["becomes"], row["to"]) == ("move", WAIT.format(14))


def test_a_step_taken_from_under_people_is_refused(
    running: tuple[Path, Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who is to move has nowhere to go: the plan says what `run` would."""
    old, new, store = running
    moves = rewritten(new, tmp_path / "moves", MOVES)
    without = f'-  {WAIT.format(14)}\n-    if it happens\n-      notify the member by email with "Come again" for "offers"\n-      finish as "came"\n'  # fmt: skip
    gone = rewritten(moves, tmp_path / "gone", f"{without}+  wait 3 days")
    found = told(old, gone, store)
    (row,) = found["inside"]
    assert row["becomes"] == "stranded"
    (why,) = found["refused"]
    assert "the new version has no such step" in why
    assert cli.run(["plan", str(gone), "--against", str(old), "--store", str(store)]) == 2
    shown = capsys.readouterr().out
    assert "`run` will not take this version up:" in shown
    assert "3 of them in a version that is not the new one:" in shown


def test_a_file_that_is_no_store_is_told(
    running: tuple[Path, Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """With its path, and 1."""
    old, new, store = running
    for other in (store.with_name("nowhere.db"), new / "course.journey"):
        assert cli.run(["plan", str(new), "--against", str(old), "--store", str(other)]) == 1
        assert str(other) in capsys.readouterr().err
