"""What operators say about people in a log: the graph and the world agree, whatever is said, and nothing of it ends a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.apart import club, run
from tests.test_simulate_anything import lines_of
from verbline.cli.programs import Compiled
from verbline.interpreter.person.encode import from_bytes, to_bytes
from verbline.runtime.entries import OutOfOrderError
from verbline.runtime.log import Log
from verbline.runtime.operators import REACHED
from verbline.runtime.simulate import Simulation

KNOWN = st.sampled_from(["P1", "P2", "P3", "P4"])
PEOPLE = st.one_of(KNOWN, KNOWN, KNOWN, st.sampled_from(["P5", "P9", 7, None]))
FIELDS = {
    "member-number": ["M-1", "M-2", "M-3"],
    "web-account": ["W-1", "W-2"],
    "email": ["a@mail.example", "b@mail.example", "c@mail.example"],
    "phone": ["+38641555222", "+38641555333"],
    "last-name": ["Kos", "Mlakar"],
}
DATA = st.fixed_dictionaries(
    {}, optional={name: st.sampled_from(values) for name, values in FIELDS.items()}
)
PAIR = st.sampled_from([[name, value] for name, values in FIELDS.items() for value in values])
ORDINARY = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["visit.begun", "page.read"]),
        "source": st.just("site"),
        "data": DATA,
        "hours": st.sampled_from([0, 1, 5, 30]),
    },
    optional={"agrees": st.just({"offers": {"email": True}})},
)
BOTH = st.sampled_from([["P1", "P2"], ["P1", "P3"], ["P2", "P3"], ["P3", "P4"]])
TAKEN_APART = st.tuples(
    st.just("verbline.split"), BOTH.map(lambda both: {"person": both[0], "apart": both[1]})
)
HELD = {
    "P1": ["email", "a@mail.example"],
    "P2": ["email", "b@mail.example"],
    "P4": ["email", "d@mail.example"],
}
DIVIDED = st.tuples(
    st.just("verbline.split"),
    st.sampled_from(sorted(HELD)).map(lambda one: {"person": one, "identifiers": [HELD[one]]}),
)
SAID = st.one_of(
    st.tuples(st.just("verbline.merge"), BOTH.map(lambda both: {"people": both})),
    TAKEN_APART,
    TAKEN_APART,
    DIVIDED,
    st.tuples(
        st.just("verbline.merge"),
        st.fixed_dictionaries({"people": st.one_of(st.lists(PEOPLE, max_size=3), PEOPLE)}),
    ),
    st.tuples(
        st.just("verbline.split"), st.fixed_dictionaries({"person": PEOPLE, "apart": PEOPLE})
    ),
    st.tuples(
        st.just("verbline.split"),
        st.fixed_dictionaries(
            {"person": PEOPLE, "identifiers": st.one_of(st.lists(PAIR, max_size=2), PEOPLE)}
        ),
    ),
    st.tuples(st.just("verbline.person.erased"), st.fixed_dictionaries({"person": PEOPLE})),
)
OPERATORS = SAID.map(
    lambda said: {"type": said[0], "source": "verbline", "data": said[1], "hours": 1}
)
# Four people, and then whatever happens.
BEGUN = [
    {"type": "visit.begun", "source": "site", "data": {**one, "email": email}, "hours": 1}
    for one, email in zip(
        ({"member-number": "M-1"}, {"member-number": "M-2"}, {"web-account": "W-1"}, {}),
        FIELDS["email"] + ["d@mail.example"],
        strict=True,
    )
]
EVENTS = st.lists(st.one_of(ORDINARY, OPERATORS), min_size=3, max_size=30).map(
    lambda events: [*BEGUN, *events]
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    """Return a project whose people share addresses and are joined by a rule."""
    return club(tmp_path_factory.mktemp("club") / "club")


def simulated(found: Compiled, events: list[dict[str, Any]], path: Path) -> Simulation:
    """Return a simulation of a log of ``events``."""
    path.write_text(lines_of(events), "utf-8")
    made = Simulation(found.project, found.program)
    made.run(Log(path))
    return made


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(events=EVENTS)
def test_the_world_knows_whom_the_graph_knows(
    project: Compiled, tmp_path: Path, events: list[dict[str, Any]]
) -> None:
    """Whoever bears a number of their own in the graph does so in the world, with the same addresses; others lead there."""
    made = simulated(project, events, tmp_path / "log.jsonl")
    graph, world = made.feed.graph, made.world
    for number, person in enumerate(world.numbered):
        if person is None:
            continue
        assert graph.now(number) == number
        assert world.people[f"P{number}"] is person
        held = {graph.store.ident(one) for _kind, one in graph.store.held(number)}
        reached = {(one.kind, one.value) for one in person.contacts}
        assert reached == {one for one in held if one[0] in REACHED}
        assert all(person in world.holders[contact.key] for contact in person.contacts)
    for key, holders in world.holders.items():
        assert all(any(one.key == key for one in person.contacts) for person in holders)
    for identity, person in world.people.items():
        assert f"P{graph.now(int(identity[1:]))}" == person.id


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(events=EVENTS)
def test_all_that_was_said_is_counted(
    project: Compiled, tmp_path: Path, events: list[dict[str, Any]]
) -> None:
    """Every word of an operator has changed something, or is counted with the reason why it did not."""
    made = simulated(project, events, tmp_path / "log.jsonl")
    said = [one for one in events if one["type"].startswith("verbline.")]
    counted = made.feed.operators.done.total() + made.feed.operators.refused.total()
    assert counted >= len(said)
    assert made.tally.people["split"] == made.feed.operators.done["split"]
    assert not made.feed.strange


@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(events=EVENTS)
def test_every_visit_is_accounted_for_and_nothing_is_sent_twice(
    project: Compiled, tmp_path: Path, events: list[dict[str, Any]]
) -> None:
    """Who came in, or came back, has left or is inside; no key is sent twice; every record is bytes and back."""
    path = tmp_path / "log.jsonl"
    path.write_text(lines_of(events), "utf-8")
    told: list[Any] = []
    made = Simulation(project.project, project.program, tell=told.append)
    log = Log(path)
    made.run(log)
    for journey in made.summary(log)["journeys"]:
        begun = journey["entered"] + journey["resumed"]
        assert begun == sum(journey["outcomes"].values()) + journey["inside"]
    sent = [one.more["key"] for one in told if one.kind == "message" and one.verdict == "sent"]
    assert len(sent) == len(set(sent))
    for person in made.world.numbered[1:]:
        if person is not None:
            content = to_bytes(person)
            assert to_bytes(from_bytes(content, project.program)) == content
            running = {0, *(visit.serial for visit in person.visits)}
            assert {timer[3] for timer in person.timers} <= running
            assert all(visit.person == person.id for visit in person.visits) or person.parts


def test_a_log_with_an_operators_word_is_taken_in_the_order_of_time(
    project: Compiled, tmp_path: Path
) -> None:
    """One person after the other is no way where an operator takes people apart; without the word it is."""
    events: list[dict[str, Any]] = [
        {"type": "visit.begun", "source": "site", "data": {"member-number": "M-1"}, "hours": 1}
    ]
    path = tmp_path / "log.jsonl"
    path.write_text(lines_of(events), "utf-8")
    assert json.loads(run(project, path, "apart"))["people"] == 1
    word = {"type": "verbline.split", "data": {"person": "P1", "apart": "P2"}, "hours": 1}
    path.write_text(lines_of([*events, word]), "utf-8")
    with pytest.raises(OutOfOrderError):
        run(project, path, "apart")
