"""What is compiled: moments, desks, offers, segments, journeys. Rule: nothing here changes once the program is made."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from verbline.interpreter.guard.purpose import Purpose
    from verbline.interpreter.program.conditions import Condition, Value
    from verbline.interpreter.program.readers import Reader
    from verbline.interpreter.program.scores import Score
    from verbline.interpreter.program.starts import Choices
    from verbline.interpreter.program.worded import Pieces
    from verbline.interpreter.step.gate import Gate
    from verbline.interpreter.step.steps import Step
    from verbline.interpreter.step.turn import Turn
    from verbline.interpreter.working import WorkingTime


class Moment:
    """A moment as events bring it.

    ``source`` is the system without case, blanks and hyphens, nothing where every source may bring it; ``readers`` turn
    the fields of an event into values; ``facts`` are those that are also remembered about the person. The rest the program
    derives: how many of its latest instants are kept (``keep``), what points it brings, and the starts of journeys in order.
    """

    __slots__ = (
        "awaited",
        "choices",
        "code",
        "compared",
        "facts",
        "form",
        "heeded",
        "idle",
        "keep",
        "kinds",
        "latest",
        "life",
        "name",
        "open",
        "patience",
        "plain",
        "points",
        "readers",
        "soft",
        "source",
        "starts",
    )

    def __init__(self, name: str, code: str, source: str, readers: Mapping[str, Reader]) -> None:
        self.name = name
        self.code = code
        self.source = source
        self.readers = tuple(readers.items())
        self.kinds: dict[str, str] = {}  # of its fields, as the compiled form shows them
        self.form = ""  # the form whose submission it is
        self.facts: tuple[str, ...] = ()
        self.compared: tuple[str, ...] = ()  # the fields behind `with the same`
        self.heeded: Mapping[str, str] | None = None  # see `step.listening`
        self.plain = self.open = False  # see `step.quick`
        self.patience = 0  # how late it may arrive, in milliseconds
        self.keep = 0
        self.awaited = self.life = False  # some wait is for it; it is a sign of life
        self.latest = True  # whether it was the latest may be asked
        self.idle = False  # nothing in the program asks for it, but that it was the latest
        self.points: tuple[Points, ...] = ()
        self.soft: tuple[Purpose, ...] = ()  # that also rest on it as on a sale
        self.starts: tuple[StartsWhen, ...] = ()
        self.choices: Choices | None = None  # the starts by what they ask for, where they are many

    def __repr__(self) -> str:
        return f"Moment({self.name})"

    def fields_of(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields it carries with their values; unknown where ``given`` has none of the declared kind."""
        return {
            name: None if (raw := given.get(name)) is None else read(raw)
            for name, read in self.readers
        }


class Constant:
    """A value that is always the same, where an expression could stand."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def of(self, _turn: Turn) -> Any:
        """Return the value."""
        return self.value


class Points:
    """Points that a moment adds to a score; negative where it takes them away. Given in thousandths."""

    __slots__ = ("condition", "number", "score")

    def __init__(self, score: Score, number: int, condition: Condition | None) -> None:
        self.score = score
        self.number = number
        self.condition = condition


class StartsWhen:
    """A moment that starts ``journey``, under a condition on the event and the person."""

    __slots__ = ("condition", "journey")

    def __init__(self, journey: Journey, condition: Condition | None) -> None:
        self.journey = journey
        self.condition = condition


class Stop:
    """What stops a journey: a moment, the entry into a segment, or a withdrawal; ``same`` is a field that has to agree."""

    __slots__ = ("channel", "condition", "line", "outcome", "same", "topic")

    def __init__(
        self,
        outcome: str,
        line: str,
        *,
        same: tuple[str, ...] = (),
        condition: Condition | None = None,
        channel: str = "",
        topic: str = "",
    ) -> None:
        self.outcome = outcome
        self.line = line
        self.same = same
        self.condition = condition
        self.channel = channel
        self.topic = topic


class Segment:
    """People for whom ``condition`` is yes."""

    __slots__ = ("condition", "name", "starts")

    def __init__(self, name: str, condition: Condition) -> None:
        self.name = name
        self.condition = condition
        self.starts: tuple[Journey, ...] = ()


class NoLonger:
    """A label that is taken back as soon as ``condition`` is yes."""

    __slots__ = ("condition", "journey", "label", "line")

    def __init__(self, label: str, condition: Condition, journey: Journey, line: str) -> None:
        self.label = label
        self.condition = condition
        self.journey = journey
        self.line = line


class Desk:
    """People who act: their working time, and the length within which they answer where the sentence names none."""

    __slots__ = ("answers", "backup", "name", "time")

    def __init__(
        self, name: str, time: WorkingTime, answers: tuple[Any, str] | None, backup: str
    ) -> None:
        self.name = name
        self.time = time
        self.answers = answers
        self.backup = backup


class Message:
    """Words: ``needs`` are the fields that must be known because no text stands in for them, ``reads`` all of its fields.

    ``texts`` and ``pieces`` are the words by language and part, such as ``en subject`` and ``en body``, as written and with
    their gaps; ``rich`` are the languages whose body is HTML.
    """

    __slots__ = ("name", "needs", "pieces", "reads", "rich", "texts")

    def __init__(
        self, name: str, needs: Sequence[str], reads: Sequence[str], texts: Mapping[str, str]
    ) -> None:
        self.name = name
        self.needs = tuple(needs)
        self.reads = tuple(reads)
        self.texts = texts  # hashed with the journey
        self.pieces: Mapping[str, Pieces] = {}
        self.rich: frozenset[str] = frozenset()


class Offer:
    """Something to propose: whom it ``suits``, its ``rank``, the message it shows, and its rest in calendar units."""

    __slots__ = ("message", "name", "rank", "rest", "suits")

    def __init__(
        self,
        name: str,
        message: Message | None,
        suits: Condition | None,
        rank: Value | None,
        rest: tuple[Any, str] | None,
    ) -> None:
        self.name = name
        self.message = message
        self.suits = suits
        self.rank = rank
        self.rest = rest


class Journey:
    """A journey: whom it takes in, what ends it, and its steps from ``first`` on.

    ``index`` is its place in the order in which journeys are served; ``version`` the hash of its meaning. ``once`` is the
    field it runs once per, ``person`` for once ever, nothing where it may run again; ``again`` the pause between visits.
    """

    __slots__ = (
        "again",
        "awaits",
        "brake",
        "cap",
        "channels",
        "closes",
        "everybody",
        "excepted",
        "file",
        "first",
        "gate",
        "gives_up",
        "incomplete",
        "index",
        "kinds",
        "line",
        "moves",
        "name",
        "once",
        "only",
        "owner",
        "priority",
        "quiet",
        "reacts",
        "relaxed",
        "starts_also",
        "steps",
        "stops",
        "stops_segment",
        "stops_withdrawn",
        "urgency",
        "verified",
        "version",
    )

    def __init__(self, name: str, line: str) -> None:
        self.name = name
        self.line = line
        self.file = ""
        self.index = 0
        self.version = ""
        self.owner = ""
        self.first: Step | None = None
        self.gate: Gate = None  # type: ignore[assignment]  # derived once all clauses are known
        self.steps: dict[str, Step] = {}
        self.once = ""
        self.again: tuple[Any, str] | None = None
        self.everybody = False  # nothing but its channels and earlier visits says whom it takes in
        self.only: tuple[str, ...] = ()
        self.excepted: tuple[str, ...] = ()
        self.verified: tuple[str, ...] = ()  # kinds of contact that must be verified
        self.stops: dict[str, tuple[Stop, ...]] = {}
        self.stops_segment: dict[str, Stop] = {}
        self.stops_withdrawn: dict[str, tuple[Stop, ...]] = {}
        self.starts_also: tuple[str, ...] = ()
        # Moments that a wait of this journey may look back to, and therefore have to be kept with the visit.
        self.awaits: frozenset[str] = frozenset()
        self.brake: tuple[int, tuple[Any, str]] = (10_000, (1, "hour"))
        self.cap: tuple[int, tuple[Any, str]] | None = None
        self.channels: tuple[str, ...] = ()  # that its messages use
        self.kinds: frozenset[str] = frozenset()  # of the contact points that these need
        self.closes: Any = None  # the day from which nobody enters
        self.gives_up: tuple[Any, str] | None = None
        self.incomplete = False  # starts even if the profile is incomplete
        self.moves = False  # people inside move to the new version
        self.priority = 50
        self.quiet: Any = None  # (start, end) as datetime.time
        self.reacts: tuple[Any, str] | None = None
        self.urgency = 0  # in how many milliseconds it has to react, for the order of journeys
        self.relaxed: Any = None  # datetime.time, or "morning"

    def __repr__(self) -> str:
        return f"Journey({self.name})"
