"""Where somebody stands to whom only the usual has happened. Rule: what comes of what happens next is the same for all who stand there.

A journey is usual where each step is a wait, a message under plain terms, or an end: such steps look at the clock, at the
moment and at what was said about being written to, and at nothing else of the person. Whoever came in by the same moment,
said the same and stands at the same steps is in one situation.
"""

from __future__ import annotations

from operator import attrgetter

from verbline.interpreter.program.reckoning import milliseconds
from verbline.interpreter.step.deeds import Finish, GoOn
from verbline.interpreter.step.hearing import CODES
from verbline.interpreter.step.letters import plain_terms
from verbline.interpreter.step.sending import Notify
from verbline.interpreter.step.waits import Wait, WaitFor, WaitUntil
from verbline.interpreter.zones import DAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    from verbline.interpreter.guard.consent import Consent
    from verbline.interpreter.person.record import Visit
    from verbline.interpreter.program.parts import Journey, Moment, StartsWhen
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.program.reckoning import Duration
    from verbline.interpreter.step.steps import Step

    # A model of each answer to the question whether one may write, and the kind of address that it is for.
    Models: TypeAlias = "tuple[tuple[Consent, str], ...]"

FIXED = frozenset(("hour", "minute"))
# What an answer says, but for who, when and where.
of_answer: Callable[[Consent], tuple[Any, ...]] = attrgetter(
    "act", "actor", "source", "channel", "purpose", "topic", "basis", "complete", "until", "token", "corrects"
)  # fmt: skip


class Coming:
    """What somebody came in by: a moment, how its system calls itself, and what was said with it.

    What was said is for the email that came along, or for every address. ``journeys`` are those that the moment starts; where
    that depends on the event, ``others`` are the same with others of them. ``move`` is what comes of it, once it has ``met`` so
    many that it was looked at; ``entered`` are the journeys that this begins.
    """

    __slots__ = ("brakes", "entered", "is_open", "journeys", "met", "models", "moment", "move", "others", "source")  # fmt: skip

    def __init__(
        self, moment: Moment, source: str, models: Models, journeys: tuple[Journey, ...]
    ) -> None:
        self.moment = moment
        self.is_open = moment.open
        self.source = source
        self.models = models
        self.journeys = journeys
        self.brakes = tuple((one.name, one.brake[0], one) for one in journeys)
        self.others: dict[tuple[Journey, ...], Coming] = {}
        self.entered: tuple[Journey, ...] = ()
        self.met = 0
        self.move: Move | None = None

    def with_others(self, journeys: tuple[Journey, ...]) -> Coming:
        """Return the same where the moment starts ``journeys``."""
        found = self.others.get(journeys)
        if found is None:
            found = Coming(self.moment, self.source, self.models, journeys)
            self.others[journeys] = found
        return found


class Situation:
    """See the module. ``coming`` is None of those of whom nothing is kept; ``moves`` are by moment, under None by time."""

    __slots__ = ("coming", "inside", "moves")

    def __init__(self, coming: Coming | None, inside: tuple[str, ...]) -> None:
        self.coming = coming
        self.inside = inside  # the journey of each visit
        self.moves: dict[str | None, Move | None] = {}


class Move:
    """What comes of a stimulus: what is counted, the situation that follows, and how long is waited there.

    ``turns`` are the places that it takes in the order of events. ``length`` is None where no wait begins; ``span`` its
    milliseconds where that can be said, ``is_fixed`` where that is so whatever the clocks do.
    """

    __slots__ = ("is_fixed", "length", "sites", "situation", "span", "turns")

    def __init__(
        self, sites: tuple[int, ...], situation: Situation, turns: int, length: Duration | None
    ) -> None:
        self.sites = sites
        self.situation = situation
        self.turns = turns
        self.length = length
        self.span = 0
        self.is_fixed = False
        if length is not None:
            number, unit = length
            self.is_fixed = unit in FIXED
            if self.is_fixed:
                self.span = milliseconds(number, unit)
            elif unit == "day" and number.__class__ is int:
                self.span = int(number) * DAY


# Nothing is kept of these people but their numbers.
NOTHING_YET = Situation(None, ())


class Situations:
    """All situations of a program that were met so far, by what people came in by and the steps at which they stand."""

    __slots__ = ("_comings", "known", "program", "usual")

    def __init__(self, program: Program) -> None:
        self.program = program
        self.usual = usual_journeys(program)
        self.known: dict[tuple[Any, ...], Situation] = {}
        self._comings: dict[tuple[Any, ...], Coming | None] = {}

    def coming(
        self, moment: Moment, source: str, models: Models, *, has_email: bool
    ) -> Coming | None:
        """Return what people come in by who come in alike; None where that is not usual."""
        said = tuple((kind, *of_answer(model)) for model, kind in models)
        key = moment.name, source, has_email, said
        if key not in self._comings:
            journeys = () if not moment.open else tuple(start.journey for start in moment.starts)
            is_usual = moment.plain and all(is_of_event(start, moment) for start in moment.starts)
            self._comings[key] = Coming(moment, source, models, journeys) if is_usual else None
        return self._comings[key]

    def situation(self, coming: Coming, visits: list[Visit]) -> Situation:
        """Return the situation of who came in so and has these visits."""
        key = coming, *(one.step for one in visits)
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = Situation(coming, tuple(one.journey for one in visits))
        return found


def situations_of(program: Program) -> Situations:
    """Return the situations of ``program``, which keeps them."""
    found = program.situations
    if found is None or found.program is not program:
        found = program.situations = Situations(program)
    return found


def is_of_event(start: StartsWhen, moment: Moment) -> bool:
    """Return whether the event alone says whether it starts a journey."""
    condition = start.condition
    if condition is None:
        return True
    carried = {name for name, _read in moment.readers}
    others = condition.needs_life or condition.needs or condition.consents
    named = condition.segments or condition.labels
    return condition.reads <= carried and not (others or named or condition.timed)


def is_usual(program: Program) -> bool:
    """Return whether there can be anything usual where people are sums: no last action is kept either."""
    is_kept = any(moment.latest or moment.life for moment in program.moments.values())
    return not is_kept and is_asked_of_events(program)


def is_asked_of_events(program: Program) -> bool:
    """Return whether nothing but events and the guard is asked: nothing is watched, no zone and no country is asked for."""
    return not (
        program.watches
        or program.confirmed
        or program.zone_fields
        or program.country_fields
        or any(code in program.by_code for code in CODES.values())
    )


def usual_journeys(program: Program) -> frozenset[Journey]:
    """Return the journeys that are usual."""
    return frozenset(
        journey
        for journey in program.journeys.values()
        if all(is_usual_step(program, journey, step) for step in journey.steps.values())
    )


def is_usual_step(program: Program, journey: Journey, step: Step) -> bool:
    """Return whether what a step does is the same for all in one situation."""
    kind = type(step)
    if kind is WaitFor:
        return step.fits.always and not step.since_start  # type: ignore[attr-defined]
    if kind is Notify:
        return not step.message.needs and plain_terms(program, journey, step) is not None  # type: ignore[attr-defined, arg-type]
    return kind is Wait or kind is Finish or kind is GoOn


def known_journeys(program: Program) -> frozenset[Journey]:
    """Return the journeys that are usual, or are but for waits for a time of day."""
    return frozenset(
        journey
        for journey in program.journeys.values()
        if all(
            (type(step) is WaitUntil and step.is_of_clock) or is_usual_step(program, journey, step)
            for step in journey.steps.values()
        )
    )


def length_of(visits: list[Visit]) -> Duration | None:
    """Return how long all of ``visits`` wait where they stand; None where they do not wait equally long."""
    lengths = {one.step.length if type(one.step) is Wait else one.step.limit for one in visits}  # type: ignore[attr-defined]
    return lengths.pop() if len(lengths) == 1 else None
