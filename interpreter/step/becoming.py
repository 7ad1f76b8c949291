"""A person who becomes one with another, or two, or nobody, or moves to another version, as stimuli of `step`. Rule: records that are given stay as they are."""

from __future__ import annotations

from verbline.interpreter.person.encode import from_bytes, to_bytes
from verbline.interpreter.person.erase import erase
from verbline.interpreter.person.merge import merge
from verbline.interpreter.person.record import Person
from verbline.interpreter.person.split import split
from verbline.interpreter.step.moving import move
from verbline.interpreter.step.signals import NO_CAUSE
from verbline.interpreter.step.step import Divides, Moves, Unites, last_said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.step.step import Erases
    from verbline.interpreter.step.turn import Turn


def become(
    turn: Turn, person: Person, stimulus: Unites | Divides | Erases | Moves, now: int
) -> Person | None:
    """Let ``person`` become what ``stimulus`` says; return the record of somebody else where that has come of it."""
    part = None
    if isinstance(stimulus, Unites):
        other = from_bytes(to_bytes(stimulus.other), turn.program)
        turn.order = max(turn.order, other.order)
        turn.said = max(turn.said, last_said(other))
        turn.begin(person, now, NO_CAUSE, now)
        merge(turn, person, other, proved=stimulus.proved)
    elif isinstance(stimulus, Divides):
        part = Person(*stimulus.part)
        turn.begin(person, now, NO_CAUSE, now)
        split(turn, person, part, stimulus.going, stimulus.addresses)
    elif isinstance(stimulus, Moves):
        turn.begin(person, now, NO_CAUSE, now)
        move(turn, stimulus.ends, settles=stimulus.settles)
    else:
        turn.begin(person, now, NO_CAUSE, now)
        erase(turn)
    return part
