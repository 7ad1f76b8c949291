"""Records that differ in a few values alone. Rule: a mould and its values are the record, to the byte; what is not is no mould.

Whoever came in as others did and stands where they stand has the same record as they, but for who it is, the instants and the
events. Such a record is kept as the number of its mould, when its timer is due, and the values. A mould is found by comparing
two records to which the same happened with other values: what differs has to be one of these values, or the mould is none.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from verbline.interpreter.person.encode import VERSION, VISITS, person_of, to_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeAlias

    from verbline.interpreter.person.encode import Standing
    from verbline.interpreter.person.record import Person
    from verbline.interpreter.program.program import Program

    Path: TypeAlias = "tuple[int | str, ...]"

# What stands in a gap that holds no value of the record's own: the number of the person, and when the timers are due.
NUMBER, DUE = -1, -2
# So much more than a value a number may be: the place in an order of what one event brought.
MORE_MAX = 64
# How the bytes of a record begin that is kept by its mould: a list of three, which no whole record is.
BRIEF = 0x93
CONSENTS, RUNS, CONTACTS, LAST_TIME = VISITS - 3, VISITS - 1, VISITS - 4, 5
_encode = msgspec.msgpack.Encoder(order="deterministic").encode
_decode = msgspec.msgpack.decode
_head = msgspec.msgpack.Decoder(tuple[int, int, msgspec.Raw]).decode
# Return the number of the mould, when the timers are due, 0 where there are none, and the values of a record kept so.
row_of = msgspec.msgpack.Decoder(tuple[int, int, list[Any]]).decode


class UnlikeError(Exception):
    """Two records differ in more than values."""


class Gap(NamedTuple):
    """Which value stands somewhere, behind a text or with so much more."""

    value: int
    prefix: str = ""
    more: int = 0


class Values:
    """The values with which the same happened twice: ``pairs`` by their places, and those of the person and of the timers."""

    def __init__(
        self, pairs: Sequence[tuple[Any, Any]], number: tuple[int, int], due: tuple[int, int]
    ) -> None:
        self._numbers = {
            other - one: (one, place)
            for place, (one, other) in enumerate(pairs)
            if type(one) is int and type(other) is int
        }
        self._texts = {
            one: (other, place)
            for place, (one, other) in enumerate(pairs)
            if type(one) is str and one != other
        }
        self._number, self._due = number, due

    def gap(self, one: Any, other: Any) -> Gap:
        """Return what stands where ``one`` stood the first time and ``other`` the second. `UnlikeError` where it is no value."""
        if type(one) is int and type(other) is int:
            if (one, other) == self._due:
                return Gap(DUE)
            if (one, other) == self._number:
                return Gap(NUMBER)
            known = self._numbers.get(other - one)
            if known is not None and 0 <= one - known[0] <= MORE_MAX:
                return Gap(known[1], "", one - known[0])
        elif type(one) is str and type(other) is str:
            return self._text(one, other)
        raise UnlikeError

    def _text(self, one: str, other: str) -> Gap:
        if (one, other) == tuple(f"P{number}" for number in self._number):
            return Gap(NUMBER, "P")
        if one in self._texts and self._texts[one][0] == other:
            return Gap(self._texts[one][1])
        for value, (another, place) in self._texts.items():
            prefix = one.removesuffix(value)
            if prefix != one and other == prefix + another:
                return Gap(place, prefix)
        raise UnlikeError


class Mould:
    """See the module. ``numbers`` are the places of values that are numbers, which have to stay such.

    ``standing`` is where the visits stand, ``last`` the place of the instant of the latest event, None where there is none.
    ``number`` is that under which the store knows it. ``moves`` is for whoever finds out what comes of what, see `moulding`.
    """

    __slots__ = (
        "content",
        "gaps",
        "last",
        "moves",
        "number",
        "numbers",
        "standing",
        "there",
        "waits",
    )

    def __init__(
        self, content: bytes, gaps: tuple[tuple[Path, Gap], ...], numbers: frozenset[int]
    ) -> None:
        self.content = content
        self.gaps = gaps
        self.numbers = numbers
        self.number = 0
        self.moves: dict[Any, Any] = {}
        form = _decode(content)
        self.standing: list[Standing] = [(one[1], one[2], one[12]) for one in form[VISITS]]
        self.waits = any(gap.value == DUE for _path, gap in gaps)
        found = [gap for path, gap in gaps if path == (LAST_TIME,)]
        self.last = found[0].value if found else None
        # Whether there are addresses, answers about being written to, and visits or their ends.
        self.there = bool(form[CONTACTS]), bool(form[CONSENTS]), bool(form[RUNS] or form[VISITS])

    def form(self, number: int, due: int, values: Sequence[Any]) -> list[Any]:
        """Return the record as the plain list that `encode` makes of it."""
        form: list[Any] = _decode(self.content)
        for path, (place, prefix, more) in self.gaps:
            value = number if place == NUMBER else due if place == DUE else values[place]
            if prefix:
                value = f"{prefix}{value}"
            elif more:
                value += more
            within: Any = form
            for one in path[:-1]:
                within = within[one]
            within[path[-1]] = value
        return form

    def person(self, number: int, due: int, values: Sequence[Any], program: Program) -> Person:
        """Return the record."""
        return person_of(self.form(number, due, values), program)

    def to_bytes(self) -> bytes:
        """Return the mould as bytes."""
        return _encode((self.content, self.gaps, sorted(self.numbers)))

    @classmethod
    def from_bytes(cls, content: bytes, number: int) -> Mould:
        """Return the mould that `to_bytes` wrote."""
        form, gaps, numbers = _decode(content)
        found = cls(form, tuple((tuple(path), Gap(*gap)) for path, gap in gaps), frozenset(numbers))
        found.number = number
        return found


def moulded(one: Person, other: Person, values: Values) -> tuple[bytes, tuple[tuple[Path, Gap], ...]]:  # fmt: skip
    """Return the content of the mould of two records, and its gaps. `UnlikeError` where they are not of one."""
    first, second = (_decode(to_bytes(person))[1:] for person in (one, other))
    gaps = []
    for path, here, there in differences(first, second, ()):
        gaps.append((path, values.gap(here, there)))
        within = first
        for step in path[:-1]:
            within = within[step]
        within[path[-1]] = None
    return _encode(first), tuple(gaps)


def differences(one: Any, other: Any, path: Path) -> Iterator[tuple[Path, Any, Any]]:
    """Yield where two forms differ, with what stands there. `UnlikeError` where they are not of one shape."""
    if type(one) is not type(other):
        raise UnlikeError
    if type(one) is list:
        if len(one) != len(other):
            raise UnlikeError
        for place, (here, there) in enumerate(zip(one, other, strict=True)):
            yield from differences(here, there, (*path, place))
    elif type(one) is dict:
        if one.keys() != other.keys():
            raise UnlikeError
        for name, here in one.items():
            yield from differences(here, other[name], (*path, name))
    elif one != other:
        yield path, one, other


def head_of(content: bytes) -> tuple[int, int]:
    """Return the number of the mould and when the timers are due."""
    mould, due, _values = _head(content)
    return mould, due


def whole(content: bytes, number: int, mould: Mould) -> bytes:
    """Return a record that is kept by its mould as `to_bytes` makes it."""
    _number, due, values = row_of(content)
    return _encode([VERSION, *mould.form(number, due, values)])
