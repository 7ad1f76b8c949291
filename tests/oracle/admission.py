"""Who may enter a journey. Rule: each reason is looked at in one order, and the first that holds is the one that is told."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from tests.oracle import values
from tests.oracle.book import CHANNELS, Book, node_of
from tests.oracle.history import Line, Person, View
from tests.oracle.values import length_of
from tests.oracle.visit import Visit
from verbline.interpreter.nodes import Sentence

if TYPE_CHECKING:
    from tests.oracle.visits import Visits

# A journey whose first message is one of these classes goes before the rest.
URGENT = ("transactional", "service", "legal")


def in_order(book: Book) -> dict[str, Sentence]:
    """Return the journeys in the order in which they take a moment: by urgency, then by name."""
    journeys = dict(book.each("journey"))
    order = sorted(journeys, key=lambda name: (urgency(book, journeys[name]), name))
    return {name: journeys[name] for name in order}


def urgency(book: Book, journey: Sentence) -> tuple[int, int]:
    """Return what journeys are ordered by: written `reacts within`, then urgent first messages, then the rest."""
    reacts = journey.first("reacts")
    if reacts:
        return 0, int(values.nominal(length_of(reacts.node("length"))))
    messages = [one for one in journey.walk() if one.node and one.node.has("channels")]
    first = node_of(messages[0]) if messages else None
    offers = first is not None and first.shape in ("offer", "offer_best")
    urgent = first and not offers and book.purpose_class(first.text("purpose")) in URGENT
    return (1, 0) if urgent else (2, 0)


def admitted(
    world: Visits, journey: str, person: Person, moments: list[Line]
) -> tuple[str, str, Any]:
    """Return the verdict about an entry, the reason, and the value that tells the visit from others."""
    sentence = world.journeys[journey]
    until = sentence.first("takes_in_until")
    if until:
        last = world.questions.zone(person).start_of(date.fromisoformat(until.text("date")))
        if world.now >= last:
            return "not admitted", "closed", None
    value, known = correlation(world, sentence, person, moments)
    if not known:
        return "not admitted", "no_correlation_value", None
    if any(one.journey == journey and one.value == value for one in person.visits):
        return "ignored", "already_running", None
    for reason in (
        before(world, journey, person, value),
        outside(world, sentence, person) or inside_stop(world, sentence, person),
        unreachable(world, sentence, person),
    ):
        if reason:
            return "not admitted", reason, None
    return "taken", "", value


def correlation(
    world: Visits, journey: Sentence, person: Person, moments: list[Line]
) -> tuple[Any, bool]:
    """Return the value of the field that the journey runs once per, and whether it is known; nothing where it has none."""
    once = journey.first("once_per")
    if once is None or once.text("field") == "person":
        return None, True
    looking = Visit("", journey, person, None, world.now, world.count, moments)
    found = world.questions.lookup(View(person, world.now, looking), once.text("field"))
    return values.folded(found), found is not None


def before(world: Visits, journey: str, person: Person, value: Any) -> str:
    """Return why an earlier visit keeps the person out: it ran, or ended too short a time ago."""
    sentence = world.journeys[journey]
    again, once = sentence.first("again_after"), sentence.first("once_per")
    if again is None and once is None:
        return ""
    view = View(person, world.now)
    ended = [
        one for one in view.lines("ended") if one["journey"] == journey and one["value"] == value
    ]
    if not ended:
        return ""
    if again is None:
        return "ran_before"
    zone = world.questions.zone(person)
    length = length_of(again.node("length"))
    free = values.shifted(ended[-1].at, length, zone, world.book.work)
    return "too_soon" if world.now < free else ""


def outside(world: Visits, journey: Sentence, person: Person) -> str:
    """Return which of `only for` and `except` keeps the person out."""
    view = View(person, world.now)
    for clause in journey.of("only_for"):
        if world.questions.inside(view, node_of(clause).text("segment")) is not True:
            return "not_in_segment"
    for clause in journey.of("except_for"):
        if world.questions.inside(view, node_of(clause).text("segment")) is True:
            return "excepted"
    return ""


def inside_stop(world: Visits, journey: Sentence, person: Person) -> str:
    """Return why a person is not admitted who is already in a segment that stops the journey."""
    view = View(person, world.now)
    names = [node_of(clause).text("segment") for clause in journey.of("stops_segment")]
    inside = any(world.questions.inside(view, name) is True for name in names)
    return "excepted" if inside else ""


def unreachable(world: Visits, journey: Sentence, person: Person) -> str:
    """Return why a person is not admitted whom no channel of the journey reaches."""
    if journey.of("start_incomplete"):
        return ""
    channels = {
        CHANNELS[word.kind]
        for line in journey.walk()
        if line.node is not None
        for word in line.node.words("channels")
    }
    contacts = world.questions.consents.contacts
    reached = any(contacts(person, channel) for channel in channels)
    return "" if reached or not channels else "no_contact_point"
