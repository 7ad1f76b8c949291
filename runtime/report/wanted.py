"""What the files of a project want to know: metrics, goals of journeys, experiments. Rule: what a sentence says is read once, here."""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256
from typing import NamedTuple, TypeAlias

from verbline.interpreter.constants import number_of
from verbline.interpreter.nodes import Node, Word
from verbline.interpreter.program.meanings import duration_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.interpreter.names import Declaration
    from verbline.interpreter.nodes import Part, Sentence
    from verbline.interpreter.parse import File
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.program.reckoning import Duration, Money, Number
    from verbline.interpreter.project import Project

# How a metric is computed, as the grammar calls its sentence.
COUNTS, MEASURES, SUMS = "counts", "measures", "sums"
# Since when a metric counts people.
AFTER_MOMENT, AFTER_ENTERING, AFTER_QUALIFIED = "AFTER_MOMENT", "AFTER_ENTERING", "AFTER_QUALIFIED"
# What may stand in an arm that leaves people alone.
IDLE = frozenset(("arm", "finish", "go_on", "wait", "wait_until", "learn"))
DEFAULT_OVER: Duration = (90, "day")

Aimed: TypeAlias = "Number | Money | Duration"


class Target(NamedTuple):
    """What a number should be: ``least`` or at most ``value``; ``kind`` is share, number, money or duration."""

    least: bool
    kind: str
    value: Aimed
    text: str

    def reached(self, value: float) -> bool:
        """Return whether ``value``, in the same unit, is what it should be."""
        bound = float(self.value)  # type: ignore[arg-type]  # shares and numbers alone are asked for
        return value >= bound if self.least else value <= bound


class Metric(NamedTuple):
    """A number that the files declare. ``goal`` and ``since`` are the first names of moments, or what a journey or label is called."""

    name: str
    owner: str
    line: str
    says: str
    how: str
    goal: str
    since: str = ""
    after: str = AFTER_MOMENT
    within: Duration | None = None
    field: str = ""
    over: Duration = DEFAULT_OVER
    target: Target | None = None


class Aim(NamedTuple):
    """What a journey aims for: a metric, with the journey's own target and horizon where it names them."""

    journey: str
    line: str
    metric: str
    target: Target | None
    within: Duration | None


class Trial(NamedTuple):
    """An experiment: the metric that judges it after some time, its arms in order, and those that leave people alone."""

    name: str
    journey: str
    line: str
    metric: str
    after: Duration
    arms: tuple[str, ...]
    idle: tuple[str, ...]


class Wanted(NamedTuple):
    """All of it, with a hash of what metrics say: other words give another one."""

    metrics: dict[str, Metric]
    aims: tuple[Aim, ...]
    trials: tuple[Trial, ...]
    hash: str


def wanted(project: Project, program: Program) -> Wanted:
    """Return what the files of a checked project want to know."""
    metrics: dict[str, Metric] = {}
    used = {
        line.node.text("metric")
        for _file, journey in journeys_of(project)
        for line in journey.walk()
        if line.node is not None and line.shape in ("aims_for", "experiment")
    }
    own = {id(file) for file in project.files.values()}
    for one in project.overview.declarations("metric"):
        if id(one.file) in own or one.name in used:
            found = metric_of(one, program)
            if found is not None:
                metrics.setdefault(found.name, found)
    aims = tuple(aim for one in journeys_of(project) for aim in aims_of(*one, program.folder))
    trials = tuple(one for each in journeys_of(project) for one in trials_of(*each, program.folder))
    # Where a sentence stands says nothing about what it counts.
    plain = [
        *(one._replace(line="") for one in metrics.values()),
        *(one._replace(line="") for one in aims),
        *(one._replace(line="") for one in trials),
    ]
    told = "\n".join(sorted(map(repr, plain))).encode("utf-8", "surrogatepass")
    return Wanted(metrics, aims, trials, sha256(told).hexdigest()[:16])


def journeys_of(project: Project) -> Iterator[tuple[File, Sentence]]:
    """Yield the journeys of the project's own files."""
    for file in project.files.values():
        for sentence in file.sentences:
            if sentence.shape == "journey" and not sentence.misplaced:
                yield file, sentence


def metric_of(one: Declaration, program: Program) -> Metric | None:
    """Return a declared metric; None where it says nothing that can be computed."""
    sentence = one.sentence
    line = next((line for line in sentence.of(COUNTS, MEASURES, SUMS)), None)
    if line is None or line.node is None:
        return None
    node, owner, over = line.node, sentence.first("owned_by"), sentence.first("over")
    should = sentence.first("should")
    moment = program.meanings.moment
    found = Metric(
        name=one.name,
        owner=owner.text("owner") or first_text(owner) if owner else "",
        line=f"{one.file.path}:{sentence.number}".removeprefix(program.folder),
        says=line.raw,
        how=line.shape,
        goal="",
        over=duration_of(over.node("length")) if over else DEFAULT_OVER,
        target=target_of(should.parts["target"]) if should else None,
    )
    match line.shape:
        case "counts":
            after = node.word("after").kind
            since = node.text("since")
            return found._replace(
                goal=moment(node.text("moment")),
                since=moment(since) if after == AFTER_MOMENT else since,
                after=after,
                within=duration_of(node.node("within")) if node.has("within") else None,
            )
        case "measures":
            return found._replace(goal=moment(node.text("end")), since=moment(node.text("start")))
        case _:
            return found._replace(goal=moment(node.text("moment")), field=node.text("field"))


def first_text(node: Node) -> str:
    """Return the first text of a sentence."""
    words = (word for word in node.walk() if isinstance(word, Word))
    return next((word.text for word in words if word.kind == "STRING"), "")


def target_of(part: Part) -> Target | None:
    """Return a written target."""
    quantity = part.parts.get("quantity") if isinstance(part, Node) else None
    if not isinstance(part, Node) or quantity is None or isinstance(quantity, tuple):
        return None
    least = part.shape == "at_least"
    if isinstance(quantity, Word):
        if quantity.kind == "PERCENT":
            return Target(least, "share", Decimal(quantity.text[:-1]) / 100, quantity.text)
        return Target(least, "number", number_of(quantity.text), quantity.text)
    number = quantity.text("number")
    if quantity.shape == "money":
        value = Decimal(number_of(number)), quantity.text("currency")
        return Target(least, "money", value, f"{number} {value[1]}")
    length = duration_of(quantity)
    return Target(least, "duration", length, length_text(length))


def aims_of(file: File, journey: Sentence, folder: str) -> Iterator[Aim]:
    """Yield what a journey aims for."""
    assert journey.node is not None, "a journey was understood"
    for line in journey.of("aims_for"):
        if line.node is not None:
            yield Aim(
                journey.node.text("name"),
                f"{file.path}:{line.number}".removeprefix(folder),
                line.node.text("metric"),
                target_of(line.node.parts["target"]) if line.node.has("target") else None,
                duration_of(line.node.node("within")) if line.node.has("within") else None,
            )


def trials_of(file: File, journey: Sentence, folder: str) -> Iterator[Trial]:
    """Yield the experiments of a journey. An arm in which nobody is written to or worked for leaves people alone."""
    assert journey.node is not None, "a journey was understood"
    for line in journey.walk():
        if line.shape != "experiment" or line.node is None:
            continue
        arms = {arm.node.text("name"): arm for arm in line.of("arm") if arm.node is not None}
        yield Trial(
            line.node.text("name"),
            journey.node.text("name"),
            f"{file.path}:{line.number}".removeprefix(folder),
            line.node.text("metric"),
            duration_of(line.node.node("length")),
            tuple(arms),
            tuple(name for name, arm in arms.items() if is_idle(arm)),
        )


def is_idle(arm: Sentence) -> bool:
    """Return whether an arm leaves people alone, and ends there: what follows the experiment would be for them too."""
    shapes = {line.shape for line in arm.walk()}
    return shapes <= IDLE and "finish" in shapes


UNITS = {
    "minute": "minute",
    "hour": "hour",
    "day": "day",
    "week": "week",
    "month": "month",
    "year": "year",
    "whour": "working hour",
    "wday": "working day",
}


def length_text(length: Duration) -> str:
    """Return a duration in words."""
    number, unit = length
    return f"{number} {UNITS[unit]}{'' if number == 1 else 's'}"
