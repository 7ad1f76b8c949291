"""What leaving adds to the runtime's own log. Rule: each event names the person by number, and itself by what it is about.

    verbline.signal              a moment that a journey let happen, with the event that caused it
    verbline.message.failed      no words could be made, or nobody knows how
    verbline.message.refused     the guard said no right before hand-over, or the channel for good
    verbline.message.stale       it could not leave in time
    verbline.message.withdrawn   it was taken back before it left

What channels take, do not know or send back is told by `channels.delivery`. An event that is read back changes nothing but
what a refused, a failed and a withdrawn message give back: the place that they held under a cap.
"""

from __future__ import annotations

from verbline.interpreter.program.forms import to_plain
from verbline.runtime.channels.delivery import PREFIX
from verbline.runtime.own import own_event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.interpreter.step.turn import Turn
    from verbline.runtime.channels.answers import Refused
    from verbline.runtime.channels.intent import Intent

SIGNAL = "verbline.signal"
FAILED, REFUSED, STALE, WITHDRAWN = "failed", "refused", "stale", "withdrawn"


def signal_event(turn: Turn, more: dict[str, Any], secrets: frozenset[str]) -> dict[str, Any]:
    """Return the event of the signal that the turn has just let happen."""
    signal = turn.signals[-1]
    assert signal.cause[1] == more["key"], "a record follows its signal"
    content = {
        "person": turn.person.id,
        "moment": more["moment"],
        "cause": {"source": turn.cause[0], "id": turn.cause[1]},
        "fields": {
            name: to_plain(value)
            for name, value in signal.fields.items()
            if value is not None and name not in secrets
        },
    }
    return own_event(SIGNAL, turn.now, content, more["key"])


def failed_event(intent: Intent, fault: Refused, at: int) -> dict[str, Any]:
    """Return the event of a message that has no words; a missing value is told by its field's name."""
    more = {"field": fault.told} if fault.reason == "missing_field" else {}
    return message_event(intent, FAILED, at, reason=fault.reason, **more)


def message_event(intent: Intent, kind: str, at: int, **more: str) -> dict[str, Any]:
    """Return an event about a message that does not leave; it happens once."""
    content = {
        "key": intent.key,
        "person": intent.person,
        "message-name": intent.message,
        "purpose": intent.purpose,
        "channel": intent.channel,
        **more,
    }
    return own_event(PREFIX + kind, at, content, f"{intent.key}:{kind}")
