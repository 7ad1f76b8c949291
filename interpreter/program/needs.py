"""What has to be remembered. Rule: what no sentence asks for is not kept.

Conditions say how many of the latest instants of a moment they count, scores what points it brings, journeys which
moments a wait may look back to.
"""

from __future__ import annotations

from decimal import Decimal

from verbline.interpreter.program.parts import Points
from verbline.interpreter.program.scores import thousandths
from verbline.interpreter.program.spans import Span
from verbline.interpreter.program.starts import choices_of, place
from verbline.interpreter.step.gate import Gate
from verbline.interpreter.step.listening import note_heed
from verbline.interpreter.step.sending import Sending
from verbline.interpreter.step.tasks import Task
from verbline.interpreter.step.waits import WaitFor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.interpreter.program.compile import Compiler
    from verbline.interpreter.program.conditions import Condition
    from verbline.interpreter.program.parts import Journey, Segment
    from verbline.interpreter.program.program import Program

# Moments of the runtime itself, which are no sign that somebody is alive.
RUNTIME = "verbline."


def derive(compiler: Compiler) -> None:
    """Derive what the program keeps and watches."""
    program = compiler.program
    for condition in conditions(compiler):
        for name, number in condition.needs.items():
            moment = program.moments.get(compiler.meanings.moment(name))
            if moment is not None:
                moment.keep = max(moment.keep, number)
        program.silences = program.silences or condition.needs_life
    take_signs_of_life(compiler)
    take_points(compiler)
    for purpose in program.purposes.values():
        if purpose.soft_moment:
            moment = program.moments[compiler.meanings.moment(purpose.soft_moment)]
            moment.soft = (*moment.soft, purpose)
    for journey in program.journeys.values():
        journey.awaits = looked_back_to(journey)
        for step in journey.steps.values():
            for name in step.awaits:
                program.moments[name].awaited = True
    for moment in program.moments.values():
        moment.starts = tuple(sorted(moment.starts, key=place))
        moment.choices = choices_of(moment)
        journeys = {start.journey.name for start in moment.starts if start.condition is None}
        moment.open = len(journeys) == len(moment.starts)
    program.watched = watched_in(program)
    for segment in program.watched:
        segment.starts = tuple(sorted(segment.starts, key=lambda journey: journey.index))
    program.watches = bool(program.watched or program.fading)
    take_caps(program)
    take_idle(program)
    take_heeded(program)
    for journey in program.journeys.values():
        bounds = (journey.only, journey.excepted, journey.verified, journey.stops_segment)
        journey.everybody = journey.closes is None and not any(bounds)
        journey.gate = Gate(journey)


def watched_in(program: Program) -> tuple[Segment, ...]:
    """Return the segments whose entries somebody waits for."""
    named = {name for journey in program.versions for name in journey.stops_segment}
    return tuple(
        segment
        for name, segment in sorted(program.segments.items())
        if segment.starts or name in named
    )


def take_idle(program: Program) -> None:
    """Note which moments nothing asks for."""
    heard = {
        name
        for journey in program.versions
        for names in (journey.stops, journey.awaits)
        for name in names
    }
    for name, moment in program.moments.items():
        asked = moment.starts or moment.points or moment.facts or moment.keep or moment.soft
        moment.idle = not (asked or moment.awaited or program.watches or name in heard)


def take_heeded(program: Program) -> None:
    """Note which journeys heed each moment, and which moments are plain: only facts are kept of them, and they stop nothing."""
    heeded: dict[str, dict[str, str]] = {name: {} for name in program.moments}
    stopping: set[str] = set()
    for journey in program.versions:
        stopping.update(journey.stops)
        awaited = (name for step in journey.steps.values() for name in step.awaits)
        for name in {*journey.stops, *journey.awaits, *awaited}:
            note_heed(heeded[name], journey, program.moments[name])
    for name, moment in program.moments.items():
        moment.heeded = heeded[name]
        kept = moment.keep or moment.points or moment.soft or moment.compared or program.watches
        moment.plain = not (kept or name in stopping or any(heeded[name].values()))


def take_caps(program: Program) -> None:
    """Note for how long a released message may count."""
    caps = [journey.cap for journey in program.journeys.values()]
    caps += [purpose.cap for purpose in program.purposes.values()]
    caps.append(program.marketing_cap)
    spans = [Span(cap[1]).high for cap in caps if cap is not None]
    program.cap_span = max(spans, default=0)


def conditions(compiler: Compiler) -> Iterator[Condition]:
    """Yield every condition of the program."""
    yield from compiler.compiled


def take_signs_of_life(compiler: Compiler) -> None:
    """Note which moments are a sign of life: those that say so, else all but those of delivery and the runtime."""
    declared = {
        compiler.meanings.moment(one.name)
        for one in compiler.overview.declarations("moment")
        if one.sentence.of("sign_of_life")
    }
    for name, moment in compiler.program.moments.items():
        moment.life = name in declared if declared else not moment.code.startswith(RUNTIME)


def take_points(compiler: Compiler) -> None:
    """Note what points each moment brings."""
    program = compiler.program
    for one in compiler.overview.declarations("score"):
        score = program.scores[one.name]
        for line in one.sentence.of("adds", "takes"):
            node = line.node
            assert node is not None
            number = thousandths(Decimal(node.text("number")))
            moment = program.moments[compiler.meanings.moment(node.text("moment"))]
            condition = compiler.condition(line) if node.has("condition") else None
            points = Points(score, number if line.shape == "adds" else -number, condition)
            moment.points = (*moment.points, points)


def looked_back_to(journey: Journey) -> frozenset[str]:
    """Return the moments that a wait of ``journey`` may look back to: behind a step that holds people up, or to the start."""
    steps = list(journey.steps.values())
    holds_up = any(isinstance(step, (Task, Sending)) for step in steps)
    return frozenset(
        name
        for step in steps
        if isinstance(step, WaitFor) and (holds_up or step.since_start)
        for name in step.awaits
    )
