"""Usual events of people who are kept in brief. Rule: what is not taken here has not happened yet, and takes the long way.

An event is usual where it is one moment from a named system and nothing that somebody said by itself.
"""

from __future__ import annotations

from verbline.interpreter.step.briefly import BLANK, Brevity
from verbline.interpreter.step.situations import Coming, is_usual

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.interpreter.program.parts import Moment
    from verbline.interpreter.step.situations import Models
    from verbline.runtime.events import Event
    from verbline.runtime.feed import Feed
    from verbline.runtime.ways import Way

EMAIL = "email"


class Shortly:
    """See the module. It lets happen what one feed meets."""

    def __init__(self, feed: Feed) -> None:
        self.feed = feed
        self.brevity = Brevity(feed.world)
        self.numbered: list[Any] = feed.world.numbered

    def meet(self, event: Event, way: Way, number: int) -> bool:
        """Let an event happen to somebody who is known; return whether it did."""
        if event.consent is not None:
            return False
        if way.is_vain:
            return True
        if self.numbered[number].__class__ is not tuple:
            return False
        [(moment, fields_of)] = way.fields
        told = way.source, event.id, event.known, event.happened
        return self.brevity.meet(number, moment, fields_of(event.data.get), *told)

    def come(self, event: Event, way: Way, found: tuple[int, bool, str]) -> bool:
        """Let somebody come in of whom `Identity.plain` has ``found`` who it is; return whether they did."""
        number, is_new, email = found
        numbered, at = self.numbered, event.known
        if is_new:
            if number != len(numbered):
                return False
        elif numbered[number] is not BLANK:
            return False
        if way.is_vain:
            if email or event.consent:
                return False
            if is_new:
                numbered.append(BLANK)
            return True
        if event.happened < at:
            return False
        models: Models = ()
        if event.consent is not None:
            said = self.feed.models(event, way)
            if said is None:
                return False
            models = said
        [(moment, fields_of)] = way.fields
        comings = way.comings[1 if email else 0]
        coming = comings.get(models)
        if coming is None:
            coming = comings[models] = self.coming(moment, way.source, models, email)
        fields = fields_of(event.data.get)
        return coming.is_plain and self.brevity.come(number, email, coming, fields, event.id, at)

    def coming(self, moment: Moment, source: str, models: Models, email: str) -> Coming:
        """Return what somebody comes in by."""
        coming = Coming(moment, source, models)
        mail = email and self.feed.is_one
        coming.is_plain = all(kind == EMAIL and mail for _model, kind in models if kind)
        return coming


def shortly(feed: Feed) -> Shortly | None:
    """Return what takes the usual events of ``feed``; None where its program asks more of people than can be kept in brief."""
    if not is_usual(feed.program) or feed.identifiers or feed.newcomer is not None:
        return None
    return Shortly(feed)
