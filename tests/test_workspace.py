"""A project that is being edited: its findings are always those of a project read anew."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.cases import library
from tests.tree import ROOT
from tests.trials import seeds
from verbline.interpreter.lint import lint
from verbline.interpreter.problems import Problem
from verbline.interpreter.project import Project
from verbline.interpreter.settings import settings_of
from verbline.interpreter.source import Source
from verbline.interpreter.workspace import Workspace

EXAMPLES = sorted(path.parent for path in (ROOT / "journeys").glob("*/verbline.toml"))
LETTERS = ' "abcč#-1\t\n'


def contents_of(folder: Path) -> dict[str, bytes]:
    """Return the files of an example by their path."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def told(problems: list[Problem]) -> list[tuple[object, ...]]:
    """Return everything that is said about findings."""
    return [
        (repr(one), repr(one.span), one.level, one.message, one.suggestion, one.related, len(one.edits))
        for one in problems
    ]  # fmt: skip


def anew(contents: dict[str, bytes]) -> list[Problem]:
    """Return the findings in a project that nobody has seen before."""
    settings = settings_of("verbline.toml", contents["verbline.toml"])
    sources = {
        path.removesuffix(".journey"): Source.of_bytes(path, content)
        for path, content in sorted(contents.items())
        if path.endswith(".journey")
    }

    def text(path: str) -> str | None:
        content = contents.get(path)
        return None if content is None else content.decode("utf-8", "replace")

    ordered = dict(sorted(sources.items()))
    found = lint(Project(ordered, settings, library, text), preset="strict")
    return sorted([*settings.problems, *found], key=lambda problem: problem.key)


def workspace_of(contents: dict[str, bytes]) -> Workspace:
    """Return a workspace that holds ``contents``."""
    workspace = Workspace(library, preset="strict")
    for path, content in contents.items():
        workspace.update(path, content)
    return workspace


def edited(content: bytes, random: Random) -> bytes:
    """Return a text with one change, as an author makes them."""
    lines = content.decode("utf-8", "replace").split("\n")
    at = random.randrange(len(lines))
    kind = random.randrange(6)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(at, random.choice(lines))
    elif kind == 2:
        other = random.randrange(len(lines))
        lines[at], lines[other] = lines[other], lines[at]
    elif kind == 3:
        words = lines[at].split(" ")
        words[random.randrange(len(words))] = random.choice(random.choice(lines).split(" "))
        lines[at] = " ".join(words)
    else:
        place = random.randrange(len(lines[at]) + 1)
        behind = place + random.randrange(2)
        lines[at] = lines[at][:place] + random.choice(LETTERS) + lines[at][behind:]
    return "\n".join(lines).encode()


def change(contents: dict[str, bytes], random: Random) -> str:
    """Change one file in ``contents``, add or remove one, and return its path."""
    path = random.choice(list(contents))
    kind = random.randrange(12)
    if kind == 0:
        del contents[path]
    elif kind == 1 and "-2." not in path:
        path = f"{path.rpartition('.')[0]}-2.{path.rpartition('.')[2]}"
        contents[path] = random.choice(list(contents.values()))
    else:
        contents[path] = edited(contents[path], random)
    return path


@pytest.mark.parametrize("folder", EXAMPLES, ids=lambda path: path.name)
@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in seeds(3)[2:])]
)
def test_after_every_edit_the_findings_are_those_of_a_fresh_look(folder: Path, seed: int) -> None:
    """Whatever is typed, removed, added or put back: nothing is forgotten and nothing stays too long."""
    random = Random(f"{folder.name} {seed}")  # noqa: S311 - edits, not secrets
    first = contents_of(folder)
    contents = dict(first)
    workspace = workspace_of(contents)
    assert told(workspace.findings()) == told(anew(contents))
    for _step in range(12):
        settings = contents["verbline.toml"]
        path = change(contents, random)
        contents.setdefault("verbline.toml", settings)
        workspace.update(path, contents.get(path))
        if random.randrange(2):
            assert told(workspace.findings()) == told(anew(contents)), path
    for path in {*first, *contents}:
        workspace.update(path, first.get(path))
    assert told(workspace.findings()) == told(anew(first))


def test_an_example_without_changes_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same content given again costs nothing, and gives the same findings."""
    contents = contents_of(EXAMPLES[0])
    workspace = workspace_of(contents)
    before = told(workspace.findings())
    project = workspace.project
    for path, content in contents.items():
        workspace.update(path, bytes(content))
    monkeypatch.setattr(workspace, "looks", None)
    assert workspace.project is project
    assert told(workspace.findings()) == before


def test_only_the_changed_file_is_parsed_again() -> None:
    """The other files keep their trees, and the library keeps its own."""
    contents = contents_of(ROOT / "journeys" / "mobility")
    workspace = workspace_of(contents)
    before = workspace.project
    path = "vocabulary/moments.journey"
    workspace.update(path, contents[path] + b"# a word more\n")
    after = workspace.project
    changed = {name for name in after.files if after.files[name] is not before.files[name]}
    assert changed == {"vocabulary/moments"}
    assert after.used("standard/consent") is before.used("standard/consent")


def test_findings_can_be_asked_for_one_file() -> None:
    """An editor asks for what is open."""
    contents = contents_of(ROOT / "journeys" / "mobility")
    contents["vocabulary/moments.journey"] += b'moment "member cancels the course"\n'
    workspace = workspace_of(contents)
    one = workspace.findings(["vocabulary/moments"])
    assert {problem.path for problem in one} == {"vocabulary/moments.journey"}
    assert told(one) == told(
        [
            problem
            for problem in workspace.findings()
            if problem.path == "vocabulary/moments.journey"
        ]
    )


def test_a_text_that_the_workspace_lacks_comes_from_outside() -> None:
    """A message's text may lie on disk while the journeys are edited."""
    contents = contents_of(ROOT / "journeys" / "mobility")
    texts = {path: contents.pop(path) for path in list(contents) if path.startswith("messages/")}
    outer = Workspace(library, lambda path: texts[path].decode() if path in texts else None)
    inner = Workspace(library)
    for path, content in contents.items():
        outer.update(path, content)
        inner.update(path, content)
    assert told(outer.findings()) != told(inner.findings())
    for path, content in texts.items():
        inner.update(path, content)
    assert told(outer.findings()) == told(inner.findings())
