"""What meets people who are kept by a mould, and what comes of it. Rule: plain values, found out once for all to whom it happens alike."""

from __future__ import annotations

from operator import itemgetter
from typing import Any, NamedTuple

from verbline.interpreter.program.reckoning import milliseconds
from verbline.interpreter.step.situations import FIXED
from verbline.interpreter.zones import DAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from verbline.interpreter.person.mould import Mould
    from verbline.interpreter.program.parts import Journey, Moment
    from verbline.interpreter.program.reckoning import Duration
    from verbline.interpreter.step.sending import Notify
    from verbline.interpreter.step.situations import Models
    from verbline.interpreter.step.turn import Turn


class Row(NamedTuple):
    """What a record tells whoever it is about; ``visit`` are its journey, correlation value and number, values in ``more`` can be a `Gap`."""

    journey: str
    version: str
    step: str
    line: str
    kind: str
    verdict: str
    reason: str
    visit: tuple[str, str, int] | None
    more: Mapping[str, Any]


class Letter(NamedTuple):
    """A message that leaves: by which row it is told, at which step, and which value is the address."""

    row: Row
    step: Notify
    contact: int


class Impulse:
    """An event as it meets many: a moment from a system, what was said with it, and which journeys it starts.

    ``absent`` are the facts that it does not bring.
    """

    __slots__ = ("absent", "brakes", "has_email", "journeys", "models", "moment", "others", "readers", "source")  # fmt: skip

    def __init__(
        self,
        moment: Moment,
        source: str,
        models: Models,
        has_email: bool,  # noqa: FBT001
        journeys: tuple[Journey, ...],
        absent: frozenset[str] = frozenset(),
    ) -> None:
        self.moment = moment
        self.source = source
        self.models = models
        self.has_email = has_email
        self.journeys = journeys
        self.absent = absent
        # Of what nothing follows but that it was the latest, no field is read.
        self.readers = () if moment.idle else moment.readers
        self.brakes = tuple((one.name, one.brake[0], one) for one in journeys)
        self.others: dict[tuple[Any, ...], Impulse] = {}

    def other(self, journeys: tuple[Journey, ...], absent: frozenset[str]) -> Impulse:
        """Return the same that starts other journeys, or lacks other facts."""
        key = journeys, absent
        found = self.others.get(key)
        if found is None:
            parts = self.moment, self.source, self.models, self.has_email
            found = self.others[key] = Impulse(*parts, journeys, absent)
        return found


class Move:
    """What comes of an impulse, or of time: the mould that follows, and which of the values go into it (``take``).

    ``turns`` are the places that it takes in the order of events, ``entered`` the journeys that begin. ``length`` is how long
    is waited, ``until`` for which time of day; both are None where no wait begins. ``rows`` are told, of an event from ``source`` whose id is the value at the place
    ``event``; ``told`` are the places of the values in the rows, and whether they are instants. ``letters`` leave. With
    ``sends`` something else may leave, so that all of it has to be done step by step.
    """

    __slots__ = ("entered", "event", "is_fixed", "length", "letters", "mould", "related", "rows", "sends", "source", "span", "take", "told", "turns", "until")  # fmt: skip

    def __init__(self, mould: Mould, places: Sequence[int], turns: int) -> None:
        self.mould = mould
        self.take: Callable[[Sequence[Any]], Sequence[Any]] = taking(places)
        self.turns = turns
        self.entered: tuple[Journey, ...] = ()
        self.length: Duration | None = None
        self.until: Callable[[Turn], int | None] | None = None
        self.span, self.is_fixed = 0, True
        self.rows: list[Row] = []
        self.letters: list[Letter] = []
        self.told: list[tuple[int, bool]] = []
        self.source = ""
        self.event: int | None = None
        self.sends = False
        # What whoever tells it keeps with it.
        self.related: Any = None

    def waits(self, length: Duration) -> None:
        """Let a wait of this length begin."""
        self.length, (number, unit) = length, length
        self.is_fixed = unit in FIXED
        if self.is_fixed:
            self.span = milliseconds(number, unit)
        elif unit == "day" and number.__class__ is int:
            self.span = int(number) * DAY

    def due(self, turn: Turn, now: int) -> int:
        """Return when the wait is over that begins ``now``."""
        if self.until is not None:
            turn.now = now
            found = self.until(turn)
            assert found is not None, "a time of day comes"
            return found
        due = now + self.span
        if self.is_fixed:
            return due
        zone = turn.program.zone
        # Where no clock is set on the way, a day is 24 hours long.
        if self.span and now >= zone.calm_from and due < zone.calm_until:
            return due
        assert self.length is not None, "a wait begins"
        return turn.program.later(turn, now, self.length)


def taking(places: Sequence[int]) -> Callable[[Sequence[Any]], Sequence[Any]]:
    """Return what takes the values at some places."""
    if len(places) > 1:
        return itemgetter(*places)
    return lambda values: [values[place] for place in places]
