"""What desks get, are told and are responsible for. Rule: a task is judged by what its desk was shown, not by what is known."""

from __future__ import annotations

from verbline.interpreter.index import folded
from verbline.interpreter.scenarios.miss import Miss

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.interpreter.scenarios.because import Steps
    from verbline.interpreter.scenarios.judging import Judge
    from verbline.interpreter.step.records import Record

TASKS = ("escalate", "escalate_routed", "escalate_named", "pass_up")
NOTES = ("notify_desk", "notify_routed")
MINUTE = 60_000


def tasks(judge: Judge, *verdicts: str) -> list[Record]:
    """Return the tasks of the desk that the line names."""
    desk = judge.node.text("desk")
    found = judge.story.of(None, "task", *verdicts)
    return [one for one in found if one.more.get("desk") == desk]


def givers(judge: Judge, shapes: tuple[str, ...]) -> Steps:
    """Return the steps in sight that can turn to the desk."""
    desk = judge.node.text("desk")
    return [
        one
        for one in judge.story.steps(shapes)
        if one[2].node and one[2].node.text("desk") in (desk, "")
    ]


def gets_task(judge: Judge) -> Miss | None:
    """Judge that a desk got a task, that it shows some values, that it is due at a time."""
    found = tasks(judge, "taken")
    wanted = judge.stage.values(judge.line)
    wrong: Miss | None = None
    for task in found:
        # Of several tasks the last one that does not fit is told.
        wrong = misshown(judge, task, wanted) or misdue(judge, task)
        if wrong is None:
            return None
    return wrong or no_such_task(judge)


def misshown(judge: Judge, task: Record, wanted: dict[str, Any]) -> Miss | None:
    """Return the first value that a task does not show as expected."""
    shown = task.more.get("shown") or {}
    for field, value in wanted.items():
        if field not in shown:
            fields = ", ".join(shown) or judge.teller.tell("nothing")
            why = judge.teller.tell("why-shows", fields=fields)
            return Miss(judge.tell("task-hides", task, field=field), why, show(judge, task, field))
        if not same(shown[field], value):
            told = judge.teller.value(shown[field])
            return Miss(judge.tell("task-shows", task, field=field, value=told))
    return None


def show(judge: Judge, task: Record, field: str) -> str:
    """Return the line that shows ``field`` beside what the task shows."""
    fields = [*(task.more.get("shown") or {}), field]
    return judge.teller.sentence(
        f"show {', '.join(fields)}", 'journey "…"\n  escalate to desk "…"\n  '
    )


def same(one: Any, other: Any) -> bool:
    """Return whether two values are the same; texts without regard to case and blanks."""
    if isinstance(one, str) and isinstance(other, str):
        return folded(one) == folded(other)
    if isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        return all(same(mine, its) for mine, its in zip(one, other, strict=True))
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def misdue(judge: Judge, task: Record) -> Miss | None:
    """Return that a task is due at another time."""
    if judge.instant is None:
        return None
    due = task.more.get("due")
    if due is None:
        return Miss(judge.tell("task-open-ended", task))
    if due // MINUTE == judge.instant // MINUTE:
        return None
    why = judge.teller.tell("why-due", at=judge.teller.at(task.at))
    return Miss(judge.tell("task-due", task, due=judge.teller.at(due)), why)


def no_such_task(judge: Judge) -> Miss:
    """Return that the desk got no task: too late, somebody else got it, or nobody came so far."""
    stale = tasks(judge, "stale")
    if stale:
        return Miss(judge.tell("task-stale", stale[-1], due=judge.teller.at(stale[-1].more["due"])))
    steps = givers(judge, TASKS)
    own = [one for one in steps if one[2].node and one[2].node.has("desk")]
    lines = {line for line, _journey, _step in own or steps}
    for task in reversed(judge.story.of(None, "task", "taken")):
        if task.line in lines:
            return Miss(judge.tell("task-elsewhere", task, desk=task.more["desk"]))
    reason = judge.because.unreached(None, own or steps)
    return judge.miss(judge.tell("no-task", desk=judge.node.text("desk")), reason)


def nothing_to_answer(judge: Judge) -> Miss:
    """Return that a desk that answers never had a task, and why."""
    steps = givers(judge, TASKS)
    own = [one for one in steps if one[2].node and one[2].node.has("desk")]
    instead = judge.tell("nothing-to-answer", desk=judge.node.text("desk"))
    return judge.miss(instead, judge.because.unreached(None, own or steps))


def gets_no_task(judge: Judge) -> Miss | None:
    """Judge that a desk got no task."""
    found = tasks(judge, "taken")
    if not found:
        return None
    instead = judge.tell("got-task", found[0], desk=judge.node.text("desk"))
    return judge.miss(instead, judge.because.anyway(found[0], judge.outcome))


def notes_to_desks(judge: Judge) -> list[Record]:
    """Return what desks were told."""
    return [one for one in judge.story.of(None, "message", "sent") if "desk" in one.more]


def is_not_told(judge: Judge) -> Miss | None:
    """Judge that a desk was not told something so far."""
    desk, message = judge.node.text("desk"), judge.node.text("message")
    found = [
        one
        for one in notes_to_desks(judge)
        if one.more["desk"] == desk and one.more.get("message") == message
    ]
    if not found:
        return None
    instead = judge.tell("got-note", found[0], desk=desk)
    return judge.miss(instead, judge.because.anyway(found[0], judge.outcome))


def is_told(judge: Judge) -> Miss | None:
    """Judge that a desk was told something."""
    desk, message = judge.node.text("desk"), judge.node.text("message")
    notes = notes_to_desks(judge)
    to_desk = [one for one in notes if one.more["desk"] == desk]
    if any(one.more.get("message") == message for one in to_desk):
        return None
    elsewhere = [one for one in notes if one.more.get("message") == message]
    if elsewhere:
        told = judge.tell("told-elsewhere", elsewhere[-1], desk=elsewhere[-1].more["desk"])
        return Miss(told)
    steps = [
        one
        for one in givers(judge, NOTES)
        if one[2].node and one[2].node.text("message") == message
    ]
    reason = judge.because.unreached(None, steps)
    if to_desk:
        other = judge.story.words(to_desk[-1])
        return judge.miss(
            judge.tell("told-otherwise", to_desk[-1], desk=desk, message=other), reason
        )
    return judge.miss(judge.tell("not-told", desk=desk), reason)


def is_responsible(judge: Judge) -> Miss | None:
    """Judge that a desk is responsible for the person."""
    desk, mine = judge.node.text("desk"), judge.person.desk
    if mine == desk:
        return None
    steps = givers(judge, ("route",))
    if not mine:
        return judge.miss(judge.tell("no-desk"), judge.because.unreached(judge.person, steps))
    routes = [one for one in judge.story.of(judge.person, "route") if one.more["desk"] == mine]
    if routes:
        detour = judge.because.unreached(judge.person, steps)
        return judge.miss(judge.tell("other-desk", routes[-1], desk=mine), detour)
    return Miss(judge.tell("other-desk-given", desk=mine))
