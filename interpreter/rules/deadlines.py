"""Rules about tasks without a deadline. Rule: whoever waits for an answer must be able to go on without it."""

from __future__ import annotations

from verbline.interpreter.journeys import top
from verbline.interpreter.nodes import Node
from verbline.interpreter.ways import unclear

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.rules import Rule
    from verbline.interpreter.view import View

NEVER = False


def task_without_deadline(view: View) -> Iterator[Problem]:
    """F333: neither the task nor its desk says by when, so people wait for ever if nobody answers."""
    for step in view.of("escalate", "pass_up"):
        if has_deadline(step) or step.node is None:
            continue
        name = step.node.word("desk")
        if in_time(view, name.text) is NEVER:
            yield view.problem("F333", step, name, desk=name.text)


def routed_without_deadline(view: View) -> Iterator[Problem]:
    """F334: the task goes to a desk chosen on the way, and not every desk it may be says by when it answers."""
    for step in view.of("escalate_routed", "escalate_named"):
        if has_deadline(step):
            continue
        desks = desks_of(view, step)
        slow = [desk for desk in desks if in_time(view, desk) is NEVER]
        if slow or not desks:
            yield view.problem(
                "F334",
                step,
                variant="" if slow else "nobody",
                desks=", ".join(f'"{desk}"' for desk in slow),
            )


def has_deadline(step: Sentence) -> bool:
    """Return whether the task itself says by when it is to be answered."""
    return step.node is None or step.node.has("within") or step.node.has("before")


def in_time(view: View, name: str) -> bool | None:
    """Return whether desk ``name`` says within what it answers; None where nobody knows."""
    desk = view.project.overview.find("desk", name)
    if desk is None or any(map(unclear, desk.sentence.block)):
        return None
    return bool(desk.sentence.of("answers_within"))


def desks_of(view: View, step: Sentence) -> list[str]:
    """Return the desks that a task may go to: the values of the field it names, or those that the steps route to."""
    if step.node is not None and step.shape == "escalate_named":
        field = view.project.overview.person_fields.get(step.node.text("field"))
        kind = field.kind if field else None
        if isinstance(kind, Node) and kind.shape == "t_one_of":
            return [word.text for word in kind.words("values")]
        return []
    journey = top(step)
    routes = [line for line in journey.walk() if line.shape == "route"]
    if not routes:
        routes = [line for _file, line, _node in view.project.overview.steps("route")]
    return list(dict.fromkeys(line.node.text("desk") for line in routes if line.node))


RULES: Mapping[str, Rule] = {
    "F333": task_without_deadline,
    "F334": routed_without_deadline,
}
