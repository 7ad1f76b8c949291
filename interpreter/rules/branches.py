"""Rules about the answers of a step. Rule: an answer that may stand in a line that was not understood is not missed."""

from __future__ import annotations

from verbline.interpreter.outcomes import TASKS
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


def unspoken(step: Sentence, *shapes: str) -> bool:
    """Return whether ``step`` says nothing under a line of ``shapes``: it has no such line, or only empty ones."""
    lines = step.of(*shapes)
    return all(map(empty, lines)) if lines else misses(step, *shapes)


def empty(line: Sentence) -> bool:
    """Return whether surely nothing stands under an answer; conditions belong to the answer itself."""
    if any(inner.shape != "condition" for inner in line.block):
        return False
    # The line behind may have lost its place, and belong here.
    while line.parent is not None:
        beside = line.parent.block
        at = next(at for at, one in enumerate(beside, 1) if one is line)
        if at < len(beside):
            return not unclear(beside[at])
        line = line.parent
    return True


def block(view: View, step: Sentence, line: str, *, ends: bool = False) -> str:
    """Return lines to copy under ``step``: an answer, and that the journey goes on then, or ``ends``."""
    margin = " " * (step.column + 1)
    then = f'{view.language.write("FINISH_AS")} "…"' if ends else view.language.write("GO_ON")
    return f"{margin}{line}\n{margin}  {then}"


def silence_unspoken(view: View) -> Iterator[Problem]:
    """F305: a wait that says neither what happens then, nor what happens else."""
    for step in view.of("wait_for", "wait_absent"):
        if step.node is not None and unspoken(step, *HAPPENS):
            yield view.problem(
                "F305", step, suggestion=block(view, step, view.language.write("IF_NOT_HAPPENS"))
            )


def nobody_answers_unspoken(view: View) -> Iterator[Problem]:
    """F308: a deadline without a consequence. The last desk of a chain need not have one."""
    for step in view.of("escalate", "escalate_routed", "escalate_named"):
        node = step.node
        if node is None or not (node.has("within") or node.has("before")) or backing_up(step):
            continue
        if unspoken(step, "if_nobody"):
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
        left = view.project.journeys.left_over(step)
        if left == []:
            continue
        words = view.language
        values = left or [words.write("ANYTHING_ELSE")]
        # What is left of few values can be named; `unknown` is a word of the language, the others are quoted or not as
        # they are declared.
        named = f" {words.write('OR')} ".join(
            words.write(value) if value in ("YES", "NO", "UNKNOWN") else value for value in values
        )
        yield view.problem(
            "F310",
            step,
            node.word("field"),
            variant="values" if left else "",
            suggestion=block(view, step, f"{words.write('WHEN_IT_IS')} {named}"),
            field=node.text("field"),
            values=named,
        )


def answer_missing(view: View) -> Iterator[Problem]:
    """F312: a question without one of its three endings, or a label without a word on those who do not get it."""
    for step in view.of("confirm"):
        missing = {
            shape: view.language.write(word)
            for shape, word in ENDINGS.items()
            if unspoken(step, shape)
        }
        if missing:
            yield view.problem(
                "F312",
                step,
                suggestion="\n".join(
                    block(view, step, line, ends=shape != "if_yes")
                    for shape, line in missing.items()
                ),
                missing=", ".join(f'"{line}"' for line in missing.values()),
            )
    for step in view.of("qualify"):
        if unspoken(step, "otherwise"):
            line = view.language.write("OTHERWISE")
            yield view.problem(
                "F312",
                step,
                variant="qualify",
                suggestion=block(view, step, line, ends=True),
                line=line,
            )


def nothing_in_branch(view: View) -> Iterator[Problem]:
    """F324: an answer without steps; `go on` says that this is meant."""
    for line in view.of(*sorted(BRANCHES), "if_nobody"):
        if line.parent is None or not empty(line):
            continue
        margin = " " * (line.column + 1)
        go_on = f"{margin}{view.language.write('GO_ON')}"
        last = max([line.number, *(inner.number for inner in line.walk())])
        end = len(view.file.source.lines[last - 1]) + 1
        yield view.problem(
            "F324",
            line,
            suggestion=go_on,
            edits=() if view.file.broken else (Edit(Span(last, end, last, end), f"\n{go_on}"),),
        )


RULES: Mapping[str, Rule] = {
    "F305": silence_unspoken,
    "F308": nobody_answers_unspoken,
    "F309": escalation_without_context,
    "F310": other_case_missing,
    "F312": answer_missing,
    "F324": nothing_in_branch,
}
