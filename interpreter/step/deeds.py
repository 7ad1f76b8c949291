"""Steps that are done at once: learn, signal, route, stop writing, finish, continue. Rule: each leaves one trace record."""

from __future__ import annotations

from verbline.interpreter.guard.consent import Consent
from verbline.interpreter.person.parts import beside, speaker
from verbline.interpreter.step.ending import end
from verbline.interpreter.step.facts import learn
from verbline.interpreter.step.signals import DEPTH_MAX, Signal, Start
from verbline.interpreter.step.steps import STAY, Step

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from verbline.interpreter.person.record import Visit
    from verbline.interpreter.program.conditions import Value
    from verbline.interpreter.program.parts import Constant, Moment
    from verbline.interpreter.step.steps import Next
    from verbline.interpreter.step.turn import Turn


class Learn(Step):
    """``learn that field is value``: a fact with its source; an unknown value is not learned."""

    __slots__ = ("field", "value")
    field: str
    value: Value | Constant

    def enter(self, turn: Turn, visit: Visit) -> Next:
        """Remember the value and return the next step."""
        value = self.value.of(turn)
        if value is None:
            turn.note("fact", "refused", "unknown_value", visit, self, field=self.field)
            return self.next
        source = f"journey {visit.journey}"
        learn(turn, self.field, value, source, turn.now)
        if turn.person.parts is not None:
            beside(turn, visit, learn, self.field, value, source, turn.now)
        turn.note("fact", "taken", "", visit, self, field=self.field, value=value)
        turn.changed()
        return self.next


class SendSignal(Step):
    """``signal "…" with …``: a moment for the same person, handled next."""

    __slots__ = ("moment", "values")
    moment: Moment
    values: Sequence[tuple[str, Value | Constant]]

    def enter(self, turn: Turn, visit: Visit) -> Next:
        """Let the moment happen next and return the next step."""
        name = self.moment.name
        if turn.depth >= DEPTH_MAX:
            turn.note("signal", "refused", "too_deep", visit, self, moment=name)
            return self.next
        given = {field: value.of(turn) for field, value in self.values}
        fields = {field: given.get(field) for field, _read in self.moment.readers}
        key = visit.key(self.id)
        moment = turn.program.moments[name]
        signal = Signal(moment, fields, ("verbline", key), turn.depth + 1)
        if turn.person.parts is not None:
            signal.whose = speaker(turn, visit)
        turn.signals.append(signal)
        turn.note("signal", "taken", "", visit, self, moment=name, key=key)
        return self.next


class Route(Step):
    """``route to desk``: the desk that is responsible for the person from here on."""

    __slots__ = ("desk",)
    desk: str

    def enter(self, turn: Turn, visit: Visit) -> Next:
        """Make the desk responsible and return the next step."""
        turn.person.desk = self.desk
        if turn.person.parts is not None:
            beside(turn, visit, self.route)
        turn.note("route", "taken", "", visit, self, desk=self.desk)
        return self.next

    def route(self, turn: Turn) -> None:
        """Make the desk responsible for the turn's person."""
        turn.person.desk = self.desk


class StopWriting(Step):
    """``stop writing to the … for "…"``: a no for a purpose, which only the person can lift."""

    __slots__ = ("purpose", "topic")
    purpose: str
    topic: str

    def enter(self, turn: Turn, visit: Visit) -> Next:
        """Keep the no and return the next step."""
        turn.person.consents.append(
            Consent(
                seq=turn.next_seq(),
                at=turn.now,
                known=turn.now,
                act="deny",
                actor="system:journey",
                source=visit.journey,
                person=turn.person.id if turn.person.parts is None else speaker(turn, visit),
                purpose=self.purpose,
                topic=self.topic or "*",
            )
        )
        turn.note("consent", "taken", "deny", visit, self, purpose=self.purpose)
        turn.changed()
        return self.next


class Finish(Step):
    """``finish as``: the visit ends with an outcome."""

    __slots__ = ("outcome",)
    outcome: str

    def enter(self, turn: Turn, visit: Visit) -> Next:
        """End the visit."""
        end(turn, visit, self.outcome, self)
        return STAY

    def branches(self) -> dict[str, Next]:
        """Return no way: nothing leads on."""
        return {}


class ContinueWith(Step):
    """``continue with journey``: the visit ends as continued, and the other begins with its moments if it admits the person."""

    __slots__ = ("other",)
    other: str

    def enter(self, turn: Turn, visit: Visit) -> Next:
        """End the visit and ask for the entry."""
        fields: dict[str, Any] = dict(visit.fields)
        whose = "" if turn.person.parts is None else speaker(turn, visit)
        end(turn, visit, "continued", self)
        other = turn.program.journeys.get(self.other)
        if other is None:  # a scenario may leave it out
            return STAY
        if turn.depth >= DEPTH_MAX:
            turn.sink(turn, other, None, None, "entry", "not admitted", "too_deep", {})
        else:
            start = Start(other, "", fields, turn.now, visit.cause, turn.depth + 1)
            start.whose = whose
            turn.starts.append(start)
        return STAY

    def branches(self) -> dict[str, Next]:
        """Return no way: nothing leads on."""
        return {}


class GoOn(Step):
    """``go on``: nothing is done, and the block is over."""

    __slots__ = ()
    chooses = True

    def enter(self, turn: Turn, visit: Visit) -> Next:
        """Return the step behind the block."""
        return self.next
