"""Addresses that take nothing, and people who wished for a pause. Rule: what a provider said may be taken back by anybody
who knows better; what the person said, only by the person.
"""

from __future__ import annotations

from verbline.interpreter.guard.caps import NEVER
from verbline.interpreter.guard.consent import EVERY, SUBJECT, Said, ordered
from verbline.interpreter.guard.purpose import CONFIRM_WITHIN
from verbline.interpreter.guard.spans import has_passed
from verbline.interpreter.zones import DAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from verbline.interpreter.guard.consent import Consent
    from verbline.interpreter.guard.heard import Asked

BOUNCED, INVALID, COMPLAINED, ERASED = "bounced", "invalid", "complained", "erased"
# What stands against an address -> the reason code; the first that holds is told.
SUPPRESSED = {
    ERASED: "suppressed_erased",
    BOUNCED: "suppressed_bounce",
    INVALID: "suppressed_invalid",
    COMPLAINED: "suppressed_complaint",
}
# What a provider found out; it may turn out otherwise.
FOUND_OUT = frozenset((BOUNCED, INVALID))
RARE = frozenset(("suppress", "unsuppress", "erase", "bounce"))
# An address that sends back so many messages within so long gets nothing for a while.
BOUNCES, WITHIN, REST = 3, 7 * DAY, 3 * DAY


def of_addresses(consents: Sequence[Consent]) -> Sequence[Consent]:
    """Return the events that are about an address itself, or erase it."""
    if type(consents) is not Said:
        return [one for one in consents if one.act in RARE]
    new = range(consents.looked, len(consents))
    consents.addressed += [consents[place] for place in new if consents[place].act in RARE]
    consents.looked = len(consents)
    return consents.addressed


def said_until(consents: Iterable[Consent], at: int, known: int | None) -> list[Consent]:
    """Return ``consents`` that had happened at ``at`` and were recorded by then, in the order in which they happened."""
    return ordered(
        one for one in consents if one.when <= at and (known is None or one.seq <= known)
    )


def health_of(asked: Asked, consents: Sequence[Consent], at: int, known: int | None) -> str:
    """Return the reason code of what stands against the address of ``asked``, or nothing."""
    against: dict[str, int] = {}
    asked_again: dict[str, int] = {}
    for one in said_until(consents, at, known):
        if one.contact is None or one.contact != asked.contact or one.epoch != asked.epoch:
            continue
        if one.act == "suppress":
            why = one.basis if one.basis in SUPPRESSED else INVALID
            against[why] = NEVER if one.until is None else one.until
        elif one.act == "erase":
            against[ERASED] = NEVER
            asked_again = {}
        elif one.act == "unsuppress":
            lifted = set(against) - {ERASED} if one.actor == SUBJECT else FOUND_OUT
            against = {why: until for why, until in against.items() if why not in lifted}
        elif one.act == "grant" and one.actor == SUBJECT and one.complete and one.token:
            asked_again[one.token] = one.when
        elif one.act == "confirm" and one.actor == SUBJECT:
            since = asked_again.get(one.token, -NEVER)
            if not has_passed(asked.zone, since, CONFIRM_WITHIN, one.when - 1):
                against.pop(ERASED, None)
    return next((code for why, code in SUPPRESSED.items() if against.get(why, at) > at), "")


def rests_until(
    asked: Asked, consents: Sequence[Consent], at: int, known: int | None
) -> int | None:
    """Return until when the address of ``asked`` rests, which has sent back too much of late; None where it does not.

    Whoever knows that it takes messages again says so, and what it sent back before counts no more.
    """
    times: list[int] = []
    for one in said_until(consents, at, known):
        if one.contact is None or one.contact != asked.contact or one.epoch != asked.epoch:
            continue
        if one.act == "bounce":
            times.append(one.when)
        elif one.act == "unsuppress":
            times.clear()
    ends = (
        last + REST
        for first, last in zip(times, times[BOUNCES - 1 :], strict=False)
        if last - first <= WITHIN
    )
    until = max(ends, default=at)
    return until if until > at else None


def paused_until(
    asked: Asked, consents: Sequence[Consent], at: int, known: int | None
) -> int | None:
    """Return until when the person wished for a pause; None where there is none, `NEVER` where it has no end."""
    pause: Consent | None = None
    for one in said_until(consents, at, known):
        if one.contact is not None or not (one.person is None or asked.is_of(one.person)):
            continue
        if one.purpose not in (EVERY, asked.purpose.key) or one.channel not in (
            EVERY,
            asked.channel,
        ):
            continue
        if one.act == "suppress":
            pause = one
        elif one.act == "unsuppress" and pause and one.actor in (SUBJECT, pause.actor):
            pause = None
    if pause is None:
        return None
    until = NEVER if pause.until is None else pause.until
    return until if until > at else None
