"""Versions over histories by chance, over changes of segments and entries, and over other clock rules."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import pytest

from tests.cases import project_of
from tests.oracle.engine import happen
from tests.oracle.invent import Invented, invent
from tests.trials import seeds
from tests.versioned import JOURNEY, SETTINGS, START, WORDS, club, holding, renewed, world_of
from verbline.interpreter.person.encode import from_bytes, to_bytes
from verbline.interpreter.program.compile import compile_project
from verbline.interpreter.program.program import Program
from verbline.interpreter.program.versions import kept
from verbline.interpreter.step.records import Record
from verbline.interpreter.step.recounting import recount
from verbline.interpreter.step.renewal import renew
from verbline.interpreter.step.world import World
from verbline.interpreter.zones import DAY, HOUR, Zone, zone


def test_nobody_enters_a_segment_because_its_text_changed() -> None:
    """Whoever is inside by the new text does not enter; whoever comes in later does."""
    segment = '\nsegment "named"\n  people where first-name is "Tea"\n'
    watched = (
        segment
        + '\njourney "Named"\n  starts when people enter segment "named"\n\n  finish as "in"\n'
    )
    wider = watched.replace('is "Tea"', 'is one of "Tea", "Jon"')
    world = World(compile_project(club(watched)))
    for name in ("Tea", "Jon", "Ana"):
        world.add(name).values = {"first-name": name}
        world.moment(name, "speaks", {}, START)
    renew(world, compile_project(club(wider)), START + DAY)
    world.people["Ana"].values = {"first-name": "Jon"}
    for name in ("Tea", "Jon", "Ana"):
        world.moment(name, "speaks", {}, START + 2 * DAY)
    entered = [one.person for one in world.trace if one.kind == "entry"]
    assert entered == ["Ana"]


def test_a_journey_that_goes_live_takes_in_whom_it_says() -> None:
    """`starts also` counts from the reload with which the sentence came."""
    words = WORDS + '\nsegment "families"\n  people where first-name is "Tea"\n'
    also = '  starts also for people already in segment "families"\n\n'
    text = JOURNEY.replace('"left"\n  gives up after 60 days\n', '"left"\n' + also)
    old, new = club("", words), club(text, words)
    world = World(compile_project(old))
    for name in ("Tea", "Jon"):
        world.add(name).values = {"first-name": name}
        world.contact(name, "email", f"{name.lower()}@mail.example")
    renew(world, compile_project(new), START)
    renew(world, compile_project(new), START + DAY)
    assert [(one.person, one.verdict) for one in world.trace if one.kind == "entry"] == [
        ("Tea", "taken")
    ]


def test_who_waits_at_the_brake_enters_the_newest_version() -> None:
    """They had not entered; where the journey is gone they do not."""
    slow = JOURNEY.replace(
        "  gives up", "  entered by at most 1 person in 1 day\n  gives up"
    ).replace("1 person", "1 people")
    old = club(slow)
    for text, verdict in ((slow.replace("7 days", "9 days"), "taken"), ("", "not admitted")):
        world = world_of(old, "P1", "P2")
        renewed(world, old, club(text), START + HOUR)
        world.advance(START + 2 * DAY)
        last = [one for one in world.trace if one.person == "P2"][-2 if text else -1]
        assert (last.kind, last.verdict) == ("entry", verdict)


# By chance

SEEDS = seeds(16)


def plain(records: Iterable[Record]) -> list[dict[str, Any]]:
    """Return records as they are told."""
    return [one.as_dict() for one in records]


def other_text(text: str) -> str:
    """Return the text of journeys with other lengths and other ends."""
    return re.sub(r"wait (\d+)", lambda found: f"wait {int(found[1]) + 3}", text).replace(
        'finish as "done"', 'finish as "other"'
    )


def without_journeys(text: str) -> str:
    """Return the text with nothing but a journey that keeps a label known."""
    head = text.partition("\njourney")[0]
    keeper = """
journey "Keeper"
  starts when "comes"
  takes people in until 2020-01-01

  qualify as "ready" if age is at least 12
"""
    return head + keeper


def history(
    invented: Invented, program: Program, change: Callable[[World, int], None] | None = None
) -> list[dict[str, Any]]:
    """Return what is told of an invented history; ``change`` is asked before each stimulus."""
    world = World(program)
    happen(world, invented, invented.project, (lambda at: change(world, at)) if change else None)
    return [one for one in plain(world.trace) if one.get("journey") != "Keeper"]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_version_that_nobody_is_in_changes_nothing(seed: int) -> None:
    """The trace with an older version loaded is that without, record by record."""
    invented = invent(seed)
    before = project_of({**invented.files, "a.journey": other_text(invented.files["a.journey"])})
    program = compile_project(before)
    words = [kept(before, program, name) for name in program.journeys]
    now = compile_project(invented.project)
    words = [one for one in words if one.version != now.journeys[one.journey].version]
    assert history(invented, holding(invented.project, *words)) == history(invented, now)


def stop_starting(program: Program) -> None:
    """Let nobody enter any more."""
    for moment in program.moments.values():
        moment.starts, moment.choices, moment.open = (), None, False
    for segment in program.segments.values():
        segment.starts = ()


def somebody_is_inside(world: World) -> bool:
    """Return whether some visit runs."""
    return any(one.visits for one in world.people.values())


def of_those_inside(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return records without the labels that run out when their visit is long over: the newest text tells that, if there is one."""
    return [one for one in records if one["kind"] != "label" or "visit" in one]


@pytest.mark.parametrize("becomes", [without_journeys, other_text])
@pytest.mark.parametrize("seed", SEEDS)
def test_people_inside_are_told_the_same_whatever_has_become_of_the_text(
    seed: int, becomes: Callable[[str], str]
) -> None:
    """From the first instant at which somebody is inside the journeys are gone, or other ones: who is inside does as they would have."""
    invented = invent(seed)
    text = invented.files["a.journey"]
    project = invented.project
    program = compile_project(project)
    after = project_of({**invented.files, "a.journey": becomes(text)})
    newest = compile_project(after).journeys
    words = [
        kept(project, program, name)
        for name, journey in program.journeys.items()
        if name not in newest or newest[name].version != journey.version
    ]
    later = holding(after, *words)
    stop_starting(later)

    def stay(world: World, at: int) -> None:
        world.until(at)  # as a reload does
        if somebody_is_inside(world):
            stop_starting(world.program)
            world.brakes.queues.clear()

    def change(world: World, at: int) -> None:
        world.until(at)
        if somebody_is_inside(world) and world.program is program:
            world.brakes.queues.clear()
            renew(world, later, at)

    here = history(invented, program, change)
    there = history(invented, compile_project(project), stay)
    assert of_those_inside(here) == of_those_inside(there)


def longer(text: str) -> str:
    """Return the text of journeys with longer waits, limits and deadlines, whose people move."""
    text = re.sub(
        r"(wait|up to|within|every|gives up after) (\d+) ((?:working )?(?:minute|hour|day|week))s?\b",
        lambda found: f"{found[1]} {int(found[2]) + 3} {found[3]}s",
        text,
    )
    return re.sub(r'(?m)^(journey "\w+"\n)', "\\1  people inside move to the new version\n", text)


@pytest.mark.parametrize("seed", SEEDS)
def test_who_moves_goes_on_and_is_told_nothing_twice(seed: int) -> None:
    """Whatever they stand at when the lengths change: no key twice, no timer of nobody, and the bytes are read back."""
    invented = invent(seed)
    project = invented.project
    program = compile_project(project)
    after = project_of({**invented.files, "a.journey": longer(invented.files["a.journey"])})
    newest = compile_project(after).journeys
    words = [
        kept(project, program, name)
        for name, journey in program.journeys.items()
        if newest[name].version != journey.version
    ]
    later, moved = holding(after, *words), set[str]()

    def change(world: World, at: int) -> None:
        if somebody_is_inside(world) and world.program is program:
            renew(world, later, at)
            for person in set(world.people.values()):
                serials = {0, *(visit.serial for visit in person.visits)}
                assert {timer[3] for timer in person.timers} <= serials
                assert all(due >= at for due, *_ in person.timers)
                content = to_bytes(person)
                assert to_bytes(from_bytes(content, later)) == content
                moved.update(visit.id for visit in person.visits)
                assert {visit.step.journey for visit in person.visits} <= set(later.versions)

    trace = history(invented, program, change)
    assert moved >= {one["visit"] for one in trace if one["kind"] == "version"}
    keys = [one["key"] for one in trace if one["kind"] == "message" and one["verdict"] == "sent"]
    assert len(keys) == len(set(keys))


# Clocks


def test_clocks_that_are_set_by_other_rules_move_what_they_decide() -> None:
    """A time of day and a number of days are counted anew, a length and another zone are left, and it is told."""
    settings = SETTINGS.replace('"UTC"', '"Europe/Ljubljana"')
    text = """
journey "{name}"
  starts when "joins"
  gives up after 60 days

  {step}
  finish as "done"
"""
    steps = ("wait until 09:00", "wait 3 days", "wait 50 hours")
    journeys = "".join(text.format(name=f"J{at}", step=one) for at, one in enumerate(steps))
    project = project_of({"verbline.toml": settings, "club.journey": WORDS + journeys})
    world = world_of(project, "P1")
    before = [due for due, _place, what, _of in world.people["P1"].timers if what == "step"]
    there = zone("Europe/London")
    assert there is not None
    world.program.zone = Zone("Europe/Ljubljana", there._rules)
    world.people["P1"].zone = None
    assert recount(world, {"Europe/Oslo"}) == 0
    assert recount(world, {"Europe/Ljubljana"}) == 1
    after = [due for due, _place, what, _of in world.people["P1"].timers if what == "step"]
    assert [now - due for due, now in zip(before, after, strict=True)] == [HOUR, 0, 0]
    (told_of,) = [one for one in world.trace if one.reason == "other_clock_rules"]
    assert told_of.more == {"due": before[0], "until": after[0]}
    assert told_of.journey == "J0"


def test_a_value_that_has_changed_is_not_taken_for_a_clock() -> None:
    """What would move by more than clocks are ever set stays where it is."""
    text = """
journey "Day"
  starts when "joins"

  wait until birthday
  finish as "done"
"""
    words = WORDS.replace(
        "has first-name as text", "has first-name as text\n  has birthday as date"
    )
    world = World(compile_project(club(text, words)))
    person = world.add("P1")
    person.values = {"birthday": date(2026, 6, 1)}
    world.moment("P1", "joins", {}, START)
    before = list(person.timers)
    person.values = {"birthday": date(2026, 6, 2)}
    assert recount(world, {"UTC"}) == 0
    assert person.timers == before
    assert world.trace[-1].reason == ""
