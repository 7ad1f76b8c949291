"""Rules about offers and quiet groups. Rule: see the pages of the codes below."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.rules import Rule
    from verbline.interpreter.view import View

SPEAKING = ("notify", "offer", "offer_best", "confirm", "ask", "escalate", "escalate_routed", "escalate_named")  # fmt: skip
LEAVING = ("continue_with", "signal")


def no_hold_back(view: View) -> Iterator[Problem]:
    """Yield experiments in which everybody is spoken to."""
    for experiment in view.of("experiment"):
        arms = experiment.of("arm")
        whole = all(inner.node is not None for inner in experiment.walk())
        if experiment.node is not None and arms and whole and all(speaks(arm) for arm in arms):
            yield view.problem("X603", experiment, experiment.node.word("name"))


def speaks(arm: Sentence) -> bool:
    """Return whether somebody in this arm is written to or called, or goes on where that may happen."""
    return any(step.shape in SPEAKING or step.shape in LEAVING for step in arm.walk())


def offer_for_everyone(view: View) -> Iterator[Problem]:
    """Yield offers that suit everybody."""
    return lacking(view, "X604", "suits")


def offer_without_rest(view: View) -> Iterator[Problem]:
    """Yield offers that may come again and again."""
    return lacking(view, "X605", "not_again")


def lacking(view: View, code: str, clause: str) -> Iterator[Problem]:
    """Yield a problem for each offer that has no line of shape ``clause``."""
    for offer in view.of("offer_decl"):
        if offer.lacks(clause) and offer.node is not None:
            name = offer.node.word("name")
            yield view.problem(code, offer, name, offer=name.text)


RULES: Mapping[str, Rule] = {
    "X603": no_hold_back,
    "X604": offer_for_everyone,
    "X605": offer_without_rest,
}
