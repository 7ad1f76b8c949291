"""By which number an event is known again. Rule: the same source and id give the same number everywhere; others may give it too."""

from __future__ import annotations

from hashlib import blake2b
from struct import unpack

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from verbline.runtime.events import Event

begun = blake2b(digest_size=8).copy  # a hash of nothing yet; to make one anew takes longer


def marks_of(events: Iterable[Event]) -> tuple[int, ...]:
    """Return a number for the source and the id of each event, which eight bytes with a sign can hold."""
    found = []
    for event in events:
        mark = begun()
        mark.update(f"{event.source}\0{event.id}".encode("utf-8", "surrogatepass"))
        found.append(mark.digest())
    return unpack(f">{len(found)}q", b"".join(found))


def mark_of(event: Event) -> int:
    """Return the number of one event."""
    return marks_of((event,))[0]
