"""A web server as a channel. Rule: the body is the intent in JSON, signed, under a name that stays the same in every retry.

The receiver keeps the names it has taken (``webhook-id``, also as ``Idempotency-Key``) and takes each once.
"""

from __future__ import annotations

import msgspec

from verbline.runtime.channels.answers import Declares, Refused
from verbline.runtime.channels.calls import Caller, Reply
from verbline.runtime.channels.intent import plain_key
from verbline.runtime.channels.signing import signed
from verbline.runtime.clock import now

TYPE_CHECKING = False
if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterable

    from verbline.runtime.channels.answers import Answer
    from verbline.runtime.channels.guarding import Guard
    from verbline.runtime.channels.intent import Intent

SIZE_MAX = 256 << 10
# What only we need to know of an intent.
OURS = ("person", "lane", "attempts", "expires", "journey", "asked", "is_secret", "token")


class Webhook:
    """A channel that posts each intent to ``url``. ``keys`` sign, all of them; ``guard`` says what may be reached."""

    __slots__ = ("_caller", "_clock", "_keys", "declares")

    def __init__(
        self,
        url: str,
        keys: Iterable[bytes] = (),
        *,
        guard: Guard | None = None,
        repeatable: str = "by key",
        context: ssl.SSLContext | None = None,
        clock: Callable[[], int] = now,
    ) -> None:
        self._caller = Caller(url, clock, guard, context)
        self._keys = tuple(keys)
        self._clock = clock
        self.declares = Declares(repeatable=repeatable, size_max=SIZE_MAX)

    def send(self, intent: Intent, deadline: float) -> Answer:
        """Hand one intent over."""
        try:
            body = body_of(intent)
        except UnicodeEncodeError:
            return Refused("bad_words")
        if len(body) > SIZE_MAX:
            return Refused("too_large")
        named = plain_key(intent.key)
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": named,
            **signed(self._keys, named, self._clock() // 1000, body),
        }
        reply = self._caller.post(headers, body, deadline)
        return reply.judged() if isinstance(reply, Reply) else reply

    def close(self) -> None:
        """Nothing stays open between two calls."""


def body_of(intent: Intent) -> bytes:
    """Return what is posted for an intent: its parts in JSON, without what is only ours."""
    told = msgspec.to_builtins(intent)
    for ours in OURS:
        told.pop(ours, None)
    return msgspec.json.encode({"type": f"verbline.{intent.kind}", **told})
