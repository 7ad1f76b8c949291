"""Usual events of people who are kept by their moulds. Rule: what is not taken here has not happened yet, and takes the long way.

An event is usual where it is one moment from a named system and nothing that somebody said by itself.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from verbline.interpreter.person.encode import THEMSELVES
from verbline.interpreter.person.mould import row_of
from verbline.interpreter.program.forms import to_plain
from verbline.interpreter.step.impulses import Impulse, Move
from verbline.interpreter.step.signals import NOTHING
from verbline.interpreter.step.situations import is_of_event, of_answer
from verbline.interpreter.step.trying import EMAIL
from verbline.interpreter.step.world import BITS
from verbline.interpreter.zones import DAY
from verbline.runtime.sources import renamed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Sequence

    from verbline.interpreter.program.parts import Journey, Moment
    from verbline.interpreter.step.situations import Models
    from verbline.runtime.consent.patterns import Pattern
    from verbline.runtime.engine.brief import Brief
    from verbline.runtime.engine.recorded import Recorded
    from verbline.runtime.events import Event
    from verbline.runtime.leaving.leaving import Leaving
    from verbline.runtime.traces.traces import Traces
    from verbline.runtime.ways import Way

# So much of what people are met by is remembered.
IMPULSES_MAX = 4_096


class Met(NamedTuple):
    """What people are met by, what was said with it, and how that is written; None where it is not usual."""

    said: object
    impulse: Impulse | None
    patterns: tuple[Pattern, ...]


class Usual:
    """See the module. It is the `brief` of a feed; ``brevity`` keeps the people."""

    def __init__(self, feed: Recorded, brevity: Brief) -> None:
        self.brevity = brevity
        self._numbered = brevity.numbered
        self._nobody = brevity.moulding.nobody, 0, b""
        self._feed = feed
        # By the way and the identity of what was said, which lives as long as it stands here; and by what they are.
        self._found: dict[tuple[Way, int, bool], Met] = {}
        self._impulses: dict[tuple[Any, ...], Impulse | None] = {}

    def take(self, feed: Recorded, events: Iterable[Event]) -> None:
        """Let ``events`` happen, one after the other, as `Feed.take` does."""
        world, numbered = feed.world, self._numbered
        known, plain, alarms = feed.identity.known, feed.identity.plain, world.alarms
        dated, ways = feed.graph.store.dated, feed.ways.found
        for event in events:
            way = ways.get((event.source, event.type)) or feed.ways.way_of(event)
            if not way.is_usual or not event.sourced:
                feed.one(event)
                continue
            if way.names is not None:
                event.data = renamed(event.data, way.names)
            at = event.known
            if alarms and alarms[0] < at << BITS:
                world.until(at)
            elif at > world.now:
                world.now = at
            number, found, email = known(event.data), None, ""
            if number:
                if event.consent is not None:
                    dated(at)
                row: Any = numbered[number]
            else:
                dated(at)
                found = plain(event.data)
                if found is None:
                    feed.let(event, way, 0, None)
                    continue
                number, is_new, email = found
                row = numbered[number] if not is_new else self._nobody if number == len(numbered) else None  # fmt: skip
            if row.__class__ is tuple and self._meets(event, way, number, row, email):
                continue
            if found is None:
                feed.let(event, way, number, None)
            else:
                feed.let(event, way, 0, found)

    def _meets(self, event: Event, way: Way, number: int, row: tuple[Any, ...], email: str) -> bool:
        """Let an event meet somebody who is kept by a mould; return whether that was usual, else nothing has happened."""
        mould, alarm, content = row
        known = (way, id(event.consent), bool(email))
        there = self._found.get(known)
        if there is None or there[0] is not event.consent:
            there = self._learn(known, event, way, email)
        _said, impulse, patterns = there
        if impulse is None:
            return False
        brevity, moment, at, happened = self.brevity, impulse.moment, event.known, event.happened
        values: Any = row_of(content)[2] if content else ()
        # What happened before the latest that is known of may change nothing.
        if mould.last is not None and values[mould.last] > happened:
            return False
        fields = way.fields_of(event.data.get) if impulse.readers else NOTHING
        if moment.facts or (moment.starts and not moment.open):
            impulse = self._other(impulse, moment, fields, at)
        if (impulse.journeys or email) and not self._is_open(impulse, at, happened):
            return False
        world = brevity.world
        turn = world.turn
        inputs = (*values, email, event.id, happened, at, turn.order, turn.said)
        if fields:
            inputs += plain_in(fields)
        move: Any = mould.moves.get(impulse)
        if move.__class__ is not Move:
            move = brevity.move(mould, impulse, inputs, number, alarm >> BITS)
            if move is None:
                return False
        if move.sends:
            is_alone = not (email or impulse.models or impulse.journeys)
            return is_alone and self._step(event, way, number, fields, move, inputs)
        if not brevity.go(number, move, inputs, at, alarm):
            return False
        if patterns:
            turn.said += len(impulse.models)
            self._feed.recorder.hear_usual(event, number, email, patterns)
        return True

    def _step(
        self, event: Event, way: Way, number: int, fields: dict[str, Any], move: Move, inputs: Sequence[Any]
    ) -> bool:  # fmt: skip
        """Let an event meet somebody step by step; return yes."""
        brevity = self.brevity
        person = brevity.person(number, self._numbered[number])
        brevity.world.handle(person, way.moment, fields, event.happened, (way.source, event.id))
        brevity.step(number, person, move, inputs)
        return True

    def _is_open(self, impulse: Impulse, at: int, happened: int) -> bool:
        """Return whether those who are met now enter as usual."""
        world = self.brevity.world
        brakes = world.brakes
        if brakes.queues or world.erased or happened < at - DAY:
            return False
        for journey, limit, whole in impulse.brakes:
            entries = brakes.entries.get(journey)
            if entries is not None and len(entries) >= limit and brakes.open_for(whole, at) is None:
                return False
        return True

    def _other(self, impulse: Impulse, moment: Moment, fields: dict[str, Any], at: int) -> Impulse:
        """Return the impulse with what depends on the fields of the event."""
        journeys: tuple[Journey, ...] = impulse.journeys
        if moment.starts and not moment.open:
            journeys = self.brevity.moulding.started(moment, fields, at)
        absent = [name for name in moment.facts if fields.get(name) is None]
        if not absent and journeys == impulse.journeys:
            return impulse
        return impulse.other(journeys, frozenset(absent))

    def _learn(self, known: tuple[Way, int, bool], event: Event, way: Way, email: str) -> Met:
        """Find out what people are met by, and remember it."""
        if len(self._found) >= IMPULSES_MAX:
            self._found.clear()
            self._impulses.clear()
            self.brevity.moulding.forget()
        impulse, patterns = self._impulse(event, way, email), None
        if impulse is not None:
            patterns = self._feed.recorder.patterns(way, impulse.models)
        found = self._found[known] = Met(
            event.consent, impulse if patterns is not None else None, patterns or ()
        )
        return found

    def _impulse(self, event: Event, way: Way, email: str) -> Impulse | None:
        """Return what people are met by; None where what was said is not for the email that came along, or all is not usual."""
        feed, moment = self._feed, way.moment
        models: Models | None = () if event.consent is None else feed.models(event, way)
        is_for_email = email and feed.is_one
        if models is None or any(kind and not (kind == EMAIL and is_for_email) for _one, kind in models):  # fmt: skip
            return None
        if not moment.plain or not all(is_of_event(start, moment) for start in moment.starts):
            return None
        said = tuple((kind, *of_answer(model)) for model, kind in models)
        key = moment.name, way.source, bool(email), said
        if key not in self._impulses:
            journeys = tuple(start.journey for start in moment.starts) if moment.open else ()
            self._impulses[key] = Impulse(moment, way.source, models, bool(email), journeys)
        return self._impulses[key]


def plain_in(fields: dict[str, Any]) -> tuple[Any, ...]:
    """Return the values of fields as a record keeps them."""
    values = fields.values()
    return tuple([one if one.__class__ in THEMSELVES else to_plain(one) for one in values])


def usual(
    feed: Recorded, brevity: Brief, traces: Traces, counts: Counter[str], leaving: Leaving | None
) -> Usual | None:
    """Return what takes the usual events of ``feed``; None where its program asks more of people than a mould can say.

    What is told goes to ``traces``, how often that is to ``counts``, and what leaves to ``leaving``.
    """
    brevity.begin(traces, counts, leaving, feed.graph)
    return Usual(feed, brevity) if brevity.is_usual and not feed.identifiers else None
