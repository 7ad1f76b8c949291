"""What the guard is asked about a message. Rule: the step says what it knows, the guard decides, and nobody answers for it."""

from __future__ import annotations

from datetime import timedelta

from verbline.interpreter.guard.caps import Cap
from verbline.interpreter.guard.consent import KIND_OF_CHANNEL
from verbline.interpreter.guard.decide import decide
from verbline.interpreter.guard.holds import quiet_of
from verbline.interpreter.guard.policy import QUIET
from verbline.interpreter.guard.question import Question
from verbline.interpreter.guard.question import Sending as Said
from verbline.interpreter.program.whereabouts import quiet_zones
from verbline.interpreter.zones import HOUR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.guard.decide import Decision
    from verbline.interpreter.person.record import Visit
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.sending import Sending
    from verbline.interpreter.step.turn import Turn

# Classes that neither caps nor a no hold back.
FREE = frozenset(("transactional", "legal"))
# How late a message may be where nothing is written; legal messages are never too late.
FRESH = {
    "transactional": (24, "hour"), "service": (24, "hour"), "marketing": (7, "day"), "tracking": (7, "day"),
    "recognition": (7, "day"),
}  # fmt: skip
FRESH_IF_URGENT = HOUR
# `may wait until the next morning`: the end of the night's quiet hours, whenever that is.
MORNING = "morning"


def said_by(program: Program, journey: Journey, step: Sending) -> Said:
    """Return what a step's sentence and its journey say to the guard, made once for each step."""
    purpose = step.purpose
    caps = []
    if journey.cap is not None:
        caps.append(Cap(*journey.cap, journey=journey.name))
    if purpose.cap is not None:
        caps.append(Cap(*purpose.cap, purposes=(purpose.name,)))
    if program.marketing_cap is not None:
        marketing = [one.name for one in program.purposes.values() if one.cls == "marketing"]
        caps.append(Cap(*program.marketing_cap, purposes=marketing, only="marketing"))
    return Said(
        purpose,
        step.topic,
        caps=caps,
        quiet=(journey.quiet,) if journey.quiet else (),
        relaxed=journey.relaxed is not None,
        promotion=step.told == "offer",
        similar=step.similar or None,
    )


def ask_guard(turn: Turn, visit: Visit, step: Sending, channel: str) -> Decision:
    """Return the guard's decision about the message of ``step`` by ``channel``, now."""
    program, person = turn.program, turn.person
    question = question_of(turn, visit, step, channel)
    decision = decide(question, person, program.policy)
    if decision.verdict != "defer":
        return decision  # how long it stays fresh counts only for what has to wait
    question.fresh_until = stale_at(turn, visit, step)
    question.fresh_in_quiet = step.late is not None
    return decide(question, person, program.policy)


def question_of(turn: Turn, visit: Visit, step: Sending, channel: str) -> Question:
    """Return the question whether the message of ``step`` may go out by ``channel`` now."""
    program = turn.program
    journey = step.journey
    if step.said is None:
        step.said = said_by(program, journey, step)
    person = turn.person
    clock = person.zone or turn.zone
    if program.country_fields or program.zone_fields:
        zones = quiet_zones(program, person)
        question = Question(step.said, channel, turn.now, program.country_of(person), zones)
        question.clock = clock
    else:
        question = Question(step.said, channel, turn.now, program.country, (clock,))
    if step.purpose.cls in FREE and visit.fields:
        question.address = address_in(program, visit, KIND_OF_CHANNEL[channel])
    if journey.relaxed is not None and journey.relaxed != MORNING:
        question.latest = turn.zone.next_time(visit.at, journey.relaxed)
    return question


def address_in(program: Program, visit: Visit, kind: str) -> str:
    """Return the address that stood in the events of this visit, such as ``email:a@b.example``; nothing where none did.

    A receipt may go there, even where it is open who the person is.
    """
    for field, of in program.contact_fields.items():
        value = visit.fields.get(field)
        if of == kind and isinstance(value, str):
            return f"{kind}:{value.strip()}"
    return ""


def quiet_between(
    turn: Turn, visit: Visit, step: Sending, channel: str, start: int, end: int
) -> int:
    """Return how many milliseconds of quiet there are between two instants for a message by ``channel``."""
    question = question_of(turn, visit, step, channel)
    row = turn.program.policy.row(question.country, channel)
    quiet = quiet_of(question, turn.program.policy, row)
    return 0 if quiet is None else quiet.time_between(start, end)


def quiet_later(
    turn: Turn, visit: Visit, step: Sending, channel: str, until: int
) -> tuple[tuple[int, int], ...]:
    """Return when it is quiet for a message by ``channel`` that may leave now, up to ``until``, and does not leave at once."""
    if step.purpose.cls in FREE or not (step.journey.quiet or channel in QUIET):
        return ()
    question = question_of(turn, visit, step, channel)
    quiet = quiet_of(
        question, turn.program.policy, turn.program.policy.row(question.country, channel)
    )
    return () if quiet is None else tuple(quiet.stretches(turn.now, until))


def stale_at(turn: Turn, visit: Visit, step: Sending) -> int | None:
    """Return the last instant at which the message is still fresh; None where it always is.

    A written limit counts time in quiet hours, the limits that hold by default do not.
    """
    if step.late is not None:
        return turn.program.later(turn, visit.at, step.late)
    quiet = int(visit.hold.get("quiet", 0))
    if step.journey.reacts is not None:
        return visit.at + FRESH_IF_URGENT + quiet
    limit = FRESH.get(step.purpose.cls)
    return None if limit is None else turn.program.later(turn, visit.at, limit) + quiet


def held_back_by_window(turn: Turn, visit: Visit, step: Sending) -> int | None:
    """Return when the window opens in which the message may go out; None where it is open, or there is none."""
    if step.window is None:
        return None
    start, end, next_day = step.window
    zone = turn.zone
    reached = zone.local(visit.at).date()
    # A window over midnight belongs to the day it starts on, so yesterday's may still be open.
    first = reached + timedelta(days=1 if next_day else -1 if end <= start else 0)
    today = zone.local(turn.now).date()
    day = max(first, today - timedelta(days=1))
    while True:
        opens: int = zone.start_of(day, start)
        closes: int = zone.start_of(day + timedelta(days=1 if end <= start else 0), end)
        if turn.now < closes:
            return opens if turn.now < opens else None
        day += timedelta(days=1)
