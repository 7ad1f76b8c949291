"""Waits. Rule: a wait looks from the place in the history at which it was reached, and always has an end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from tests.oracle import values
from tests.oracle.book import node_of
from tests.oracle.history import Line
from tests.oracle.values import clock, length_of
from tests.oracle.visit import Pause, Walked
from verbline.interpreter.nodes import Node, Sentence, Word

if TYPE_CHECKING:
    from tests.oracle.walk import Walk


def wait(walk: Walk, step: Sentence) -> Walked:
    """Wait for a length of time."""
    yield Pause("wait", walk.questions.on(walk.view, length_of(node_of(step).node("length"))))
    return None


def wait_until(walk: Walk, step: Sentence) -> Walked:
    """Wait until a time, a day or an instant, at most for the limit."""
    node = node_of(step)
    due = target(walk, node)
    if due is None:
        return None
    if due < walk.world.now:
        return (yield from walk.under(step, "if_past"))
    if node.has("limit"):
        due = min(due, walk.questions.on(walk.view, length_of(node.node("limit"))))
    yield Pause("wait", due)
    return None


def target(walk: Walk, node: Node) -> int | None:
    """Return the instant that ``wait until`` names; None where it is unknown."""
    zone, now = walk.questions.zone(walk.visit.person), walk.world.now
    until = walk.questions.value(walk.view, node.parts["until"])
    if isinstance(node.parts["until"], Word) and node.word("until").kind == "TIME":
        if node.shape != "wait_until_workday":
            return zone.next_time(now, until)
        day = walk.book.work.next_working_day(zone.local(now).date())
        assert day is not None, "somebody works some day"
        return zone.start_of(day, until)
    if until is not None and node.has("length"):
        sign = -1 if node.shape == "wait_before" else 1
        length = length_of(node.node("length"))
        until = values.plus(until, sign, length, zone, walk.book.work)
    if until is None:
        return None
    if not node.has("time"):
        return values.point(until, zone)
    day = until if isinstance(until, date) else zone.local(until).date()
    return zone.start_of(day, clock(node.text("time")))


def wait_for(walk: Walk, step: Sentence) -> Walked:
    """Wait for a moment, or the first of several."""
    node = node_of(step)
    wants = wanted(walk, node, "moments")
    anchor = walk.visit.first if node.has("since") else walk.anchor
    due = walk.questions.on(walk.view, length_of(node.node("limit")))
    found = walk.world.found(walk.visit, anchor, wants)
    if found is None:
        found = (yield Pause("wait", due, wants, anchor)).line
    if found is None:
        return (yield from walk.under(step, "if_not_happens", "if_neither"))
    walk.visit.moments.append(found)
    for inner in step.of("if_this_happens"):
        if walk.book.moment(node_of(inner).text("moment")) == found["moment"]:
            return (yield from walk.block(inner.block))
    return (yield from walk.under(step, "if_happens"))


def wait_absent(walk: Walk, step: Sentence) -> Walked:
    """Wait until a moment has not come for some time; each one begins that time anew."""
    node = node_of(step)
    wants = wanted(walk, node, "moment")
    last = walk.questions.on(walk.view, length_of(node.node("limit")))
    while True:
        quiet = walk.questions.on(walk.view, length_of(node.node("length")))
        anchor = walk.world.count
        answer = yield Pause("wait", min(quiet, last), wants, anchor)
        if answer.line is None:
            break
        walk.visit.moments.append(answer.line)
    return (yield from walk.under(step, "if_happens" if quiet <= last else "if_not_happens"))


def wanted(walk: Walk, node: Node, part: str) -> Callable[[Line], bool]:
    """Return whether a moment is one that a sentence waits for."""
    moments = [walk.book.moment(word.text) for word in node.words(part)]

    def wants(line: Line) -> bool:
        return line["moment"] in moments and walk.world.concerns(walk.visit, line, node)

    return wants


STEPS: dict[str, Callable[[Walk, Sentence], Walked]] = {
    "wait": wait,
    "wait_until": wait_until,
    "wait_until_workday": wait_until,
    "wait_before": wait_until,
    "wait_after": wait_until,
    "wait_for": wait_for,
    "wait_absent": wait_absent,
}
