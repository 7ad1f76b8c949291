"""Messages to people who are kept by their moulds. Rule: what leaves is what would leave if it were decided step by step.

Whom a message is for decides about nothing in it but the address and the key; one in whose words something of the person stands
is left to the step.
"""

from __future__ import annotations

from verbline.runtime.leaving.alike import Alike, Posted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.step.impulses import Letter
    from verbline.interpreter.step.turn import Turn
    from verbline.runtime.leaving.leaving import Leaving


class Letters:
    """What takes messages to ``leaving``; nothing leaves where that is None. ``turn`` is one in which nothing else happens."""

    def __init__(self, leaving: Leaving | None, turn: Turn) -> None:
        self._leaving = leaving
        if leaving is not None:
            leaving.alike = Alike(leaving.drafts, leaving.wording, turn)

    def can(self, letter: Letter) -> bool:
        """Return whether a message says the same to everybody."""
        return self._leaving is None or (
            "desk" not in letter.row.more and self._leaving.drafts.is_for_all(letter.step)
        )

    def send(self, letter: Letter, number: int, at: int, contact: str) -> None:
        """Let a message leave that was decided ``at`` an instant for the person of this number."""
        if self._leaving is not None:
            self._leaving.post(Posted(letter, number, at, contact))
