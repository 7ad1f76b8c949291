"""Usual answers, as they are about to be written. Rule: what is written is what an answer said in full would write, to the byte.

A form asks the same again and again: of its answers only who, when, where and the event are new.
"""

from __future__ import annotations

from typing import NamedTuple

from verbline.runtime.consent.chain import SELDOM, encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.guard.consent import Consent
    from verbline.runtime.consent.rows import Draft


class Pattern(NamedTuple):
    """One answer: ``head`` is its content up to the event that said it; ``has_contact`` says that it is for one address."""

    act: str
    channel: str
    purpose: str
    topic: str | None
    head: bytes
    has_contact: bool

    def draft(self, person: str, contact: str, happened: int, known: int, event: str) -> Draft:
        """Return the answer as it is about to be written."""
        act, channel, purpose, topic, head, has_contact = self
        where = contact if has_contact else None
        return where, person, happened, known, act, channel, purpose, topic, head + encode(event) + b"]"  # fmt: skip


def pattern_of(model: Consent, notice: str, sender: str, *, has_contact: bool) -> Pattern | None:
    """Return the pattern of answers like ``model``; None where it says what is seldom said."""
    if ("", model.epoch, model.until, model.token, model.corrects) != SELDOM:
        return None
    said = model.actor, model.source, model.basis, model.complete, notice, sender
    head = encode(said)[:-1] + b","
    return Pattern(model.act, model.channel, model.purpose, model.topic, head, has_contact)
