"""Rules about the answers of a step. Rule: an answer that may stand in a line that was not understood is not missed."""

from __future__ import annotations

from verbline.interpreter.outcomes import COMPLETE, TASKS
from verbline.interpreter.places import BRANCHES
from verbline.interpreter.problems import Edit
from verbline.interpreter.source import Span
from verbline.interpreter.ways import unclear

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.rules import Rule
    from verbline.interpreter.view import View

HAPPENS = ("if_happens", "if_this_happens", "if_not_happens", "if_neither")
ENDINGS = {"if_yes": "IF_YES", "if_no": "IF_NO", "if_no_answer": "IF_NO_ANSWER"}
# Empty, these say nothing that silence does not say.
IDLE = (
    *HAPPENS,
    "if_somebody",
    "if_no_desk",
    "if_answered",
    "if_no_answer",
    "if_sent",
    "if_nothing_sent",
    "if_nothing_fits",
    "otherwise",
)


def misses(step: Sentence, *shapes: str) -> bool:
    """Return whether ``step`` has no line of ``shapes``, and none that may have been meant as one and lost its place."""
    if not step.lacks(*shapes) or any(line.misplaced for line in step.block):
        return False
    beside = step.parent.block if step.parent else []
    behind = next((at for at, line in enumerate(beside, 1) if line is step), len(beside))
    for line in beside[behind:]:
        if not unclear(line):
            return True
        if line.may_be(*shapes):
            return False
    return True


def block(view: View, step: Sentence, *lines: str) -> str:
    """Return lines to copy under ``step``: an answer and what is to happen then."""
    margin = " " * (step.column + 1)
    finish = f'{view.language.write("FINISH_AS")} "…"'
    return "\n".join([*(margin + line for line in lines), f"{margin}  {finish}"])


def silence_unspoken(view: View) -> Iterator[Problem]:
    """F305: a wait that says neither what happens then, nor what happens else."""
    for step in view.of("wait_for", "wait_absent"):
        if step.node is not None and misses(step, *HAPPENS):
            yield view.problem(
                "F305", step, suggestion=block(view, step, view.language.write("IF_NOT_HAPPENS"))
            )


def nobody_answers_unspoken(view: View) -> Iterator[Problem]:
    """F308: a deadline without a consequence. The last desk of a chain need not have one."""
    for step in view.of("escalate", "escalate_routed", "escalate_named"):
        node = step.node
        if node is None or not (node.has("within") or node.has("before")) or backing_up(step):
            continue
        if misses(step, "if_nobody"):
            part = node.parts.get("within") or node.parts.get("before")
            yield view.problem(
                "F308",
                step,
                part if not isinstance(part, tuple) else None,
                suggestion=block(view, step, view.language.write("IF_NOBODY")),
            )


def backing_up(step: Sentence) -> bool:
    """Return whether ``step`` stands where another task was not answered."""
    return step.parent is not None and (step.parent.shape == "if_nobody" or backing_up(step.parent))


def escalation_without_context(view: View) -> Iterator[Problem]:
    """F309: a task that shows nothing."""
    for step in view.of(*sorted(TASKS - {"pass_up"})):
        if misses(step, "show"):
            margin = " " * (step.column + 1)
            yield view.problem("F309", step, suggestion=f"{margin}{view.language.write('SHOW')} …")


def other_case_missing(view: View) -> Iterator[Problem]:
    """F310: a choice by value that does not say what holds for every other value."""
    for step in view.of("depending"):
        node = step.node
        if node is None or not step.of("case_") or not misses(step, "case_else"):
            continue
        if not view.project.journeys.covers(step):
            words = view.language
            line = f"{words.write('WHEN_IT_IS')} {words.write('ANYTHING_ELSE')}"
            yield view.problem(
                "F310",
                step,
                node.word("field"),
                suggestion=block(view, step, line),
                field=node.text("field"),
            )


def answer_missing(view: View) -> Iterator[Problem]:
    """F312: a question without one of its three endings."""
    for step in view.of("confirm"):
        missing = [
            view.language.write(word) for shape, word in ENDINGS.items() if misses(step, shape)
        ]
        if missing:
            yield view.problem(
                "F312",
                step,
                suggestion="\n".join(block(view, step, line) for line in missing),
                missing=", ".join(f'"{line}"' for line in missing),
            )


def nothing_in_branch(view: View) -> Iterator[Problem]:
    """F324: an answer without steps. Where leaving it out would say the same it can go, else `go on` says what is meant."""
    for line in view.of(*sorted(BRANCHES), "if_nobody"):
        step = line.parent
        if step is None or any(inner.shape != "condition" for inner in line.block):
            continue
        if needed(line, step):
            margin = " " * (line.column + 1)
            go_on = f"{margin}{view.language.write('GO_ON')}"
            yield view.problem("F324", line, variant="needed", suggestion=go_on)
        else:
            last = line.number == len(view.file.source.lines)
            span = Span(line.number, 1, line.number + 1, 1)
            yield view.problem("F324", line, edits=() if last else (Edit(span, ""),))


def needed(line: Sentence, step: Sentence) -> bool:
    """Return whether an empty answer says something after all: that silence is meant, or that nothing else happens."""
    if step.shape in COMPLETE or line.shape not in IDLE:
        return True
    if line.shape == "if_nothing_sent":
        return bool(step.of("if_nothing_fits"))
    return line.shape in HAPPENS and len(step.of(*HAPPENS)) == 1


RULES: Mapping[str, Rule] = {
    "F305": silence_unspoken,
    "F308": nobody_answers_unspoken,
    "F309": escalation_without_context,
    "F310": other_case_missing,
    "F312": answer_missing,
    "F324": nothing_in_branch,
}
