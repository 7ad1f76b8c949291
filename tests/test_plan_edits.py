"""`verbline plan` over edits of an example project: whatever sentence is edited, it names exactly those who differ."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.planned import named, traces
from tests.test_plan_changes import edits, told
from tests.test_simulate import CASE_FILES, case_of
from tests.tree import ROOT
from verbline.cli.planning import Asked, planned
from verbline.cli.programs import Compiled, compiled

# Every so many edits of a project are tried.
EVERY = 5
# Who gets other words is told by no trace; whoever is somebody else is compared otherwise.
WORDS, PEOPLE = {"message", "offer"}, {"person"}


def compiled_at(folder: Path) -> Compiled:
    """Return the project in a folder."""
    found = compiled(str(folder))
    assert found is not None
    return found


def tried(folder: Path, log: Path, into: Path) -> int:
    """Hold plans of edits against two simulations each; return in how many people they differed, all together."""
    found, count = compiled_at(folder), 0
    before = traces(folder, log)
    for at, (name, number, line, project) in enumerate(edits(found)):
        kinds = {change.kind for change in told(found, project)}
        if at % EVERY or kinds & PEOPLE:
            continue
        new = into / str(at)
        shutil.copytree(folder, new, ignore=shutil.ignore_patterns("log", "*.jsonl"))
        source = project.files[name].source
        (new / f"{name}.journey").write_text("\n".join(source.lines) + "\n", "utf-8")
        after = traces(new, log)
        expected = {one for one in before.keys() | after.keys() if before[one] != after[one]}
        answer = planned(Asked(str(new), str(folder), str(log)))
        assert answer is not None
        where = f"{name}:{number} {line}"
        assert named(answer) >= expected, where
        assert named(answer) == expected or kinds & WORDS, where
        count += len(expected)
    return count


def test_edits_of_the_example(tmp_path: Path) -> None:
    """Its log holds bookings, answers of desks, two people who are one and one who is erased."""
    folder = ROOT / "journeys" / "mobility"
    assert tried(folder, folder / "log", tmp_path) > 10


@pytest.mark.parametrize("path", CASE_FILES, ids=lambda one: one.stem)
def test_edits_of_cases(path: Path, tmp_path: Path) -> None:
    """Each case of `verbline simulate`, with its own log."""
    case_of(path).write(tmp_path / "old")
    log = tmp_path / "old" / "log"
    log = log if log.exists() else next((tmp_path / "old").glob("*.jsonl"))
    shutil.copytree(log, tmp_path / "log") if log.is_dir() else shutil.copy(log, tmp_path / "log.jsonl")  # fmt: skip
    tried(tmp_path / "old", tmp_path / log.name, tmp_path / "new")
