"""What happened to everybody in one run, in numbers. Rule: a record costs 44 bytes, whatever it says, and says all that a trace does.

What many records have in common (journey, sentence, kind, verdict, reason, message, desk) is a site and stands once. What is
a person's own (an address, what a desk was shown) stands as a hash: it is compared, never told.
"""

from __future__ import annotations

from array import array
from collections import Counter
from hashlib import blake2b
from typing import NamedTuple

from verbline.interpreter.program.identities import digest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any, TypeAlias

    from verbline.interpreter.person.record import Cause, Visit
    from verbline.interpreter.program.parts import Journey, Message
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.steps import Step
    from verbline.interpreter.step.turn import Turn

    # One record of somebody, as it is compared: when, at which site, when it is due, and a hash of what is their own.
    Deed: TypeAlias = "tuple[int, int, int, int]"

# What of a record belongs to its site, by kind; the rest is the person's own.
SHARED: Mapping[str, tuple[str, ...]] = {
    "message": ("message", "told", "channel", "purpose", "field"),
    "task": ("desk", "because"),
    "wait": ("moment", "answer", "desk"),
    "branch": ("answer", "experiment"),
    "outcome": ("outcome",),
    "entry": ("moment",),
    "signal": ("moment",),
    "fact": ("field",),
    "label": ("label",),
    "route": ("desk",),
    "consent": ("purpose",),
}
# What is the person's own, by kind, beside when it is due. A key names a step, and steps are compared by what they do.
OWN: Mapping[str, tuple[str, ...]] = {
    "message": ("contact",),
    "task": ("shown",),
    "fact": ("value",),
    "merge": ("survivor", "other"),
    "split": ("survivor", "other"),
}
NO_TIME = -1
# What is kept of a record, in this order; so many records are put into their columns at once.
COLUMNS = ("people", "site", "at", "visit", "until", "own", "cause")
ROWS = 4_096
# Both together.
TOLD = {kind: (SHARED.get(kind, ()), OWN.get(kind, ())) for kind in SHARED.keys() | OWN.keys()}
NOTHING_TOLD: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())


class Site(NamedTuple):
    """What records have in common. ``step`` is the sentence; ``words`` a hash of the text of a message that was sent."""

    journey: str
    step: str
    kind: str
    verdict: str
    reason: str
    more: tuple[tuple[str, str], ...]
    words: str

    def get(self, name: str) -> str:
        """Return what the records say under ``name``, or nothing."""
        return next((value for key, value in self.more if key == name), "")

    @property
    def told(self) -> tuple[Any, ...]:
        """What a trace says of it: everything but the sentence, which may be written otherwise and do the same."""
        return (self.journey, *self[2:])


def mark(text: str) -> int:
    """Return a hash of ``text``, the same in every process; never nought."""
    raw = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(raw, digest_size=8).digest()) or 1


def cause_mark(cause: Cause) -> int:
    """Return the hash of an event's source and id."""
    return mark(f"{cause[0]}\0{cause[1]}")


class Outline:
    """The records of one run. The columns are of one length; once `grouped`, those of a person stand together, in order."""

    __slots__ = (
        "_known",
        "_rows",
        "_words",
        "at",
        "cause",
        "own",
        "people",
        "shared",
        "site",
        "sites",
        "until",
        "visit",
    )

    def __init__(self) -> None:
        self.sites: list[Site] = []
        self.people = array("I")
        self.site = array("I")
        # The same under the numbers of two outlines that are compared; see `numbered`.
        self.shared = self.site
        self.at = array("q")
        self.visit = array("I")
        self.until = array("q")
        self.own = array("Q")
        self.cause = array("Q")
        self._known: dict[tuple[Any, ...], int] = {}
        self._words: dict[str, str] = {}
        self._rows: list[tuple[int, ...]] = []

    def __len__(self) -> int:
        return len(self.people) + len(self._rows)

    def add(  # noqa: PLR0917 - a sink is called with these, in this order
        self,
        turn: Turn,
        journey: Journey | None,
        visit: Visit | None,
        step: Step | None,
        kind: str,
        verdict: str,
        reason: str,
        more: dict[str, Any],
    ) -> None:
        """Take a record."""
        get = more.get
        shared, owned = TOLD.get(kind, NOTHING_TOLD)
        key = (journey, step, kind, verdict, reason, *map(get, shared))
        number = self._known.get(key)
        if number is None:
            number = self._site(key, turn.program)
        due = get("until")
        if due is None:
            due = get("due", NO_TIME)
        own = 0
        if owned and (told := [value for name in owned if (value := get(name))]):
            own = mark(repr(told))
        is_met = kind == "wait" and verdict == "taken" and "moment" in more
        rows, serial = self._rows, visit.serial if visit is not None else 0
        cause = met_by(turn, visit) if is_met else 0
        rows.append(
            (
                turn.person.number,
                number,
                turn.now,
                serial,
                NO_TIME if due is None else due,
                own,
                cause,
            )
        )
        if len(rows) == ROWS:
            self._put()

    def take(self, rows: Iterable[tuple[int, ...]]) -> None:
        """Take records of another run that has the same sites."""
        self._rows += rows

    def _put(self) -> None:
        """Put what was taken into the columns."""
        for name, values in zip(COLUMNS, zip(*self._rows, strict=True), strict=False):
            getattr(self, name).extend(values)
        self._rows.clear()

    def site_of(
        self,
        turn: Turn,
        journey: Journey | None,
        step: Step | None,
        kind: str,
        verdict: str,
        reason: str,
        more: dict[str, Any],
    ) -> int:
        """Return the number of the site of a record."""
        key = (journey, step, kind, verdict, reason, *map(more.get, SHARED.get(kind, ())))
        number = self._known.get(key)
        return self._site(key, turn.program) if number is None else number

    def _site(self, key: tuple[Any, ...], program: Program) -> int:
        """Return the number of a new site."""
        journey, step, kind, verdict, reason, *values = key
        named = zip(SHARED.get(kind, ()), values, strict=True)
        more = tuple((name, str(value)) for name, value in named if value)
        words = ""
        if kind == "message" and verdict == "sent":
            words = self._text(dict(more), program)
        site = Site(
            journey.name if journey else "", step.text if step else "", kind, verdict, reason, more, words
        )  # fmt: skip
        number = self._known[key] = len(self.sites)
        self.sites.append(site)
        return number

    def _text(self, more: Mapping[str, str], program: Program) -> str:
        """Return a hash of the words of a message, or of what an offer shows."""
        name = more.get("message", "")
        shown: Message | None = program.messages.get(name)
        if more.get("told") == "offer" and name in program.offers:
            shown = program.offers[name].message
        return digest(repr(sorted(shown.texts.items()))) if shown is not None else ""

    def grouped(self, now: Callable[[int], int] | None = None) -> None:
        """Put the records of each person together, in the order in which they came.

        ``now`` gives the number that somebody bears in the end, where they are to be known by that.
        """
        self._known = {}
        self._put()
        if now is not None:
            self.people = array("I", map(now, self.people))
        order = sorted(range(len(self.people)), key=self.people.__getitem__)
        for name in COLUMNS:
            column = getattr(self, name)
            setattr(self, name, array(column.typecode, map(column.__getitem__, order)))

    def spans(self) -> Iterator[tuple[int, int, int]]:
        """Yield each person with where their records begin and end."""
        people, begin = self.people, 0
        for at in range(1, len(people) + 1):
            if at == len(people) or people[at] != people[begin]:
                yield people[begin], begin, at
                begin = at

    def counted(self) -> Counter[Site]:
        """Return how many records there are of each site."""
        self._put()
        found: Counter[Site] = Counter()
        for site, number in Counter(self.site).items():
            found[self.sites[site]] += number
        return found

    def numbered(self, table: Sequence[int]) -> None:
        """Give each site, beside its own number, the one that ``table`` has for it."""
        self.shared = array("I", map(table.__getitem__, self.site))


class Sums(Outline):
    """An outline of which only the sums are wanted: nothing is kept of a record but that it was there."""

    __slots__ = ("_sums",)

    def __init__(self) -> None:
        super().__init__()
        self._sums: Counter[int] = Counter()

    def add(
        self,
        turn: Turn,
        journey: Journey | None,
        _visit: Visit | None,
        step: Step | None,
        kind: str,
        verdict: str,
        reason: str,
        more: dict[str, Any],
    ) -> None:
        """Count a record."""
        self._sums[self.site_of(turn, journey, step, kind, verdict, reason, more)] += 1

    def counted(self) -> Counter[Site]:
        """Return how many records there are of each site."""
        found: Counter[Site] = Counter()
        for site, number in self._sums.items():
            found[self.sites[site]] += number
        return found


def met_by(turn: Turn, visit: Visit | None) -> int:
    """Return the hash of the event that a wait was met by, 0 where nobody can tell."""
    cause = visit.cause if visit is not None and visit.cause[1] else turn.cause
    return cause_mark(cause) if cause[1] else 0
