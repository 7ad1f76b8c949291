"""Rules about how long things take. Rule: the shortest and the longest a duration can be decide, so that a finding is sure."""

from __future__ import annotations

from verbline.interpreter.journeys import journeys_of
from verbline.interpreter.lengths import HOUR, Length, length_in
from verbline.interpreter.nodes import Node, Word
from verbline.interpreter.outcomes import HOLDS, QUESTIONS, TASKS, WRITES
from verbline.interpreter.rules.branches import block, misses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from verbline.interpreter.journeys import Journey
    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.rules import Rule
    from verbline.interpreter.view import View

# The part of a step that says how long it may take.
LIMITS = {
    "wait": "length",
    "wait_for": "limit",
    "wait_absent": "limit",
    "ask": "limit",
    "confirm": "within",
    "escalate": "within",
    "escalate_routed": "within",
    "escalate_named": "within",
}
DAY = 24 * HOUR
# What quiet hours do not hold.
URGENT = ("transactional", "legal")


def said(sentence: Sentence, node: Node) -> str:
    """Return the author's own words for ``node``."""
    return sentence.raw[node.start : node.end]


def goal_too_short(view: View) -> Iterator[Problem]:
    """O111: the journey does its first thing for anybody after its goal has stopped counting."""
    for journey in journeys_of(view):
        goals = [line for line in journey.sentence.of("aims_for") if not line.misplaced]
        windows = [window(journey, line) for line in goals]
        acts = [step for step in journey.flow.steps if step.shape in WRITES | TASKS]
        if not acts or not windows or None in windows:
            continue
        first = min(acts, key=lambda step: (journey.flow.soonest(step), step.number))
        longest = max((one for one in windows if one), key=lambda one: one[0].high)
        if journey.flow.surely(first) and journey.flow.soonest(first) > longest[0].high:
            yield view.problem("O111", first, goal=longest[1], line=goals[0].number)


def window(journey: Journey, aim: Sentence) -> tuple[Length, str] | None:
    """Return how long the goal of ``aim`` counts, and the words for it; None where that is not said."""
    if aim.node is None:
        return None
    found: list[tuple[Length, str]] = []
    own = length_in(aim.node, "within")
    if own:
        found.append((own, said(aim, aim.node.node("within"))))
    name = aim.node.text("metric")
    metric = journey.all.declared("metric").get(name)
    for line in metric.sentence.of("counts") if metric else []:
        length = length_in(line.node, "within") if line.node else None
        if line.node and length and from_start(journey, line.node):
            found.append((length, said(line, line.node.node("within"))))
    return max(found, key=lambda one: one[0].high, default=None)


def from_start(journey: Journey, counts: Node) -> bool:
    """Return whether a metric counts from where the journey starts."""
    since = counts.text("since")
    if counts.word("after").kind == "AFTER_ENTERING":
        return since == journey.name
    return journey.all.call(since) in {moment for _line, moment in journey.starts}


def late_news(view: View) -> Iterator[Problem]:
    """F316: the promise is shorter than the time the moment may take to arrive."""
    for journey in journeys_of(view):
        starts = [moment for _line, moment in journey.starts]
        for line in journey.sentence.of("reacts"):
            yield from too_late(view, journey, line, "length", starts)
        flow = journey.flow
        promised = {
            step
            for step in flow.steps
            if step.shape in TASKS and step.node and step.node.has("within")
        }
        if not promised:
            continue
        for step in sorted(flow.at_once() & promised, key=lambda step: step.number):
            yield from too_late(view, journey, step, "within", starts)
        for way in flow.ways():
            if way.reason == "happens" and way.target:
                moment = journey.all.call(way.word)
                for step in flow.at_once([way.target]) & promised:
                    yield from too_late(view, journey, step, "within", [moment])


def too_late(
    view: View, journey: Journey, line: Sentence, part: str, moments: Iterable[str]
) -> Iterator[Problem]:
    """Yield F316 where one of ``moments`` may arrive later than ``line`` promises to act."""
    assert line.node is not None
    promise = length_in(line.node, part)
    found = [journey.all.declared("moment").get(name) for name in moments]
    for one in found:
        if one is None or promise is None:
            continue
        for arrives in one.sentence.of("arrives"):
            takes = length_in(arrives.node, "length") if arrives.node else None
            if arrives.node and takes and takes.low > promise.high:
                yield view.problem(
                    "F316",
                    line,
                    line.node.node(part),
                    related=((one.file.path, arrives.number),),
                    moment=one.name,
                    arrives=said(arrives, arrives.node.node("length")),
                    promise=said(line, line.node.node(part)),
                )
                return


def deadline_past_the_end(view: View) -> Iterator[Problem]:
    """F317: the journey gives up before this can be over."""
    for journey in journeys_of(view):
        gives = next(iter(journey.sentence.of("gives_up")), None)
        most = length_in(gives.node, "length") if gives and gives.node else None
        if gives is None or gives.node is None or most is None:
            continue
        for step in journey.flow.steps:
            part = LIMITS.get(step.shape, "")
            limit = length_in(step.node, part) if step.node and part else None
            if limit is None or step.node is None or not journey.flow.surely(step):
                continue
            soonest = journey.flow.soonest(step)
            if soonest <= most.high < soonest + limit.low:
                yield view.problem(
                    "F317",
                    step,
                    step.node.node(part),
                    related=((view.path, gives.number),),
                    limit=said(step, step.node.node(part)),
                    most=said(gives, gives.node.node("length")),
                    line=gives.number,
                )


def minutes(word: Word) -> int:
    """Return a time of the day in minutes."""
    hours, _, rest = word.text.partition(":")
    return int(hours) * HOUR + int(rest)


def quiet_swallows(view: View) -> Iterator[Problem]:
    """F319: what is held until the quiet hours are over may not leave any more then."""
    for journey in journeys_of(view):
        for quiet in journey.sentence.of("quiet"):
            if quiet.node is None:
                continue
            start = minutes(quiet.node.word("start"))
            span = (minutes(quiet.node.word("end")) - start) % DAY
            for step in journey.flow.steps:
                if step.shape in WRITES and purpose_kind(view, step) not in ("", *URGENT):
                    yield from swallowed(view, quiet, step, start, span)


def purpose_kind(view: View, step: Sentence) -> str:
    """Return the class of the purpose under which ``step`` writes, nothing where that is not known."""
    name = step.node.text("purpose") if step.node else ""
    purpose = view.project.overview.purposes.get(name)
    return purpose.kind if purpose else ""


def swallowed(
    view: View, quiet: Sentence, step: Sentence, start: int, span: int
) -> Iterator[Problem]:
    """Yield F319 where the quiet hours outlast what one message allows."""
    assert quiet.node is not None
    opening, closing = quiet.node.text("start"), quiet.node.text("end")
    for line in step.of("late_at_most"):
        most = length_in(line.node, "length") if line.node else None
        spoken = step.shape in QUESTIONS or not misses(step, "if_nothing_sent")
        if line.node and most and most.high < span and not spoken:
            length = line.node.node("length")
            yield view.problem(
                "F319",
                line,
                length,
                late=said(line, length),
                start=opening,
                end=closing,
                line=quiet.number,
            )
    for line in step.of("goes_between"):
        if line.node is None:
            continue
        opens, closes = minutes(line.node.word("start")), minutes(line.node.word("end"))
        if (opens - start) % DAY + (closes - opens) % DAY < span:
            yield view.problem(
                "F319", line, variant="window", start=opening, end=closing, line=quiet.number
            )


def transactional_waits(view: View) -> Iterator[Problem]:
    """F325: what is expected at once waits at least an hour first."""
    for journey in journeys_of(view):
        flow = journey.flow
        confirmations = [
            step
            for step in flow.steps
            if step.shape == "notify" and purpose_kind(view, step) == "transactional"
        ]
        if not confirmations:
            continue
        earlier = flow.reach(lambda way: not (way.source.shape == "wait" and way.takes >= HOUR))
        first = flow.reach(
            lambda way: way.sure and way.source.shape not in (HOLDS | WRITES) - {"wait"}
        )
        for step in confirmations:
            if step in first and step not in earlier:
                yield view.problem("F325", step)


def past_unspoken(view: View) -> Iterator[Problem]:
    """F327: the date may have gone by already."""
    for step in view.of("wait_until", "wait_before", "wait_after"):
        node = step.node
        if node is None or not misses(step, "if_past"):
            continue
        until = node.parts["until"]
        words = until.walk() if isinstance(until, Node) else (until,)
        named = [word for word in words if isinstance(word, Word) and word.kind in ("NAME", "DATE")]
        if named:
            lines = block(view, step, view.language.write("IF_PAST"))
            yield view.problem("F327", step, named[0], suggestion=lines, date=named[0].text)


RULES: Mapping[str, Rule] = {
    "O111": goal_too_short,
    "F316": late_news,
    "F317": deadline_past_the_end,
    "F319": quiet_swallows,
    "F325": transactional_waits,
    "F327": past_unspoken,
}
