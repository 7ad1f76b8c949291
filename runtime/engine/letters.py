"""Messages to people who are kept by their moulds. Rule: what leaves is what would leave if it were decided step by step.

Whom a message is for decides about nothing in it but the address and the key; one in whose words something of the person stands
is left to the step.
"""

from __future__ import annotations

from verbline.interpreter.person.record import Person, Visit, key_of
from verbline.interpreter.step.sending import SENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.step.impulses import Letter
    from verbline.interpreter.step.turn import Turn
    from verbline.runtime.leaving.leaving import Leaving


class Letters:
    """What takes messages to ``leaving``; nothing leaves where that is None. ``turn`` is one in which nothing else happens."""

    def __init__(self, leaving: Leaving | None, turn: Turn) -> None:
        self._leaving, self._turn = leaving, turn

    def can(self, letter: Letter) -> bool:
        """Return whether a message says the same to everybody."""
        return self._leaving is None or self._leaving.drafts.is_for_all(letter.step)

    def send(self, letter: Letter, number: int, at: int, contact: str) -> None:
        """Let a message leave that was decided ``at`` an instant for the person of this number."""
        leaving, turn, row, step = self._leaving, self._turn, letter.row, letter.step
        if leaving is None:
            return
        assert row.visit is not None, "a visit sends it"
        name, correlation, times = row.visit
        turn.now, turn.person = at, Person(f"P{number}", number)
        visit = Visit(turn.person.id, name, row.version, correlation, times, 0)
        visit.at = at
        key = key_of(visit.first_name(), step.id, row.more["key"])
        more = {**row.more, "contact": contact, "key": key}
        leaving.take(turn, step.journey, visit, step, row.kind, SENT, row.reason, more)
