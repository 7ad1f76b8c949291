"""`step`: one person, one stimulus, one answer. Rule: same in, same out; nothing else is looked at and nothing else is changed.

This is the engine's whole contract with whoever hosts it: a record goes in, the new record and what has to happen outside
come out. Hosts that keep people in memory move them in place with the functions of `happening`, which this one calls too.
"""

from __future__ import annotations

from verbline.interpreter.person.encode import from_bytes, to_bytes
from verbline.interpreter.step.entering import enter
from verbline.interpreter.step.happening import (
    answer,
    asked,
    consented,
    entered,
    fall_due,
    happen,
    open_at,
)
from verbline.interpreter.step.records import Record
from verbline.interpreter.step.signals import NO_CAUSE
from verbline.interpreter.step.turn import Turn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, TypeAlias

    from verbline.interpreter.guard.consent import Consent
    from verbline.interpreter.person.record import Cause, Person
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.signals import Signal, Start

    Stimulus: TypeAlias = "Happens | Says | Answers | Enters | Follows | FallsDue"


class Happens:
    """A moment with typed ``fields``; ``happened`` when, in milliseconds, and ``cause`` the event's source and id."""

    __slots__ = ("cause", "fields", "happened", "moment")

    def __init__(
        self, moment: str, fields: Mapping[str, Any], happened: int, cause: Cause = NO_CAUSE
    ) -> None:
        self.moment = moment
        self.fields = fields
        self.happened = happened
        self.cause = cause


class Says:
    """Something that the person, or another holder of an address, said about being written to."""

    __slots__ = ("consent",)

    def __init__(self, consent: Consent) -> None:
        self.consent = consent


class Answers:
    """The answer of a ``desk`` to its oldest open task, or where no desk is named, of the person to the last question."""

    __slots__ = ("desk", "words")

    def __init__(self, words: str, desk: str = "") -> None:
        self.words = words
        self.desk = desk


class Enters:
    """The entry that an earlier outcome asked for, and that the host now grants."""

    __slots__ = ("start",)

    def __init__(self, start: Start) -> None:
        self.start = start


class Follows:
    """What an earlier outcome let happen next."""

    __slots__ = ("signal",)

    def __init__(self, signal: Signal) -> None:
        self.signal = signal


class FallsDue:
    """The person's earliest timer, which is due."""

    __slots__ = ()


class Outcome:
    """What came of a stimulus: the new record, the trace, the entries that are asked for and what happens next.

    ``due`` is when the person's next timer is due, None where none is set.
    """

    __slots__ = ("due", "person", "signals", "starts", "trace")

    def __init__(self, person: Person, turn: Turn, trace: list[Record]) -> None:
        self.person = person
        self.trace = trace
        self.starts = tuple(turn.starts)
        self.signals = tuple(turn.signals)
        self.due = person.next_due


def step(program: Program, person: Person, stimulus: Stimulus, now: int) -> Outcome:
    """Return what comes of ``stimulus`` for ``person`` at ``now``; the record that is given stays as it is."""
    person = from_bytes(to_bytes(person), program)
    trace: list[Record] = []
    turn = Turn(program, lambda *told: trace.append(Record(*told)))
    turn.order = person.order
    turn.said = max((one.seq for one in person.consents), default=0)
    take(turn, person, stimulus, now)
    return Outcome(person, turn, trace)


def take(turn: Turn, person: Person, stimulus: Stimulus, now: int) -> None:
    """Let ``stimulus`` meet ``person``, whose record is changed in place."""
    match stimulus:
        case Happens():
            turn.begin(person, now, stimulus.cause, min(stimulus.happened, now))
            moment = turn.program.moments[stimulus.moment]
            fields = {name: stimulus.fields.get(name) for name, _read in moment.readers}
            happen(turn, moment, fields, turn.program.system(stimulus.cause[0]))
        case Says():
            turn.begin(person, now, (stimulus.consent.source, ""), stimulus.consent.at)
            consented(turn, stimulus.consent)
        case Answers():
            turn.begin(person, now, NO_CAUSE, now)
            visit = open_at(person, stimulus.desk) if stimulus.desk else asked(person)
            if visit is not None:
                answer(turn, visit, stimulus.words)
        case Enters():
            turn.begin(person, now, stimulus.start.cause, stimulus.start.happened)
            enter(turn, stimulus.start)
        case Follows():
            follow(turn, person, stimulus.signal, now)
        case FallsDue():
            timer = person.timers.pop(0)
            turn.begin(person, now, NO_CAUSE, now)
            fall_due(turn, timer[2], timer[3])


def follow(turn: Turn, person: Person, signal: Signal, now: int) -> None:
    """Let happen what was signalled, or the entry into a segment."""
    turn.begin(person, now, signal.cause, now)
    turn.depth = signal.depth
    turn.whose = signal.whose
    if signal.moment is None:
        entered(turn, signal.segment)
    else:
        happen(turn, signal.moment, signal.fields, "verbline")
