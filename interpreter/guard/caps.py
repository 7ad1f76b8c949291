"""How many messages are enough. Rule: a message counts from its release until the length is over, and no longer."""

from __future__ import annotations

from verbline.interpreter.guard.spans import has_passed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from typing import TypeAlias

    from verbline.interpreter.guard.purpose import Length
    from verbline.interpreter.zones import Zone

    # When it was released, the journey, the purpose, and the message's key.
    Accepted: TypeAlias = "tuple[int, str, str, str]"

# There is never room.
NEVER = 1 << 62


class Cap:
    """At most ``number`` messages in ``length``: those of ``journey``, or where that is empty, for one of ``purposes``.

    ``only`` is the class of messages that it holds back, nothing where it is every class that can be held back.
    """

    __slots__ = ("journey", "length", "number", "only", "purposes")

    def __init__(
        self,
        number: int,
        length: Length,
        *,
        journey: str = "",
        purposes: Collection[str] = (),
        only: str = "",
    ) -> None:
        self.number = number
        self.length = length
        self.journey = journey
        self.purposes = frozenset(purposes)
        self.only = only

    def frees(self, accepted: Sequence[Accepted], at: int, zone: Zone) -> int | None:
        """Return when there is room for one more; None where there is room at ``at``."""
        if self.number < 1:
            return NEVER
        if len(accepted) < self.number:
            return None
        journey, purposes = self.journey, self.purposes
        times = [
            one[0] for one in accepted if (one[1] == journey if journey else one[2] in purposes)
        ]
        if len(times) < self.number:
            return None
        times = sorted(time for time in times if not has_passed(zone, time, self.length, at))
        if len(times) < self.number:
            return None
        return zone.add(times[-self.number], *self.length)
