"""What comes of what meets people who are kept by a mould. Rule: it is tried out on two records, and holds where both come to the same.

Where each step of a journey is a wait, a message under plain terms or an end, what comes of an event is the same for all who
stand where others stand, see `situations`. So it is tried out once, on two records that are thrown away and have other values
in every gap. What they come to has to be one mould, and what is told of them the same records but for values.
"""

from __future__ import annotations

from typing import Any

from verbline.interpreter.person.encode import THEMSELVES
from verbline.interpreter.person.mould import DUE, Gap, Mould, UnlikeError, Values, moulded
from verbline.interpreter.person.record import Person, key_of
from verbline.interpreter.step.impulses import Letter, Move, Row
from verbline.interpreter.step.records import Record
from verbline.interpreter.step.sending import SENT, Notify
from verbline.interpreter.step.situations import known_journeys, length_of
from verbline.interpreter.step.trying import BY_EVENT, BY_TIME, INSTANTS, Trying
from verbline.interpreter.step.waits import WaitUntil

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeAlias

    from verbline.interpreter.person.mould import Path
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.impulses import Impulse
    from verbline.interpreter.step.trying import Outcome, Told

    Pairs: TypeAlias = "list[tuple[Any, Any]]"

# So far apart lie the numbers of two records that are tried.
APART = 1_000
# So many moulds are made by one process at the most; whoever would need another one is a record.
MOULDS_MAX = 2_000
# What a record tells of that leaves or is asked: what brings it about is done step by step. The others say what was decided.
KEY = "key"
OCCURRENCES = (1, 2)
QUIET = frozenset(("branch", "entry", "message", "outcome", "wait"))


class Moulding:
    """The moulds of one ``program``; those that are ``new`` are not in the store yet."""

    def __init__(self, program: Program, known: Iterable[Mould] = ()) -> None:
        self.program = program
        self.usual = known_journeys(program)
        self.new: list[Mould] = []
        self._made = 0
        self._trying = Trying(program)
        self.turn, self.started = self._trying.turn, self._trying.started
        self._moulds = {(one.content, one.gaps): one for one in known}
        blank = moulded(Person("P1", 1), Person("P2", 2), Values((), (1, 2), (0, 0)))
        self.nobody = self._mould(*blank, frozenset())

    def _mould(
        self, content: bytes, gaps: tuple[tuple[Path, Gap], ...], numbers: frozenset[int]
    ) -> Mould:
        found = self._moulds.get((content, gaps))
        if found is None:
            if self._made >= MOULDS_MAX:
                raise UnlikeError
            found = self._moulds[content, gaps] = Mould(content, gaps, numbers)
            found.number = len(self._moulds)
            self._made += 1
            self.new.append(found)
        return found

    def forget(self) -> None:
        """Forget what comes of what."""
        for mould in self._moulds.values():
            mould.moves.clear()

    # What comes of it

    def move(
        self, mould: Mould, impulse: Impulse | None, inputs: Sequence[Any], number: int, due: int
    ) -> Move | None:
        """Return what comes of ``impulse``, None being time, for who is kept by ``mould``; None where that is not usual.

        ``inputs`` are the values of one such person, and of what happens to them.
        """
        if not self._is_usual(mould, impulse):
            return None
        try:
            return self._found(mould, impulse, inputs, number, due)
        except UnlikeError:
            return None
        finally:
            self._trying.forget()

    def _is_usual(self, mould: Mould, impulse: Impulse | None) -> bool:
        journeys = self.program.journeys
        for name, version, _step in mould.standing:
            journey = journeys.get(name)
            if journey is None or journey.version != version or journey not in self.usual:
                return False
        if impulse is None:
            return True
        has_contacts, has_consents, has_visits = mould.there
        moment = impulse.moment
        return (
            moment.plain
            and not (has_contacts and impulse.has_email)
            and not (has_consents and impulse.models)
            and not (has_visits and (moment.starts or impulse.models or impulse.has_email))
            and self.usual.issuperset(impulse.journeys)
        )

    def _found(
        self, mould: Mould, impulse: Impulse | None, inputs: Sequence[Any], number: int, due: int
    ) -> Move:
        pairs, numbers = self._pairs(mould, impulse, inputs)
        later = due + APART + len(pairs) if impulse is not None else pairs[-BY_TIME][1]
        one = self._trying.tried(mould, impulse, [pair[0] for pair in pairs], number, due)
        other = self._trying.tried(mould, impulse, [pair[1] for pair in pairs], number + 1, later)
        if one[2:] != other[2:] or one.said != len(impulse.models if impulse is not None else ()):
            raise UnlikeError
        if one.due and one.due == other.due:  # both wait for the same time of day
            other.wait_longer()
        values = Values(pairs, (number, number + 1), (one.due, other.due))
        content, gaps = moulded(one.person, other.person, values)
        places = list(dict.fromkeys(gap.value for _path, gap in gaps if gap.value >= 0))
        news = tuple(
            (path, gap._replace(value=places.index(gap.value)) if gap.value >= 0 else gap)
            for path, gap in gaps
        )
        chosen = frozenset(at for at, place in enumerate(places) if place in numbers)
        move = Move(self._mould(content, news, chosen), places, one.turns)
        self._time(move, one)
        if len(one.told) != len(other.told):
            raise UnlikeError
        records = [told.record for told in one.told]
        names = [one.journey for one in records if (one.kind, one.verdict) == ("entry", "taken")]
        move.entered = tuple(self.program.journeys[name] for name in names)
        move.sends = not all(is_letter(told) or is_quiet(told.record) for told in one.told)
        for mine, theirs in zip(one.told, other.told, strict=True) if not move.sends else ():
            self._row(move, values, mine, theirs)
        return move

    def _time(self, move: Move, outcome: Outcome) -> None:
        """Let ``move`` know how long is waited, where all who wait do so for the same time."""
        visits, timers, begun = outcome.person.visits, outcome.person.timers, outcome.begun
        is_one = len({timer[0] for timer in timers}) <= 1 and begun in (0, len(visits))
        if len(timers) != len(visits) or not is_one or move.mould.waits != bool(timers):
            raise UnlikeError
        if not begun:
            return
        step = visits[0].step
        if isinstance(step, WaitUntil):
            if any(visit.step is not step for visit in visits):
                raise UnlikeError
            move.until = step.instant
            return
        length = (
            None if any(isinstance(one.step, WaitUntil) for one in visits) else length_of(visits)
        )
        if length is None:
            raise UnlikeError
        move.waits(length)

    def _pairs(
        self, mould: Mould, impulse: Impulse | None, inputs: Sequence[Any]
    ) -> tuple[Pairs, set[int]]:
        """Return the values of two records to try, and the places of those that are numbers."""
        first = len(inputs) - (BY_TIME if impulse is None else BY_EVENT + len(impulse.readers))  # fmt: skip
        numbers, empty = set(mould.numbers), set[int]()
        if impulse is None:
            numbers.update(range(first, first + BY_TIME))
        else:
            numbers.update(range(first + 2, first + BY_EVENT))
            if not impulse.has_email:
                empty.add(first)
            names = (name for name, _read in impulse.readers)
            empty.update(at for at, name in enumerate(names, first + BY_EVENT) if name in impulse.absent)  # fmt: skip
        pairs: Pairs = []
        for place, value in enumerate(inputs):
            if place in numbers:
                pairs.append((value, value + APART + place))
            elif place in empty:
                pairs.append((value, value))
            else:
                # With a capital, so that what is made of it is another text.
                pairs.append((f"Ä{place}A", f"Ä{place}B"))
        return pairs, numbers

    def _row(self, move: Move, values: Values, one: Told, other: Told) -> None:
        """Let ``move`` tell what was told of both. `UnlikeError` where that is not the same."""
        mine, theirs, visit = one.record, other.record, one.visit
        more: dict[str, Any] = {}
        if mine.more.keys() != theirs.more.keys() or visit != other.visit:
            raise UnlikeError
        for name, value in mine.more.items():
            if name == KEY:
                more[name] = occurrence_of(mine, value, theirs, theirs.more[name])
                continue
            found = self._told_value(move, values, name, (value, theirs.more[name]))
            if found is not None and found != "":
                more[name] = found
        where = mine.journey, mine.version, mine.step, mine.line, mine.kind, mine.verdict, mine.reason  # fmt: skip
        if where != (theirs.journey, theirs.version, theirs.step, theirs.line, theirs.kind, theirs.verdict, theirs.reason):  # fmt: skip
            raise UnlikeError
        (source, name), (there, called) = mine.cause, theirs.cause
        event = values.gap(name, called) if name or called else None
        if source != there or (event is not None and (event.prefix or event.value < 0)):
            raise UnlikeError
        place = None if event is None else event.value
        if move.rows and (move.source, move.event) != (source, place):
            raise UnlikeError
        move.source, move.event = source, place
        row = Row(*where, visit, more)
        move.rows.append(row)
        if is_letter(one):
            contact = more.get("contact")
            if not isinstance(contact, Gap) or not isinstance(one.step, Notify):
                raise UnlikeError
            move.letters.append(Letter(row, one.step, contact.value))

    @staticmethod
    def _told_value(move: Move, values: Values, name: str, told: tuple[Any, Any]) -> Any:
        """Return what is told in a field: always the same, or a gap, which ``move`` then knows."""
        one, other = told
        if one == other:
            if type(one) not in THEMSELVES or name in INSTANTS:
                raise UnlikeError
            return one
        gap = values.gap(one, other)
        if gap.prefix or gap.more or gap.value < DUE or gap.value == DUE + 1:
            raise UnlikeError
        move.told.append((gap.value, name in INSTANTS))
        return gap


def is_letter(told: Told) -> bool:
    """Return whether a message leaves that was reached just now, so that it is as fresh for everybody."""
    record = told.record
    is_sent = record.kind == "message" and record.verdict == SENT
    return is_sent and told.is_fresh and type(told.step) is Notify


def occurrence_of(one: Record, key: Any, other: Record, another: Any) -> int:
    """Return which occurrence of an effect of its step a key is of, the same of both. `UnlikeError` where it is none."""
    for number in OCCURRENCES:
        if (key, another) == tuple(key_of(told.visit, told.step, number) for told in (one, other)):
            return number
    raise UnlikeError


def is_quiet(record: Record) -> bool:
    """Return whether nothing leaves, and nobody is asked, by what a record tells."""
    if record.kind == "message":
        return record.verdict == "refused"
    return record.kind in QUIET and (record.kind != "outcome" or not record.reason)
