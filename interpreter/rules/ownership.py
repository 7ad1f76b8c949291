"""Rules about owners, reasons and goals. Rule: what nobody answers for, and what cannot fail, is told; taste is not judged."""

from __future__ import annotations

from verbline.interpreter.nearness import nearest
from verbline.interpreter.rules import own
from verbline.interpreter.rules.departments import is_department

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.interpreter.nodes import Sentence, Word
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.rules import Rule
    from verbline.interpreter.view import View

# Where the runtime's own moments say that a message was looked at: they measure the sender, whatever they are called.
VANITY = ("verbline.message.opened", "verbline.message.clicked")
COUNTING = {"counts": "moment", "measures": "end", "sums": "moment"}
# A human inside hears of the person through one of these.
HEARING = (
    "escalate", "escalate_routed", "escalate_named", "pass_up", "notify_desk", "notify_routed", "route", "signal",
)  # fmt: skip


def without(view: View, shape: str, clause: str) -> Iterator[tuple[Sentence, Word]]:
    """Yield each ``shape`` that has no line of shape ``clause``, with its name."""
    for sentence in view.of(shape):
        if sentence.lacks(clause) and sentence.node is not None:
            yield sentence, sentence.node.word("name")


def owner_missing(view: View) -> Iterator[Problem]:
    """Yield journeys that nobody owns."""
    for journey, name in without(view, "journey", "owned_by"):
        yield view.problem("O101", journey, name, name=name.text, owner=own.owner(view))


def reason_missing(view: View) -> Iterator[Problem]:
    """Yield journeys that do not say why they exist."""
    for journey, name in without(view, "journey", "because"):
        yield view.problem("O102", journey, name, name=name.text)


def goal_missing(view: View) -> Iterator[Problem]:
    """Yield journeys that aim for nothing."""
    for journey, name in without(view, "journey", "aims_for"):
        metric = own.metric(view, journey)
        yield view.problem("O103", journey, name, name=name.text, metric=metric)


def metric_without_owner(view: View) -> Iterator[Problem]:
    """Yield metrics that nobody owns."""
    for metric, name in without(view, "metric", "owned_by"):
        yield view.problem("O104", metric, name, name=name.text, owner=own.owner(view))


def vanity_goal(view: View) -> Iterator[Problem]:
    """Yield metrics that count opens or clicks."""
    for sentence in view.of(*COUNTING):
        if sentence.node is None:
            continue
        moment = sentence.node.word(COUNTING[sentence.shape])
        declared = view.project.overview.find("moment", moment.text)
        source = declared.sentence.first("comes_from") if declared else None
        if source is not None and source.text("code") in VANITY:
            yield view.problem("O105", sentence, moment, moment=moment.text)


def goal_without_target(view: View) -> Iterator[Problem]:
    """Yield metrics that say no number to reach."""
    for metric, name in without(view, "metric", "should"):
        yield view.problem("O106", metric, name, name=name.text)


def owner_is_a_department(view: View) -> Iterator[Problem]:
    """Yield owners who are no person."""
    people = view.project.settings.people or ()
    for sentence in view.of("owned_by"):
        if sentence.node is None:
            continue
        name = sentence.node.word("name")
        if name.text not in people and is_department(name.text):
            yield view.problem("O107", sentence, name, name=name.text, owner=own.owner(view))


def owner_not_among_people(view: View) -> Iterator[Problem]:
    """Yield owners who are not in the project's list of people."""
    people = view.project.settings.people
    if people is None:
        return
    for sentence in view.of("owned_by"):
        if sentence.node is None:
            continue
        name = sentence.node.word("name")
        if name.text not in people and not is_department(name.text):
            near = nearest(name.text, sorted(people))
            variant = "near" if near else ""
            yield view.problem("O108", sentence, name, variant=variant, name=name.text, near=near)


def nobody_inside_hears(view: View) -> Iterator[Problem]:
    """Yield journeys that write to people and never tell anybody inside."""
    for journey in view.of("journey"):
        if journey.node is not None and speaks_alone(journey):
            name = journey.node.word("name")
            yield view.problem("O110", journey, name, desk=own.first(view, "desk"))


def speaks_alone(journey: Sentence) -> bool:
    """Return whether ``journey`` writes to people and no line of it is, or may have been meant as, a word to a human inside."""
    speaks = False
    for step in journey.walk():
        if step.may_be(*HEARING):
            return False
        speaks = speaks or step.shape == "notify"
    return speaks


RULES: Mapping[str, Rule] = {
    "O101": owner_missing,
    "O102": reason_missing,
    "O103": goal_missing,
    "O104": metric_without_owner,
    "O105": vanity_goal,
    "O106": goal_without_target,
    "O107": owner_is_a_department,
    "O108": owner_not_among_people,
    "O110": nobody_inside_hears,
}
