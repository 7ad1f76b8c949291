"""`verbline simulate --people N`: people who do not exist. Rule: the same seed invents the same, every way is taken by somebody, and it says so."""

import json
from pathlib import Path

import pytest

from verbline import cli

JOURNEYS = Path(__file__).parent.parent / "journeys"
# Moments that identity itself raises are not invented.
UNREACHED = {"Ask once how we may write"}


def simulated(capsys: pytest.CaptureFixture[str], project: str, *arguments: str) -> str:
    """Return what a simulation of invented people writes."""
    assert cli.run(["simulate", str(JOURNEYS / project), *arguments]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(
    "project",
    ["beverages", "manufacturing", "mobility", "mobility-sl", "open-day", "retail", "service-milestone"],
)  # fmt: skip
def test_people_enter_every_journey_and_leave_it_in_several_ways(
    project: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """That is what they are for."""
    told = json.loads(simulated(capsys, project, "--people", "150", "--format", "json"))
    assert told["people"] == 150
    assert told["log"]["parked"] == {}
    assert told["log"]["consent_refused"] == 0
    for journey in told["journeys"]:
        if journey["journey"] not in UNREACHED:
            assert journey["entered"] > 0, journey["journey"]
            assert len(journey["outcomes"]) > 1, journey["journey"]


def test_the_same_seed_invents_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    """To the letter; another one other people."""
    first = simulated(capsys, "mobility", "--people", "20", "--format", "jsonl")
    assert first == simulated(capsys, "mobility", "--people", "20", "--format", "jsonl")
    assert first != simulated(capsys, "mobility", "--people", "20", "--seed", "2", "--format", "jsonl")  # fmt: skip


def test_they_are_called_invented(capsys: pytest.CaptureFixture[str]) -> None:
    """The first line says so, and so do their addresses; they begin when it is said."""
    told = simulated(capsys, "mobility", "--people", "20", "--from", "2027-03-01")
    assert told.startswith("20 invented people (seed 1): they show what the journeys do")
    assert "2027-03-0" in told
    trace = simulated(capsys, "mobility", "--people", "20", "--format", "jsonl")
    contacts = {json.loads(line).get("contact", "") for line in trace.splitlines()}
    assert all(one.endswith("@invented.example") or one.startswith("+386410000") for one in contacts - {""})  # fmt: skip


@pytest.mark.parametrize(
    "arguments", [[], ["--people", "3", "--log", "x.jsonl"], ["--people", "0"]]
)
def test_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Either a log or a number of people, who are some."""
    assert cli.run(["simulate", str(JOURNEYS / "mobility"), *arguments]) == 2
    assert "--people" in capsys.readouterr().err
