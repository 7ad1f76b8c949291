"""Builders of the steps that choose a way."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from verbline.interpreter.nodes import Word
from verbline.interpreter.program.meanings import duration_of
from verbline.interpreter.program.reckoning import fold
from verbline.interpreter.step.choices import Depending, Experiment, If, Qualify, Repeat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.program.blocks import Blocks, Build
    from verbline.interpreter.step.steps import Next, Step


# A written value asks nothing of the turn.
NO_TURN: Any = None


def choice(blocks: Blocks, group: list[Sentence], following: Next) -> Step:
    """Return an ``if`` with the lines that continue it."""
    rest, unknown = following, None
    built: Step | None = None
    for part in reversed(group):
        if part.shape == "otherwise":
            rest = blocks.under(part, following)
        elif part.shape == "if_unknown":
            unknown = part
        else:
            step = If(*blocks.plain(part), blocks.under(part, following))
            step.condition = blocks.condition(part)
            step.no = rest
            step.unknown = blocks.under(unknown, following) if unknown is not None else rest
            rest = built = blocks.keep(step)
            unknown = None
    assert built is not None, "the checker lets no branch stand without its if"
    return built


def depending(blocks: Blocks, group: list[Sentence], following: Next) -> Step:
    """Return a choice by value."""
    line = group[0]
    assert line.node is not None
    step = Depending(*blocks.plain(line), following)
    step.value = blocks.value(line, line.node, "field")
    step.no = blocks.answer(line, following, "case_else")
    cases: dict[Any, tuple[str, Next]] = {}
    unknown: Next | None = None
    has_unknown = False
    for case in line.of("case_"):
        way = blocks.under(case, following)
        assert case.node is not None
        for value in case.node.items("values"):
            if isinstance(value, Word) and value.kind == "UNKNOWN":
                unknown, has_unknown = way, True
                continue
            found = fold(blocks.compiler.value(value, case).of(NO_TURN))
            cases.setdefault(found, (told_of(value), way))
    step.cases = cases
    step.unknown = unknown if has_unknown else step.no
    return blocks.keep(step)


def told_of(value: Any) -> str:
    """Return a written value as the trace tells it."""
    if isinstance(value, Word):
        return {"YES": "yes", "NO": "no"}.get(value.kind, value.text)
    return " ".join(word.text for word in value.walk() if isinstance(word, Word))


def experiment(blocks: Blocks, group: list[Sentence], following: Next) -> Step:
    """Return an experiment."""
    line = group[0]
    assert line.node is not None
    step = Experiment(*blocks.plain(line), following)
    step.name = line.node.text("name")
    arms = []
    for arm in line.of("arm"):
        assert arm.node is not None
        share = Decimal(arm.node.text("share").rstrip("%").strip())
        arms.append((share, arm.node.text("name"), blocks.under(arm, following)))
    step.arms = tuple(arms)
    return blocks.keep(step)


def qualify(blocks: Blocks, group: list[Sentence], following: Next) -> Step:
    """Return a ``qualify``; behind its ``if unknown`` stands the same question once more."""
    line = group[0]
    assert line.node is not None
    no = blocks.answer(line, following, "otherwise")
    step = Qualify(*blocks.plain(line), following)
    again = Qualify(f"{step.id}+", step.line, step.shape, step.text, following)
    for one, last in ((again, True), (step, False)):
        one.condition = blocks.condition(line)
        one.label = line.node.text("label")
        one.no = no
        one.once_more = last
        one.unknown = no
    unknown = line.of("if_unknown")
    if unknown:
        step.unknown = blocks.under(unknown[0], blocks.keep(again))
    return blocks.keep(step)


def repeat(blocks: Blocks, group: list[Sentence], following: Next) -> Step:
    """Return a ``repeat``, whose block leads back to it."""
    line = group[0]
    assert line.node is not None
    step = Repeat(*blocks.plain(line), following)
    step.times = int(Decimal(line.node.text("number")))
    step.every = duration_of(line.node.node("length"))
    step.condition = blocks.condition(line) if line.node.has("condition") else None
    blocks.keep(step)
    step.body = blocks.build(line.block, step)
    return step


CHOOSERS: Mapping[str, Build] = {
    "if_": choice,
    "depending": depending,
    "experiment": experiment,
    "qualify": qualify,
    "repeat": repeat,
}
