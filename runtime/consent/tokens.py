"""Links that confirm a yes. Rule: the ledger keeps only what a token comes to, so nobody who reads it can confirm for others.

A token is made of random bytes that are given; within which time it counts is the purpose's rule, and `fold` keeps it.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256

from verbline.interpreter.guard.consent import SUBJECT, Consent
from verbline.runtime.consent.rows import Said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

RANDOM_MIN = 16


def token_of(random: bytes) -> str:
    """Return the token for a link; ``random`` is 16 bytes or more that nobody else knows."""
    if len(random) < RANDOM_MIN:
        raise ValueError(f"a token needs {RANDOM_MIN} random bytes, not {len(random)}")
    return urlsafe_b64encode(random).decode().rstrip("=")


def kept_of(token: str) -> str:
    """Return what the ledger keeps of ``token``: the `token` of a request and of its confirmation."""
    return sha256(b"confirm\0" + token.encode()).hexdigest()[:32]


def confirmation(said: Iterable[Consent], token: str, at: int, known: int) -> Said | None:
    """Return the event that ``token`` confirms, to be appended; None where nobody asked for it, or it was confirmed.

    ``said`` is what is on record at the address that the link was sent to. A second use changes nothing.
    """
    kept, request = kept_of(token), None
    for one in said:
        if one.token != kept:
            continue
        if one.act == "confirm":
            return None
        if one.act == "grant" and one.actor == SUBJECT:
            request = one
    if request is None:
        return None
    confirmed = request.again(at, known, request.person, request.contact, request.epoch)
    confirmed.act, confirmed.corrects, confirmed.until = "confirm", None, request.until
    return Said(confirmed)
