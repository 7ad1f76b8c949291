"""Entry brakes: how many people a journey takes in. Rule: they count across people, so the host keeps them, in log order.

Whoever is over the limit waits in a queue and is looked at afresh when the turn comes.
"""

from __future__ import annotations

from collections import deque

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from verbline.interpreter.person.record import Person
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.step.signals import Start
    from verbline.interpreter.step.turn import Turn


class Brakes:
    """The latest entries of each journey, and who waits."""

    __slots__ = ("entries", "queues")

    def __init__(self) -> None:
        self.entries: dict[str, deque[int]] = {}
        self.queues: dict[str, deque[tuple[Person, Start]]] = {}

    def full_until(self, turn: Turn, journey: Journey) -> int | None:
        """Return when the journey takes in one more; None where it does now."""
        entries = self.entries.get(journey.name)
        if entries is None or len(entries) < journey.brake[0]:
            return None
        free = turn.program.later(turn, entries[0], journey.brake[1])
        return free if free > turn.now else None

    def open_for(self, journey: Journey, now: int) -> deque[int] | None:
        """Return the entries of a journey that takes in somebody without a closer look: few have come of late, nobody waits."""
        entries = self.entries.get(journey.name)
        if (
            entries is None
            or self.queues
            or (
                len(entries) >= journey.brake[0]
                and (not entries or entries[0] + journey.gate.brake > now)
            )
        ):
            return None
        return entries

    def closed_until(self, turn: Turn, journey: Journey) -> int | None:
        """Return when the journey may take in somebody new; None where it does now and nobody waits."""
        free = self.full_until(turn, journey)
        return turn.now if free is None and self.queues.get(journey.name) else free

    def keep(self, person: Person, start: Start) -> bool:
        """Let somebody wait; return whether they are the first to wait."""
        queue = self.queues.setdefault(start.journey.name, deque())
        queue.append((person, start))
        return len(queue) == 1

    def first(self, journey: str) -> tuple[Person, Start] | None:
        """Return who waits longest, or None where nobody waits."""
        queue = self.queues[journey]
        return queue[0] if queue else None

    def unite(self, survivor: Person, other: Person) -> None:
        """Let ``survivor`` wait in the places of ``other``, who is the same person."""
        for queue in self.queues.values():
            for place, (person, start) in enumerate(queue):
                if person is other or person is survivor:
                    start.whose = start.whose or person.id
                    queue[place] = survivor, start

    def divide(self, whole: Person, part: Person, ids: Collection[str]) -> None:
        """Let ``part`` wait in the places of ``whole`` that belong to those called ``ids``."""
        for queue in self.queues.values():
            for place, (person, start) in enumerate(queue):
                if person is whole and start.whose in ids:
                    queue[place] = part, start

    def leave(self, gone: Person) -> None:
        """Let nobody wait any more who is ``gone``."""
        for name, queue in self.queues.items():
            self.queues[name] = deque(one for one in queue if one[0] is not gone)

    def drop_first(self, journey: str) -> None:
        """Take the first out of the queue."""
        self.queues[journey].popleft()

    def count(self, journey: Journey, now: int) -> None:
        """Count an entry."""
        entries = self.entries.get(journey.name)
        if entries is None:
            entries = self.entries[journey.name] = deque(maxlen=max(1, journey.brake[0]))
        entries.append(now)
