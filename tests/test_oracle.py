"""The naive reading of the rules: cases worked out by hand, and the journeys and histories it is asked about."""

import subprocess
import sys
from collections import Counter
from time import process_time
from typing import Any

import pytest

from tests.limits import LONGEST
from tests.oracle.__main__ import compared
from tests.oracle.cases import Case, cases, told, zone_named
from tests.oracle.compare import differences
from tests.oracle.engine import engine_records
from tests.oracle.invent import Invented, invent
from tests.oracle.world import run
from tests.tree import ROOT
from verbline.interpreter.check import check

CASES = list(cases())
# Kind, verdict and reason of what a hundred invented histories have to show.
EXPECTED = {
    "entry ignored already_running",
    "entry not admitted excepted",
    "entry not admitted no_contact_point",
    "entry not admitted not_in_segment",
    "entry not admitted ran_before",
    "entry not admitted too_soon",
    "entry taken",
    "fact taken",
    "label taken",
    "label withdrawn",
    "message held frequency_cap",
    "message held quiet_hours",
    "message refused expired",
    "message refused no_consent",
    "message refused no_contact_point",
    "message refused opted_out",
    "message sent consent",
    "message sent contract",
    "message sent legal_duty",
    "message sent transactional",
    "outcome taken",
    "signal taken",
    "task taken",
    "task withdrawn journey_stopped",
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_history_gives_the_records_that_the_calendar_says(case: Case) -> None:
    """Each case gives exactly its records, in their order."""
    history, until = case.history
    records = run(case.project, case.settings, case.people, history, until)
    there = zone_named(case.settings.zone)
    assert [told(record, there) for record in records] == case.records


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_engine_gives_the_same_records(case: Case) -> None:
    """What was worked out by hand holds for the engine too; what it sends to have a yes confirmed is no journey's."""
    history, until = case.history
    given = (case.settings, case.people, history, until)
    told_by = engine_records(Invented(0, case.files, *given))
    found = [record for record in told_by if record["journey"]]
    there = zone_named(case.settings.zone)
    assert differences(run(case.project, *given), found, there) == []


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_case_is_a_project_without_mistakes(case: Case) -> None:
    """What the cases hold is what authors may write."""
    assert check(case.project) == []


def test_there_are_as_many_cases_as_were_worked_out() -> None:
    """No case is lost by a slip in its title, and no two bear one name."""
    assert len(CASES) >= 60
    assert len({case.name for case in CASES}) == len(CASES)


def test_what_is_invented_is_a_project_without_mistakes() -> None:
    """Every invented project is one that an author could write."""
    for seed in range(60):
        assert check(invent(seed).project) == [], seed


def test_a_seed_gives_the_same_in_every_process() -> None:
    """Neither the order of sets nor an earlier seed has a say in what is invented."""
    program = "from tests.oracle.invent import invent; print([invent(seed) for seed in (4, 7)])"
    told_by = [
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PATH": ""},
            check=True,
            capture_output=True,
            text=True,
            timeout=LONGEST,
        ).stdout
        for seed in ("1", "2")
    ]
    assert told_by == [f"{[invent(seed) for seed in (4, 7)]}\n"] * 2


def test_invented_histories_reach_what_the_rules_tell_apart() -> None:
    """Admission, the guard, tasks and outcomes show most of their sides in a hundred histories."""
    found = {
        f"{record['kind']} {record['verdict']} {record['reason']}".strip()
        for seed in range(100)
        for record in records_of(invent(seed))
    }
    assert EXPECTED - found == set()


def test_a_history_takes_milliseconds() -> None:
    """The naive reading stays quick enough to be asked about hundreds of histories."""
    began = process_time()
    for seed in range(20):
        records_of(invent(seed))
    assert process_time() - began < 5


def test_the_engine_says_the_same() -> None:
    """Over invented journeys and histories the engine and the naive reading give the same records, in the same order."""
    for seed in range(60):
        invented = invent(seed)
        there = zone_named(invented.settings.zone)
        found = differences(records_of(invented), engine_records(invented), there, seed)
        assert found == [], "\n".join(found)


ROUND = """journey "J"
  starts when "comes"
  starts when "is noticed"

  signal "is noticed" with seats 3
  continue with journey "K"

journey "K"
  starts when people enter segment "grown up"

  finish as "done"
"""


@pytest.mark.parametrize(
    ("seed", "number"),
    [(6002327, 7), (6005464, 3), (8001432, 3), (9100858, 7), (9108564, 2), (9406914, 1)],
)
def test_a_history_that_differed_once(seed: int, number: int) -> None:
    """Whoever was at fault, it stays mended.

    While two are taken for one: a segment entered by time alone; the nights of a visit laid aside; a segment entered by what
    one's visit learns when the other does something; what one did while the visit of the other went on for both; an offer
    that was not made since the other was sent something by the same step; a held question that was not asked since the other
    had been, and was taken back when the journey gave up.
    """
    assert compared(seed, range(number, number + 1)) == []


def test_what_leads_to_itself_ends_after_as_many_in_both_readings() -> None:
    """A signal that starts its own journey ends after 32 at one instant, and so does what goes on from there."""
    history = '2026-03-02 09:00 P1 "comes"\nuntil 2026-03-03 00:00\n'
    case = Case("a round", {"journey": ROUND, "history": history, "records": ""})
    stimuli, until = case.history
    given = (case.settings, case.people, stimuli, until)
    naive = run(case.project, *given)
    found = engine_records(Invented(0, case.files, *given))
    assert differences(naive, found, zone_named(case.settings.zone)) == []
    told_by = Counter((one["journey"], one["kind"], one["reason"]) for one in naive)
    assert told_by["J", "signal", "too_deep"] == 1
    assert told_by["J", "signal", ""] == 32
    assert told_by["K", "entry", "too_deep"] == 1


def test_the_first_difference_is_told() -> None:
    """Two readings that agree give no line; where they part, both records and the seed are named."""
    invented = invent(3)
    records = records_of(invented)
    there = zone_named(invented.settings.zone)
    assert len(records) > 1
    assert differences(records, [dict(one) for one in records], there, 3) == []
    other = [*records[:1], records[1] | {"at": records[1]["at"] + 60_000}, *records[2:]]
    lines = differences(records, other, there, 3)
    assert lines[0] == f"record 2 of {len(records)} and {len(records)}, seed 3"
    assert lines[-2] == f"  oracle {told(records[1], there)}"
    assert lines[-1] == f"  engine {told(other[1], there)}"
    assert differences(records, records[:-1], there)[-1] == "  engine nothing more"


def records_of(invented: Invented) -> list[dict[str, Any]]:
    """Return what the naive reading says of an invented history."""
    given = (invented.settings, invented.people, invented.stimuli, invented.until)
    return run(invented.project, *given)
