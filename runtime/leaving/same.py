"""Desks are asked whether two people are one. Rule: nobody is joined by the question; the desk sees what each is known by.

The key of the question names the two (`identity.proposed`), so that an answer needs nothing else.
"""

from __future__ import annotations

from verbline.runtime.channels.desk import said
from verbline.runtime.channels.dispatch import DESK
from verbline.runtime.channels.intent import Intent, Task
from verbline.runtime.identity.proposed import NOT_SAME, SAME, key_of
from verbline.runtime.leaving.drafts import NO_WORDS, TASK, Draft

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class Desks:
    """Asks desks in the project's ``language``. ``known_by`` gives what somebody is known by, as (kind, value)."""

    def __init__(self, language: str, known_by: Callable[[int], Iterable[tuple[str, str]]]) -> None:
        self.language = language
        self._known_by = known_by

    def asking(self, desk: str, people: tuple[int, int], now: int) -> Draft:
        """Return the draft of the question whether two people are one."""
        shown = tuple(
            (f"P{number} {kind}", value)
            for number in sorted(people)
            for kind, value in sorted(self._known_by(number))
        )
        task = Task(
            desk=desk,
            because=said("are_same", self.language),
            shown=shown,
            answers=(said(SAME, self.language), said(NOT_SAME, self.language)),
        )
        intent = Intent(
            key=key_of(people),
            kind=TASK,
            channel=DESK + desk,
            address="",
            words=NO_WORDS,
            at=now,
            language=self.language,
            task=task,
        )
        return Draft(intent)
