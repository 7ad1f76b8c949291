"""Where somebody stands to whom only the usual has happened. Rule: what comes of what happens next is the same for all who stand there.

A journey is usual where each step is a wait, a message under plain terms, or an end: such steps look at the clock, at the
moment and at what was said about being written to, and at nothing else of the person. Whoever came in by the same moment,
said the same and stands at the same steps is in one situation.
"""

from __future__ import annotations

from verbline.interpreter.program.reckoning import milliseconds
from verbline.interpreter.step.deeds import Finish, GoOn
from verbline.interpreter.step.hearing import CODES
from verbline.interpreter.step.letters import plain_terms
from verbline.interpreter.step.sending import Notify
from verbline.interpreter.step.waits import Wait, WaitFor
from verbline.interpreter.zones import DAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from verbline.interpreter.guard.consent import Consent
    from verbline.interpreter.person.record import Visit
    from verbline.interpreter.program.parts import Journey, Moment
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.program.reckoning import Duration
    from verbline.interpreter.step.steps import Step

    # A model of each answer to the question whether one may write, and the kind of address that it is for.
    Models: TypeAlias = "tuple[tuple[Consent, str], ...]"

FIXED = frozenset(("hour", "minute"))


class Coming:
    """What somebody came in by: a moment, how its system calls itself, and what was said with it.

    What was said is for the email that came along, or for every address. ``move`` is what comes of it, once it ``is_known``
    since somebody has come in; ``entered`` are the journeys that this begins.
    """

    __slots__ = ("brakes", "entered", "is_known", "models", "moment", "move", "source")

    def __init__(self, moment: Moment, source: str, models: Models) -> None:
        self.moment = moment
        self.source = source
        self.models = models
        self.brakes = tuple(
            (start.journey.name, start.journey.brake[0], start.journey) for start in moment.starts
        )
        self.entered: tuple[str, ...] = ()
        self.is_known = False
        self.move: Move | None = None


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


def is_usual(program: Program) -> bool:
    """Return whether there can be anything usual: nothing is watched, and no zone, country or last action is asked for."""
    return not (
        program.watches
        or program.confirmed
        or program.zone_fields
        or program.country_fields
        or any(moment.latest or moment.life for moment in program.moments.values())
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


def length_of(visits: list[Visit]) -> Duration | None:
    """Return how long all of ``visits`` wait where they stand; None where they do not wait equally long."""
    lengths = {one.step.length if type(one.step) is Wait else one.step.limit for one in visits}  # type: ignore[attr-defined]
    return lengths.pop() if len(lengths) == 1 else None
