"""Who keeps people of a world in brief. Rule: whoever asks for one of them gets the record that there would be."""

from __future__ import annotations

from typing import Any, Protocol

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.person.record import Person


class Keeping(Protocol):
    """Keeps people of a world in brief, as rows that stand among the ``numbered``."""

    numbered: list[Any]

    def fall_due(self, number: int, row: Any, due: int) -> None:
        """Let the timers of somebody in brief fall due."""

    def unfold(self, number: int) -> Person:
        """Return the record of somebody, who is in brief no more."""

    def find(self, email: str) -> int | None:
        """Return the number of who is reached at ``email`` and kept in brief, or None."""
