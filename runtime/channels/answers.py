"""What becomes of an intent on a channel. Rule: whoever does not know says so; nothing is taken for sent that may not be.

Accepted   the receiver has it
Refused    it will never be taken: by this address (``suppress``), or by this place altogether (``closes``)
Later      it was not taken now; nothing has left that could arrive twice
Unknown    it was handed over, and no answer came
"""

from __future__ import annotations

import re
from typing import Any, Protocol, TypeAlias

import msgspec

from verbline.runtime.channels.intent import Intent

ADDRESS = re.compile(r"[^\s<>()\[\],;:\"']+@[^\s<>()\[\],;:\"']+|\+?\d[\d /()-]{7,}\d")
# Why nothing goes to an address any more, as `standard/channels` says it.
BOUNCED, INVALID, COMPLAINED = "bounced", "invalid", "complained"
# It is too late: no channel says that.
STALE = "stale"


class Accepted(msgspec.Struct, frozen=True, tag="accepted"):
    """The receiver has it; ``id`` is how the receiver calls it, or empty."""

    id: str = ""


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """It will never be taken. ``reason`` is a code, ``told`` what the receiver said, without the address.

    ``suppress`` is why nothing may go to this address any more, or empty. ``closes``: nothing goes to this place at all.
    """

    reason: str
    told: str = ""
    suppress: str = ""
    closes: bool = False


class Later(msgspec.Struct, frozen=True, tag="later"):
    """It was not taken now. ``after`` is how many milliseconds the receiver asked to wait, None where it did not say.

    ``all``: it is not about this message; every other one would be told the same.
    """

    reason: str
    told: str = ""
    after: int | None = None
    all: bool = False


class Unknown(msgspec.Struct, frozen=True, tag="unknown"):
    """It was handed over, and whether it was taken is not known."""

    reason: str
    told: str = ""


Answer: TypeAlias = Accepted | Refused | Later | Unknown


class Declares(msgspec.Struct, frozen=True, kw_only=True):
    """What an adapter can do.

    ``repeatable``: whether the same intent may be handed over twice. ``yes``: nothing happens; ``by key``: the receiver
    knows it by its key; ``no``: it would arrive twice. ``kinds`` are the kinds of address it takes (email, phone, push,
    post, desk), none for all of them. ``size_max`` is how many bytes an intent may have.
    """

    repeatable: str
    kinds: frozenset[str] = frozenset()
    size_max: int = 1 << 20


class Channel(Protocol):
    """An adapter. It is called from several threads at once.

    `send` answers before ``deadline``, an instant of `time.monotonic`, whatever the receiver does, and raises nothing for
    what happens outside. Nothing is remembered between two calls but connections, which `close` closes.
    """

    @property
    def declares(self) -> Declares:
        """What it can do."""
        ...

    def send(self, intent: Intent, deadline: float) -> Answer:
        """Hand ``intent`` over and return what became of it."""
        ...

    def close(self) -> None:
        """Let go of what is open."""
        ...


def plain(answer: Answer) -> dict[str, Any]:
    """Return an answer as JSON values; ``type`` says which it is."""
    return dict(msgspec.to_builtins(answer))


def told(text: str, *hidden: str) -> str:
    """Return what a receiver said, in one short line without addresses: those do not belong into reasons.

    Whatever looks like an address of mail or a telephone is left out, and what is ``hidden`` besides, in any case of letters.
    """
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    line = ADDRESS.sub("…", line)
    for one in hidden:
        if one:
            line = re.sub(re.escape(one), "…", line, flags=re.IGNORECASE)
    return line[:200]
