"""The clauses of a journey. Rule: what a clause does not say is as `semantics` has it by default."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

from verbline.interpreter.guard.consent import KIND_OF_CHANNEL
from verbline.interpreter.guard.purpose import channel_of
from verbline.interpreter.outcomes import WRITES
from verbline.interpreter.program.meanings import duration_of
from verbline.interpreter.program.parts import Journey, NoLonger, StartsWhen, Stop
from verbline.interpreter.program.reckoning import milliseconds
from verbline.interpreter.zones import DAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from verbline.interpreter.names import Scope
    from verbline.interpreter.nodes import Node, Sentence
    from verbline.interpreter.program.compile import Compiler
    from verbline.interpreter.program.reckoning import Duration

# Journeys that say how soon they react come first, then those that begin with such a message, then the rest.
SERVED_NEXT, LEAST_URGENT = 1 << 61, 1 << 62
URGENT_CLASSES = frozenset(("transactional", "service", "legal"))
# About how long a unit is, to put journeys in order.
ABOUT = {"day": DAY, "week": 7 * DAY, "month": 30 * DAY, "year": 365 * DAY, "wday": DAY}
EVERYBODY = "person"


def served(journey: Journey) -> tuple[int, int, str]:
    """Return by what a journey is served: urgency, then priority, then name."""
    return journey.urgency, -journey.priority, journey.name


def urgency_of(compiler: Compiler, journey: Journey, sentence: Sentence) -> int:
    """Return in how many milliseconds a journey has to react: what it says, else by its first message."""
    if journey.reacts is not None:
        number, unit = journey.reacts
        if unit in ABOUT:
            return int(number * ABOUT[unit])
        return milliseconds(number, "hour" if unit == "whour" else unit)
    first = next((line for line in sentence.walk() if line.shape in WRITES and line.node), None)
    if first is None or first.node is None:
        return LEAST_URGENT
    purpose = compiler.program.purposes.get(first.node.text("purpose"))
    urgent = purpose is not None and purpose.cls in URGENT_CLASSES
    return SERVED_NEXT if urgent else LEAST_URGENT


def journey_of(compiler: Compiler, scope: Scope, sentence: Sentence) -> Journey:
    """Return a journey with its clauses, without its steps."""
    assert sentence.node is not None
    journey = Journey(sentence.node.text("name"), compiler.place(scope, sentence))
    journey.file = scope.file.path
    # What it runs once per decides which stops are meant, so it is read first.
    for line in sorted(sentence.block, key=lambda line: line.shape != "once_per"):
        if line.node is not None and line.shape in CLAUSES:
            CLAUSES[line.shape](compiler, journey, line, line.node)
    channels: dict[str, None] = {}
    for line in sentence.walk():
        if line.shape in WRITES and line.node is not None:
            channels.update(dict.fromkeys(channel_of(word) for word in line.node.words("channels")))
    journey.channels = tuple(channels)
    journey.kinds = frozenset(KIND_OF_CHANNEL[channel] for channel in channels)
    journey.urgency = urgency_of(compiler, journey, sentence)
    return journey


def take_once(compiler: Compiler, journey: Journey, _line: Sentence, node: Node) -> None:
    """Take ``runs once per``; a person noun means: once ever."""
    name = node.text("field")
    is_noun = compiler.overview.find("person", name) is not None or name == EVERYBODY
    journey.once = EVERYBODY if is_noun else name


def take_start(compiler: Compiler, journey: Journey, line: Sentence, node: Node) -> None:
    """Take ``starts when`` a moment happens."""
    moment = compiler.program.moments[compiler.meanings.moment(node.text("moment"))]
    condition = compiler.condition(line) if node.has("condition") else None
    moment.starts = (*moment.starts, StartsWhen(journey, condition))


def take_segment_start(compiler: Compiler, journey: Journey, _line: Sentence, node: Node) -> None:
    """Take ``starts when people enter segment``."""
    segment = compiler.program.segments[node.text("segment")]
    segment.starts = (*segment.starts, journey)


def take_stop(compiler: Compiler, journey: Journey, line: Sentence, node: Node) -> None:
    """Take ``stops when`` a moment happens."""
    name = compiler.meanings.moment(node.text("moment"))
    stop = Stop(
        node.text("outcome") or "stopped",
        f"{journey.file}:{line.number}",
        same=compiler.correlated(journey, name, node.text("same")),
        condition=compiler.condition(line) if node.has("condition") else None,
    )
    journey.stops[name] = (*journey.stops.get(name, ()), stop)


def take_segment_stop(_compiler: Compiler, journey: Journey, line: Sentence, node: Node) -> None:
    """Take ``stops when people enter segment``."""
    outcome = node.text("outcome") or "stopped"
    journey.stops_segment[node.text("segment")] = Stop(outcome, f"{journey.file}:{line.number}")


def take_withdrawal(_compiler: Compiler, journey: Journey, line: Sentence, node: Node) -> None:
    """Take ``stops when the … withdraws``."""
    purpose = node.text("purpose")
    stop = Stop(
        node.text("outcome") or "stopped",
        f"{journey.file}:{line.number}",
        channel=channel_of(node.word("channel")) if node.has("channel") else "",
        topic=node.text("topic"),
    )
    journey.stops_withdrawn[purpose] = (*journey.stops_withdrawn.get(purpose, ()), stop)


def take_no_longer(compiler: Compiler, journey: Journey, line: Sentence, node: Node) -> None:
    """Take ``no longer "label" when``."""
    label = node.text("label")
    place = f"{journey.file}:{line.number}"
    fading = NoLonger(label, compiler.condition(line), journey, place)
    known = compiler.program.fading
    known[label] = (*known.get(label, ()), fading)


def counted(node: Node) -> tuple[int, Duration]:
    """Return how many in how long."""
    return int(Decimal(node.text("number"))), duration_of(node.node("length"))


def plain(name: str, value: Callable[[Node], Any]) -> Callable[..., None]:
    """Return what sets the part ``name`` of a journey to what a clause says."""

    def take(_compiler: Compiler, journey: Journey, _line: Sentence, node: Node) -> None:
        setattr(journey, name, value(node))

    return take


def more(name: str, value: Callable[[Node], Any]) -> Callable[..., None]:
    """Return what adds what a clause says to the part ``name`` of a journey."""

    def take(_compiler: Compiler, journey: Journey, _line: Sentence, node: Node) -> None:
        setattr(journey, name, (*getattr(journey, name), value(node)))

    return take


def length(node: Node) -> Duration:
    """Return the length that a clause names."""
    return duration_of(node.node("length"))


CLAUSES: Mapping[str, Callable[..., None]] = {
    "owned_by": plain("owner", lambda node: node.text("name")),
    "once_per": take_once,
    "again_after": plain("again", length),
    "starts_when": take_start,
    "starts_segment": take_segment_start,
    "starts_also": more("starts_also", lambda node: node.text("segment")),
    "stops_when": take_stop,
    "stops_segment": take_segment_stop,
    "stops_withdrawn": take_withdrawal,
    "no_longer": take_no_longer,
    "only_for": more("only", lambda node: node.text("segment")),
    "except_for": more("excepted", lambda node: node.text("segment")),
    "only_verified": more(
        "verified", lambda node: KIND_OF_CHANNEL[channel_of(node.word("channel"))]
    ),
    "priority": plain("priority", lambda node: int(Decimal(node.text("number")))),
    "reacts": plain("reacts", length),
    "relaxed": plain("relaxed", lambda node: time.fromisoformat(node.text("time"))),
    "relaxed_morning": plain("relaxed", lambda _node: "morning"),
    "quiet": plain(
        "quiet",
        lambda node: (
            time.fromisoformat(node.text("start")),
            time.fromisoformat(node.text("end")),
        ),
    ),
    "cap": plain("cap", counted),
    "entry_brake": plain("brake", counted),
    "takes_in_until": plain("closes", lambda node: date.fromisoformat(node.text("date"))),
    "gives_up": plain("gives_up", length),
    "inside_move": plain("moves", lambda _node: True),
    "start_incomplete": plain("incomplete", lambda _node: True),
}
