"""Tasks of desks. Rule: one step of a visit makes one task, and waits for its answer or its deadline."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.oracle import values
from tests.oracle.book import length_in, node_of
from tests.oracle.values import length_of
from tests.oracle.visit import Pause, Walked
from verbline.interpreter.nodes import Sentence

if TYPE_CHECKING:
    from tests.oracle.walk import Walk


def escalate(walk: Walk, step: Sentence) -> Walked:
    """Give the named desk a task; pass one up to another desk."""
    return (yield from given(walk, step, node_of(step).text("desk")))


def escalate_routed(walk: Walk, step: Sentence) -> Walked:
    """Give the responsible desk a task, where there is one."""
    desk = routed(walk)
    if not desk:
        return (yield from nowhere(walk, step))
    return (yield from given(walk, step, desk))


def escalate_named(walk: Walk, step: Sentence) -> Walked:
    """Give the desk that a field names a task, where there is such a desk."""
    name = walk.questions.lookup(walk.view, node_of(step).text("field"))
    desks = [
        desk
        for desk, _ in walk.book.each("desk")
        if name and values.fold(desk) == values.fold(name)
    ]
    if not desks:
        return (yield from nowhere(walk, step))
    return (yield from given(walk, step, desks[0]))


def nowhere(walk: Walk, step: Sentence) -> Walked:
    """Say that there is no such desk, and walk the block for it."""
    walk.record("task", "refused", "no_desk")
    return (yield from walk.under(step, "if_no_desk"))


def routed(walk: Walk) -> str:
    """Return the desk that is responsible for the person, or nothing."""
    line = walk.view.latest("route")
    return line["desk"] if line else ""


def given(walk: Walk, step: Sentence, desk: str) -> Walked:
    """Make the task, wait, and walk the block of what came."""
    due = deadline(walk, step, desk)
    if due < walk.world.now:
        walk.record("task", "stale", "stale", desk=desk, due=due)
        return (yield from walk.under(step, "if_nobody"))
    walk.record("task", "taken", desk=desk, due=due)
    reached = walk.reached
    answer = yield Pause("task", due, told={"desk": desk, "due": due})
    walk.previous = reached
    if answer.text is None:
        return (yield from walk.under(step, "if_nobody"))
    for inner in step.of("if_answer"):
        named = [values.fold(word.text) for word in node_of(inner).words("answers")]
        if values.fold(answer.text) in named:
            return (yield from walk.block(inner.block))
    return (yield from walk.under(step, "if_somebody"))


def deadline(walk: Walk, step: Sentence, desk: str) -> int:
    """Return when a task is due: what the step says, else the desk's promise, in the desk's hours."""
    node = node_of(step)
    if node.has("before"):
        before = walk.questions.value(walk.view, node.parts["before"])
        if before is not None:
            return values.point(before, walk.book.zone)
    written = length_of(node.node("within")) if node.has("within") else None
    length = written or length_in(walk.book.of("desk", desk), "answers_within")
    assert length is not None, "a desk promises an answer"
    return values.shifted(walk.world.now, length, walk.book.zone, walk.book.hours(desk))


STEPS: dict[str, Callable[[Walk, Sentence], Walked]] = {
    "escalate": escalate,
    "pass_up": escalate,
    "escalate_routed": escalate_routed,
    "escalate_named": escalate_named,
}
