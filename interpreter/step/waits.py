"""Steps that wait for time or for moments. Rule: what falls due at the instant of an event comes after the event.

A wait is a stored instant; whatever the person may do meanwhile is looked at when it happens, never by asking again.
"""

from __future__ import annotations

from bisect import insort

from verbline.interpreter.program.forms import as_key
from verbline.interpreter.program.reckoning import FOLDED
from verbline.interpreter.step.steps import STAY, Step, arrive

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from verbline.interpreter.person.record import Cause, Person, Visit
    from verbline.interpreter.program.conditions import Condition
    from verbline.interpreter.program.parts import Moment
    from verbline.interpreter.step.steps import Next
    from verbline.interpreter.step.turn import Turn


# Before the name of a field, in the fields of an event: what the person had until then. No field's name has a blank.
BEFORE = "before "


class Wait(Step):
    """``wait 2 days``: until a length has passed."""

    __slots__ = ("length",)
    by_clock = frozenset(("then",))
    length: tuple[Any, str]

    def enter(self, turn: Turn, visit: Visit) -> Next:
        """Stay until the length has passed."""
        arrive(turn, visit)
        due = turn.program.later(turn, turn.now, self.length)
        turn.person.set_timer(due, "step", visit.serial)
        turn.note("wait", "held", "", visit, self, until=due)
        return STAY

    def due(self, turn: Turn, visit: Visit, what: str) -> Next:
        """Return the next step."""
        turn.note("wait", "taken", "time_passed", visit, self)
        return self.next


class WaitUntil(Step):
    """``wait until …``: until an instant that ``instant`` reckons; ``past`` is the way where it has gone by.

    An instant that cannot be reckoned, because a value is unknown, is not waited for: the trace says so. ``is_of_clock`` says
    that it is a time of day, whoever waits for it.
    """

    __slots__ = ("instant", "is_of_clock", "past")
    by_clock = frozenset(("then",))
    instant: Callable[[Turn], int | None]
    is_of_clock: bool
    past: Next

    def enter(self, turn: Turn, visit: Visit) -> Next:
        """Stay until the instant, or return the way where there is nothing to wait for."""
        due = self.instant(turn)
        if due is None:
            turn.note("wait", "ignored", "unknown_value", visit, self)
            return self.next
        if due < turn.now:
            turn.note("wait", "ignored", "already_past", visit, self)
            return self.past
        arrive(turn, visit)
        if due == turn.now and turn.depth:
            visit.hold = {"depth": turn.depth}
        turn.person.set_timer(due, "step", visit.serial)
        turn.note("wait", "held", "", visit, self, until=due)
        return STAY

    def due(self, turn: Turn, visit: Visit, what: str) -> Next:
        """Return the next step; a wait for this very instant does not begin a chain of signals anew."""
        turn.depth = visit.hold.get("depth", 0)
        turn.note("wait", "taken", "time_passed", visit, self)
        return self.next

    def branches(self) -> dict[str, Next]:
        """Return the two ways."""
        return {"then": self.next, "past": self.past}


class Fits:
    """Whether a moment is the one that a wait or a stop means: same correlation, and the condition is yes."""

    __slots__ = ("always", "condition", "same")

    def __init__(self, condition: Condition | None, same: Mapping[str, tuple[str, ...]]) -> None:
        self.condition = condition
        self.same = same  # by moment: the fields that must agree with the visit's own
        self.always = condition is None and not any(same.values())

    def test(self, turn: Turn, visit: Visit, moment: str, fields: dict[str, Any]) -> bool:
        """Return whether ``moment`` with ``fields`` is meant."""
        same = self.same.get(moment)
        if same and not agree(turn, visit, fields, same):
            return False
        if self.condition is None:
            return True
        before, turn.fields = turn.fields, {**visit.fields, **fields}
        answer = self.condition.test(turn)
        turn.fields = before
        return answer is True


def agree(turn: Turn, visit: Visit, fields: dict[str, Any], same: tuple[str, ...]) -> bool:
    """Return whether an event's ``fields`` have the visit's own values in the fields ``same``; unknown never agrees.

    What the journey runs once per is what the visit began with; what the visit does not have is what the person had before
    the event, which may just have changed it.
    """
    once = visit.step.journey.once
    for name in same:
        if name == once:
            if fields.get(name) is None or as_key(fields[name]) != visit.correlation:
                return False
            continue
        own, before = visit.fields.get(name), f"{BEFORE}{name}"
        if name not in visit.fields:
            own = fields[before] if before in fields else turn.person.values.get(name)
        other = fields.get(name)
        if own is None or other is None:
            return False
        if own != other and not (
            isinstance(own, str) and isinstance(other, str) and FOLDED[own] == FOLDED[other]
        ):
            return False
    return True


def with_before(person: Person, moment: Moment, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a moment with what the person had before it, where it is compared with that and changes it."""
    before = {
        f"{BEFORE}{name}": person.values.get(name)
        for name in moment.compared
        if name in moment.facts
    }
    return {**fields, **before}


class WaitFor(Step):
    """``wait for``: the first of several moments, up to a limit; ``ways`` lead on by moment, ``never`` when time is up."""

    __slots__ = ("awaits", "fits", "limit", "never", "since_start", "ways")
    by_clock = frozenset(("not_happens",))
    by_event = frozenset(("happens",))
    awaits: frozenset[str]
    fits: Fits
    limit: tuple[Any, str]
    never: Next
    since_start: bool
    ways: Mapping[str, Next]

    def enter(self, turn: Turn, visit: Visit) -> Next:
        """Return the way of a moment that has happened since the wait looks back, else stay."""
        person, program = turn.person, turn.program
        visit.at = turn.now
        visit.order = person.order
        if visit.past:
            since = self.looks_from(visit)
            for _at, order, moment, fields, cause in visit.past:
                if order > since and moment in self.awaits:
                    way = self.happened(turn, visit, moment, fields, cause)
                    if way is not STAY:
                        return way
        due = program.later(turn, turn.now, self.limit)
        person.serial += 1
        insort(person.timers, (due, person.serial, "step", visit.serial))
        turn.sink(turn, self.journey, visit, self, "wait", "held", "", {"until": due})
        return STAY

    def looks_from(self, visit: Visit) -> int:
        """Return where it looks from: the start, the step before that held the person up, or where it was reached."""
        return visit.began if self.since_start else visit.anchor or visit.order

    def happened(
        self, turn: Turn, visit: Visit, moment: str, fields: dict[str, Any], cause: Cause
    ) -> Next:
        """Return the way of ``moment`` where it is the one waited for."""
        fits = self.fits
        if not (fits.always or fits.test(turn, visit, moment, fields)):
            return STAY
        visit.fields = {**visit.fields, **fields}
        visit.cause = cause
        turn.sink(turn, self.journey, visit, self, "wait", "taken", "happened", {"moment": moment})
        return self.ways[moment]

    def due(self, turn: Turn, visit: Visit, what: str) -> Next:
        """Return the way of time being up."""
        turn.sink(turn, self.journey, visit, self, "wait", "taken", "ran_out", {})
        return self.never

    def branches(self) -> dict[str, Next]:
        """Return the ways of the moments and of none."""
        return {
            **{f"happens {name}": way for name, way in self.ways.items()},
            "not_happens": self.never,
        }


class WaitAbsent(Step):
    """``wait until there is no "…" for 2 days``: the length starts again at each one; ``never`` when the limit is over first."""

    __slots__ = ("awaits", "fits", "length", "limit", "never")
    by_clock = frozenset(("happens", "not_happens"))
    awaits: frozenset[str]
    fits: Fits
    length: tuple[Any, str]
    limit: tuple[Any, str]
    never: Next

    def enter(self, turn: Turn, visit: Visit) -> Next:
        """Stay until nothing has happened for the length."""
        self.begin(turn, visit)
        visit.hold = {"since": turn.now}
        due = turn.program.later(turn, turn.now, self.limit)
        turn.person.set_timer(due, "limit", visit.serial)
        return STAY

    def begin(self, turn: Turn, visit: Visit) -> None:
        """Let the length begin now, from where on it looks."""
        arrive(turn, visit)
        turn.person.drop_timers(visit.serial, "step")
        due = turn.program.later(turn, turn.now, self.length)
        turn.person.set_timer(due, "step", visit.serial)
        turn.note("wait", "held", "", visit, self, until=due)

    def happened(
        self, turn: Turn, visit: Visit, moment: str, fields: dict[str, Any], cause: Cause
    ) -> Next:
        """Begin anew where it is the moment that has to stay away."""
        if self.fits.test(turn, visit, moment, fields):
            visit.fields = {**visit.fields, **fields}
            self.begin(turn, visit)
        return STAY

    def due(self, turn: Turn, visit: Visit, what: str) -> Next:
        """Return the way of silence, or of the limit."""
        if what == "step" or self.is_silent(turn, visit):
            turn.note("wait", "taken", "happened", visit, self)
            return self.next
        turn.note("wait", "taken", "ran_out", visit, self)
        return self.never

    def is_silent(self, turn: Turn, visit: Visit) -> bool:
        """Return whether the length is over at the very instant at which the limit is."""
        own = (visit.serial, "step")
        return any((one[3], one[2]) == own and one[0] <= turn.now for one in turn.person.timers)

    def branches(self) -> dict[str, Next]:
        """Return the two ways."""
        return {"happens": self.next, "not_happens": self.never}
