"""Whatever stands in a log, a run ends, every event is counted, and whoever came in is still inside or has an outcome."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.loglines import HOUR, START
from tests.test_simulate import CASE_FILES, case_of
from tests.trials import tries
from verbline.cli.programs import Compiled, compiled
from verbline.interpreter.step.records import instant_text
from verbline.runtime.log import Log
from verbline.runtime.simulate import Simulation
from verbline.runtime.sources import Sources

VALUES = st.one_of(
    st.sampled_from([
        "", " ", "M-1", "a@mail.example", " A@Mail.Example", "no-mail", "@", "x" * 3_000, "\0", "č\u202e", "+38640123456",
        "0", "yes", "reached", "Welcome", "2026-03-09", "9999-12-31", 0, -1, 10**40, 1.5, 1e300, True, None, [], [1, "a"],
        {}, {"a": {"b": 1}}, ["a@mail.example"], "P1", "P2", ["P1", "P2"],
        [["email", "a@mail.example"]],
    ]),
    st.text(max_size=8),
)  # fmt: skip
FIELDS = st.sampled_from(
    [
        "member-number",
        "memberNo",
        "shopper-number",
        "email",
        "course",
        "total",
        "phone",
        "key",
        "desk",
        "answer",
        "purpose",
        "channel",
        "act",
        "contact",
        "actor",
        "topic",
        "people",
        "person",
        "apart",
        "identifiers",
        "known_by",
    ]
)
TYPES = st.sampled_from(
    [
        "course.booked",
        "signup",
        "order",
        "verbline.question.answered",
        "verbline.desk.answered",
        "verbline.consent.withdraw",
        "verbline.consent.grant",
        "verbline.consent.erase",
        "verbline.consent.nothing",
        "verbline.merge",
        "verbline.split",
        "verbline.person.erased",
        "verbline.signal",
        "other",
    ]
)
ENTRY = st.fixed_dictionaries(
    {"act": st.sampled_from(["grant", "withdraw", "object", "erase", "confirm", "nothing", 7])},
    optional=dict.fromkeys(
        ("purpose", "channel", "contact", "topic", "actor", "until", "token"), VALUES
    ),
)
EVENT = st.fixed_dictionaries(
    {
        "type": TYPES,
        "data": st.dictionaries(FIELDS, VALUES, max_size=5),
        "hours": st.integers(-60, 200),
    },
    optional={
        "source": st.sampled_from(["urn:club:booking", "Shop", "verbline", "elsewhere"]),
        "consent": st.lists(ENTRY, max_size=2),
        "agrees": st.dictionaries(
            VALUES.filter(lambda one: isinstance(one, str)), VALUES, max_size=2
        ),
    },
)


@pytest.fixture(params=CASE_FILES, ids=lambda path: path.stem, scope="module")
def project(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """Return the project of a case."""
    folder = tmp_path_factory.mktemp("project")
    case_of(request.param).write(folder)
    found = compiled(str(folder))
    assert found is not None
    return found


def lines_of(events: list[dict[str, Any]]) -> str:
    """Return the lines of a log, each event so many hours after the one before it."""
    at, lines = START, []
    for number, event in enumerate(events):
        at += event["hours"] * HOUR
        told = {name: value for name, value in event.items() if name != "hours"}
        lines.append(json.dumps({"id": f"e{number}", "time": instant_text(at), **told}))
    return "\n".join(lines)


@tries(45)
@given(events=st.lists(EVENT, min_size=1, max_size=25), share=st.sampled_from([0.0, 0.5, 1.0]))
def test_a_run_ends_and_all_is_counted(
    project: Compiled, tmp_path: Path, events: list[dict[str, Any]], share: float
) -> None:
    """No event stops a run; each is counted; whoever came in is inside or has one outcome."""
    log_path = tmp_path / "log.jsonl"
    log_path.write_text(lines_of(events), "utf-8")
    people: set[str] = set()
    run = Simulation(
        project.project,
        project.program,
        share=share,
        sources=Sources({"booking system": {"source": ["urn:club:booking"], "fields": {"memberNo": "member-number"}}}),
        tell=lambda record: people.add(record.person),
    )  # fmt: skip
    log = Log(log_path, park=run.park)
    run.run(log)
    told = run.summary(log)
    assert told["log"]["events"] == len(events)
    assert not told["log"]["parked"]
    assert people <= set(run.world.people)
    for journey in told["journeys"]:
        assert journey["entered"] == sum(journey["outcomes"].values()) + journey["inside"]
    assert sum(one["count"] for one in told["log"]["strange"] + told["log"]["foreign"]) <= len(
        events
    )
    json.dumps(told)
