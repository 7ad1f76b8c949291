"""Steps that ask the person: a question to answer with yes or no, or a form. Rule: the time for the answer runs from the release.

A question that may not be sent counts as unanswered at once.
"""

from __future__ import annotations

from verbline.interpreter.step.sending import NOTHING, SENT, Sending
from verbline.interpreter.step.steps import STAY, arrive

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.interpreter.person.record import Cause, Visit
    from verbline.interpreter.program.parts import Message
    from verbline.interpreter.step.steps import Next
    from verbline.interpreter.step.turn import Turn


class Question(Sending):
    """What both have in common: the time for the answer runs from the release, and ``silence`` is the way when it is over."""

    __slots__ = ("limit", "silence")
    asks = True
    limit: tuple[Any, str]
    silence: Next

    def words(self) -> tuple[Message | None, str]:
        """Return the message that is sent, and how it is called."""
        raise NotImplementedError

    def put(self, turn: Turn, visit: Visit) -> Next:
        """Send the question and stay for the answer; return the way of silence where it may not be sent."""
        became = self.attempt(turn, visit, *self.words())
        if became == NOTHING:
            return self.silence
        if became == SENT:
            visit.hold["asked"] = turn.person.order
            visit.hold["since"] = turn.now
            due = turn.program.later(turn, turn.now, self.limit)
            turn.person.set_timer(due, "limit", visit.serial)
            turn.note("wait", "held", "", visit, self, until=due)
        return STAY

    def due(self, turn: Turn, visit: Visit, what: str) -> Next:
        """Look at the held question again, or return the way of silence."""
        if what == "step":
            return self.put(turn, visit)
        turn.note("wait", "taken", "ran_out", visit, self)
        return self.silence

    def name_of(self, _turn: Turn, _visit: Visit) -> str:
        """Return how the message under way is called."""
        return self.words()[1]


class Confirm(Question):
    """``confirm``: a question to answer with yes or no; ``wording`` is what is sent."""

    __slots__ = ("no", "question", "wording", "yes")
    told = "question"
    by_clock = frozenset(("no_answer",))
    by_event = frozenset(("yes", "no"))
    question: str
    wording: Message
    yes: Next
    no: Next

    def enter(self, turn: Turn, visit: Visit) -> Next:
        """Ask, and stay for the answer."""
        arrive(turn, visit)
        visit.hold = {}
        return self.put(turn, visit)

    def words(self) -> tuple[Message | None, str]:
        """Return the question, which is its own subject."""
        return self.wording, self.question

    def answered(self, turn: Turn, visit: Visit, answer: str) -> Next:
        """Return the way of the answer, ``yes`` or ``no``."""
        turn.note("wait", "taken", "answered", visit, self, answer=answer)
        return self.yes if answer == "yes" else self.no

    def branches(self) -> dict[str, Next]:
        """Return the three ways."""
        return {"yes": self.yes, "no": self.no, "no_answer": self.silence}


class Ask(Question):
    """``ask the … for fields``: a link to the form that asks for them; its submission is the answer.

    Fields that are already known are not asked for; where all are known, nothing is sent and the answer is there.
    """

    __slots__ = ("answer", "awaits", "fields", "message")
    by_clock = frozenset(("no_answer",))
    by_event = frozenset(("answered",))
    awaits: frozenset[str]
    fields: tuple[str, ...]
    message: Message
    answer: Next

    def enter(self, turn: Turn, visit: Visit) -> Next:
        """Send the link, and stay for the answer."""
        arrive(turn, visit)
        visit.hold = {}
        if all(is_known(turn, name) for name in self.fields):
            turn.note("branch", "taken", "", visit, self, answer="known")
            return self.answer
        return self.put(turn, visit)

    def words(self) -> tuple[Message | None, str]:
        """Return the message with the link."""
        return self.message, self.message.name

    def looks_from(self, visit: Visit) -> int:
        """Return where it looks from: the release of the link."""
        return int(visit.hold.get("asked", visit.order))

    def happened(
        self, turn: Turn, visit: Visit, moment: str, fields: dict[str, Any], cause: Cause
    ) -> Next:
        """Return the way of the answer: the form was sent in."""
        if "asked" not in visit.hold:
            return STAY
        visit.fields = {**visit.fields, **fields}
        visit.cause = cause
        turn.note("wait", "taken", "answered", visit, self, moment=moment)
        return self.answer

    def branches(self) -> dict[str, Next]:
        """Return the two ways."""
        return {"answered": self.answer, "no_answer": self.silence}


def is_known(turn: Turn, name: str) -> bool:
    """Return whether a field need not be asked for: this visit brought it, or the person has it already."""
    known = turn.person.values.get(name) is not None
    return known or turn.program.value_of(turn, name) is not None
