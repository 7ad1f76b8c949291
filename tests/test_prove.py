"""The certificate that every message passes the guard, and the faults that it has to find."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.tree import ROOT
from verbline.cli import WrongUsageError
from verbline.cli.app import run
from verbline.cli.paths import readings
from verbline.interpreter.guard.proof import Proof
from verbline.interpreter.person.record import Visit
from verbline.interpreter.program import certificate
from verbline.interpreter.program.certificate import certify, differences
from verbline.interpreter.program.compile import compile_project
from verbline.interpreter.program.program import Program
from verbline.interpreter.step import stretch
from verbline.interpreter.step.deeds import GoOn
from verbline.interpreter.step.sending import Notify
from verbline.interpreter.step.steps import Step
from verbline.interpreter.step.turn import Turn

COURSE = ROOT / "journeys/mobility"
PROJECTS = sorted(path.parent for path in ROOT.glob("journeys/*/verbline.toml"))


def program_at(folder: Path) -> Program:
    """Return the program of a project on disk."""
    [reading] = readings([str(folder)])
    return compile_project(reading.project())


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the questions to the guard, which have tests of their own and take seconds."""
    monkeypatch.setattr(certificate, "prove_guard", lambda _policy: Proof())


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda path: path.name)
def test_every_example_has_a_certificate(folder: Path) -> None:
    """Every sentence that writes stands in the certificate, with what the guard is asked, and nothing is amiss."""
    program = program_at(folder)
    found = certify(program)
    assert found.faults == []
    named = {one["step"] for journey in found.form["journeys"] for one in journey["sends"]}
    shapes = ("notify", "offer", "offer_best", "confirm", "ask")
    written = {
        step.id
        for journey in program.journeys.values()
        for step in journey.steps.values()
        if step.shape in shapes
    }
    assert named == written
    assert all(not journey["never_reached"] for journey in found.form["journeys"])
    assert differences(found.form, program) == []


class Careless(Notify):
    """A step that sends without asking anybody."""

    __slots__ = ()

    def attempt(self, turn: Turn, visit: Visit, _message: Any, name: str) -> str:
        """Send at once."""
        turn.note("message", "sent", "", visit, self, message=name, channel="email")
        return "sent"


class Silent(GoOn):
    """A step that writes by itself, outside of what asks the guard."""

    __slots__ = ()

    def enter(self, turn: Turn, visit: Visit) -> Step | None:
        """Send at once."""
        turn.note("message", "sent", "", visit, self, message="x", channel="email")
        return self.next


def first_notify(program: Program) -> tuple[Any, Any]:
    """Return the first step that writes, and its journey."""
    steps = (
        (journey, step)
        for journey in program.journeys.values()
        for step in journey.steps.values()
        if type(step) is Notify
    )
    return next(steps)


def test_a_step_that_does_not_ask_the_guard_is_found() -> None:
    """A message to somebody who is erased gives the careless step away."""
    program = program_at(COURSE)
    _journey, step = first_notify(program)
    step.__class__ = Careless
    assert any("erased" in fault for fault in certify(program).faults)


def test_a_function_of_several_steps_that_does_not_ask_the_guard_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The functions that do several steps in one go are tried too."""
    monkeypatch.setattr(stretch, "MAKERS", {})
    monkeypatch.setitem(stretch.KNOWN, "stated", lambda *_asked: (1,))
    assert any(
        "erased" in fault for fault in certify(program_at(ROOT / "journeys/open-day")).faults
    )


def test_a_step_that_writes_by_itself_is_found() -> None:
    """A sentence that writes has to be a step that asks the guard."""
    program = program_at(COURSE)
    journey, step = first_notify(program)
    silent = Silent(step.id, step.line, step.shape, step.text, step.next)
    for one in journey.steps.values():
        for name in ("next", "past", "sent", "nothing"):
            if getattr(one, name, None) is step:
                setattr(one, name, silent)
    assert any("never asks the guard" in fault for fault in certify(program).faults)


def test_a_channel_that_the_purpose_does_not_cover_is_found() -> None:
    """Whatever the checker let through, the certificate names it."""
    program = program_at(COURSE)
    _journey, step = first_notify(program)
    step.channels = ("post",)
    assert any("does not cover post" in fault for fault in certify(program).faults)


def test_a_guard_that_fails_its_proof_has_no_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    """The counterexample is told."""
    failed = Proof()
    failed.counterexample = "allowed without a yes"
    monkeypatch.setattr(certificate, "prove_guard", lambda _policy: failed)
    assert certify(program_at(COURSE)).faults == ["the guard: allowed without a yes"]


def changed(form: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield certificates that no longer match, with why."""
    for part, name, why in (
        ("policy", "hash", "the country table is another one"),
        ("guard", "code", "the guard is another version"),
    ):
        other = {**form, part: {**form[part], name: "0"}}
        yield {**other, "hash": certificate.seal(other)}, why
    version = {**form["journeys"][0], "version": "0"}
    other = {**form, "journeys": [version]}
    yield {**other, "hash": certificate.seal(other)}, "has changed"
    yield {**form, "policy": {**form["policy"], "version": "mine"}}, "changed by hand"


def test_a_certificate_matches_only_what_it_was_made_for() -> None:
    """Another journey, country table or guard, and a certificate that was touched, are each told."""
    program = program_at(COURSE)
    for form, why in changed(certify(program).form):
        assert any(why in one for one in differences(form, program)), why


def test_the_command_writes_a_certificate_and_compares_with_it(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """A project matches its own certificate, and another project does not."""
    file = tmp_path / "certificate.json"
    assert run(["prove", str(COURSE), "--output", str(file)]) == 0
    assert "each behind the guard" in capfd.readouterr().out
    assert json.loads(file.read_text("utf-8"))["format"] == 1
    assert run(["prove", str(COURSE), "--against", str(file)]) == 0
    assert run(["prove", str(ROOT / "journeys/retail"), "--against", str(file)]) == 1
    assert "is gone" in capfd.readouterr().err
    file.write_text("{}", "utf-8")
    assert run(["prove", str(COURSE), "--against", str(file)]) == 1
    file.write_text("no JSON", "utf-8")
    with pytest.raises(WrongUsageError, match="no certificate"):
        run(["prove", str(COURSE), "--against", str(file)])
