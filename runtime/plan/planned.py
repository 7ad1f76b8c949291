"""What a change would do, as JSON has it. Rule: whatever is told in words stands here, and nobody's address does.

changes in sentences -> people in whom the sides differ -> sums side by side -> what is in doubt
"""

from __future__ import annotations

from bisect import insort
from collections import Counter

from verbline.interpreter.step.records import instant_text
from verbline.runtime.plan import differing
from verbline.runtime.plan.differing import WAYS
from verbline.runtime.plan.doubt import MESSAGES, Doubts
from verbline.runtime.plan.lasting import rows
from verbline.runtime.plan.outline import NO_TIME
from verbline.runtime.plan.sentences import NARROWED, WIDENED
from verbline.runtime.plan.sums import desks, tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from verbline.runtime.plan.changes import Changes
    from verbline.runtime.plan.differing import Difference, Pair, Spans
    from verbline.runtime.plan.outline import Deed, Outline, Site
    from verbline.runtime.plan.sentences import Line
    from verbline.runtime.plan.unreacted import Totals

FORMAT = 1


def of_changes(found: Changes) -> dict[str, Any]:
    """Return what changed, what that does to permission, and whose review it needs."""
    lines = [line for change in found.changes for line in change.lines]
    kinds = {line.permission for line in lines}
    reviews: dict[str, set[str]] = {}
    for change in found.changes:
        reviews.setdefault(change.review, set()).update({change.who} - {""})
        for line in change.lines:
            if line.review:
                reviews.setdefault(line.review, set())
    return {
        "permission": WIDENED if WIDENED in kinds else NARROWED if NARROWED in kinds else "same",
        "reviews": [{"review": kind, "who": sorted(reviews[kind])} for kind in sorted(reviews)],
        "changes": [
            {
                "kind": change.kind,
                "name": change.name,
                "what": change.what,
                "review": change.review,
                **({"who": change.who} if change.who else {}),
                "lines": [of_line(line) for line in change.lines if line.text],
            }
            for change in found.changes
        ],
    }


def of_line(line: Line) -> dict[str, str]:
    """Return one change in a sentence."""
    return {name: value for name, value in line._asdict().items() if value}


class Replayed:
    """Two sides being held against one another. ``details`` are told for so many people; the ids of all are."""

    def __init__(self, pair: Pair, details: int) -> None:
        self.pair = pair
        self.doubts = Doubts(pair)
        self._room = details
        self._differ = 0
        self._ways: dict[str, list[str]] = {}
        # Those whose messages differ are told first.
        self._details: dict[bool, list[dict[str, Any]]] = {True: [], False: []}

    def look(self, progress: Callable[[], object] = bool) -> None:
        """Look at everybody in whom the sides differ."""
        for difference, spans in self.pair.differences(progress):
            self._differ += 1
            is_doubtful = self.doubts.take(difference, spans)
            for way in difference.ways:
                self._ways.setdefault(way, []).append(difference.who.name)
            details = self._details[not difference.ways.isdisjoint(MESSAGES)]
            if self._has_room(details, difference):
                self._put(details, self._detail(difference, spans, is_doubtful=is_doubtful))

    def _has_room(self, details: list[dict[str, Any]], _difference: Difference) -> bool:
        """Return whether somebody more is told of, record by record."""
        return len(details) < self._room

    def _put(self, details: list[dict[str, Any]], detail: dict[str, Any]) -> None:
        """Let somebody be told of, record by record."""
        details.append(detail)

    def _detail(
        self, difference: Difference, spans: tuple[Spans, Spans], *, is_doubtful: bool
    ) -> dict[str, Any]:
        """Return the records of somebody that only one side has."""
        old, new = self.pair.before.outline, self.pair.after.outline
        return {
            "person": difference.who.name,
            "ways": [way for way in WAYS if way in difference.ways],
            **({"in_doubt": True} if is_doubtful else {}),
            "before": records(old, spans[0], difference.lost),
            "after": records(new, spans[1], difference.gained),
        }

    def form(self, unreacted: Totals | None) -> dict[str, Any]:
        """Return all of it; ``unreacted`` is the new side without the reactions that are in doubt."""
        before, after = self.pair.before, self.pair.after
        ways = {way: self._ways[way] for way in WAYS if way in self._ways}
        return {
            "log": {
                "events": after.events,
                "first": None if after.first is None else instant_text(after.first),
                "last": None if after.last is None else instant_text(after.last),
                "parked": after.parked,
            },
            "people": {
                "before": before.people,
                "after": after.people,
                "differ": self._differ,
                "ways": {way: {"people": len(who), "ids": who} for way, who in ways.items()},
                "details": [*self._details[True], *self._details[False]][: self._room],
            },
            **tables(before, after, unreacted),
            "lengths": rows(before.lengths, after.lengths, self.pair.renamed),
            "desks": desks(before, after),
            "doubt": self._of_doubt(),
        }

    def _of_doubt(self) -> dict[str, Any]:
        """Return what nobody can replay."""
        return {
            "answers_to_nothing": len(self.doubts.answers),
            "people": self.doubts.people,
            "no_answer_yet": [
                {
                    "journey": one.journey,
                    "step": one.step,
                    "people": one.people,
                    "waits": one.waiting,
                    "range": [one.reacted, one.high],
                    "share": None if one.share is None else round(one.share, 4),
                }
                for one in self.doubts.unanswered()
            ],
        }


def records(outline: Outline, spans: Spans, some: list[Deed]) -> list[dict[str, Any]]:
    """Return ``some`` of the records at ``spans`` as JSON has them, each with the step that it is of."""
    sites: dict[Deed, Site] = {}
    for begin, end in spans:
        for deed, at in zip(
            differing.deeds(outline, ((begin, end),)), range(begin, end), strict=True
        ):
            sites.setdefault(deed, outline.sites[outline.site[at]])
    return [record(deed, sites[deed]) for deed in some]


def record(deed: Deed, site: Site) -> dict[str, Any]:
    """Return a record as JSON has it, as far as it is no one's own."""
    at, _told, until, _own = deed
    told: dict[str, Any] = {"at": instant_text(at)}
    told |= {name: getattr(site, name) for name in ("journey", "step", "kind", "verdict", "reason", "words")}  # fmt: skip
    told |= dict(site.more)
    if until != NO_TIME:
        told["until"] = instant_text(until)
    return {name: value for name, value in told.items() if value}


class Gathered(Replayed):
    """The same of people who come in any order, some here and some in other processes; at last they are put in order."""

    def _has_room(self, details: list[dict[str, Any]], difference: Difference) -> bool:
        return super()._has_room(details, difference) or (
            bool(details) and difference.who.after[0] < number_of(details[-1])
        )

    def _put(self, details: list[dict[str, Any]], detail: dict[str, Any]) -> None:
        insort(details, detail, key=number_of)
        del details[self._room :]

    def bare(self) -> None:
        """Leave behind what others do not need."""
        self.pair = self.doubts.pair = None  # type: ignore[assignment]  # the sides come when all are gathered

    def add(self, other: Gathered) -> None:
        """Add what was noted of other people."""
        self._differ += other._differ
        for way, names in other._ways.items():
            self._ways.setdefault(way, []).extend(names)
        for told, details in other._details.items():
            self._details[told] += details
        self.doubts.add(other.doubts)

    def settle(self, pair: Any) -> None:
        """Put everybody in order; ``pair`` are both sides."""
        self.pair = self.doubts.pair = pair
        for names in (*self._ways.values(), self.doubts.people):
            names.sort(key=number_in)
        for details in self._details.values():
            details.sort(key=number_of)
            del details[self._room :]


def number_of(detail: dict[str, Any]) -> int:
    """Return the number of the person whom details are about."""
    return number_in(detail["person"])


def number_in(name: str) -> int:
    """Return the number in the name of a person who bears the same on both sides."""
    return int(name[1:])


def is_same(found: dict[str, Any]) -> bool:
    """Return whether a plan has nothing to tell."""
    replay = found.get("replay")
    return not found["changes"] and (replay is None or not replay["people"]["differ"])


def counts(found: dict[str, Any]) -> Counter[str]:
    """Return how many changes there are of each kind of thing."""
    return Counter(change["kind"] for change in found["changes"])
