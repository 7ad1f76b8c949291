"""The change in sentences: whatever changes the meaning of a project is told, and what does not is not."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tree import ROOT
from verbline import cli
from verbline.cli.programs import Compiled, compiled
from verbline.interpreter.check import check
from verbline.interpreter.program.compile import compile_project
from verbline.interpreter.project import Project
from verbline.interpreter.source import Source
from verbline.runtime.plan import changes as module
from verbline.runtime.plan.changes import Change, Side, changes

EXAMPLES = sorted(path.parent for path in (ROOT / "journeys").glob("*/verbline.toml"))
# What a project says to people who read it, and to nothing that runs; scenarios are tests.
SILENT = frozenset(("use", "language", "scenario", "examples"))
# What a version of a journey is made of.
SENT = {"journey", "message", "offer"}
# What counts where nothing is said, and what nothing is without.
KEPT = ("is_marketing", "rests_on", "people_where")
NUMBER = re.compile(r"\b(\d+)(?= |%|$)")


@pytest.fixture(scope="module", params=["mobility", "retail"])
def example(request: pytest.FixtureRequest) -> Compiled:
    """Return an example project."""
    found = compiled(str(ROOT / "journeys" / request.param))
    assert found is not None
    return found


def told(old: Compiled, project: Project) -> tuple[Change, ...]:
    """Return what changes where ``project`` follows."""
    before = Side(old.project, old.program)
    return changes(before, Side(project, compile_project(project))).changes


def rewritten(found: Compiled, name: str, lines: list[str]) -> Project | None:
    """Return the project with other lines in a file; None where it has errors then."""
    source = Source.of_text(found.project.files[name].source.path, "\n".join(lines) + "\n")
    project = found.project.renewed({name: source})
    return None if any(one.level == "error" for one in check(project)) else project


def edits(found: Compiled) -> Iterator[tuple[str, int, str, Project]]:
    """Yield the project with one line dropped, or with one number raised, wherever it has no errors then."""
    for name, file in found.project.files.items():
        lines = list(file.source.lines)
        for sentence in file.walk():
            top = sentence
            while top.parent is not None:
                top = top.parent
            if top.shape in SILENT or sentence.shape in SILENT:
                continue
            at = sentence.number - 1
            last = max(one.number for one in sentence.walk())
            if sentence.text is None and sentence.shape not in KEPT:
                project = rewritten(found, name, [*lines[:at], *lines[last:]])
                if project is not None:
                    yield name, at + 1, lines[at], project
            raised = NUMBER.sub(lambda match: str(int(match[1]) + 1), lines[at], count=1)
            if raised != lines[at] and '"' not in lines[at].partition(raised[:1])[0]:
                project = rewritten(found, name, [*lines[:at], raised, *lines[at + 1 :]])
                if project is not None:
                    yield name, at + 1, raised, project


def test_no_change_of_meaning_goes_untold(example: Compiled) -> None:
    """Each sentence is dropped, and each number raised, where that leaves a project without errors: it is told, in words.

    Where a journey is another version then, the journey is told of, or a message or an offer that it sends.
    """
    count = 0
    for name, number, line, project in edits(example):
        found = told(example, project)
        assert found, f"{name}:{number} {line}"
        is_said = any(one.text for change in found for one in change.lines)
        assert is_said or found[0].what != "changed", f"{name}:{number} {line}"
        if compile_project(project).version != example.program.version:
            assert SENT & {change.kind for change in found}, f"{name}:{number} {line}"
        count += 1
    assert count > 20


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda one: one.name)
def test_what_says_the_same_is_no_change(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Comments, blank lines, capitals and full stops in every file, and files under other names."""
    shutil.copytree(folder, tmp_path / "new", ignore=shutil.ignore_patterns("log"))
    for path in (tmp_path / "new").rglob("*.journey"):
        text, is_open = [], False
        for line in path.read_text("utf-8").splitlines():
            is_open ^= line.count('"""') % 2 == 1
            is_text = is_open or '"""' in line
            text += [line] if is_text else [re.sub(r"(?<=[a-z])$", ".", line) if not line.lstrip().startswith(("#", "|")) else line]  # fmt: skip
        path.write_text("# said anew\n" + "\n".join(text) + "\n", "utf-8")
    code = cli.run(["plan", str(tmp_path / "new"), "--against", str(folder)])
    assert capsys.readouterr().out.endswith("The texts mean what they meant.\n")
    assert code == 0


def test_another_language_is_no_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A journey written in Slovenian is the same journey."""
    folder = ROOT / "journeys" / "mobility"
    shutil.copytree(folder, tmp_path / "new", ignore=shutil.ignore_patterns("log", "scenarios"))
    path = tmp_path / "new" / "journeys" / "safe-driving-course.journey"
    assert cli.run(["translate", "--to", "sl", str(path)]) == 0
    text = capsys.readouterr().out
    assert "pot " in text
    path.write_text(text, "utf-8")
    new = compiled(str(tmp_path / "new"))
    old = compiled(str(folder))
    assert new is not None
    assert old is not None
    # Its texts count as Slovenian now, though nobody has translated them.
    found = told(old, new.project)
    assert {change.kind for change in found} == {"message"}
    assert all("words" in line.text for change in found for line in change.lines)


def test_a_kind_that_is_not_looked_at_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first test notices a kind of thing that is forgotten."""
    kept = {kind: review for kind, review in module.REVIEWS.items() if kind != "purpose"}
    monkeypatch.setattr(module, "REVIEWS", kept)
    found = compiled(str(ROOT / "journeys" / "mobility"))
    assert found is not None
    purposes = (one for one in edits(found) if one[0] == "vocabulary/purposes")
    _name, _number, _line, project = next(purposes)
    assert not told(found, project)
