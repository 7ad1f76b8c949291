"""What a change would do, as JSON has it. Rule: whatever is told in words stands here, and nobody's address does.

changes in sentences -> people in whom the sides differ -> sums side by side -> what is in doubt
"""

from __future__ import annotations

from collections import Counter

from verbline.interpreter.step.records import instant_text
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
    from verbline.runtime.plan.differing import Difference, Pair
    from verbline.runtime.plan.outline import Deed
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
            if len(details) < self._room:
                details.append(self._detail(difference, is_doubtful=is_doubtful))

    def _detail(self, difference: Difference, *, is_doubtful: bool) -> dict[str, Any]:
        """Return the records of somebody that only one side has."""
        return {
            "person": difference.who.name,
            "ways": [way for way in WAYS if way in difference.ways],
            **({"in_doubt": True} if is_doubtful else {}),
            "before": [self._record(deed) for deed in difference.lost],
            "after": [self._record(deed) for deed in difference.gained],
        }

    def _record(self, deed: Deed) -> dict[str, Any]:
        """Return a record as JSON has it, as far as it is no one's own."""
        at, number, until, _own = deed
        site = self.pair.sites[number]
        told: dict[str, Any] = {"at": instant_text(at)}
        told |= {name: getattr(site, name) for name in ("journey", "step", "kind", "verdict", "reason", "words")}  # fmt: skip
        told |= dict(site.more)
        if until != NO_TIME:
            told["until"] = instant_text(until)
        return {name: value for name, value in told.items() if value}

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


def is_same(found: dict[str, Any]) -> bool:
    """Return whether a plan has nothing to tell."""
    replay = found.get("replay")
    return not found["changes"] and (replay is None or not replay["people"]["differ"])


def counts(found: dict[str, Any]) -> Counter[str]:
    """Return how many changes there are of each kind of thing."""
    return Counter(change["kind"] for change in found["changes"])
