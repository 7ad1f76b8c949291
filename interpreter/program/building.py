"""Builders of waits, tasks and deeds."""

from __future__ import annotations

from verbline.interpreter.nodes import Node
from verbline.interpreter.program.lengths import (
    at_desk,
    at_most,
    at_value,
    beside_value,
    next_time,
    next_working_day,
    time_in,
    written_time,
)
from verbline.interpreter.program.meanings import duration_of
from verbline.interpreter.step.deeds import (
    ContinueWith,
    Finish,
    GoOn,
    Learn,
    Route,
    SendSignal,
    StopWriting,
)
from verbline.interpreter.step.tasks import NotifyDesk, Task
from verbline.interpreter.step.waits import Fits, Wait, WaitAbsent, WaitFor, WaitUntil

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.program.blocks import Blocks, Build
    from verbline.interpreter.program.lengths import Instant
    from verbline.interpreter.step.steps import Next, Step
    from verbline.interpreter.step.turn import Turn


def node_of(line: Sentence) -> Node:
    """Return what a line says."""
    assert line.node is not None, "only checked projects are compiled"
    return line.node


def wait(blocks: Blocks, group: list[Sentence], following: Next) -> Step:
    """Return a wait for a length."""
    step = Wait(*blocks.plain(group[0]), following)
    step.length = duration_of(node_of(group[0]).node("length"))
    return blocks.keep(step)


def wait_until(blocks: Blocks, group: list[Sentence], following: Next) -> Step:
    """Return a wait for an instant."""
    line = group[0]
    node = node_of(line)
    step = WaitUntil(*blocks.plain(line), following)
    instant = instant_in(blocks, line)
    step.instant = (
        at_most(instant, duration_of(node.node("limit"))) if node.has("limit") else instant
    )
    is_next = line.shape == "wait_until" and written_time(node.parts["until"]) is not None
    step.is_of_clock = is_next and not node.has("limit")
    step.past = blocks.answer(line, following, "if_past")
    return blocks.keep(step)


def instant_in(blocks: Blocks, line: Sentence) -> Instant:
    """Return what reckons the instant that a wait is for."""
    node = node_of(line)
    clock = written_time(node.parts["until"])
    if line.shape == "wait_until_workday":
        assert clock is not None, "the checker asks for a time of day"
        return next_working_day(clock)
    if clock is not None:
        return next_time(clock)
    value, at = blocks.value(line, node, "until"), time_in(node, "time")
    if line.shape == "wait_until":
        return at_value(value, at)
    number, unit = duration_of(node.node("length"))
    return beside_value((-number if line.shape == "wait_before" else number, unit), value, at)


def fits(blocks: Blocks, line: Sentence, moments: tuple[str, ...]) -> Fits:
    """Return which of ``moments`` a line means: those with the visit's own value, under the line's condition."""
    node = node_of(line)
    same = {
        name: fields
        for name in moments
        if (fields := blocks.compiler.correlated(blocks.journey, name, node.text("same")))
    }
    return Fits(blocks.condition(line) if node.has("condition") else None, same)


def wait_for(blocks: Blocks, group: list[Sentence], following: Next) -> Step:
    """Return a wait for the first of several moments."""
    line = group[0]
    node = node_of(line)
    step = WaitFor(*blocks.plain(line), following)
    common = blocks.answer(line, following, "if_happens")
    own = {
        blocks.moment(node_of(inner).text("moment")): blocks.under(inner, following)
        for inner in line.of("if_this_happens")
    }
    names = tuple(blocks.moment(word.text) for word in node.words("moments"))
    step.ways = {name: own.get(name, common) for name in names}
    step.awaits = frozenset(names)
    step.fits = fits(blocks, line, names)
    step.limit = duration_of(node.node("limit"))
    step.never = blocks.answer(line, following, "if_not_happens", "if_neither")
    step.since_start = node.has("since")
    return blocks.keep(step)


def wait_absent(blocks: Blocks, group: list[Sentence], following: Next) -> Step:
    """Return a wait for silence."""
    line = group[0]
    node = node_of(line)
    step = WaitAbsent(*blocks.plain(line), blocks.answer(line, following, "if_happens"))
    names = (blocks.moment(node.text("moment")),)
    step.awaits = frozenset(names)
    step.fits = fits(blocks, line, names)
    step.length = duration_of(node.node("length"))
    step.limit = duration_of(node.node("limit"))
    step.never = blocks.answer(line, following, "if_not_happens", "if_neither")
    return blocks.keep(step)


def desk_of(line: Sentence) -> Callable[[Turn], str]:
    """Return what finds the name of the desk that a line is for."""
    node = node_of(line)
    if node.has("desk"):
        name = node.text("desk")
        return lambda _turn: name
    if node.has("field"):
        field = node.text("field")
        return lambda turn: str(turn.program.value_of(turn, field) or "")
    return lambda turn: turn.person.desk


def shown(line: Sentence) -> tuple[str, ...]:
    """Return the fields that the lines under a step show to the desk."""
    return tuple(word.text for inner in line.of("show") for word in node_of(inner).words("fields"))


def task(blocks: Blocks, group: list[Sentence], following: Next) -> Step:
    """Return a task for a desk."""
    line = group[0]
    node = node_of(line)
    step = Task(*blocks.plain(line), following)
    step.desk = desk_of(line)
    step.within = duration_of(node.node("within")) if node.has("within") else None
    step.before = None
    if node.has("before"):
        step.before = at_desk(blocks.value(line, node, "before"))
    step.reason = node.text("reason")
    step.shows = shown(line)
    step.passed_up = line.shape == "pass_up"
    step.answers = {
        " ".join(word.text.casefold().split()): (word.text, blocks.under(inner, following))
        for inner in line.of("if_answer")
        for word in node_of(inner).words("answers")
    }
    step.somebody = blocks.answer(line, following, "if_somebody")
    step.nobody = blocks.answer(line, following, "if_nobody")
    step.no_desk = blocks.answer(line, following, "if_no_desk")
    return blocks.keep(step)


def notify_desk(blocks: Blocks, group: list[Sentence], following: Next) -> Step:
    """Return words for a desk."""
    line = group[0]
    step = NotifyDesk(*blocks.plain(line), following)
    step.desk = desk_of(line)
    step.message = node_of(line).text("message")
    step.words = blocks.program.messages.get(step.message)
    step.shows = shown(line)
    step.no_desk = blocks.answer(line, following, "if_no_desk")
    return blocks.keep(step)


def learn(blocks: Blocks, group: list[Sentence], following: Next) -> Step:
    """Return a fact to be learned: one value, or a list of them."""
    line = group[0]
    node = node_of(line)
    step = Learn(*blocks.plain(line), following)
    step.field = node.text("field")
    if line.shape == "learn_list":
        step.value = blocks.compiler.constant(tuple(word.text for word in node.words("values")))
    else:
        step.value = blocks.value(line, node, "value")
    return blocks.keep(step)


def signal(blocks: Blocks, group: list[Sentence], following: Next) -> Step:
    """Return a signal with its values."""
    line = group[0]
    node = node_of(line)
    step = SendSignal(*blocks.plain(line), following)
    step.moment = blocks.program.moments[blocks.moment(node.text("moment"))]
    step.values = tuple(blocks.compiler.assigned(node, "values", line))
    return blocks.keep(step)


def route(blocks: Blocks, group: list[Sentence], following: Next) -> Step:
    """Return the choice of a responsible desk."""
    step = Route(*blocks.plain(group[0]), following)
    step.desk = node_of(group[0]).text("desk")
    return blocks.keep(step)


def stop_writing(blocks: Blocks, group: list[Sentence], following: Next) -> Step:
    """Return a no for a purpose."""
    step = StopWriting(*blocks.plain(group[0]), following)
    node = node_of(group[0])
    step.purpose, step.topic = node.text("purpose"), node.text("topic")
    return blocks.keep(step)


def finish(blocks: Blocks, group: list[Sentence], _following: Next) -> Step:
    """Return an end."""
    step = Finish(*blocks.plain(group[0]), None)
    step.outcome = node_of(group[0]).text("outcome")
    return blocks.keep(step)


def continue_with(blocks: Blocks, group: list[Sentence], _following: Next) -> Step:
    """Return an end that goes over into another journey."""
    step = ContinueWith(*blocks.plain(group[0]), None)
    step.other = node_of(group[0]).text("journey")
    return blocks.keep(step)


def go_on(blocks: Blocks, group: list[Sentence], following: Next) -> Step:
    """Return what comes behind the block: ``go on`` says no more than that."""
    step = GoOn(*blocks.plain(group[0]), following)
    return blocks.keep(step)


BUILDERS: Mapping[str, Build] = {
    "wait": wait,
    "wait_until": wait_until,
    "wait_until_workday": wait_until,
    "wait_before": wait_until,
    "wait_after": wait_until,
    "wait_for": wait_for,
    "wait_absent": wait_absent,
    "escalate": task,
    "escalate_routed": task,
    "escalate_named": task,
    "pass_up": task,
    "notify_desk": notify_desk,
    "notify_routed": notify_desk,
    "learn": learn,
    "learn_list": learn,
    "signal": signal,
    "route": route,
    "stop_writing": stop_writing,
    "finish": finish,
    "continue_with": continue_with,
    "go_on": go_on,
}
