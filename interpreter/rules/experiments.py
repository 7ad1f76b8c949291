"""Rules about experiments. Rule: what cannot be measured is not tried out on people."""

from __future__ import annotations

from verbline.interpreter.lengths import length_in
from verbline.interpreter.nodes import meaning
from verbline.interpreter.ways import unclear

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.interpreter.names import Declaration
    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.rules import Rule
    from verbline.interpreter.view import View


def shares_not_100(view: View) -> Iterator[Problem]:
    """X601: the arms are not everybody, or more than everybody."""
    for step in view.of("experiment"):
        arms = step.of("arm")
        if any(map(unclear, step.block)):
            continue
        total = round(sum(float(arm.node.text("share").rstrip("%")) for arm in arms if arm.node), 6)
        if total != 100:
            yield view.problem("X601", step, variant="" if arms else "none", total=f"{total:g}%")


def judged_too_soon(view: View) -> Iterator[Problem]:
    """X602: the verdict comes before the metric has counted."""
    for step in view.of("experiment"):
        metric = judge_of(view, step)
        after = length_in(step.node, "length") if step.node else None
        if metric is None or after is None or step.node is None:
            continue
        for line in metric.sentence.of("counts"):
            within = length_in(line.node, "within") if line.node else None
            if line.node and within and within.low > after.high:
                said = line.node.node("within")
                yield view.problem(
                    "X602",
                    step,
                    step.node.node("length"),
                    related=((metric.file.path, line.number),),
                    metric=metric.name,
                    within=line.raw[said.start : said.end],
                )


def judge_of(view: View, step: Sentence) -> Declaration | None:
    """Return the metric that judges an experiment."""
    return view.scope.find("metric", step.node.text("metric")) if step.node else None


def arms_alike(view: View) -> Iterator[Problem]:
    """X606: two arms do the same."""
    for step in view.of("experiment"):
        seen: dict[object, Sentence] = {}
        for arm in step.of("arm"):
            if any(map(unclear, arm.walk())) or arm.node is None:
                continue
            first = seen.setdefault(does(arm), arm)
            if first is not arm and first.node is not None:
                yield view.problem(
                    "X606",
                    arm,
                    arm.node.word("name"),
                    related=((view.path, first.number),),
                    arm=arm.node.text("name"),
                    other=first.node.text("name"),
                )


def does(line: Sentence) -> tuple[object, ...]:
    """Return what stands under ``line``, to compare it."""
    return tuple((meaning(inner.node), does(inner)) for inner in line.block if inner.node)


def nothing_to_count(view: View) -> Iterator[Problem]:
    """X607: the metric that judges names no moment."""
    for step in view.of("experiment"):
        metric = judge_of(view, step)
        if metric is None or step.node is None or any(map(unclear, metric.sentence.block)):
            continue
        if metric.sentence.lacks("counts", "measures", "sums"):
            yield view.problem(
                "X607",
                step,
                step.node.word("metric"),
                related=((metric.file.path, metric.sentence.number),),
                metric=metric.name,
            )


RULES: Mapping[str, Rule] = {
    "X601": shares_not_100,
    "X602": judged_too_soon,
    "X606": arms_alike,
    "X607": nothing_to_count,
}
