"""One line of a log as a value: an event, or what stands parked instead. Rule: nothing here reads, so anybody may name them.

A line is a CloudEvents 1.0 object in JSON, or the bare ``id``, ``type``, ``time``, ``data``.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, TypeAlias, final

import msgspec

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# Before every instant there is.
NEVER = -1 << 62

Stamp = Annotated[datetime, msgspec.Meta(tz=True)]


class Event(msgspec.Struct, kw_only=True, gc=False, eq=False):
    """What happened, as a log tells it.

    ``happened`` and ``known`` are milliseconds since 1970 UTC. ``data`` holds values as JSON has them. ``consent`` holds
    the entries of the member ``consent`` and those of ``agrees``, which have ``"short": True``; None where there are
    none; they belong to several events and are never changed. ``source`` is the file's name where the line brought none, and then ``sourced`` is False. ``offset`` is the
    place of the line in ``file``, in bytes.
    """

    id: str
    type: str
    source: str = ""
    data: dict[str, Any] = {}
    consent: list[dict[str, Any]] | None = None
    agrees: msgspec.Raw | None = None
    stamp: Stamp = msgspec.field(name="time", default=EPOCH)
    # What the reader adds. A line that brings these names itself is read the slow way, which ignores them.
    happened: int = msgspec.field(name=":happened", default=0)
    known: int = msgspec.field(name=":known", default=0)
    sourced: bool = msgspec.field(name=":sourced", default=True)
    file: str = msgspec.field(name=":file", default="")
    offset: int = msgspec.field(name=":offset", default=0)


@final
class Fault:
    """Why a line is no event: a reason that programs read, and a sentence for people that holds nothing of the line."""

    __slots__ = ("reason", "sentence")

    def __init__(self, reason: str, sentence: str) -> None:
        self.reason = reason
        self.sentence = sentence


@final
class Parked:
    """A line that is no event: where it stands (bytes from the start of the file, and how many), and why.

    ``known`` is when the line above it was known, in milliseconds since 1970 UTC; `NEVER` where none stands above.
    """

    __slots__ = ("fault", "file", "known", "length", "offset")

    happened = NEVER

    def __init__(
        self, fault: Fault, file: str, offset: int, length: int, known: int = NEVER
    ) -> None:
        self.fault = fault
        self.file = file
        self.offset = offset
        self.length = length
        self.known = known


Item: TypeAlias = Event | Parked


def milliseconds(stamp: datetime) -> int:
    """Return the milliseconds from 1970 UTC to ``stamp``, which has a zone; what is shorter is cut off."""
    past = stamp - EPOCH
    return past.days * 86_400_000 + past.seconds * 1_000 + past.microseconds // 1_000
