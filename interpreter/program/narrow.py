"""The same program, which reads of each event only what is asked for. Rule: no record differs, only what is kept of people.

For hosts that end with their log: where a journey may be added later, what it will read has to be kept from now on.
"""

from __future__ import annotations

from copy import copy

from verbline.interpreter.program.needs import take_heeded, take_idle
from verbline.interpreter.step.asking import FREE
from verbline.interpreter.step.sending import Sending

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from verbline.interpreter.program.program import Program

# What asks which moment was the latest.
LAST = frozenset(("last-action", "last-action-time"))


def narrowed(program: Program, named: Collection[str]) -> Program:
    """Return the program reading only the fields ``named`` by a sentence or a message, and those that say where people are."""
    read = {*named, *program.zone_fields, *program.country_fields, *program.place_fields}
    read.update(journey.once for journey in program.versions)
    if writes_freely(program):
        read.update(program.contact_fields)  # a receipt may go to the address in an event
    other = copy(program)
    other.named = frozenset(named)
    other.moments = {}
    for name, moment in program.moments.items():
        kept = other.moments[name] = copy(moment)
        kept.readers = tuple(one for one in moment.readers if one[0] in read)
        kept.facts = tuple(one for one in moment.facts if one in read)
        kept.latest = not LAST.isdisjoint(read)
        kept.life = moment.life and program.silences
    other.by_code = {
        code: tuple(other.moments[one.name] for one in ones)
        for code, ones in program.by_code.items()
    }
    take_idle(other)
    take_heeded(other)
    return other


def writes_freely(program: Program) -> bool:
    """Return whether a message may go out that no consent holds back."""
    steps = (step for journey in program.versions for step in journey.steps.values())
    return any(isinstance(step, Sending) and step.purpose.cls in FREE for step in steps)
