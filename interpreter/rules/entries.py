"""Rules about how people come into a journey, come back, and leave it. Rule: a clause that may stand in a line that was not
understood is not missed.
"""

from __future__ import annotations

from verbline.interpreter.journeys import journeys_of
from verbline.interpreter.outcomes import HOLDS, PLACES, WRITES
from verbline.interpreter.places import JOURNEY_CLAUSES
from verbline.interpreter.problems import Edit
from verbline.interpreter.source import Span
from verbline.interpreter.ways import unclear

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.interpreter.journeys import Journey
    from verbline.interpreter.nodes import Sentence, Word
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.rules import Rule
    from verbline.interpreter.view import View

STARTS = ("starts_when", "starts_segment", "starts_also")
# Systems that know the date and nothing about people.
CLOCKS = frozenset(("cron", "crontab", "scheduler", "timer", "razporejevalnik"))


def no_start(view: View) -> Iterator[Problem]:
    """F301: nobody can enter, not even from another journey."""
    for journey in journeys_of(view):
        if journey.lacks(*STARTS) and journey.name not in journey.all.continuing:
            start = f'  {view.language.write("STARTS_WHEN")} "…"'
            yield view.problem("F301", journey.sentence, suggestion=start, name=journey.name)


def no_upper_limit(view: View) -> Iterator[Problem]:
    """F306: nothing ends the stay of a forgotten person."""
    for journey in journeys_of(view):
        if journey.lacks("gives_up") and has_step(journey, HOLDS):
            yield view.problem("F306", journey.sentence)


def calendar_in_disguise(view: View) -> Iterator[Problem]:
    """F307: the starting moment comes from a clock."""
    for journey in journeys_of(view):
        for line, _moment in journey.starts:
            assert line.node is not None
            word = line.node.word("moment")
            declared = view.scope.find("moment", word.text)
            source = declared.sentence.first("comes_from") if declared else None
            system = source.text("system") if source else ""
            if not CLOCKS.isdisjoint(system.casefold().replace("-", " ").split()):
                yield view.problem("F307", line, word, moment=word.text, system=system)


def people_inside_unspoken(view: View) -> Iterator[Problem]:
    """F320: a change of the text does not say what it means for people inside."""
    for journey in journeys_of(view):
        shapes = ("inside_finish", "inside_move")
        if journey.lacks(*shapes) and has_step(journey, HOLDS | WRITES):
            clause = f"  {view.language.write('INSIDE_FINISH')}"
            yield view.problem(
                "F320", journey.sentence, suggestion=clause, edits=added(view, journey, clause)
            )


def added(view: View, journey: Journey, clause: str) -> tuple[Edit, ...]:
    """Return the edit that adds ``clause`` behind the other clauses of ``journey``."""
    last = journey.sentence.number
    for line in journey.sentence.block:
        if line.shape in PLACES:
            break
        last = line.number if line.shape in JOURNEY_CLAUSES else last
    end = len(view.file.source.lines[last - 1]) + 1
    return (Edit(Span(last, end, last, end), f"\n{clause}"),)


def no_breathing_space(view: View) -> Iterator[Problem]:
    """F321: whoever comes again at once gets everything again at once."""
    for journey in journeys_of(view):
        if journey.lacks("once_per", "again_after") and has_step(journey, WRITES):
            yield view.problem("F321", journey.sentence)


def has_step(journey: Journey, shapes: frozenset[str]) -> bool:
    """Return whether ``journey`` has a step of one of ``shapes``."""
    return any(step.shape in shapes for step in journey.flow.steps)


def awaited_and_stopping(view: View) -> Iterator[Problem]:
    """F315: the moment ends the journey before the wait can see it."""
    for journey in journeys_of(view):
        stops = {
            moment: line
            for line, moment in journey.stops
            if line.node and not line.node.has("condition")
        }
        for step, word in journey.flow.awaited():
            stop = stops.get(journey.all.call(word.text))
            if stop and stop.node and step.node and narrower(stop, step):
                yield view.problem(
                    "F315",
                    step,
                    word,
                    related=((view.path, stop.number),),
                    moment=word.text,
                    line=stop.number,
                )


def narrower(stop: Sentence, step: Sentence) -> bool:
    """Return whether every moment that ``step`` may take is taken by ``stop``."""
    same = stop.node.text("same") if stop.node else ""
    return not same or (step.node is not None and same == step.node.text("same"))


def uncorrelated(view: View) -> Iterator[Problem]:
    """F328: of several visits of one person at a time, nobody knows which one a moment means."""
    for journey in journeys_of(view):
        once = journey.sentence.first("once_per")
        field = once.text("field") if once else ""
        carried = view.project.overview.carried
        if not any(field in carried.get(moment, {}) for _line, moment in journey.starts):
            continue
        for line, word in listening(journey):
            if (
                line.node is None
                or line.node.has("same")
                or field in carried.get(word.text, {field: None})
            ):
                continue
            declared = view.scope.find("moment", word.text)
            if declared and not any(map(unclear, declared.sentence.block)):
                yield view.problem("F328", line, word, moment=word.text, field=field)


def listening(journey: Journey) -> Iterator[tuple[Sentence, Word]]:
    """Yield the lines of ``journey`` that hear a moment while somebody is inside."""
    yield from journey.flow.stopping()
    yield from journey.flow.awaited()


RULES: Mapping[str, Rule] = {
    "F301": no_start,
    "F306": no_upper_limit,
    "F307": calendar_in_disguise,
    "F315": awaited_and_stopping,
    "F320": people_inside_unspoken,
    "F321": no_breathing_space,
    "F328": uncorrelated,
}
