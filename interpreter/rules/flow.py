"""Rules about the paths through a journey. Rule: what cannot be told for sure is not told."""

from __future__ import annotations

from verbline.interpreter.journeys import journeys_of
from verbline.interpreter.outcomes import ENDS
from verbline.interpreter.problems import Edit
from verbline.interpreter.rules import agreement, branches, circles, deadlines, entries, times
from verbline.interpreter.source import Span
from verbline.interpreter.ways import grouped, steps_in, steps_of, unclear

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.interpreter.flow import Flow
    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.rules import Rule
    from verbline.interpreter.source import Source
    from verbline.interpreter.view import View
    from verbline.interpreter.ways import Way

# How an answer is written that has no line: by the step, where that matters, and the reason of the way.
ANSWER: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("", "past"): ("IF_PAST",),
    ("", "happens"): ("IF_HAPPENS",),
    ("", "not_happens"): ("IF_NOT_HAPPENS",),
    ("", "sent"): ("IF_SENT",),
    ("", "nothing_sent"): ("IF_NOTHING_SENT",),
    ("", "nothing_fits"): ("IF_NOTHING_FITS",),
    ("", "somebody"): ("IF_SOMEBODY",),
    ("", "nobody"): ("IF_NOBODY",),
    ("", "no_desk"): ("IF_NO_DESK",),
    ("", "answered"): ("IF_ANSWERED",),
    ("", "no_answer"): ("IF_NO_ANSWER",),
    ("", "no"): ("OTHERWISE",),
    ("", "other"): ("WHEN_IT_IS", "ANYTHING_ELSE"),
    ("confirm", "yes"): ("IF_YES",),
    ("confirm", "no"): ("IF_NO",),
}


def unreachable(view: View) -> Iterator[Problem]:
    """F302: nobody gets here."""
    for journey in journeys_of(view):
        flow = journey.flow
        if all(flow.may_reach(step) for step in flow.steps):
            continue
        for before, run in dead_runs(flow, steps_of(journey.sentence)):
            yield view.problem(
                "F302",
                run[0],
                variant="" if before.shape in ENDS else "branches",
                edits=removal(run, view.file.source),
                line=before.number,
            )


def dead_runs(flow: Flow, lines: list[Sentence]) -> Iterator[tuple[Sentence, list[Sentence]]]:
    """Yield each run of lines of one block that nobody reaches, with the line above it."""
    before: Sentence | None = None
    run: list[Sentence] = []
    for group in grouped(lines):
        if not flow.may_reach(group[0]):
            run += group
            continue
        if run and before:
            yield before, run
        before, run = group[0], []
        for part in group:
            yield from dead_runs(flow, steps_in(part.block))
            for branch in part.block:
                yield from dead_runs(flow, steps_in(branch.block) if part_of(branch) else [])
    if run and before:
        yield before, run


def part_of(branch: Sentence) -> bool:
    """Return whether ``branch`` opens a block of its step; steps and unclear lines are met on their own."""
    return not steps_in([branch])


def removal(run: list[Sentence], source: Source) -> tuple[Edit, ...]:
    """Return the edits that remove the lines of ``run``; comments between them stay."""
    lines = [line for top in run for line in top.walk()]
    if any(unclear(line) for line in lines):
        return ()
    numbers = sorted(line.number for line in lines)
    begins = [number for number in numbers if number - 1 not in numbers]
    ends = [number for number in numbers if number + 1 not in numbers]
    return tuple(
        Edit(rows(begin, end, source), "") for begin, end in zip(begins, ends, strict=True)
    )


def rows(begin: int, end: int, source: Source) -> Span:
    """Return the place of whole lines."""
    if end < len(source.lines):
        return Span(begin, 1, end + 1, 1)
    return Span(begin - 1, len(source.lines[begin - 2]) + 1, end, len(source.lines[end - 1]) + 1)


def loose_end(view: View) -> Iterator[Problem]:
    """F303: a path stops without an outcome."""
    finish = f'{view.language.write("FINISH_AS")} "…"'
    for journey in journeys_of(view):
        flow = journey.flow
        if not flow.steps and not journey.torn and not any(map(unclear, journey.sentence.block)):
            yield view.problem("F303", journey.sentence, variant="empty", suggestion=finish)
        loose = flow.loose()
        places = sorted({way.line or way.source for way in loose}, key=lambda line: line.number)
        if len(places) == 1:
            said = "" if stops(flow, loose) else answers(view, loose)
            yield view.problem(
                "F303",
                places[0],
                variant="answer" if said else "",
                suggestion=finish,
                answer=said,
            )
        elif places:
            last = [step for step in steps_of(journey.sentence) if not unclear(step)][-1]
            yield view.problem(
                "F303",
                last,
                variant="several",
                suggestion=finish,
                related=tuple((view.path, line.number) for line in places if line is not last),
                lines=", ".join(str(line.number) for line in places),
            )


def stops(flow: Flow, loose: list[Way]) -> bool:
    """Return whether no answer of the step leads on, so that the path stops at the step itself."""
    reasons = {way.reason for way in loose}
    return all(way.reason in reasons for way in flow.ways_from(loose[0].source))


def answers(view: View, loose: list[Way]) -> str:
    """Return the answers that lead to nothing, as they are written; one without a line as it would be."""
    said = []
    for way in loose:
        if way.line is not None:
            said.append(way.line.raw)
            continue
        words = ANSWER.get((way.source.shape, way.reason)) or ANSWER.get(("", way.reason), ())
        said.append(" ".join(map(view.language.write, words)))
    return ", ".join(f'"{one}"' for one in dict.fromkeys(said) if one)


RULES: Mapping[str, Rule] = {
    "F302": unreachable,
    "F303": loose_end,
    **agreement.RULES,
    **branches.RULES,
    **entries.RULES,
    **circles.RULES,
    **deadlines.RULES,
    **times.RULES,
}
