"""Rules about offers and quiet groups. Rule: see the pages of the codes below."""

from __future__ import annotations

from verbline.interpreter.rules import own

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.interpreter.nodes import Sentence, Word
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
    for offer, name in lacking(view, "suits"):
        yield view.problem("X604", offer, name, offer=name.text, field=own.field(view))


def offer_without_rest(view: View) -> Iterator[Problem]:
    """Yield offers that may come again and again."""
    for offer, name in lacking(view, "not_again"):
        yield view.problem("X605", offer, name, offer=name.text)


def lacking(view: View, clause: str) -> Iterator[tuple[Sentence, Word]]:
    """Yield each offer that has no line of shape ``clause``, with its name."""
    for offer in view.of("offer_decl"):
        if offer.lacks(clause) and offer.node is not None:
            yield offer, offer.node.word("name")


RULES: Mapping[str, Rule] = {
    "X603": no_hold_back,
    "X604": offer_for_everyone,
    "X605": offer_without_rest,
}
