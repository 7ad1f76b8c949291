"""The right effects of a log. Rule: found by brute force from the generator's own records; no engine is asked.

An effect is a message that goes out, or one that may not: both have to come, at their instant and with their reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from benchmarks.crowd import Choice, Shopper
from benchmarks.events import email


class Effect(NamedTuple):
    """One message to one address: when (milliseconds since 1970), by which journey, and what became of it."""

    at: int
    contact: str
    journey: str
    message: str
    verdict: str
    reason: str


def answer(one: Shopper, at: int) -> tuple[str, str]:
    """Return the verdict and the reason for an offer at ``at``: the latest word that counts."""
    said = [(one.signs_up, one.agrees), *one.changes]
    latest = max((word for word in said if word[0] <= at), key=lambda word: word[0])[1]
    if latest is None:
        return "refused", "no_consent"
    return ("sent", "consent") if latest else ("refused", "opted_out")


def reminders(
    crowd: Iterable[Shopper],
    due: Callable[[Shopper], int],
    journeys: Callable[[Shopper], list[str]],
) -> Iterator[Effect]:
    """Yield what reminds those who have not ordered until ``due``, an order at that very instant being in time."""
    for one in crowd:
        at = due(one)
        if one.orders is None or one.orders > at:
            verdict, reason = answer(one, at)
            for journey in journeys(one):
                yield Effect(at, email(one.number), journey, "Still there", verdict, reason)


def confirmations(choices: list[Choice], plans: int) -> Iterator[Effect]:
    """Yield what tells people about the plan they chose, where a journey is about that plan."""
    for one in choices:
        if one.plan < plans:
            yield Effect(one.at, email(one.number), f"Plan p{one.plan}", "Your plan", "sent", "contract")  # fmt: skip


def after(length: int) -> Callable[[Shopper], int]:
    """Return when a wait of ``length`` milliseconds is over that begins with the sign-up."""
    return lambda one: one.signs_up + length


def checksum(effects: Iterable[Effect]) -> str:
    """Return one checksum of all effects, whatever their order."""
    total = hashlib.sha256()
    for one in sorted(effects):
        total.update(("\t".join(map(str, one)) + "\n").encode())
    return total.hexdigest()
