"""What the guard says about one message on one channel now. Rule: permission, caps, quiet hours, the message's window, freshness."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tests.oracle import values
from tests.oracle.book import cap_in, country_row, node_of
from tests.oracle.consent import Asked
from tests.oracle.history import Line
from tests.oracle.values import Length, clock, length_of
from verbline.interpreter.nodes import Sentence
from verbline.interpreter.working import Windows, joined

if TYPE_CHECKING:
    from tests.oracle.walk import Walk

# Channels for which the country's quiet hours hold.
COUNTRY_QUIET = ("sms", "phone", "push")
HOUR, DAY, WEEK = (Decimal(1), "hour"), (Decimal(24), "hour"), (Decimal(7), "day")
DEFAULT = {"transactional": DAY, "service": DAY, "legal": None}


@dataclass(frozen=True)
class Letter:
    """A message on its way out: ``step`` is its sentence, ``kind`` the class of its purpose."""

    step: Sentence
    message: str
    purpose: str
    topic: str
    kind: str
    offer: str


@dataclass(frozen=True)
class Patience:
    """How long a message may take, from ``reached`` on: ``limit``, or for ever.

    ``written`` says that the author has set the limit: then quiet hours count too. ``asleep`` is how much of the time up to
    ``since`` were quiet hours, those of the channel that held the message then, as they were then; ``windows`` how often it
    waited for the hours in which it goes out.
    """

    reached: int
    limit: Length | None
    written: bool
    since: int
    asleep: int = 0
    windows: int = 0


@dataclass(frozen=True)
class Decision:
    """What the guard says about one channel now: allow, deny, defer (until an instant) or stale."""

    verdict: str
    reason: str
    contact: str = ""
    until: int = 0


def decide(walk: Walk, letter: Letter, channel: str, patience: Patience) -> Decision:
    """Return what the guard says: permission, then caps, then quiet hours, then the message's own window."""
    decision = permission(walk, letter, channel)
    passes = letter.kind in ("transactional", "legal")
    if decision.verdict == "deny":
        return decision
    free = None if passes else free_again(walk, letter)
    if free is not None:
        # A place that comes free at night is of use in the morning.
        until = quiet(walk, channel, free) or free
        if too_late(walk, patience, channel, until):
            return Decision("deny", "frequency_cap", decision.contact)
        return Decision("defer", "frequency_cap", decision.contact, until)
    waits = not passes or bool(walk.visit.sentence.of("relaxed", "relaxed_morning"))
    night = quiet(walk, channel, walk.world.now) if waits else None
    latest = at_the_latest(walk, patience) if passes else None
    if night and latest:
        night = min(night, latest) if walk.world.now < latest else None
    if too_late(walk, patience, channel, night or walk.world.now):
        return Decision("stale", "stale", decision.contact)
    if night:
        return Decision("defer", "quiet_hours", decision.contact, night)
    opens = window(walk, letter, patience)
    if opens is None:
        return decision
    # How long it may take is not asked of hours that somebody wrote, but by somebody who wrote that too.
    if patience.written and too_late(walk, patience, channel, opens):
        return Decision("stale", "stale", decision.contact)
    return Decision("defer", "outside_window", decision.contact, opens)


def at_the_latest(walk: Walk, patience: Patience) -> int | None:
    """Return until when a journey that `may wait until` a time of day may make a message wait at the most."""
    line = walk.visit.sentence.first("relaxed")
    if line is None:
        return None
    zone = walk.questions.zone(walk.visit.person)
    return zone.next_time(patience.reached, clock(line.text("time")))


def permission(walk: Walk, letter: Letter, channel: str) -> Decision:
    """Return whether some address of the person may be written to by a channel."""
    consents = walk.questions.consents
    if channel not in walk.book.covered(letter.purpose):
        return Decision("deny", "invalid_request")
    contacts = consents.contacts(walk.visit.person, channel)
    if not contacts:
        return Decision("deny", "no_contact_point")
    found = Decision("deny", "")
    for contact in contacts:
        asked = Asked(contact, channel, letter.purpose, letter.topic)
        allowed, reason = consents.permitted(walk.view, asked, offer=bool(letter.offer))
        if allowed:
            return Decision("allow", reason, contact)
        found = Decision("deny", reason, contact)
    return found


def patience_of(walk: Walk, letter: Letter) -> Patience:
    """Return how fresh a message has to be."""
    now = walk.world.now
    written = letter.step.first("late_at_most")
    if written:
        return Patience(now, length_of(written.node("length")), written=True, since=now)
    limit = HOUR if walk.visit.sentence.of("reacts") else DEFAULT.get(letter.kind, WEEK)
    return Patience(now, limit, written=False, since=now)


def later(walk: Walk, patience: Patience, channel: str, decision: Decision) -> Patience:
    """Return the patience that is left when a message has been held by a channel until the decision says.

    Of the hours in which it goes out only the first are waited for at no cost. A visit that was laid aside meanwhile has slept
    for longer than the decision said.
    """
    now, until, is_window = walk.world.now, decision.until, decision.reason == "outside_window"
    if not is_window:
        asleep = quiet_between(walk, channel, now, until)
    else:
        asleep = 0 if patience.windows else until - now
    windows = patience.windows + is_window
    asleep += patience.asleep + quiet_between(walk, channel, patience.since, now)
    return replace(patience, asleep=asleep, since=until, windows=windows)


def too_late(walk: Walk, patience: Patience, channel: str, instant: int) -> bool:
    """Return whether a message that leaves at ``instant`` would be stale; a limit that nobody wrote counts no quiet hours."""
    if patience.limit is None:
        return False
    zone = walk.questions.zone(walk.visit.person)
    last = values.shifted(patience.reached, patience.limit, zone, walk.book.work)
    if patience.written:
        return instant > last
    asleep = patience.asleep + quiet_between(walk, channel, patience.since, instant)
    return instant - asleep > last


def quiet_between(walk: Walk, channel: str, start: int, end: int) -> int:
    """Return how many milliseconds between two instants are quiet hours."""
    found: list[tuple[int, int]] = []
    for zone in walk.questions.zones(walk.visit.person):
        first, last = zone.local(start).date(), zone.local(end).date()
        for number in range(-1, (last - first).days + 1):
            day = first + timedelta(days=number)
            for begins, ends in spans(walk, channel):
                night = zone.start_of(day, begins)
                morning = zone.start_of(day + timedelta(days=ends <= begins), ends)
                found.append((min(max(night, start), end), max(min(morning, end), start)))
    return sum(until - begins for begins, until in joined(found) if until > begins)


def free_again(walk: Walk, letter: Letter) -> int | None:
    """Return when the caps let another message through; None where they do now."""
    book, sent = walk.book, list(walk.view.lines("accepted"))
    counted = [line for line in sent if line["kind"] not in ("transactional", "legal")]
    own = [line for line in counted if line["journey"] == walk.visit.journey]
    ends = [free_at(walk, own, cap_in(walk.visit.sentence))]
    same = [line for line in counted if line["purpose"] == letter.purpose]
    ends.append(free_at(walk, same, cap_in(book.of("purpose", letter.purpose))))
    if letter.kind == "marketing":
        marketing = [line for line in counted if line["kind"] == "marketing"]
        ends.append(free_at(walk, marketing, book.settings.marketing))
    return max((end for end in ends if end is not None), default=None)


def free_at(walk: Walk, sent: list[Line], cap: tuple[int, Length] | None) -> int | None:
    """Return when one cap has a place again; None where it has one, or is none."""
    if cap is None:
        return None
    number, length = cap
    zone = walk.questions.zone(walk.visit.person)
    ends = sorted(values.shifted(line.at, length, zone, walk.book.work) for line in sent)
    taken = [end for end in ends if end > walk.world.now]
    return taken[len(taken) - number] if len(taken) >= number else None


def quiet(walk: Walk, channel: str, instant: int) -> int | None:
    """Return when the quiet hours that hold at an instant are over; None where none hold."""
    zones, end = walk.questions.zones(walk.visit.person), instant
    while True:
        ends = [Windows(spans(walk, channel), zone).end_of(end) for zone in zones]
        later_end = max((one for one in ends if one is not None), default=None)
        if later_end is None:
            return end if end > instant else None
        end = later_end


def spans(walk: Walk, channel: str) -> list[tuple[time, time]]:
    """Return the quiet hours of a channel: the journey's and, for some channels, the country's."""
    found = [
        (clock(node_of(one).text("start")), clock(node_of(one).text("end")))
        for one in walk.visit.sentence.of("quiet")
    ]
    if channel in COUNTRY_QUIET:
        row = country_row(walk.questions.country(walk.visit.person))["quiet"]
        found.append((clock(row["from"]), clock(row["until"])))
    return found


def window(walk: Walk, letter: Letter, patience: Patience) -> int | None:
    """Return when the message's own window opens; None where it is open or there is none."""
    node = letter.step.first("goes_between")
    if node is None:
        return None
    zone, now = walk.questions.zone(walk.visit.person), walk.world.now
    start, end = clock(node.text("start")), clock(node.text("end"))
    first = zone.local(patience.reached).date() + timedelta(days=1 if node.has("next") else -1)
    # A window over midnight that opened yesterday may still be open.
    first = max(first, zone.local(now).date() - timedelta(days=1))
    for number in range(3):
        day = first + timedelta(days=number)
        until = zone.start_of(day + timedelta(days=end <= start), end)
        if now < until:
            opens = zone.start_of(day, start)
            return opens if opens > now else None
    raise AssertionError("a window opens every day")
