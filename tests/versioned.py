"""A small project of which there are several versions. Rule: what people are inside of is kept and compiled again, as a store does it."""

from collections.abc import Collection

from tests.cases import project_of
from verbline.interpreter.program.compile import compile_project
from verbline.interpreter.program.program import Program
from verbline.interpreter.program.versions import Kept, OlderVersion, kept, take_older
from verbline.interpreter.project import Project
from verbline.interpreter.step.renewal import renew
from verbline.interpreter.step.world import World
from verbline.interpreter.zones import DAY

SETTINGS = '[project]\nname = "club"\nlanguage = "en"\nzone = "UTC"\ncountry = "SI"\n'
WORDS = """
person member
  also written members
  known by member-number
  also known by email
  has first-name as text

moment "joins"
  comes from "desk" as "joined"
  carries plan as text

moment "pays"
  comes from "desk" as "paid"
  carries amount as number

moment "leaves"
  comes from "desk" as "left"

moment "speaks"
  comes from "desk" as "spoke"

purpose "service"
  is service
  rests on contract
  covers email

desk "Care"
  led by "Ana Kos"
  answers within 8 working hours
  open monday to friday from 09:00 to 17:00

message "Hello"
  subject "Hello"
  says "Hello, {first-name or you}."

segment "payers"
  people where the member had "pays"
"""
JOURNEY = """
journey "Welcome"
  owned by "Ana Kos"
  starts when "joins"
  stops when "leaves" as "left"
  gives up after 60 days

  wait for "pays" up to 7 days
    if it happens
      notify the member by email with "Hello" for "service"
      wait 2 days
      finish as "paid"
    if it does not happen
      finish as "silent"
"""
START = 1_772_000_000_000
MOVES = JOURNEY.replace("  gives up", "  people inside move to the new version\n  gives up")
TURNS = """
journey "Welcome"
  starts when "joins"
{clause}
  repeat up to 3 times every {every}
    notify the member by email with "Hello" for "service"
  finish as "told"
"""


def club(journey: str = JOURNEY, words: str = WORDS) -> Project:
    """Return the project with its journey."""
    return project_of({"verbline.toml": SETTINGS, "club.journey": words + journey})


def holding(project: Project, *words: Kept) -> Program:
    """Return the program of ``project`` that holds older versions too; their words have been bytes in between."""
    program = compile_project(project)
    for one in words:
        older = OlderVersion(project, Kept.from_bytes(one.to_bytes()), program.policy)
        assert older.problems == []
        take_older(program, project, older)
    return program


def world_of(project: Project, *people: str) -> World:
    """Return a world with ``people`` who have just joined."""
    world = World(compile_project(project))
    for name in people:
        world.add(name)
        world.contact(name, "email", f"{name.lower()}@mail.example")
        world.moment(name, "joins", {"plan": "family"}, START, ("desk", f"joins {name}"))
    return world


def renewed(
    world: World, before: Project, after: Project, at: int, ends: Collection[str] = ()
) -> None:
    """Let ``world`` go on with what ``before`` has become, and with the versions of it that people are inside."""
    known = world.program
    inside = sorted({visit.journey for one in world.people.values() for visit in one.visits})
    fresh = compile_project(after)
    words = [
        kept(before, known, name)
        for name in inside
        if name not in fresh.journeys
        or fresh.journeys[name].version != known.journeys[name].version
    ]
    renew(world, holding(after, *words), at, ends)


def told(world: World, *kinds: str) -> list[tuple[int, str, str, str]]:
    """Return what was told: days since the beginning, kind, verdict, and outcome, reason or nothing."""
    return [
        ((one.at - START) // DAY, one.kind, one.verdict, one.more.get("outcome") or one.reason)
        for one in world.trace
        if not kinds or one.kind in kinds
    ]
