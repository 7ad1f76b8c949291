"""How far the text alone carries a scenario: cases say each path, and where it becomes a matter for the engine."""

import pytest

from tests.cases import Case, cases
from verbline.interpreter.rehearsal import Rehearsal


@pytest.mark.parametrize("case", cases("rehearsal"), ids=str)
def test_a_scenario_is_followed_as_far_as_it_is_sure(case: Case) -> None:
    """Each scenario takes exactly the ways the case writes, and ends for the reason it writes."""
    project = case.project()
    journey = project.journeys.all[0]
    shown = []
    for scenario in project.names["a"].of("scenario"):
        rehearsal = Rehearsal(scenario, journey)
        reasons = ", ".join(way.reason for way in rehearsal.path)
        name = scenario.node.text("name") if scenario.node else ""
        shown.append(f"{name}: {reasons}: {rehearsal.ended}")
    assert shown == case.files["paths"].splitlines()
