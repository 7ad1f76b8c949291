"""The naive reading of the rules: cases worked out by hand, and the journeys and histories it is asked about."""

import pytest

from tests.oracle.cases import Case, cases, told, zone_named
from tests.oracle.world import run
from verbline.interpreter.check import check

CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_history_gives_the_records_that_the_calendar_says(case: Case) -> None:
    """Each case gives exactly its records, in their order."""
    history, until = case.history
    records = run(case.project, case.settings, case.people, history, until)
    there = zone_named(case.settings.zone)
    assert [told(record, there) for record in records] == case.records


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_case_is_a_project_without_mistakes(case: Case) -> None:
    """What the cases hold is what authors may write."""
    assert check(case.project) == []


def test_there_are_as_many_cases_as_were_worked_out() -> None:
    """No case is lost by a slip in its title, and no two bear one name."""
    assert len(CASES) >= 60
    assert len({case.name for case in CASES}) == len(CASES)
