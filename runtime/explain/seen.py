"""An event of one person, as explaining needs it. Rule: it says when it happened and when it was known, which may be much later."""

from __future__ import annotations

from typing import NamedTuple

from verbline.interpreter.step.records import instant_text
from verbline.runtime.identity.stated import OURS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from verbline.interpreter.person.record import Cause
    from verbline.runtime.events import Event

# An event that was known so much later than it happened, in milliseconds, came late.
LATE = 60_000


class Seen(NamedTuple):
    """An event: by whom and under which id, what it is, when it happened, when it was known, what it said, and where it stands.

    ``person`` is the number of whom it was about when it was met, 0 where it names nobody by itself.
    """

    source: str
    id: str
    type: str
    moments: tuple[str, ...]
    happened: int
    known: int
    data: Mapping[str, Any]
    file: str
    offset: int
    person: int = 0

    @property
    def cause(self) -> Cause:
        """How records name it."""
        return self.source, self.id

    @property
    def is_late(self) -> bool:
        """Whether it was known only a good while after it happened."""
        return self.known - self.happened > LATE

    def told(self) -> dict[str, Any]:
        """Return the event as JSON has it."""
        return {
            "source": self.source,
            "id": self.id,
            "type": self.type,
            "moments": list(self.moments),
            "happened": instant_text(self.happened),
            "known": instant_text(self.known),
            "data": dict(self.data),
            "file": self.file,
            "offset": self.offset,
        }


def named_in(event: Event) -> list[str]:
    """Return the ids of people whom an event of the runtime's own names."""
    if event.source != OURS:
        return []
    listed = event.data.get("people")
    named = (event.data.get("person"), event.data.get("apart"), *(listed if isinstance(listed, list) else ()))  # fmt: skip
    return [one for one in named if isinstance(one, str)]


def seen_of(event: Event, moments: tuple[str, ...], person: int) -> Seen:
    """Return an event as it was met."""
    return Seen(
        event.source, event.id, event.type, moments, event.happened, event.known, event.data, event.file, event.offset,
        person,
    )  # fmt: skip
