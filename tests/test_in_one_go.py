"""Steps that one function does together do what they do one after the other: the same records, and the same people after each stimulus."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.oracle.cases import Case, cases
from tests.oracle.engine import happen
from tests.oracle.invent import Invented, invent
from tests.tree import ROOT
from tests.trials import seeds
from verbline.cli.paths import readings
from verbline.interpreter.person.encode import to_bytes
from verbline.interpreter.program.compile import compile_project
from verbline.interpreter.program.program import Program
from verbline.interpreter.scenarios.run import run_scenarios
from verbline.interpreter.step import steps, world
from verbline.interpreter.step.happening import recall
from verbline.interpreter.step.records import APART
from verbline.interpreter.step.stretch import MAKERS
from verbline.interpreter.step.world import World

AT_ONCE, NEVER = 1, 1 << 60
CASES = list(cases())
SEEDS = seeds(60)
PROJECTS = sorted(path.parent for path in ROOT.glob("journeys/*/verbline.toml"))


def of_case(case: Case) -> Invented:
    """Return the history of a case."""
    history, until = case.history
    return Invented(0, case.files, case.settings, case.people, history, until)


class Seen(World):
    """A world that notes everything that is told, and everybody as bytes before each stimulus."""

    def __init__(self, program: Program) -> None:
        super().__init__(program)
        self.bytes: list[bytes] = []

    def note(self, _at: int = 0) -> None:
        """Note everybody."""
        self.bytes += [to_bytes(one) for one in self.people.values()]


def seen(
    invented: Invented, often: int, monkeypatch: pytest.MonkeyPatch
) -> tuple[list[Any], list[bytes]]:
    """Return what came of a history, where a step becomes a function when it has been met so ``often``."""
    monkeypatch.setattr(steps, "OFTEN", often)
    if often == NEVER:
        monkeypatch.setattr(world, "happen_plainly", recall)
    project = invented.project
    played = Seen(compile_project(project))
    happen(played, invented, project, played.note)
    played.note()
    return [one.as_dict() for one in played.trace], played.bytes


@pytest.mark.parametrize("seed", SEEDS)
def test_a_history_is_the_same_in_one_go(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Invented journeys: every record and every person."""
    invented = invent(seed)
    assert seen(invented, AT_ONCE, monkeypatch) == seen(invented, NEVER, monkeypatch)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_case_is_the_same_in_one_go(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cases worked out by hand: every record and every person."""
    invented = of_case(case)
    assert seen(invented, AT_ONCE, monkeypatch) == seen(invented, NEVER, monkeypatch)


def sums(invented: Invented, monkeypatch: pytest.MonkeyPatch, *, counted: bool) -> Counter[Any]:
    """Return how often each kind of record came, counted where it happens or told one by one."""
    monkeypatch.setattr(steps, "OFTEN", AT_ONCE)
    found: Counter[Any] = Counter()

    def count(_turn: Any, journey: Any, _visit: Any, step: Any, kind: str, verdict: str, reason: str, more: Any) -> None:  # fmt: skip
        where = journey if step is None or kind == "outcome" else step
        apart = more.get(APART.get(kind, ""), "")
        found[where and getattr(where, "id", where.line), kind, verdict, reason, apart] += 1

    project = invented.project
    program = compile_project(project)
    played = World(program, sink=count)
    if counted:
        played.turn.counts = Counter()
    happen(played, invented, project)
    for site, number in (played.turn.counts or {}).items():
        where, *rest = program.sites.known[site]
        found[(getattr(where, "id", where.line), *rest)] += number
    return found


@pytest.mark.parametrize(
    "invented", [*map(invent, SEEDS), *map(of_case, CASES)], ids=lambda _one: ""
)
def test_what_is_counted_is_what_is_told(
    invented: Invented, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Records that are only counted come to the same sums as those that are told."""
    assert sums(invented, monkeypatch, counted=True) == sums(invented, monkeypatch, counted=False)


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda folder: folder.name)
def test_the_scenarios_of_the_examples_hold_in_one_go(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every scenario of every example passes where steps become functions at once."""
    monkeypatch.setattr(steps, "OFTEN", AT_ONCE)
    [reading] = readings([str(folder)])
    results = run_scenarios(reading.project())
    assert results
    assert [str(one) for one in results if not one.passed] == []


def test_no_word_of_a_journey_stands_in_a_text() -> None:
    """Journeys that differ in their words alone share one text, since words are constants beside it."""
    invented = invent(1)
    happen(World(compile_project(invented.project)), invented, invented.project)
    assert MAKERS
    names = {
        one
        for case in CASES
        for line in case.sections["journey"].splitlines()
        for one in line.split('"')[1::2]
    }
    assert [text for text in MAKERS for name in names if len(name) > 8 and name in text] == []
