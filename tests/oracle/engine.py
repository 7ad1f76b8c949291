"""The engine, asked the same as the oracle. Rule: only the outer side of `World` is touched, and its records are only renamed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.oracle.book import REACHED_BY, Book
from tests.oracle.compare import Record
from tests.oracle.invent import Invented
from tests.oracle.world import World as Naive
from tests.oracle.world import exact
from verbline.interpreter.guard.consent import Consent
from verbline.interpreter.person.record import put
from verbline.interpreter.program.compile import compile_project
from verbline.interpreter.program.program import Program
from verbline.interpreter.project import Project
from verbline.interpreter.step.world import World

# What tells the link that confirms a yes: one for all, as histories ask for one at a time.
LINK = "link"


def engine_records(
    invented: Invented, project: Project | None = None, program: Program | None = None
) -> list[Record]:
    """Return what the engine says of an invented history, in the form of the oracle's records.

    The project and its program are made where they are not given.
    """
    found: list[Any] = []
    project = project or invented.project
    world = World(program or compile_project(project), tell=found.append)
    happen(world, invented, project)
    return [flat(one) for one in found]


def happen(
    world: World, invented: Invented, project: Project, before: Callable[[int], None] | None = None
) -> None:
    """Let an invented history happen in a world where nothing did; ``before`` is told the instant of each stimulus."""
    begins = invented.stimuli[0]["at"]
    world.until(begins)
    naive = Naive(Book(project, invented.settings), invented.people, begins)
    for one in invented.people:
        add(world, naive, one, begins)
    for number, stimulus in enumerate(invented.stimuli):
        if before is not None:
            before(stimulus["at"])
        if stimulus["kind"] == "merge":
            world.merge(stimulus["person"], stimulus["other"], stimulus["at"])
        elif stimulus["kind"] == "split":
            world.split(stimulus["person"], stimulus["other"], stimulus["at"])
        else:
            take(world, stimulus["person"], stimulus, number + 1)
    world.advance(invented.until)


def add(world: World, naive: Naive, one: Mapping[str, Any], begins: int) -> None:
    """Add a person as they are at the beginning: addresses, facts, and the segments they are in."""
    person = world.add(one["key"])
    for kind, value in one["contacts"]:
        world.contact(one["key"], kind, value)
    for field, value in one["facts"].items():
        put(person, "values", field, exact(value))
    for name in naive.segments:
        if naive.people[one["key"]].inside[name]:
            put(person, "segments", name, begins)


def take(world: World, person: str, stimulus: Mapping[str, Any], number: int) -> None:
    """Let something happen to a person."""
    at = stimulus["at"]
    match stimulus["kind"]:
        case "moment":
            fields = {name: exact(value) for name, value in stimulus["fields"].items()}
            world.moment(person, stimulus["moment"], fields, at, ("shop", f"e-{number}"))
        case "desk":
            world.answer_task(person, stimulus["desk"], stimulus["answer"] or "", at)
        case "answer":
            world.answer_question(person, at, yes=stimulus["answer"])
        case _:
            world.consent(person, said(person, stimulus, number), at)


def said(person: str, stimulus: Mapping[str, Any], number: int) -> Consent:
    """Return a word on consent as the engine's ledger takes it."""
    channel, contact = stimulus.get("channel") or "*", stimulus.get("contact")
    return Consent(
        at=stimulus["at"],
        known=stimulus["at"],
        act=stimulus["act"],
        actor=stimulus.get("actor", "subject"),
        seq=number,
        source="form",
        person=person,
        contact=f"{REACHED_BY.get(channel, channel)}:{contact}" if contact else None,
        channel=channel,
        purpose=stimulus["purpose"],
        topic=stimulus.get("topic"),
        complete=True,
        token=LINK,
    )


def flat(record: Any) -> Record:
    """Return one of the engine's records as a plain dict; an address without its kind."""
    names = ("at", "person", "journey", "kind", "verdict", "reason")
    more = dict(record.more or {})
    contact = str(more.get("contact") or "")
    if contact.startswith(("email:", "phone:", "push:", "post:")):
        more["contact"] = contact.partition(":")[2]
    return {name: getattr(record, name) for name in names} | more
