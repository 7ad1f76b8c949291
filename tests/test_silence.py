"""A moment that does not come as often as it is expected is told to whoever answers for it: once for each silence, at their desk."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.run_club import JOURNEY, SENT, SETTINGS, WORDS, club, joins
from verbline.cli.taking import Source
from verbline.interpreter.zones import DAY, HOUR
from verbline.runtime.engine import live as lives
from verbline.runtime.engine.beats import Beats
from verbline.runtime.engine.live import Live
from verbline.runtime.engine.opened import LIVE, Store
from verbline.runtime.engine.telling import Telling
from verbline.runtime.standing import Standing, StoreError

BEGIN = 1_772_442_000_000  # Mon 2026-03-02T09:00:00Z
EXPECTED = '"desk" as "member.joined"\n  expected at least 2 times in 1 day\n'
OWNED = '  owned by "Jon Erk"\n'
DESKS = """
desk "Members"
  owned by "Ana Kos"
  led by "Jon Erk"
  answers within 1 hour
"""
SHOWN = (("expected at least", "2 / 1 day"), ("came", "1"), ("last", "2 March 2026, 12:00"), ("journeys that wait for it", "Welcome"))  # fmt: skip


class Run:
    """A run of a project that looks when it is told to; ``at`` is what the clock shows."""

    def __init__(self, project: Path, log: Path) -> None:
        self.project, self.log = project, log
        self.at = BEGIN
        self.stream = io.StringIO()
        self.found: Live

    @contextmanager
    def at_work(self) -> Iterator[Live]:
        """Let the project be at work meanwhile, from what stands in the log."""
        source = Source(str(self.project), self.log, "")
        given = source.read()
        assert not given.errors, given.errors
        telling = Telling(self.stream, lambda: self.at)
        with closing(Store(self.project.parent / "s.db", given.wanted(LIVE))) as store:
            given.take_up(store.journal)
            with closing(Live(source, store, telling, lambda: self.at)) as self.found:
                self.found.begin()
                yield self.found

    def once(self, at: int) -> list[tuple[str, str, bool]]:
        """Run once at an instant, and return the tasks and notes that left: where to, about what, and whether taken back."""
        self.at = at
        SENT.clear()
        with self.at_work() as found:
            found.once()
        return [(one.address, one.words.subject, one.task is not None and one.task.is_withdrawn) for one in SENT if not one.person]  # fmt: skip

    def told(self, event: str) -> list[dict[str, Any]]:
        """Return what operators were told of an event."""
        found = map(json.loads, self.stream.getvalue().splitlines())
        return [one for one in found if one["event"] == event]


def project_of(folder: Path, owned: str = OWNED, desks: str = DESKS, settings: str = "") -> Run:
    """Return a run of the club, of which joining is expected."""
    project, log = club(folder)
    words = WORDS.replace('"desk" as "member.joined"\n', EXPECTED + owned)
    (project / "club.journey").write_text(words + desks + JOURNEY)
    more = '\n[desks.Members]\nemail = "members@club.example"\n' if desks else ""
    (project / "verbline.toml").write_text(SETTINGS + more + settings)
    return Run(project, log)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Return the run of a project in which two had joined, the first 20 hours ago."""
    found = project_of(tmp_path)
    joins(found.log, 1, BEGIN - 20 * HOUR)
    joins(found.log, 2, BEGIN + 2 * HOUR)
    return found


def test_the_desk_of_the_owner_is_told_once(run: Run) -> None:
    """With what is expected and who waits for it; when it comes again it is taken back, and the next silence is told again."""
    about = 'Task for Members: "member joins" does not come as often as it is expected'
    assert run.once(BEGIN + 3 * HOUR) == []
    assert run.once(BEGIN + 5 * HOUR) == [("members@club.example", about, False)]
    (task,) = [one.task for one in SENT if one.task is not None]
    assert task.shown == SHOWN
    assert run.once(BEGIN + 30 * HOUR) == []
    joins(run.log, 3, BEGIN + 31 * HOUR)
    joins(run.log, 4, BEGIN + 31 * HOUR)
    assert run.once(BEGIN + 32 * HOUR) == [("members@club.example", f"Taken back: {about}", True)]
    assert run.once(BEGIN + 54 * HOUR) == []
    assert run.once(BEGIN + 56 * HOUR) == [("members@club.example", about, False)]
    assert [one["told"] for one in run.told("silent")] == [["desk:Members"]] * 2
    assert len(run.told("not silent any more")) == 1


def following(run: Run, monkeypatch: pytest.MonkeyPatch, *steps: Callable[[], object]) -> None:
    """Follow the log; whenever there is nothing to do the next of ``steps`` is taken, and the run ends behind the last."""
    monkeypatch.setattr(lives, "LOOKS", 0.0)
    left = list(steps)
    with run.at_work() as found:

        def rest(_wake: object) -> None:
            if left:
                left.pop(0)()
            else:
                found._is_over = found.runner.is_over = True

        monkeypatch.setattr(found, "_rest", rest)
        found.follow()


def later(run: Run, at: int) -> Callable[[], object]:
    """Return what sets the clock."""
    return lambda: setattr(run, "at", at)


def test_what_comes_while_it_runs_counts(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The silence begins a day behind the last but one, also where that came after the run had begun; and it ends."""
    run.at = BEGIN + 2 * HOUR
    following(run, monkeypatch,
        lambda: joins(run.log, 3, BEGIN + 2 * HOUR), later(run, BEGIN + 25 * HOUR),
    )  # fmt: skip
    assert run.told("silent") == []
    following(run, monkeypatch,
        later(run, BEGIN + 27 * HOUR), later(run, BEGIN + 28 * HOUR),
        lambda: joins(run.log, 4, BEGIN + 28 * HOUR), later(run, BEGIN + 28 * HOUR + 1), lambda: joins(run.log, 5, BEGIN + 28 * HOUR), bool,
    )  # fmt: skip
    assert len(run.told("silent")) == 1
    assert len(run.told("not silent any more")) == 1


def test_who_does_not_listen_takes_it_for_silence(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """The claim above can fail."""
    monkeypatch.setattr(Beats, "heard", lambda _self, stretches, _files: stretches)
    run.at = BEGIN + 2 * HOUR
    following(run, monkeypatch,
        lambda: joins(run.log, 3, BEGIN + 2 * HOUR), later(run, BEGIN + 25 * HOUR),
    )  # fmt: skip
    assert len(run.told("silent")) == 1


def test_who_has_no_desk_gets_a_mail(tmp_path: Path) -> None:
    """Where nobody owns the moment, the owners of the journeys that wait for it are told."""
    people = '\n[people."Ana Kos"]\nemail = "ana@club.example"\n'
    run = project_of(tmp_path, owned="", desks="", settings=people)
    joins(run.log, 1, BEGIN)
    about = "member joins does not come as often as it is expected"
    assert run.once(BEGIN + DAY + HOUR) == [("ana@club.example", about, False)]
    (words,) = [one.words for one in SENT if not one.person]
    assert words.text.startswith(
        "Expected: at least 2 in 1 day\nCame: 0\nJourneys that wait for it: Welcome\n"
    )
    assert run.once(BEGIN + 2 * DAY) == []


def test_who_has_neither_is_not_told(tmp_path: Path) -> None:
    """Operators are, by the log of the process and by `verbline health`."""
    run = project_of(tmp_path, owned='  owned by "Ema Bok"\n')
    joins(run.log, 1, BEGIN)
    assert run.once(BEGIN + DAY + HOUR) == []
    (told,) = run.told("silent")
    assert (told["moment"], told["told"]) == ("member joins", [])


def test_what_cannot_be_written_is_told_later(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The task and that it was told are written together: nothing is told twice, and nothing is left out."""
    keep, fails = Standing.keep, [True]

    def full(self: Standing, values: Any) -> None:
        if "silent" in values and fails:
            fails.clear()
            raise StoreError("full")
        keep(self, values)

    monkeypatch.setattr(Standing, "keep", full)
    run.at = BEGIN + 5 * HOUR
    following(run, monkeypatch, bool, bool)
    assert not fails
    assert len(run.told("silent")) == 1
    assert run.once(BEGIN + 6 * HOUR) == []


def test_what_is_expected_no_more_is_taken_back(run: Run) -> None:
    """Whoever takes the expectation out of the project ends the silence."""
    assert len(run.once(BEGIN + 5 * HOUR)) == 1
    path = run.project / "club.journey"
    path.write_text(path.read_text().replace("  expected at least 2 times in 1 day\n", ""))
    ((address, about, is_back),) = run.once(BEGIN + 6 * HOUR)
    assert (address, about[:10], is_back) == ("members@club.example", "Taken back", True)
