"""`verbline plan`: what a change does, in sentences and in people. The cases are in tests/cases/plan."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.apart import project_at
from tests.limits import LONGEST
from tests.planned import FOLDER, PAIRS, REWORDED, SAME_PEOPLE, Pair, differ, named, pair_of, plan
from verbline import cli
from verbline.cli import plan_sides
from verbline.cli.plan_sides import sources_in
from verbline.cli.planning import Asked, planned
from verbline.interpreter.step.records import Record
from verbline.runtime.answers import DESK
from verbline.runtime.log import Log
from verbline.runtime.own import own_event
from verbline.runtime.plan import differing, doubt
from verbline.runtime.plan.outline import cause_mark
from verbline.runtime.plan.replay import Period, Replay, replayed
from verbline.runtime.simulate import Simulation


@pytest.mark.parametrize("pair", PAIRS, ids=lambda one: one.path.stem)
def test_a_pair_of_versions(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the change means, whom it reaches, the sums side by side; 0 where nothing changes, else 2."""
    pair.write(tmp_path)
    monkeypatch.chdir(tmp_path)
    code = cli.run(["plan", "new", "--against", "old", "--log", "log"])
    shown = capsys.readouterr()
    assert shown.out.rstrip("\n") == pair.expected.rstrip("\n")
    assert shown.err == ""
    assert code == (0 if pair.path.stem == "layout-only" else 2)


def test_every_pair_stands_there() -> None:
    """The pairs that a plan has to tell apart."""
    assert {pair.path.stem for pair in PAIRS} >= {
        "longer-wait", "new-message", "removed-step", "consent-purpose", "identity-rule", "new-journey", "removed-journey",
        "score-weights", "owner-only", "layout-only",
    }  # fmt: skip
    assert (FOLDER / "base.case").exists()


@pytest.mark.parametrize("pair", SAME_PEOPLE, ids=lambda one: one.path.stem)
def test_a_plan_names_exactly_those_who_differ(pair: Pair, tmp_path: Path) -> None:
    """Whoever is told otherwise by two separate simulations is named, and nobody else."""
    expected = differ(pair, tmp_path / "simulated")
    found = plan(pair, tmp_path / "planned")
    if pair.path.stem == REWORDED:
        assert not expected
        assert len(named(found)) == found["replay"]["people"]["differ"] == 3
    else:
        assert named(found) == expected
        assert found["replay"]["people"]["differ"] == len(expected)


def test_a_plan_that_drops_somebody_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above notices one person who is not told of."""
    (pair,) = (one for one in PAIRS if one.path.stem == "longer-wait")
    whole = differing.Pair.differences

    def dropped(self: differing.Pair, *given: Any) -> Any:
        return [one for one in whole(self, *given) if one[0].who.name != "P3"]

    monkeypatch.setattr(differing.Pair, "differences", dropped)
    assert named(plan(pair, tmp_path / "planned")) != differ(pair, tmp_path / "simulated")


def test_a_plan_that_overlooks_a_due_time_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whose wait alone is longer is named for that, and not by chance."""
    (pair,) = (one for one in PAIRS if one.path.stem == "longer-wait")
    whole = differing.deeds
    monkeypatch.setattr(
        differing, "deeds", lambda *given: [(*one[:2], 0, one[3]) for one in whole(*given)]
    )
    assert named(plan(pair, tmp_path / "planned")) != differ(pair, tmp_path / "simulated")


def test_processes_come_to_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A large log is replayed in a process for each version; who is who by other rules comes back from there too."""
    (pair,) = (one for one in PAIRS if one.path.stem == "identity-rule")
    here = plan(pair, tmp_path / "here")
    monkeypatch.setattr(plan_sides, "APART_FROM", 0)
    there = plan(pair, tmp_path / "there")
    assert there.pop("took")
    assert there.pop("against") != here.pop("against")
    assert there == here


def test_what_goes_wrong_in_a_process_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A side that cannot be replayed ends in 1 with its sentence, wherever it was replayed."""
    old, new, log = PAIRS[0].write(tmp_path)
    (new / "verbline.toml").write_text(
        (new / "verbline.toml").read_text("utf-8") + "\n[sources.site]\nsource = 7\n", "utf-8"
    )
    for size in (0, 1 << 30):
        monkeypatch.setattr(plan_sides, "APART_FROM", size)
        assert cli.run(["plan", str(new), "--against", str(old), "--log", str(log)]) == 1
        shown = capsys.readouterr()
        assert "site" in shown.err
        assert shown.out == ""


@pytest.mark.parametrize("pair", PAIRS, ids=lambda one: one.path.stem)
def test_one_person_after_the_other_comes_to_the_same(pair: Pair, tmp_path: Path) -> None:
    """A very large log is taken one person after the other, and the outline is the same to the byte."""
    _old, new, log = pair.write(tmp_path)
    found = project_at(new)
    period = Period(log)
    outlines = []
    for large in (0, 1 << 40):
        result = replayed(
            lambda: Replay(found.project, found.program, period, sources_in(found)),
            period,
            large=large,
        )
        result.outline.grouped()
        outlines.append(result.outline)
    one, other = outlines
    told = [
        [(o.people[at], o.sites[o.site[at]], o.at[at], o.until[at], o.own[at], o.cause[at]) for at in range(len(o))]
        for o in (one, other)
    ]  # fmt: skip
    assert told[0] == told[1]


def test_what_would_have_been_is_counted_as_it_is_kept(tmp_path: Path) -> None:
    """Sums alone are those of the outline; without some events they are the same, one person after the other too."""
    _old, new, log = PAIRS[0].write(tmp_path)
    found, period = project_at(new), Period(log)

    def sums(without: frozenset[int], large: int) -> object:
        result = replayed(
            lambda: Replay(found.project, found.program, period, None, without), period, large=large
        )
        return result.outline.counted(), result.inside, result.tasks

    nothing, attended = frozenset((1,)), frozenset((cause_mark(("ground", "e8")),))
    assert sums(frozenset(), 1 << 40) == sums(nothing, 1 << 40)
    assert sums(attended, 1 << 40) == sums(attended, 0)
    assert sums(attended, 0) != sums(nothing, 0)


def test_a_reaction_to_nothing_is_a_range(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who came after a message that is not sent any more may not have come: both are told, and a plan that is sure is wrong."""
    (pair,) = (one for one in PAIRS if one.path.stem == "removed-step")
    found = plan(pair, tmp_path / "in doubt")["replay"]
    assert found["doubt"]["people"] == ["P1", "P2"]
    (came,) = (row for row in found["outcomes"] if row["outcome"] == "came")
    assert (came["before"], came["after"], came["range"]) == (2, 2, [0, 2])
    monkeypatch.setattr(doubt, "answers_to_nothing", lambda *_given: iter(()))
    assert all("range" not in row for row in plan(pair, tmp_path / "sure")["replay"]["outcomes"])


def test_a_period_bounds_what_is_compared(tmp_path: Path) -> None:
    """What happens outside of it on both sides is compared by nobody."""
    (pair,) = (one for one in PAIRS if one.path.stem == "longer-wait")
    assert named(plan(pair, tmp_path / "late", start="2026-03-20")) == {"P5"}
    assert named(plan(pair, tmp_path / "early", until="2026-03-02T09:30")) == {"P1"}


def test_a_revision_of_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The old side is the project as it was committed; without a log the texts alone are compared."""
    (pair,) = (one for one in PAIRS if one.path.stem == "longer-wait")
    old, new, log = pair.write(tmp_path)
    git = ["git", "-C", str(old), "-c", "user.name=t", "-c", "user.email=t@mail.example"]
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"]):
        subprocess.run([*git, *words], check=True, timeout=LONGEST)
    monkeypatch.chdir(old)
    assert cli.run(["plan", "--against", "HEAD", "--log", str(log)]) == 0
    (old / "course.journey").write_bytes((new / "course.journey").read_bytes())
    assert cli.run(["plan", "--against", "HEAD", "--format", "markdown"]) == 2
    shown = capsys.readouterr()
    assert "- The wait for “member attends” is up to 14 days, was 7 days." in shown.out
    assert "replay" not in shown.out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["new"], "--against"),
        (["new", "--against", "no-such-revision"], "no revision"),
        (["new", "--against", "old", "--log", "nowhere"], "nowhere"),
        (["new", "--against", "old", "--no-such-option"], "--no-such-option"),
        (["new", "--against", "old", "--log", "log", "--from", "soon"], "soon"),
        (["new", "--against", "broken", "--log", "log"], "errors"),
    ],
)
def test_wrong_usage_is_1(
    words: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """2 says that something changes, so whatever cannot be told ends in 1."""
    PAIRS[0].write(tmp_path)
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "a.journey").write_text('journey "A"\n  start when "x"\n', "utf-8")
    monkeypatch.chdir(tmp_path)
    assert cli.run(["plan", *words]) == 1
    shown = capsys.readouterr()
    assert sentence in shown.err
    assert shown.out == ""


def test_recorded_answers_belong_to_what_a_step_has_become(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A live log names a task by its key, which is made of the step: told otherwise it is the same task, and was answered."""
    case = tmp_path / "reason.case"
    change = '-because "Did not come"\n+because "Missed it"'
    case.write_text(f"=== change course.journey\n{change}\n\n=== plan\n", "utf-8")
    old, new, log = pair_of(case).write(tmp_path / "pair")
    keys = []

    def tell(record: Record) -> None:
        if record.kind == "task":
            keys.append((record.at, record.more["key"]))

    found = project_at(old)
    Simulation(found.project, found.program, tell=tell).run(Log(log))
    answers = [
        own_event(DESK, at + 60_000, {"key": key, "answer": "called"}) for at, key in sorted(keys)
    ]
    (log / "verbline.runtime.jsonl").write_text(
        "".join(json.dumps(one) + "\n" for one in answers), "utf-8"
    )
    told = planned(Asked(str(new), str(old), str(log)))
    assert told is not None
    ends = {row["end"]: (row["before"], row["after"]) for row in told["replay"]["waits"] if "escalate" in row["step"]}  # fmt: skip
    assert ends == {"answered": (3, 3)}
    assert set(told["replay"]["people"]["ways"]) == {"tasks"}
    monkeypatch.setattr(plan_sides, "with_ids", lambda found, _formerly: found)
    told = planned(Asked(str(new), str(old), str(log)))
    assert told is not None
    assert "outcomes" not in told["replay"]["people"]["ways"]
    assert "waits" in told["replay"]["people"]["ways"]


def test_a_process_that_is_ended_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A system that runs out of memory ends processes: that is a sentence, and 1."""
    (pair,) = (one for one in PAIRS if one.path.stem == "identity-rule")
    old, new, log = pair.write(tmp_path)
    monkeypatch.setattr(plan_sides, "APART_FROM", 0)
    monkeypatch.setattr(plan_sides, "work", ended)
    assert cli.run(["plan", str(new), "--against", str(old), "--log", str(log)]) == 1
    assert "was ended from outside" in capsys.readouterr().err


def ended(_ask: object, _pipe: object) -> None:
    """Be a process that is ended before it has said anything."""
    os._exit(9)


def test_a_mistake_of_ours_in_a_process_comes_up_here(tmp_path: Path) -> None:
    """So that a crash is told as one, where the command was given."""
    old, new, log = PAIRS[0].write(tmp_path)
    wrong = Period(log, until="no instant")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        plan_sides.in_processes([plan_sides.Ask(str(one), wrong) for one in (old, new)])
