"""A moment of which nothing but facts is remembered meets somebody: what happens to most people most of the time. Rule: what is
done here is what `recall` in `happening` does, without what cannot happen.

A moment is plain where nothing but facts is kept of it, it stops nothing and concerns all visits of a journey alike; it is
open where no start on it asks for anything.
"""

from __future__ import annotations

from verbline.interpreter.person.aside import NONE
from verbline.interpreter.step.facts import learn
from verbline.interpreter.step.listening import in_order
from verbline.interpreter.step.steps import STAY, resume, stretches

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.interpreter.person.record import Person
    from verbline.interpreter.program.parts import Moment
    from verbline.interpreter.step.turn import Turn


def happen_plainly(turn: Turn, moment: Moment, fields: dict[str, Any], source: str) -> None:
    """Let a plain moment happen to the turn's person, who was never several, but for what it starts."""
    person, happened, name = turn.person, turn.happened, moment.name
    for fact in moment.facts:
        value = fields.get(fact)
        if value is not None:
            learn(turn, fact, value, source, happened)
    if moment.latest and (person.last_time is None or happened >= person.last_time):
        person.last_time = happened
        person.last_action = name
    if moment.life and (person.life is None or happened > person.life):
        person.life = happened
    if person.visits:
        meet_plainly(turn, person, moment, fields)
    if moment.awaited:
        past = (turn.now, person.order, name, fields, turn.cause)
        if person.recent is NONE:
            person.recent = {name: past}
        else:
            person.recent[name] = past


def meet_plainly(turn: Turn, person: Person, moment: Moment, fields: dict[str, Any]) -> None:
    """Let the running visits meet a moment, where it stops none and all visits of a journey are concerned alike."""
    name, heeded = moment.name, moment.heeded or NONE
    visits = [one for one in person.visits if one.journey in heeded]
    for visit in visits if len(visits) < 2 else in_order(turn, visits):
        step = visit.step
        if name in step.journey.awaits:
            visit.past += ((turn.now, person.order, name, fields, turn.cause),)
        if name in step.awaits:
            in_one_go = stretches(turn, step).met.get(name)
            if in_one_go is None:
                following = step.happened(turn, visit, name, fields, turn.cause)
                if following is not STAY:
                    resume(turn, visit, following)
            else:
                in_one_go(turn, visit, fields)
