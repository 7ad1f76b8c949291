"""What a condition can come to. Rule: three values; what is said to be impossible has been tried with every kind of value.

    and: no wins, then unknown        or: yes wins, then unknown        not unknown is unknown

No, unknown and yes are 0, 1 and 2, so that `and` is the least, `or` the greatest, and `not` the distance from 2. A
field is a variable with finitely many cells: comparisons with constants cannot tell two values of one cell apart. Where
there are more combinations than `TRIED_MAX`, the parts are taken as independent: then more seems possible than is.
"""

from __future__ import annotations

from itertools import pairwise, product
from math import prod

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any, TypeAlias

    Cell: TypeAlias = "int | str"
    Held: TypeAlias = "Mapping[Variable, Cell]"

NO, UNKNOWN, YES = 0, 1, 2
ANY = frozenset((NO, UNKNOWN, YES))
NOTHING = -1  # the cell of a value that is unknown
OTHER = "\0"  # the cell of every text that is not compared with
TRIED_MAX = 1024

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda one, other: one == other,
    "ne": lambda one, other: one != other,
    "ge": lambda one, other: one >= other,
    "le": lambda one, other: one <= other,
    "gt": lambda one, other: one > other,
    "lt": lambda one, other: one < other,
    "before": lambda one, other: one < other,
    "after": lambda one, other: one > other,
}
# The same comparison with its sides exchanged.
TURNED = {
    "eq": "eq", "ne": "ne", "ge": "le", "le": "ge", "gt": "lt", "lt": "gt", "before": "after", "after": "before",
}  # fmt: skip


class Variable:
    """What a condition depends on: a field, or a fact that is only yes or no. ``cells`` are the values to be told apart."""

    __slots__ = ("can_be_unknown",)

    def __init__(self, *, can_be_unknown: bool) -> None:
        self.can_be_unknown = can_be_unknown

    @property
    def cells(self) -> Sequence[Cell]:
        """The values that a condition can tell apart, without the unknown one."""
        return (NO, YES)

    @property
    def all_cells(self) -> Sequence[Cell]:
        """The values that a condition can tell apart."""
        return (*self.cells, NOTHING) if self.can_be_unknown else self.cells


class Scale(Variable):
    """A field whose values stand in an order. Constant number ``i`` is cell ``2i + 1``; even cells are the gaps between.

    ``steps`` is true where values are whole, so that between 3 and 4 there is none. ``low`` and ``high`` are bounds.
    ``measure`` is the unit of its constants, set by the first one.
    """

    __slots__ = ("constants", "high", "low", "measure", "steps")

    def __init__(
        self, *, can_be_unknown: bool, steps: bool = False, low: Any = None, high: Any = None
    ) -> None:
        super().__init__(can_be_unknown=can_be_unknown)
        self.constants: list[Any] = sorted({low, high} - {None})
        self.steps = steps
        self.low = low
        self.high = high
        self.measure: str | None = None

    def takes(self, constant: Any, measure: str) -> bool:
        """Take a value into account that the field is compared with; return whether it is measured like the others."""
        if self.measure is None:
            self.measure = measure
        if self.measure == measure and constant not in self.constants:
            self.constants.append(constant)
            self.constants.sort()
        return self.measure == measure

    def place(self, constant: Any) -> int:
        """Return the cell of a constant."""
        return 2 * self.constants.index(constant) + 1

    @property
    def cells(self) -> Sequence[Cell]:
        """The cells that hold a value."""
        low = self.place(self.low) if self.low is not None else 0
        high = self.place(self.high) if self.high is not None else 2 * len(self.constants)
        empty = {
            2 * at
            for at, (one, other) in enumerate(pairwise(self.constants), 1)
            if self.steps and other - one <= 1
        }
        return [cell for cell in range(low, high + 1) if cell not in empty]


class Choice(Variable):
    """A field of texts. ``closed`` is true where ``values`` are all it can be."""

    __slots__ = ("closed", "values")

    def __init__(
        self, *, can_be_unknown: bool, values: Iterable[str] = (), closed: bool = False
    ) -> None:
        super().__init__(can_be_unknown=can_be_unknown)
        self.values = list(values)
        self.closed = closed

    def takes(self, value: str) -> bool:
        """Take a text into account that the field is compared with; return whether it can have it."""
        if value not in self.values and not self.closed:
            self.values.append(value)
        return value in self.values

    @property
    def cells(self) -> Sequence[Cell]:
        """The texts the field is compared with, and one for all others."""
        return self.values if self.closed else (*self.values, OTHER)


class Term:
    """A condition: its variables, and ``value`` of their cells."""

    __slots__ = ("variables",)

    def __init__(self, variables: frozenset[Variable]) -> None:
        self.variables = variables

    def value(self, held: Held) -> int:
        """Return what the condition comes to where each variable holds this cell."""
        raise AssertionError(f"{type(self).__name__} has to say what it comes to")

    def outcomes(self) -> frozenset[int]:
        """Return everything the condition can come to."""
        return tried(self, self.variables) or ANY


class Atom(Term):
    """One comparison: yes, no, or unknown where one of ``needed`` is."""

    __slots__ = ("holds", "needed")

    def __init__(
        self,
        needed: Iterable[Variable],
        holds: Callable[[Held], bool],
        others: Iterable[Variable] = (),
    ) -> None:
        self.needed = tuple(needed)
        super().__init__(frozenset((*self.needed, *others)))
        self.holds = holds

    def value(self, held: Held) -> int:
        """Return what the comparison comes to."""
        if any(held[variable] == NOTHING for variable in self.needed):
            return UNKNOWN
        return YES if self.holds(held) else NO


class Constant(Term):
    """What never varies."""

    __slots__ = ("fixed",)

    def __init__(self, fixed: int) -> None:
        super().__init__(frozenset())
        self.fixed = fixed

    def value(self, held: Held) -> int:
        """Return the one thing it comes to."""
        return self.fixed


class Not(Term):
    """The opposite."""

    __slots__ = ("inner",)

    def __init__(self, inner: Term) -> None:
        super().__init__(inner.variables)
        self.inner = inner

    def value(self, held: Held) -> int:
        """Return the opposite; unknown stays unknown."""
        return YES - self.inner.value(held)

    def outcomes(self) -> frozenset[int]:
        """Return everything the opposite can be."""
        return frozenset(YES - value for value in self.inner.outcomes())


class Surely(Not):
    """Whether a condition is yes, which is never unknown itself."""

    __slots__ = ()

    def value(self, held: Held) -> int:
        """Return yes only for yes."""
        return YES if self.inner.value(held) == YES else NO

    def outcomes(self) -> frozenset[int]:
        """Return what can become of it."""
        return frozenset(YES if value == YES else NO for value in self.inner.outcomes())


class Unclear(Not):
    """Whether a condition is unknown."""

    __slots__ = ()

    def value(self, held: Held) -> int:
        """Return yes only for unknown."""
        return YES if self.inner.value(held) == UNKNOWN else NO

    def outcomes(self) -> frozenset[int]:
        """Return what can become of it."""
        return frozenset(YES if value == UNKNOWN else NO for value in self.inner.outcomes())


class Joined(Term):
    """Conditions joined by `and` (``join`` is min) or by `or` (``join`` is max)."""

    __slots__ = ("join", "terms")

    def __init__(self, join: Callable[[Iterable[int]], int], terms: Sequence[Term]) -> None:
        super().__init__(frozenset().union(*(term.variables for term in terms)))
        self.join = join
        self.terms = terms

    def value(self, held: Held) -> int:
        """Return what the terms come to together."""
        return self.join([term.value(held) for term in self.terms])

    def outcomes(self) -> frozenset[int]:
        """Return everything the terms can come to together; terms without a variable in common are independent."""
        found: list[frozenset[int]] = []
        for group in groups(self.terms):
            part = Joined(self.join, group)
            seen = tried(part, part.variables) if len(group) > 1 else None
            found += [seen] if seen else [term.outcomes() for term in group]
        together = found[0]
        for values in found[1:]:
            together = frozenset(self.join((one, other)) for one in together for other in values)
        return together


def groups(terms: Sequence[Term]) -> list[list[Term]]:
    """Return the terms in groups, so that no variable is in two of them."""
    found: list[tuple[set[Variable], list[Term]]] = []
    for term in terms:
        variables, members = set(term.variables), [term]
        rest = []
        for other, there in found:
            if other.isdisjoint(variables):
                rest.append((other, there))
            else:
                variables |= other
                members = [*there, *members]
        found = [*rest, (variables, members)]
    return [members for _variables, members in found]


def tried(term: Term, variables: Iterable[Variable]) -> frozenset[int] | None:
    """Return everything ``term`` comes to with every combination of cells, or None where there are too many."""
    listed = list(variables)
    cells = [variable.all_cells for variable in listed]
    if prod(map(len, cells)) > TRIED_MAX:
        return None
    found: set[int] = set()
    for combination in product(*cells):
        found.add(term.value(dict(zip(listed, combination, strict=True))))
        if len(found) == len(ANY):
            break
    return frozenset(found)
