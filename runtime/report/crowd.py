"""What figures need of people at the cut, noted when nothing more happens to them. Rule: numbers and instants; no address but that of a no.

So nobody has to be held until all are there, and shares of the people add up.
"""

from __future__ import annotations

from array import array
from collections import Counter

from verbline.interpreter.guard.consent import NO
from verbline.runtime.report.noted import No

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verbline.interpreter.guard.purpose import Purpose
    from verbline.interpreter.person.record import Person
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.turn import Turn
    from verbline.interpreter.step.world import World

CONSENT, SUBJECT = "consent", "subject"


class Crowd:
    """The people of a log at its cut.

    ``numbers`` are those who are there and not erased, ``agreeing`` counts by purpose and channel those with a yes that
    holds, ``noes`` has what was said against being written to, and known later, by the number of each person.
    """

    def __init__(self, program: Program) -> None:
        self._asked = resting_on_consent(program)
        self.numbers: list[int] = []
        self.agreeing: Counter[tuple[str, str]] = Counter()
        self.noes: dict[int, list[No]] = {}
        self._known, self._late = array("q"), array("q")

    @property
    def heard(self) -> Iterator[tuple[int, int]]:
        """What people said themselves: when it was known, and how much later than it was said."""
        return zip(self._known, self._late, strict=True)

    def take(self, world: World, people: Iterable[Person | None]) -> None:
        """Take people at the cut, which is now."""
        there = {one.number: one for one in people if one is not None and not one.erased}
        self.numbers += there
        turn = world.turn
        turn.now = world.now
        for person in there.values():
            if person.consents:
                self._ask(turn, person)
        for name, person in world.people.items():
            if person.consents and (noes := list(late_noes(person))):
                self.noes[int(name[1:])] = noes

    def _ask(self, turn: Turn, person: Person) -> None:
        """Ask somebody who said something about being written to."""
        turn.person = person
        for purpose in self._asked:
            for channel in purpose.channels:
                if turn.agrees(purpose.name, channel):
                    self.agreeing[purpose.name, channel] += 1
        for said in person.consents:
            if said.actor == SUBJECT:
                self._known.append(said.known)
                self._late.append(max(0, said.known - said.at))

    def add(self, other: Crowd) -> None:
        """Add other people."""
        self.numbers += other.numbers
        self.agreeing += other.agreeing
        self.noes |= other.noes
        self._known += other._known
        self._late += other._late


def late_noes(person: Person) -> Iterator[No]:
    """Yield what somebody said against being written to that was known later than said."""
    for said in person.consents:
        if said.act in NO and said.when < said.known:
            yield No(said.when, said.known, said.purpose, said.channel, said.contact)


def resting_on_consent(program: Program) -> list[Purpose]:
    """Return the purposes for which somebody has to have said yes."""
    return [one for one in program.purposes.values() if one.basis == CONSENT]
