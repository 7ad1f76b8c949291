"""People of a world who turn out to be one, or two, or wish to be forgotten. Rule: an id leads to whoever bears it now.

What is united and what is given back stands in ``person``; here it is done to people who are reached, awaited and numbered.
"""

from __future__ import annotations

from verbline.interpreter.step.brakes import Brakes
from verbline.interpreter.step.people import People
from verbline.interpreter.step.signals import NO_CAUSE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from verbline.interpreter.person.record import Cause, Person
    from verbline.interpreter.program.parts import Moment
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.turn import Turn


class Joining(People):
    """See the module. ``parted`` says that who was joined may be taken apart, so that what each was has to be kept."""

    program: Program
    turn: Turn

    def __init__(self) -> None:
        super().__init__()
        self.brakes = Brakes()
        self.parted = True

    if TYPE_CHECKING:  # what the world adds

        def until(self, now: int) -> None:
            """Move the clock to ``now``; what is due before it falls due."""

        def fire(self, now: int) -> None:
            """Let fall due what is due before ``now``."""

        def drain(self) -> None:
            """Let happen what the last stimulus leads to."""

        def arm(self, person: Person) -> None:
            """Set the alarm of ``person``."""

        def handle(
            self,
            person: Person,
            moment: Moment,
            fields: dict[str, Any],
            happened: int,
            cause: Cause,
            whose: str = "",
        ) -> None:
            """Let ``moment`` happen to ``person`` now."""

    def merge(self, first: str, second: str, now: int, cause: Cause = NO_CAUSE) -> Person:
        """Let two people turn out to be one and return the survivor: the one known longer."""
        from verbline.interpreter.person.merge import merge

        self.until(now)
        survivor, other = self.people[first], self.people[second]
        if other.number < survivor.number:
            survivor, other = other, survivor
        self.turn.begin(survivor, self.now, cause, self.now)
        merge(self.turn, survivor, other, keep=self.parted)
        self.put_into(survivor, other)
        self.brakes.unite(survivor, other)
        self.drain()
        self.arm(survivor)
        self._tell_of("verbline.merge", survivor, cause)
        return survivor

    def split(
        self,
        person: str,
        apart: str,
        now: int,
        *,
        going: Collection[str] | None = None,
        addresses: Collection[str] = (),
        number: int = 0,
        cause: Cause = NO_CAUSE,
    ) -> Person:
        """Let a person turn out to be two and return the other one, who is called ``apart`` from now on.

        ``going`` are the ids of those who are that one, ``apart`` alone where it is left out. ``addresses`` are keys of
        contacts that are that one's, ``number`` the number of somebody who never had one of their own.
        """
        from verbline.interpreter.person.split import split

        self.until(now)
        whole = self.people[person]
        assert self.people.get(apart, whole) is whole, f"{apart} is another person"
        going = (apart,) if going is None else going
        before = [contact.key for contact in whole.contacts]
        part = self.part(whole, apart, number)
        self.turn.begin(whole, self.now, cause, self.now)
        split(self.turn, whole, part, going, addresses)
        for one in (part.id, *part.merged):
            self.people[one] = part
        also = dict.fromkeys((*self.also.pop(whole.id, ()), *going))
        if left := [one for one in also if self.people.get(one) is whole]:
            self.also[whole.id] = left
        self.reach(whole, part, before)
        self.brakes.divide(whole, part, going)
        self.drain()
        self.arm(whole)
        self.arm(part)
        self.fire(self.now)  # what somebody goes on with may have been due while another's went on
        self._tell_of("verbline.split", whole, cause)
        return part

    def erase(self, identity: str, now: int, cause: Cause = NO_CAUSE) -> Person:
        """Let a person be erased, and return what is left of the record."""
        from verbline.interpreter.person.erase import erase

        self.until(now)
        person = self.people[identity]
        before = [contact.key for contact in person.contacts]
        self.turn.begin(person, self.now, cause, self.now)
        erase(self.turn)
        self.brakes.leave(person)
        self.abandon(person, before)
        self._tell_of("verbline.person.erased", person, cause)
        return person

    def _tell_of(self, code: str, person: Person, cause: Cause) -> None:
        """Let the moments happen that are called ``code``."""
        for moment in self.program.by_code.get(code, ()):
            fields: dict[str, Any] = {field: None for field, _read in moment.readers}
            self.handle(person, moment, fields, self.now, cause)
