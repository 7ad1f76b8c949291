"""Usual events of people who are kept in brief. Rule: what is not taken here has not happened yet, and takes the long way.

An event is usual where it is one moment from a named system and nothing that somebody said by itself.
"""

from __future__ import annotations

from verbline.interpreter.step.again import BLANK, Row
from verbline.interpreter.step.briefly import Brevity
from verbline.interpreter.step.signals import NOTHING
from verbline.interpreter.step.situations import Coming, is_usual
from verbline.interpreter.step.world import BITS
from verbline.runtime.sources import renamed
from verbline.runtime.ways import WAYS_MAX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Protocol

    from verbline.interpreter.step.keeping import Keeping
    from verbline.interpreter.step.situations import Models
    from verbline.runtime.events import Event
    from verbline.runtime.feed import Feed
    from verbline.runtime.ways import Way

    class Taking(Protocol):
        """Takes the usual events of people whom ``brevity`` keeps in brief."""

        @property
        def brevity(self) -> Keeping:
            """Who keeps them."""

        def take(self, feed: Any, events: Sequence[Event]) -> None:
            """Let events happen."""


EMAIL = "email"
# So much of what people come in by is remembered of one way.
COMINGS_MAX = 4_096


class Shortly:
    """See the module. It lets happen what one feed meets, which it does not know, so that a feed that is over is gone at once."""

    def __init__(self, feed: Feed) -> None:
        self.brevity = Brevity(feed.world)
        self.numbered: list[Any] = feed.world.numbered
        self.latest: dict[str, Way] = {}  # by type

    def take(self, feed: Feed, events: Sequence[Event]) -> None:
        """Let ``events`` happen, one after the other, as `Feed.take` does."""
        world, look, glance = feed.world, feed.identity.look, feed.identity.glance
        alarms, latest = world.alarms, self.latest
        first, due = 0, 0  # the first of the alarms, and when it rings
        for event in events:
            way = latest.get(event.type)
            if way is None or way.source != event.source:
                way = self.way_of(feed, event)
            if not way.is_usual or not event.sourced:
                feed.one(event)
                continue
            data = event.data
            if way.names is not None:
                data = event.data = renamed(data, way.names)
            is_vain = way.is_vain and event.consent is None
            found: Any = glance(data) if is_vain else look(data)
            number = 0
            if found.__class__ is int:
                number, found = found, None
            elif found is not None and not found[1] and not found[2]:  # nothing new of who it is
                number = found[0]
            if number and is_vain:
                continue  # it is known of whom nothing follows
            at = event.known
            if alarms:
                if alarms[0] is not first:
                    first = alarms[0]
                    due = first >> BITS
                if due < at:
                    world.until(event.known)
            if at > world.now:
                world.now = event.known
            if number:
                if not self.meet(event, way, number):
                    feed.let(event, way, number, None)
            elif found is None or not self.come(feed, event, way, found):
                feed.let(event, way, 0, found)
        if events:
            world.until(events[-1].known)

    def way_of(self, feed: Feed, event: Event) -> Way:
        """Return the way of an event of a type that came from another source last, or never."""
        way = feed.ways.found.get((event.source, event.type)) or feed.ways.way_of(event)
        if len(self.latest) < WAYS_MAX:
            self.latest[event.type] = way
        return way

    def meet(self, event: Event, way: Way, number: int) -> bool:
        """Let an event meet somebody who is kept in brief and says nothing; return whether that was usual, else nothing has happened."""
        row = self.numbered[number]
        if event.consent is not None or row.__class__ is not Row:
            return False
        fields = way.fields_of(event.data.get) if way.reads else NOTHING
        cause = way.source, event.id
        return self.brevity.meet(row, number, way.moment, fields, cause, event.known, event.happened)  # fmt: skip

    def come(self, feed: Feed, event: Event, way: Way, found: tuple[int, bool, str]) -> bool:
        """Let somebody come in of whom `Identity.plain` has ``found`` who it is; return whether they did."""
        number, is_new, email = found
        numbered, at = self.numbered, event.known
        if is_new:
            if number != len(numbered):
                return False
        elif numbered[number] is not BLANK:
            return False
        entries = event.consent
        if way.is_vain:
            if email or entries is not None:
                return False
            if is_new:
                numbered.append(BLANK)
            return True
        if event.happened < at:
            return False
        comings = way.comings if email else way.comings_unreached
        there = comings.get(id(entries))
        if there is None or there[0] is not entries:
            if len(comings) >= COMINGS_MAX:
                comings.clear()
            there = comings[id(entries)] = entries, self.coming(feed, event, way, email)
        coming = there[1]
        if coming is None:
            return False
        fields = way.fields_of(event.data.get) if way.reads else NOTHING
        return self.brevity.come(number, email, coming, fields, event.id, at)

    def coming(self, feed: Feed, event: Event, way: Way, email: str) -> Coming | None:
        """Return what somebody comes in by; None where what was said with it is not for the email that came along."""
        said: Models | None = ()
        if event.consent is not None:
            said = feed.models(event, way)
        is_for_email = email and feed.is_one
        if said is None or any(kind and not (kind == EMAIL and is_for_email) for _one, kind in said):  # fmt: skip
            return None
        comings = self.brevity.situations
        return comings.coming(way.moment, way.source, said, has_email=bool(email))


def shortly(feed: Feed) -> Shortly | None:
    """Return what takes the usual events of ``feed``; None where its program asks more of people than can be kept in brief."""
    if not is_usual(feed.program) or feed.identifiers or feed.newcomer is not None:
        return None
    return Shortly(feed)
