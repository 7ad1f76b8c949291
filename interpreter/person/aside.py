"""What few records have something of. Rule: a record without it shares one empty piece with all others; it gets its own when
something is written, and who reads or writes sees no difference.
"""

from __future__ import annotations

from operator import attrgetter
from types import MappingProxyType
from typing import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Generic, TypeVar

    from verbline.interpreter.person.parts import Parts

    Value = TypeVar("Value")

    class Aside(Generic[Value]):
        """What `aside` makes: a value that stands elsewhere."""

        def __get__(self, record: object, kind: type | None = None) -> Value: ...

        def __set__(self, record: object, value: Value) -> None: ...


# What most records have nothing of: one empty mapping for all, which nobody can write into. `put` makes a record its own.
NONE: Any = MappingProxyType({})
NOBODY: frozenset[str] = frozenset()


def aside(slot: str, kind: type, shared: Any, name: str) -> Any:
    """Return a property that reads and writes ``name`` in what stands at ``slot``: its own once it is written, else ``shared``."""

    def write(record: Any, value: Any) -> None:
        own = getattr(record, slot)
        if own is shared:
            own = kind()
            setattr(record, slot, own)
        setattr(own, name, value)

    return property(attrgetter(f"{slot}.{name}"), write)


class Unusual:
    """What few visits have something of.

    ``task`` is what was handed to a desk, ``turns`` counts the turns of each `repeat`, and ``spent`` are the steps whose
    message another visit sent that was joined with this one.
    """

    __slots__ = ("name", "spent", "task", "turns")

    def __init__(self) -> None:
        self.task: dict[str, Any] = NONE
        self.turns: dict[str, Any] = NONE
        self.spent: frozenset[str] = NOBODY
        self.name = ""  # the id, once somebody has asked for it


USUAL = Unusual()


class Rest:
    """What few people have something of. See `Person`."""

    __slots__ = (
        "accepted",
        "arms",
        "assumed",
        "desk",
        "disputed",
        "drawn",
        "erased",
        "history",
        "labels",
        "merged",
        "offered",
        "parts",
        "scores",
        "segments",
    )

    def __init__(self) -> None:
        self.history: dict[str, list[int]] = NONE
        self.scores: dict[str, tuple[int, int]] = NONE
        self.labels: dict[str, int] = NONE
        self.segments: dict[str, int] = NONE
        self.accepted: tuple[tuple[int, str, str, str], ...] = ()
        self.offered: dict[str, int] = NONE
        self.arms: dict[str, str] = NONE
        self.drawn: dict[str, int] = (
            NONE  # the place of each arm in the order in which arms were drawn
        )
        self.desk = ""
        self.disputed = False
        self.erased = False
        self.merged: tuple[str, ...] = ()  # ids of the people who turned out to be this one
        self.parts: Parts | None = None  # what each of them was
        self.assumed: dict[str, bool] | None = None  # no part of the bytes: what a scenario assumes


ORDINARY = Rest()
