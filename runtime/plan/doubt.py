"""What nobody can replay: how people would have reacted to what they never got. Rule: it is marked, and told as a range.

The old side stands for what people really got. Two things are in doubt on the new side:

- **answers to nothing**: an event met a wait behind a message in the same visit, and the new side does not send that message.
  Whether the event would have come is not known. As recorded it came; without a reaction it did not.
- **no answer yet**: the new side sends somebody a message that the old side did not, and waits behind it. What the log holds
  is what these people did without it. At most they react as people did who were waited for at the same step.
"""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.runtime.plan.differing import Difference, Pair, Spans
    from verbline.runtime.plan.outline import Outline, Site

    # A journey, and the sentence of a step in it.
    Place = tuple[str, str]
    # What was sent, by its name and what it was (message, offer, question), with when it first was.
    Sent = dict[tuple[str, str], int]


# Who differs in no message is in no doubt.
MESSAGES = frozenset(("more", "fewer", "other", "times"))


class Unanswered(NamedTuple):
    """A step that waits for people who never got what was sent before it: how many wait, and how many the log lets react.

    ``share`` of those who were waited for at this step on record reacted; None where nobody was.
    """

    journey: str
    step: str
    people: int
    waiting: int
    reacted: int
    share: float | None

    @property
    def high(self) -> int:
        """How many would react if they did as people did on record; all where there is no record."""
        rest = self.waiting - self.reacted
        return self.reacted + (rest if self.share is None else round(rest * self.share))


class Doubts:
    """What is in doubt on the new side. ``answers`` are the hashes of events, ``people`` those they are about, ``numbers`` theirs."""

    def __init__(self, pair: Pair) -> None:
        self.pair = pair
        self.answers: set[int] = set()
        self.people: list[str] = []
        self.numbers: set[int] = set()
        self._waiting: Counter[Place] = Counter()
        self._reacted: Counter[Place] = Counter()
        self._people: Counter[Place] = Counter()

    def take(self, difference: Difference, spans: tuple[Spans, Spans]) -> bool:
        """Take in somebody in whom the sides differ; return whether something about them is in doubt."""
        if difference.ways.isdisjoint(MESSAGES) or not self._is_sent_otherwise(difference):
            return False
        old, new = self.pair.before.outline, self.pair.after.outline
        before, after = spans
        events = set(answers_to_nothing(old, before, first_sent(new, after)))
        if events:
            self.answers |= events
            self.people.append(difference.who.name)
            self.numbers.update(difference.who.after)
        waits = list(waits_behind(new, after, first_sent(old, before)))
        for place, is_met in waits:
            self._waiting[place] += 1
            self._reacted[place] += is_met
        self._people.update({place for place, _ in waits})
        return bool(events or waits)

    def _is_sent_otherwise(self, difference: Difference) -> bool:
        """Return whether somebody is sent something else, or at another time: of the same nothing is in doubt."""
        sites = self.pair.sites
        deeds = (*difference.lost, *difference.gained)
        return any(is_sent(sites[told]) for _at, told, _until, _own in deeds)

    def add(self, other: Doubts) -> None:
        """Add what is in doubt about other people."""
        self.answers |= other.answers
        self.people += other.people
        self.numbers |= other.numbers
        self._waiting += other._waiting
        self._reacted.update(other._reacted)
        self._people += other._people

    def unanswered(self) -> list[Unanswered]:
        """Return the steps that wait for people who never got what was sent before."""
        if not self._waiting:
            return []
        record = shares(self.pair, self._waiting, self._reacted)
        return [
            Unanswered(*place, self._people[place], self._waiting[place], self._reacted[place], record.get(place))
            for place in sorted(self._waiting)
        ]  # fmt: skip


def is_sent(site: Site) -> bool:
    """Return whether records of ``site`` say that a message went out."""
    return site.kind == "message" and site.verdict == "sent"


def first_sent(outline: Outline, spans: Spans) -> Sent:
    """Return what somebody was sent, with when it first was."""
    found: Sent = {}
    for begin, end in spans:
        for at in range(begin, end):
            site = outline.sites[outline.site[at]]
            if is_sent(site):
                name = site.get("message"), site.get("told")
                found[name] = min(found.get(name, outline.at[at]), outline.at[at])
    return found


def answers_to_nothing(outline: Outline, spans: Spans, sent: Sent) -> Iterator[int]:
    """Yield the events that met a wait behind a message which ``sent``, of the other side, does not have by then."""
    for begin, end in spans:
        behind: dict[int, set[tuple[str, str]]] = {}
        for at in range(begin, end):
            site, visit = outline.sites[outline.site[at]], outline.visit[at]
            if is_sent(site):
                behind.setdefault(visit, set()).add((site.get("message"), site.get("told")))
            elif outline.cause[at] and any(
                name not in sent or sent[name] > outline.at[at] for name in behind.get(visit, ())
            ):
                yield outline.cause[at]


def waits_behind(outline: Outline, spans: Spans, sent: Sent) -> Iterator[tuple[Place, bool]]:
    """Yield the waits behind a message that ``sent``, of the other side, does not have; with each whether it was met."""
    for begin, end in spans:
        behind: set[int] = set()
        for at in range(begin, end):
            site, visit = outline.sites[outline.site[at]], outline.visit[at]
            if is_sent(site):
                name = site.get("message"), site.get("told")
                if name not in sent or sent[name] > outline.at[at]:
                    behind.add(visit)
            elif visit in behind and is_over(site):
                yield (site.journey, site.step), site.reason != "ran_out"


def is_over(site: Site) -> bool:
    """Return whether a record says that somebody was waited for, no desk, and did something or did not."""
    is_wait = site.kind == "wait" and site.verdict == "taken" and not site.get("desk")
    return is_wait and site.reason in ("happened", "answered", "ran_out")


def shares(pair: Pair, waiting: Counter[Place], reacted: Counter[Place]) -> dict[Place, float]:
    """Return which share of people reacted at a step on record.

    That is the old side, where it has the step; else the new side, without those who are in doubt.
    """
    old, new = (of_waits(side.outline) for side in (pair.before, pair.after))
    found = {}
    for place in waiting:
        met, over = old.get(place, (0, 0))
        if not over and place in new:
            met, over = new[place][0] - reacted[place], new[place][1] - waiting[place]
        if over > 0:
            found[place] = met / over
    return found


def of_waits(outline: Outline) -> dict[Place, tuple[int, int]]:
    """Return for each step how often a wait was met there, and how often one was over."""
    found: dict[Place, tuple[int, int]] = {}
    for site, number in outline.counted().items():
        if is_over(site):
            met, over = found.get((site.journey, site.step), (0, 0))
            is_met = site.reason != "ran_out"
            found[site.journey, site.step] = met + number * is_met, over + number
    return found
