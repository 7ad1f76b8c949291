"""A person as bytes and back. Rule: the same person gives the same bytes on every machine, and reading them back loses nothing.

The form is JSON with sorted keys, version first. Steps and journeys stand there by identity and name, so that the bytes
outlive the program that wrote them; a step that the program no longer has is an error with the step's name, for the host to
answer.
"""

from __future__ import annotations

import json
from typing import Any

from verbline.interpreter.guard.consent import Consent
from verbline.interpreter.person.aside import NONE, Rest, Unusual
from verbline.interpreter.person.parts import Double, Parts
from verbline.interpreter.person.record import Contact, Person, Run, Visit
from verbline.interpreter.program.forms import from_plain, to_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.program.program import Program

VERSION = 2
# Slots that hold plain texts, numbers and lists, and are taken as they are.
PLAIN = (
    "accepted", "arms", "desk", "disputed", "drawn", "erased", "history", "id", "labels", "last_action", "last_time", "life", "merged",
    "number", "offered", "order", "scores", "segments", "serial", "timers",
)  # fmt: skip
PLAIN_OF_VISIT = (
    "anchor", "at", "began", "cause", "correlation", "done", "journey", "number", "order", "person", "serial", "started", "turns",
    "version",
)  # fmt: skip
OF_CONTACT = ("epoch", "health", "kind", "since", "value", "verified")


class UnknownStepError(ValueError):
    """Somebody stands at a step that the program does not have."""


def to_bytes(person: Person) -> bytes:
    """Return the record as bytes."""
    form = form_of(person)
    form["version"] = VERSION
    text = json.dumps(form, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def form_of(person: Person) -> dict[str, Any]:
    """Return the record as plain JSON."""
    form = {name: own(getattr(person, name)) for name in PLAIN}
    form["values"] = plain_values(person.values)
    form["claims"] = {
        field: [[one[0], to_plain(one[1]), *one[2:]] for one in claims]
        for field, claims in person.claims.items()
    }
    form["contacts"] = [[getattr(one, name) for name in OF_CONTACT] for one in person.contacts]
    form["consents"] = [[getattr(one, name) for name in OF_CONSENT] for one in person.consents]
    form["recent"] = {name: plain_past(one) for name, one in person.recent.items()}
    form["runs"] = sorted([*key, run.number, run.ended] for key, run in person.runs.items())
    form["visits"] = [visit_form(one) for one in person.visits]
    if person.parts is not None:
        form["parts"] = parts_form(person.parts)
    return form


def parts_form(parts: Parts) -> dict[str, Any]:
    """Return what a person was as plain JSON."""
    return {
        "came": sorted(
            [at, order, *cause, whose] for (at, order, cause), whose in parts.came.items()
        ),
        "doubles": [
            [serial, one.whose, one.serial, *one.mark]
            for serial, doubles in sorted(parts.doubles.items())
            for one in doubles
        ],
        "owners": sorted([serial, *owner] for serial, owner in parts.owners.items()),
        "people": [form_of(one) for one in parts.people.values()],
        "used": sorted([*name, number] for name, number in parts.used.items()),
    }


def own(value: Any) -> Any:
    """Return a value that JSON can take: the empty mapping that all records share is an empty one."""
    return {} if value is NONE else value


def plain_values(values: dict[str, Any]) -> dict[str, Any]:
    """Return values by name as plain JSON."""
    return {name: to_plain(value) for name, value in values.items()}


def real_values(form: dict[str, Any]) -> dict[str, Any]:
    """Return the values that `plain_values` made ``form`` of."""
    return {name: from_plain(value) for name, value in form.items()}


def plain_past(past: Any) -> list[Any]:
    """Return something that happened as plain JSON."""
    at, order, moment, fields, cause = past
    return [at, order, moment, plain_values(fields), list(cause)]


def real_past(form: list[Any]) -> Any:
    """Return what `plain_past` made ``form`` of."""
    at, order, moment, fields, cause = form
    return at, order, moment, real_values(fields), (cause[0], cause[1])


def visit_form(visit: Visit) -> dict[str, Any]:
    """Return a visit as plain JSON."""
    form = {name: own(getattr(visit, name)) for name in PLAIN_OF_VISIT}
    form["id"] = visit.id
    form["step"] = visit.step.id
    form["fields"] = plain_values(visit.fields)
    form["past"] = [plain_past(one) for one in visit.past]
    form["hold"] = own(visit.hold)
    task = visit.task
    form["task"] = {**task, "shown": plain_values(task["shown"])} if task else {}
    form["spent"] = sorted(visit.spent)
    return form


def from_bytes(content: bytes, program: Program) -> Person:
    """Return the person whose record `to_bytes` wrote."""
    form = json.loads(content.decode("utf-8", "surrogatepass"))
    assert form["version"] == VERSION, f"a record of version {form['version']}"
    return person_of(form, program)


def person_of(form: dict[str, Any], program: Program) -> Person:
    """Return the person that `form_of` made ``form`` of."""
    person = Person(form["id"], form["number"])
    form["accepted"] = tuple(tuple(one) for one in form["accepted"])
    form["merged"] = tuple(form["merged"])
    form["scores"] = {name: tuple(one) for name, one in form["scores"].items()}
    for name in PLAIN:
        if form[name] or name not in Rest.__slots__:
            setattr(person, name, form[name])
    person.timers = [tuple(one) for one in form["timers"]]
    person.values = real_values(form["values"])
    person.claims = {
        field: tuple((one[0], from_plain(one[1]), one[2], one[3]) for one in claims)
        for field, claims in form["claims"].items()
    }
    person.contacts = [real_contact(one) for one in form["contacts"]]
    person.consents = [real_consent(one) for one in form["consents"]]
    person.recent = {name: real_past(one) for name, one in form["recent"].items()}
    person.runs = {(one[0], one[1]): Run(one[2], one[3]) for one in form["runs"]}
    person.visits = [real_visit(one, program) for one in form["visits"]]
    if "parts" in form:
        person.parts = real_parts(form["parts"], program)
    return person


def real_parts(form: dict[str, Any], program: Program) -> Parts:
    """Return the parts that `parts_form` made ``form`` of."""
    parts = Parts()
    parts.people = {one["id"]: person_of(one, program) for one in form["people"]}
    parts.owners = {serial: (whose, there) for serial, whose, there in form["owners"]}
    for serial, whose, there, *mark in form["doubles"]:
        parts.doubles.setdefault(serial, []).append(
            Double(whose, there, (mark[0], mark[1], mark[2]))
        )
    parts.came = {
        (at, order, (source, name)): whose for at, order, source, name, whose in form["came"]
    }
    parts.used = {(one[0], one[1], one[2]): one[3] for one in form["used"]}
    return parts


def real_contact(form: list[Any]) -> Contact:
    """Return a contact."""
    told = dict(zip(OF_CONTACT, form, strict=True))
    return Contact(told.pop("kind"), told.pop("value"), told.pop("since"), **told)


def real_consent(form: list[Any]) -> Consent:
    """Return what somebody said."""
    return Consent(**dict(zip(OF_CONSENT, form, strict=True)))


def real_visit(form: dict[str, Any], program: Program) -> Visit:
    """Return a visit; its step must be one of the program's."""
    visit = Visit(
        form["person"],
        form["journey"],
        form["version"],
        form["correlation"],
        form["number"],
        form["serial"],
    )
    for name in PLAIN_OF_VISIT:
        if form[name] or name not in Unusual.__slots__:
            setattr(visit, name, form[name])
    visit.cause = (form["cause"][0], form["cause"][1])
    visit.name = form["id"]
    journey = program.journeys.get(form["journey"])
    step = journey.steps.get(form["step"]) if journey else None
    if step is None:
        message = f"{form['journey']}: no step {form['step']}"
        raise UnknownStepError(message)
    visit.step = step
    visit.fields = real_values(form["fields"])
    visit.past = tuple(real_past(one) for one in form["past"])
    visit.hold = form["hold"]
    task = form["task"]
    if task:
        visit.task = {**task, "shown": real_values(task["shown"])}
    if form["spent"]:
        visit.spent = frozenset(form["spent"])
    if form["turns"]:
        visit.turns = {name: (one[0], one[1]) for name, one in form["turns"].items()}
    return visit


OF_CONSENT = (
    "act", "actor", "at", "basis", "channel", "complete", "contact", "corrects", "epoch", "known", "person", "purpose", "seq",
    "source", "token", "topic", "until",
)  # fmt: skip
