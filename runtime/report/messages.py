"""Messages: what was sent, what was not and why, and what became of it. Rule: what was decided is told by the run, what left by the log.

A decision follows from the log and the files, so it is worked out again. Whether a channel took a message, and whether it
bounced, is only known where the runtime has written it into its own log.
"""

from __future__ import annotations

from collections import Counter
from typing import TypeAlias

from verbline.interpreter.guard.consent import EVERY, KIND_OF_CHANNEL, key_of
from verbline.interpreter.step.records import instant_text
from verbline.interpreter.zones import DAY
from verbline.runtime.report.estimate import ordered_quantile
from verbline.runtime.report.figures import (
    SECONDS,
    Bars,
    Figure,
    Heat,
    Listing,
    Section,
    count_of,
    share_of,
)
from verbline.runtime.report.groups import CHANNEL, JOURNEY, MONTH, STEP, WEEK, grouped, step_text
from verbline.runtime.report.metrics import said_of
from verbline.runtime.report.noted import Left, No, Sent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from verbline.runtime.report.asked import Asked

Message: TypeAlias = "Sent | Left"

# How old the event behind a message may be where nothing says for how long it is worth sending.
FRESH = DAY
LISTED = 20
HARD = "hard"


class Messages:
    """The messages of the window."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.facts = asked.facts
        self.notes = asked.facts.notes
        self.window = asked.whole
        self.sent = [one for one in self.notes.sent if one.at in self.window]
        self.left = [one for one in self.notes.left if one.at in self.window]

    def dimensions(self) -> dict[str, Callable[[Message], list[str]]]:
        """Return how messages are told apart."""
        clock, facts = self.facts.clock, self.facts
        of: dict[str, Callable[[Message], list[str]]] = {
            JOURNEY: lambda one: [one.journey],
            STEP: lambda one: [step_text(facts, one.step.line, one.step.text)],
            CHANNEL: lambda one: [one.channel or "none"],
            MONTH: lambda one: [clock.month(one.at)],
            WEEK: lambda one: [clock.week(one.at)],
        }
        return {name: of[name] for name in self.asked.by if name in of}

    def figures(self, messages: Sequence[Message]) -> Iterator[Figure]:
        """Yield how many were sent, refused and stale, and what of it followed from an event."""
        sent = [one for one in messages if isinstance(one, Sent)]
        left = [one for one in messages if isinstance(one, Left)]
        minimum = self.asked.minimum
        yield count_of("sent", "sent", len(sent))
        ends = Counter(one.verdict for one in left)
        for verdict in ("refused", "stale", "failed", "withdrawn"):
            if ends[verdict]:
                yield count_of(verdict, verdict, ends[verdict], NOTES.get(verdict, ""))
        driven = sum(one.age <= self.fresh(one) for one in sent)
        yield share_of(
            "event_driven", "followed from an event that was fresh", driven, len(sent), minimum
        )
        late = sum(self.is_late(one) for one in sent)
        yield share_of("stale_rate", "left too late, of those sent", late, len(sent), minimum)
        yield from self.delivered(sent)

    def fresh(self, sent: Sent) -> int:
        """Return how old the event behind a message may be."""
        late = sent.step.late
        return FRESH if late is None else self.facts.clock.later(sent.at, late) - sent.at

    def is_late(self, sent: Sent) -> bool:
        """Return whether a channel took a message after the time in which it was worth sending."""
        handed = self.notes.handed.get(sent.key)
        return handed is not None and handed[1] > sent.at + self.fresh(sent)

    def delivered(self, sent: Sequence[Sent]) -> Iterator[Figure]:
        """Yield what channels said of messages, where the log says it."""
        told = self.notes.handed
        handed = [(one, told[one.key][1]) for one in sent if one.key in told]
        bounced = [self.notes.bounced[one.key][1] for one in sent if one.key in self.notes.bounced]
        if not handed and not bounced:
            return
        minimum, of = self.asked.minimum, max(len(handed), len(bounced))
        yield count_of("handed", "taken by a channel", len(handed))
        yield share_of("bounce_rate", "bounced, of those taken", len(bounced), of, minimum)
        hard = sum(kind == HARD for kind in bounced)
        yield share_of("hard_bounce_rate", "bounced for good, of those taken", hard, of, minimum)
        for key, label, urgent in (
            ("urgent", "of journeys that react within a time", True),
            ("relaxed", "of the others", False),
        ):
            journeys = self.facts.program.journeys
            times = [
                (at - one.at) / 1000
                for one, at in handed
                if (journeys[one.journey].reacts is not None) is urgent
            ]
            for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99)) if times else ():
                value = ordered_quantile(times, share)
                yield Figure(
                    f"handover_{key}_{name}",
                    f"from decision to channel, {label}, {name}",
                    value,
                    SECONDS,
                    of=len(times),
                )

    def twice(self) -> int:
        """Return how many messages went to two people who are one, a further time."""
        numbers: dict[tuple[int, str, str], set[int]] = {}
        for one in self.sent:
            numbers.setdefault(
                (self.facts.number(one.person), one.step.id, one.journey), set()
            ).add(one.person)
        return sum(len(ones) - 1 for ones in numbers.values())

    def contradictions(self) -> list[tuple[Sent, No]]:
        """Return the messages that went out after somebody had said no, before anybody knew it."""
        noes = self.facts.run.crowd.noes
        found = []
        for one in self.sent:
            for no in noes.get(one.person, ()):
                if no.when <= one.at < no.known and forbids(no, one):
                    found.append((one, no))
                    break
        return found

    def reasons(self) -> Bars:
        """Return how many messages there were by what became of them and why."""
        counts = Counter(
            f"{one.verdict}: {one.reason}" if one.reason else one.verdict for one in self.left
        )
        rows = [
            ("sent", len(self.sent)),
            *sorted(counts.items(), key=lambda one: (-one[1], one[0])),
        ]
        return Bars("reasons", "Messages by what became of them", "messages", tuple(rows[:24]))

    def hours(self) -> Heat:
        """Return when messages leave."""
        cells = [[0] * 24 for _day in range(7)]
        for one in self.sent:
            day, hour = self.facts.clock.weekday_hour(one.at)
            cells[day][hour] += 1
        return Heat("hours", "Messages by weekday and hour", "messages", tuple(map(tuple, cells)))


NOTES = {"stale": "could not leave in time, so they did not"}


def forbids(said: No, sent: Sent) -> bool:
    """Return whether a no is about a message."""
    kind = KIND_OF_CHANNEL.get(sent.channel, "")
    return (
        said.purpose in (EVERY, key_of(sent.purpose))
        and said.channel in (EVERY, sent.channel)
        and said.contact in (None, f"{kind}:{sent.address}")
    )


def listed(wrong: Sequence[tuple[Sent, No]]) -> tuple[Listing, ...]:
    """Return the messages that went out after a no, the first of them."""
    columns = ("person", "sent", "message", "channel", "purpose", "no said", "no known")
    rows = []
    for one, said in wrong[:LISTED]:
        when, known = instant_text(said.when), instant_text(said.known)
        sent = f"P{one.person}", instant_text(one.at), one.message, one.channel, one.purpose
        rows.append((*sent, when, known))
    more = max(0, len(wrong) - LISTED)
    return (
        (Listing("contradictions", "Sent after a no", columns, tuple(rows), more),) if rows else ()
    )


def section(asked: Asked) -> Section:
    """Return what there is to say of messages."""
    messages = Messages(asked)
    all_of_them: list[Message] = [*messages.sent, *messages.left]
    if not all_of_them:
        return Section("messages", "Messages", (), ())
    told = list(grouped(all_of_them, messages.dimensions(), messages.figures))
    wrong = messages.contradictions()
    label = "sent after a no that was not known yet"
    told.append(count_of("contradictions", label, len(wrong), "should be 0"))
    label = "sent again to somebody who turned out to be the same"
    again, of = messages.twice(), len(messages.sent)
    told.append(share_of("duplicates", label, again, of, asked.minimum))
    says = (
        said_of(asked.whole, asked.facts),
        "Fresh: no older than the message may be late, 24 hours where nothing says it.",
    )
    plots = (messages.reasons(), messages.hours())
    return Section("messages", "Messages", says, tuple(told), listed(wrong), plots)
