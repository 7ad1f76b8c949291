"""A person as bytes and back. Rule: the same person gives the same bytes on every machine, and reading them back loses nothing.

The form is MessagePack: one list in which each thing has its place, version first. What MessagePack cannot write, letters
that are half of a pair and numbers of more than 64 bits, makes it JSON of the same list. Steps and journeys stand there by
identity and name, so that the bytes outlive the program that wrote them; a step that the program no longer has is an error
with the step's name, for the host to answer.
"""

from __future__ import annotations

import json
from operator import attrgetter
from typing import Any

import msgspec

from verbline.interpreter.guard.consent import Consent
from verbline.interpreter.person.aside import NONE, ORDINARY, USUAL, Rest, Unusual
from verbline.interpreter.person.parts import Double, Parts
from verbline.interpreter.person.record import Contact, Person, Run, Visit
from verbline.interpreter.program.forms import from_plain, to_plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    # A journey, its version, and the identity of the step.
    Standing: TypeAlias = "tuple[str, str, str]"

    from verbline.interpreter.program.program import Program

VERSION = 3
# What stands first in the JSON of a list, and in no MessagePack of one that is as long as a record.
BRACKET = b"["
# Slots that hold plain texts, numbers and lists, and are taken as they are.
PLAIN = ("id", "number", "order", "serial", "last_action", "last_time", "life", "timers")
PLAIN_OF_REST = (
    "accepted", "arms", "desk", "disputed", "drawn", "erased", "history", "labels", "merged", "offered", "scores", "segments",
)  # fmt: skip
PLAIN_OF_VISIT = (
    "person", "journey", "version", "correlation", "number", "serial", "anchor", "at", "began", "order", "started", "cause",
)  # fmt: skip
OF_CONTACT = ("epoch", "health", "kind", "since", "value", "verified")
# In the order in which `Consent.known_as` takes them.
OF_CONSENT = (
    "act", "actor", "at", "basis", "channel", "complete", "contact", "corrects", "epoch", "known", "person", "purpose", "seq",
    "source", "token", "topic", "until", "when",
)  # fmt: skip
# Kinds of values that are themselves in plain form; most are.
THEMSELVES = frozenset((str, int, bool, type(None)))

# The place of the visits in a record, without the version in front.
VISITS = len(PLAIN) + 6

_plain: Callable[[Person], tuple[Any, ...]] = attrgetter(*PLAIN)
_plain_of_visit: Callable[[Visit], tuple[Any, ...]] = attrgetter(*PLAIN_OF_VISIT)
_of_contact: Callable[[Contact], tuple[Any, ...]] = attrgetter(*OF_CONTACT)
_of_consent: Callable[[Consent], tuple[Any, ...]] = attrgetter(*OF_CONSENT)
_encode = msgspec.msgpack.Encoder(order="deterministic").encode
_decode = msgspec.msgpack.Decoder().decode


class UnknownStepError(ValueError):
    """Somebody stands at a step that the program does not have."""


def to_bytes(person: Person) -> bytes:
    """Return the record as bytes."""
    form = [VERSION, *form_of(person)]
    try:
        return _encode(form)
    except (UnicodeEncodeError, OverflowError):
        return json.dumps(form, sort_keys=True, separators=(",", ":")).encode()


def from_bytes(content: bytes, program: Program) -> Person:
    """Return the person whose record `to_bytes` wrote."""
    form = json.loads(content) if content.startswith(BRACKET) else _decode(content)
    assert form[0] == VERSION, f"a record of version {form[0]}"
    return person_of(form[1:], program)


def standing_in(content: bytes) -> tuple[list[Standing], list[Standing]]:
    """Return where the visits of a record stand, and where those of the people stand who were joined in it."""
    form = json.loads(content) if content.startswith(BRACKET) else _decode(content)
    assert form[0] == VERSION, f"a record of version {form[0]}"
    visits, parts = form[VISITS + 1], form[-1]
    joined = [visit for one in parts[3] for visit in one[VISITS]] if parts is not None else []
    return [(one[1], one[2], one[12]) for one in visits], [
        (one[1], one[2], one[12]) for one in joined
    ]


def form_of(person: Person) -> list[Any]:
    """Return the record as a plain list."""
    rest, parts = person.rest, person.parts
    claims, recent, runs = person.claims, person.recent, person.runs
    return [
        *_plain(person),
        plain_values(person.values),
        {
            field: [(one[0], to_plain(one[1]), one[2], one[3]) for one in ones]
            for field, ones in claims.items()
        }
        if claims
        else {},
        list(map(_of_contact, person.contacts)),
        list(map(_of_consent, person.consents)),
        {name: plain_past(one) for name, one in recent.items()} if recent else {},
        sorted([*key, run.number, run.ended] for key, run in runs.items()) if runs else (),
        list(map(visit_form, person.visits)),
        None if rest is ORDINARY else said_of(rest, PLAIN_OF_REST),
        None if parts is None else parts_form(parts),
    ]


def said_of(aside: Rest | Unusual, names: tuple[str, ...]) -> dict[str, Any]:
    """Return what few records have something of, as far as this one has."""
    return {name: value for name in names if (value := getattr(aside, name))}


def parts_form(parts: Parts) -> tuple[Any, ...]:
    """Return what a person was as a plain list."""
    return (
        sorted([at, order, *cause, whose] for (at, order, cause), whose in parts.came.items()),
        [
            [serial, one.whose, one.serial, *one.mark]
            for serial, doubles in sorted(parts.doubles.items())
            for one in doubles
        ],
        sorted([serial, *owner] for serial, owner in parts.owners.items()),
        [form_of(one) for one in parts.people.values()],
        sorted([*name, number] for name, number in parts.used.items()),
    )


def plain_values(values: dict[str, Any]) -> dict[str, Any]:
    """Return values by name in plain form."""
    if values is NONE:
        return {}
    if THEMSELVES.issuperset(map(type, values.values())):
        return values
    return {name: to_plain(value) for name, value in values.items()}


def real_values(form: dict[str, Any]) -> dict[str, Any]:
    """Return the values that `plain_values` made ``form`` of."""
    if THEMSELVES.issuperset(map(type, form.values())):
        return form
    return {name: from_plain(value) for name, value in form.items()}


def plain_past(past: Any) -> tuple[Any, ...]:
    """Return something that happened in plain form."""
    at, order, moment, fields, cause = past
    return at, order, moment, plain_values(fields), cause


def real_past(form: list[Any]) -> Any:
    """Return what `plain_past` made ``form`` of."""
    at, order, moment, fields, cause = form
    return at, order, moment, real_values(fields), (cause[0], cause[1])


def visit_form(visit: Visit) -> list[Any]:
    """Return a visit as a plain list."""
    return [
        *_plain_of_visit(visit),
        visit.step.id,
        plain_values(visit.fields),
        [plain_past(one) for one in visit.past],
        visit.hold or {},
        visit.done or {},
        None if visit.unusual is USUAL else unusual_form(visit),
    ]


def unusual_form(visit: Visit) -> list[Any] | None:
    """Return what few visits have something of, None where this one has nothing of it."""
    task = visit.task
    form = [
        visit.name if visit.name != visit.first_name() else "",
        sorted(visit.spent),
        # What is shown keeps its order, in which the desk reads it.
        {**task, "shown": list(plain_values(task["shown"]).items())} if task else {},
        visit.turns or {},
    ]
    return form if any(form) else None


def person_of(form: list[Any], program: Program) -> Person:
    """Return the person that `form_of` made ``form`` of."""
    person = Person(form[0], form[1])
    person.order, person.serial, person.last_action, person.last_time, person.life = form[2:7]
    person.timers = list(map(tuple, form[7]))
    values, claims, contacts, consents, recent, runs, visits, rest, parts = form[8:]
    if values:
        person.values = real_values(values)
    if claims:
        person.claims = {
            field: tuple((one[0], from_plain(one[1]), one[2], one[3]) for one in ones)
            for field, ones in claims.items()
        }
    person.contacts = [real_contact(one) for one in contacts]
    person.consents = [Consent.known_as(one) for one in consents]
    if recent:
        person.recent = {name: real_past(one) for name, one in recent.items()}
    if runs:
        person.runs = {(one[0], one[1]): Run(one[2], one[3]) for one in runs}
    person.visits = [real_visit(one, program) for one in visits]
    if rest:
        take_back(person, rest)
    if parts:
        person.parts = real_parts(parts, program)
    return person


def take_back(person: Person, rest: dict[str, Any]) -> None:
    """Give ``person`` what few people have something of."""
    for name in ("accepted", "merged"):
        if name in rest:
            rest[name] = tuple(tuple(one) if type(one) is list else one for one in rest[name])
    if "scores" in rest:
        rest["scores"] = {name: tuple(one) for name, one in rest["scores"].items()}
    for name, value in rest.items():
        setattr(person, name, value)


def real_parts(form: list[Any], program: Program) -> Parts:
    """Return the parts that `parts_form` made ``form`` of."""
    came, doubles, owners, people, used = form
    parts = Parts()
    parts.people = {one[0]: person_of(one, program) for one in people}
    parts.owners = {serial: (whose, there) for serial, whose, there in owners}
    for serial, whose, there, *mark in doubles:
        parts.doubles.setdefault(serial, []).append(
            Double(whose, there, (mark[0], mark[1], mark[2]))
        )
    parts.came = {(at, order, (source, name)): whose for at, order, source, name, whose in came}
    parts.used = {(one[0], one[1], one[2]): one[3] for one in used}
    return parts


def real_contact(form: list[Any]) -> Contact:
    """Return a contact."""
    epoch, health, kind, since, value, verified = form
    return Contact(kind, value, since, verified=verified, health=health, epoch=epoch)


def real_visit(form: list[Any], program: Program) -> Visit:
    """Return a visit; the program must hold the version that it bears, with its step."""
    visit = Visit(*form[:6])
    visit.anchor, visit.at, visit.began, visit.order, visit.started, cause = form[6:12]
    visit.cause = (cause[0], cause[1])
    step, fields, past, hold, done, unusual = form[12:]
    journey = program.journeys.get(visit.journey)
    if journey is None or journey.version != visit.version:
        journey = program.older.get((visit.journey, visit.version))
    found = journey.steps.get(step) if journey else None
    if found is None:
        message = f"{visit.journey}: no step {step} in version {visit.version}"
        raise UnknownStepError(message)
    visit.step = found
    if fields:
        visit.fields = real_values(fields)
    if past:
        visit.past = tuple(real_past(one) for one in past)
    if hold:
        visit.hold = hold
    if done:
        visit.done = done
    if unusual is not None:
        give_back(visit, *unusual)
    return visit


def give_back(
    visit: Visit, name: str, spent: list[str], task: dict[str, Any], turns: dict[str, Any]
) -> None:
    """Give ``visit`` what few visits have something of."""
    if name:
        visit.name = name
    if spent:
        visit.spent = frozenset(spent)
    if task:
        visit.task = {**task, "shown": real_values(dict(task["shown"]))}
    if turns:
        visit.turns = {place: (one[0], one[1]) for place, one in turns.items()}
