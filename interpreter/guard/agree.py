"""Whether somebody agrees. Rule: only a yes with evidence that still holds is one; never asked is no."""

from __future__ import annotations

from verbline.interpreter.guard.decide import NOBODYS, addresses_of, asked_of
from verbline.interpreter.guard.fold import GRANTED, state
from verbline.interpreter.guard.merged import state_of_merged
from verbline.interpreter.guard.question import Question, Sending
from verbline.interpreter.guard.regimes import RECOGNITION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verbline.interpreter.guard.fold import State
    from verbline.interpreter.guard.policy import Policy
    from verbline.interpreter.guard.question import Contact, Person
    from verbline.interpreter.step.turn import Turn


def agrees(turn: Turn, purpose: str, channel: str = "", topic: str = "") -> bool:
    """Return whether the person of ``turn`` agrees to ``purpose`` by ``channel``; by any where none is named."""
    return any(one.name == GRANTED for one in _states(turn, purpose, channel, topic))


def agrees_until(turn: Turn, purpose: str, channel: str = "", topic: str = "") -> int | None:
    """Return the earliest instant at which a yes lapses though nobody says anything; None where none does."""
    states = [one for one in _states(turn, purpose, channel, topic) if one.name == GRANTED]
    ends = [end for one in states if (end := one.end()) is not None]
    return min(ends, default=None)


def _states(turn: Turn, name: str, channel: str, topic: str) -> Iterator[State]:
    person, program = turn.person, turn.program
    if not person.consents:
        return
    sending = Sending(program.purposes[name], topic)
    country, zones = program.country_of(person), (turn.zone,)
    for by in (channel,) if channel else sending.purpose.channels:
        question = Question(sending, by, turn.now, country, zones)
        yield from states(question, person, program.policy)


def states(question: Question, person: Person, policy: Policy) -> Iterator[State]:
    """Yield what is on record for each address of ``person`` that the channel of ``question`` can use."""
    purpose, by = question.sending.purpose, question.channel
    if person.erased or person.disputed or by not in purpose.channels:
        return
    row = policy.row(question.country, by)
    addresses: Sequence[Contact | None] = NOBODYS
    if purpose.cls != RECOGNITION:
        addresses = addresses_of(question, person, purpose.cls)
    for contact in addresses:
        asked = asked_of(question, purpose.cls, row, person, contact)
        fold = state_of_merged if asked.merged else state
        yield fold(asked, person.consents, question.at, question.known)
