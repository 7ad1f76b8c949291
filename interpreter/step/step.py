"""`step`: one person, one stimulus, one answer. Rule: same in, same out; nothing else is looked at and nothing else is changed.

This is the engine's whole contract with whoever hosts it: a record goes in, the new record and what has to happen outside
come out. Hosts that keep people in memory move them in place with the functions of `happening`, which this one calls too.
"""

from __future__ import annotations

from verbline.interpreter.person.encode import from_bytes, to_bytes
from verbline.interpreter.step.answering import answer, asked, open_at
from verbline.interpreter.step.entering import enter
from verbline.interpreter.step.happening import (
    consented,
    entered,
    fall_due,
    happen,
    happen_together,
)
from verbline.interpreter.step.records import Record
from verbline.interpreter.step.signals import NO_CAUSE
from verbline.interpreter.step.turn import Turn

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from typing import Any, TypeAlias

    from verbline.interpreter.guard.consent import Consent
    from verbline.interpreter.person.record import Cause, Person
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.signals import Signal, Start

    Stimulus: TypeAlias = (
        "Happens | Says | Answers | Enters | Follows | FallsDue | Unites | Divides | Erases | Moves"
    )


class Happens:
    """A moment with typed ``fields``; ``happened`` when, in milliseconds, and ``cause`` the event's source and id.

    Where the person was several, ``whose`` is the id of the one to whom it happens, nothing where nobody can tell.
    ``more`` are the further moments that the same event is, each with its fields.
    """

    __slots__ = ("cause", "fields", "happened", "moment", "more", "whose")

    def __init__(
        self,
        moment: str,
        fields: Mapping[str, Any],
        happened: int,
        cause: Cause = NO_CAUSE,
        whose: str = "",
        more: Iterable[tuple[str, Mapping[str, Any]]] = (),
    ) -> None:
        self.whose = whose
        self.more = tuple(more)
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


class Unites:
    """The person turns out to be ``other`` too, who has been known for less long; ``proved`` where an id shows it."""

    __slots__ = ("other", "proved")

    def __init__(self, other: Person, *, proved: bool = True) -> None:
        self.other = other
        self.proved = proved


class Divides:
    """The person turns out to be two: those who were called ``going`` are somebody else, ``part`` by id and number.

    ``addresses`` are the keys of contacts that are that one's.
    """

    __slots__ = ("addresses", "going", "part")

    def __init__(
        self, going: Collection[str], part: tuple[str, int], addresses: Collection[str] = ()
    ) -> None:
        self.going = going
        self.part = part
        self.addresses = addresses


class Erases:
    """The person wishes that nothing names them any more."""

    __slots__ = ()


class Moves:
    """The program is another one than before: visits move whose journeys say so.

    ``ends`` are journeys that are gone and whose people do not finish; ``settles`` says that segments or labels have changed.
    """

    __slots__ = ("ends", "settles")

    def __init__(self, ends: Collection[str] = (), *, settles: bool = False) -> None:
        self.ends = ends
        self.settles = settles


class Outcome:
    """What came of a stimulus: the new record, the trace, the entries that are asked for and what happens next.

    ``due`` is when the person's next timer is due, None where none is set. ``other`` is the record of somebody who turned
    out not to be the person.
    """

    __slots__ = ("due", "other", "person", "signals", "starts", "trace")

    def __init__(
        self, person: Person, turn: Turn, trace: list[Record], other: Person | None
    ) -> None:
        self.person = person
        self.other = other
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
    turn.said = last_said(person)
    other = None
    match stimulus:
        case Unites() | Divides() | Erases() | Moves():
            from verbline.interpreter.step.becoming import become

            other = become(turn, person, stimulus, now)
        case _:
            take(turn, person, stimulus, now)
    return Outcome(person, turn, trace, other)


def last_said(person: Person) -> int:
    """Return the last place in the ledger that a person has heard of."""
    return max((one.seq for one in person.consents), default=0)


def take(
    turn: Turn,
    person: Person,
    stimulus: Happens | Says | Answers | Enters | Follows | FallsDue,
    now: int,
) -> None:
    """Let ``stimulus`` meet ``person``, whose record is changed in place."""
    match stimulus:
        case Happens():
            turn.begin(person, now, stimulus.cause, min(stimulus.happened, now))
            turn.whose = stimulus.whose
            event_happens(turn, stimulus)
        case Says():
            turn.begin(person, now, (stimulus.consent.source, ""), stimulus.consent.at)
            turn.whose = stimulus.consent.person or ""
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


def event_happens(turn: Turn, event: Happens) -> None:
    """Let an event meet the person of the turn: the moments that it is."""
    met = []
    for name, given in ((event.moment, event.fields), *event.more):
        moment = turn.program.moments[name]
        met.append((moment, {field: given.get(field) for field, _read in moment.readers}))
    source = turn.program.system(event.cause[0])
    if len(met) == 1:
        happen(turn, *met[0], source)
    else:
        happen_together(turn, met, source)


def follow(turn: Turn, person: Person, signal: Signal, now: int) -> None:
    """Let happen what was signalled, or the entry into a segment."""
    turn.begin(person, now, signal.cause, now)
    turn.depth = signal.depth
    turn.whose = signal.whose
    if signal.moment is None:
        entered(turn, signal.segment)
    else:
        happen(turn, signal.moment, signal.fields, "verbline")
