"""Explaining everybody, for tests. Rule: every record names its line and its evidence, and the prefix of the log gives it again.

`python -m tests.explained` does it for 1,000 people of the invented years of the example projects, from the log and from a store.
"""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from benchmarks.years.made import PROJECTS, year_of
from tests.tree import ROOT
from verbline import cli
from verbline.cli.programs import Compiled, compiled
from verbline.runtime.clock import now
from verbline.runtime.explain.case import Case
from verbline.runtime.explain.evidence import OF_PURPOSE, ON_RECORD, Evidence
from verbline.runtime.explain.explained import Question, explained, words_of
from verbline.runtime.explain.gathering import case_of_log, case_of_store, witnessed
from verbline.runtime.explain.rows import Row
from verbline.runtime.explain.standings import visits_of
from verbline.runtime.explain.stored import stored
from verbline.runtime.explain.witness import Witness
from verbline.runtime.known import Known, known
from verbline.runtime.sources import sources_of

# What else than its line a record rests on, by kind, verdict and reason; nothing where the line says all.
RESTS_ON = {
    **{("message", "", reason): {"consent", "no entry"} for reason in ON_RECORD},
    **{("message", "", reason): {"purpose"} for reason in OF_PURPOSE},
    ("message", "sent", ""): {"address"},
    ("message", "", "quiet_hours"): {"clause", "country"},
    ("message", "", "no_contact_point"): {"no address"},
    ("message", "", "stale"): {"reached"},
    ("entry", "", "no_contact_point"): {"no address"},
    ("entry", "", "excepted"): {"clause"},
    ("entry", "", "not_in_segment"): {"clause"},
    ("entry", "", "already_running"): {"visit"},
    ("entry", "", "ran_before"): {"visit"},
    ("entry", "", "too_soon"): {"visit"},
    ("outcome", "", "stopped"): {"clause"},
    ("outcome", "", "gave_up"): {"clause"},
}


class Watched(NamedTuple):
    """A project, what its log says of people, and what its journeys did."""

    compiled: Compiled
    known: Known
    run: Witness
    log: Path

    def case(self, number: int) -> Case:
        """Return one person."""
        one = self.compiled
        return case_of_log(one.project, one.program, self.known, number, self.run)

    @property
    def people(self) -> list[int]:
        """Everybody, by the number they bear now."""
        identity = self.known.identity
        every = range(1, identity.store.people + 1)
        return [number for number in every if identity.now(number) == number]

    def again(self, until: int) -> Witness:
        """Return what the journeys did up to ``until``, in a run of its own."""
        return happened(self.compiled, self.log, self.known, until + 1)


def watched(one: Compiled, log: Path) -> Watched:
    """Let a log happen to everybody."""
    sources = sources_of(one.reading.settings)
    found = known(one.project, one.program, log, sources=sources, now=now())
    return Watched(one, found, happened(one, log, found), log)


def happened(one: Compiled, log: Path, found: Known, end: int | None = None) -> Witness:
    """Return what the journeys do to all who are ``found`` in a log, before an instant where one is named."""
    people = range(1, found.identity.store.people + 1)
    run = Witness(one.project, one.program, people, end, sources_of(one.reading.settings))
    return witnessed(run, log, now())


def of_project(name: str, log: Path) -> Watched:
    """Return an example project with a log."""
    one = compiled(str(ROOT / "journeys" / name))
    assert one is not None
    return watched(one, log)


def check(found: Watched, number: int) -> Counter[str]:
    """Hold to its rule what is told of one person; return how often each kind of evidence was named."""
    case = found.case(number)
    told = explained(case, Question())
    entries = [one for one in told["timeline"] if one["what"] == "record"]
    assert [one["record"] for one in entries] == [row.told for row in case.rows]
    named: Counter[str] = Counter()
    for one, row in zip(entries, case.rows, strict=True):
        kinds = {item["what"] for item in one["evidence"]}
        assert one["sentence"], f"{row.line} says something"
        assert one["said"]
        assert one["trigger"]["said"]
        assert all(item["said"] for item in one["evidence"])
        for lacking in missing(row, kinds):
            raise AssertionError(f"P{number} {row.told} rests on {lacking}, and what is named is {kinds}")  # fmt: skip
        named.update(kinds)
    asked_again(case)
    return named


def missing(row: Row, kinds: set[str]) -> list[set[str]]:
    """Return what a record rests on that is not named."""
    keys = ((row.kind, "", row.reason), (row.kind, row.verdict, ""))
    wanted = [RESTS_ON[key] for key in keys if key in RESTS_ON]
    is_usual = not row.is_to_desk and row.more.get("told") != "confirmation"
    return [one for one in wanted if is_usual and not one & kinds]


def asked_again(case: Case) -> None:
    """Hold each decision that the ledger or the purpose made to what the ledger of that instant answers now."""
    evidence = Evidence(case, words_of(case))
    for row in case.rows:
        if row.kind == "message" and row.reason in ON_RECORD | OF_PURPOSE:
            standing = evidence.standing(row)
            assert standing is None or standing.reason == row.reason, (row.told, standing)


def prefix(found: Watched, instant: int) -> None:
    """Hold what is told up to an instant to a run of the log up to there."""
    again = found.again(instant)
    before = [row for row in found.run.rows if row.at <= instant]
    assert [row.told for row in again.rows] == [row.told for row in before]
    assert [row.read for row in again.rows] == [row.read for row in before]


def from_store(found: Watched, store: Path, people: list[int]) -> None:
    """Hold what the store of a rehearsal of the log tells of people to what a run over the log tells."""
    one = found.compiled
    arguments = ["run", one.reading.folder, "--log", str(found.log), "--store", str(store), "--rehearse", "--format", "json"]  # fmt: skip
    with redirect_stdout(TextIOWrapper(BytesIO())):
        assert cli.run(arguments) == 0
    sources = sources_of(one.reading.settings)
    with stored(store, one.project, one.project.settings.name, None) as opened:
        for number in people:
            case = found.case(number)
            again = case_of_store(
                one.project, one.program, opened, number, at=None, sources=sources
            )
            assert [row.told for row in again.rows] == [row.told for row in case.rows]
            assert again.told == case.told
            assert [visit.outcome for visit in visits_of(again.rows)] == [visit.outcome for visit in visits_of(case.rows)]  # fmt: skip


def year(name: str, people: int, prefixes: int = 5) -> Counter[str]:
    """Explain so many people of a year of a project; return how often which kind of evidence was named.

    What is told of ``prefixes`` of the log is held to what is told of all of it.
    """
    total: Counter[str] = Counter()
    with TemporaryDirectory() as folder:
        year_of(name, people, 11).write(Path(folder) / "log")
        found = of_project(name, Path(folder) / "log")
        chosen = found.people[:people]
        for number in chosen:
            total.update(check(found, number))
        instants = sorted({row.at for row in found.run.rows})
        apart = max(1, len(instants) // prefixes)
        for instant in instants[apart // 2 :: apart]:
            prefix(found, instant)
        from_store(found, Path(folder) / "s.db", chosen)
        sys.stdout.write(f"{name}: {len(chosen)} people, {len(found.run.rows)} records\n")
    return total


def main(people: int) -> None:
    """Explain so many people, a third of each project's."""
    total: Counter[str] = Counter()
    for name in PROJECTS:
        total += year(name, -(-people // len(PROJECTS)))
    sys.stdout.write(f"evidence named: {dict(total.most_common())}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 1_000)
