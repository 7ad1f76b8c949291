"""Whose questions answers name by their keys, where people are taken one after the other. Rule: an answer is met by the question it names, or the run is over.

The runtime writes down with each answer whom it asked, so the answer comes with the events of that person. Whether the key is
that of somebody else shows as soon as they are asked.
"""

from __future__ import annotations

from verbline.runtime.entries import OutOfOrderError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.runtime.answers import Answers, Question
    from verbline.runtime.kin import Kin


class Answered:
    """The keys that answers name, with the number of the person whom each names beside it."""

    def __init__(self) -> None:
        self._people: dict[str, int] = {}

    def take(self, key: str, number: int) -> None:
        """Take an answer; `OutOfOrderError` where it names nobody beside the key, or somebody else than the one before."""
        if not number or self._people.setdefault(key, number) != number:
            raise OutOfOrderError(key)

    def watch(self, answers: Answers, kin: Kin) -> None:
        """Look at each question that is asked from now on."""
        if self._people:
            answers.opened = Opened(self._people, kin)


class Opened(dict[str, "Question"]):
    """Open questions by their keys; `OutOfOrderError` for one that is answered with the events of somebody else."""

    def __init__(self, people: dict[str, int], kin: Kin) -> None:
        super().__init__()
        self._people = people
        self._kin = kin

    def __setitem__(self, key: str, question: Question) -> None:
        number = self._people.get(key)
        if number is not None:
            asked = int(question.visit.person[1:])
            if self._kin.eldest(asked) != self._kin.eldest(number):
                raise OutOfOrderError(key)
        super().__setitem__(key, question)
