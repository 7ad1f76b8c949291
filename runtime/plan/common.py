"""What two compiled versions have in common. Rule: whatever cannot be seen to be the same counts as another.

Of a step that is the same on both sides, the same comes. Whoever has met none but such steps has lived the same by both.
"""

from __future__ import annotations

import types
from datetime import date, time, timedelta
from decimal import Decimal
from functools import partial
from operator import attrgetter, itemgetter
from typing import NamedTuple

from verbline.interpreter.program.parts import Journey
from verbline.interpreter.step.choices import Depending, Experiment, If, Qualify
from verbline.interpreter.step.questions import Confirm
from verbline.interpreter.step.sending import Notify
from verbline.interpreter.step.steps import Step
from verbline.interpreter.step.tasks import NotifyDesk, Task
from verbline.interpreter.step.waits import Wait, WaitAbsent, WaitFor, WaitUntil

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from typing import Any, TypeAlias

    from verbline.interpreter.program.program import Program

    # A step, by the name of its journey and its identity.
    Place: TypeAlias = "tuple[str, str]"

# Values that are the same where they are equal.
VALUES = (str, bytes, int, float, Decimal, date, time, timedelta, type(None))
# Steps that leave a record as soon as somebody comes to them, and those at which people stand until something happens.
TELLING = (Depending, Experiment, If, Notify, NotifyDesk, Qualify, Task, Wait, WaitAbsent, WaitFor, WaitUntil)  # fmt: skip
RESTING = (Confirm, Task, Wait, WaitAbsent, WaitFor, WaitUntil)
# Of a step: where it stands, and what is made while it runs.
NOT_OF_STEP = frozenset(("id", "in_one_go", "journey", "line", "met", "summed_up"))
# Of a journey: where it stands, its steps, which are compared one by one, and what follows from the rest.
NOT_OF_JOURNEY = frozenset(("file", "first", "gate", "line", "steps", "version"))
# Of a moment: what follows from the steps that wait for it, or read its fields.
BY_STEPS = frozenset(("awaited", "compared", "heeded", "idle", "keep", "latest", "life", "open", "plain", "readers"))  # fmt: skip
# Of a program: what holds parts that are compared one by one, what is made while it runs, and words of its folder.
NOT_OF_PROGRAM = frozenset((
    "_later", "_named", "by_code", "folder", "journeys", "meanings", "messages", "moments", "named", "offers", "older",
    "purpose_lines", "sites", "situations", "spellings", "targets", "version",
))  # fmt: skip
# Of every object: where its line stands, which says nothing of what it does, and what the language keeps.
NEVER_TOLD = frozenset(("__dict__", "__weakref__", "line"))
NOTHING = object()


class Common(NamedTuple):
    """What both sides have in common. ``touched`` are the steps from which on it is no more, by journey and identity.

    ``near`` are the steps at which people stand before they come to one of these. ``begins`` are journeys where that may be the
    first step. ``is_kept_alike``: what is kept of people until then is the same too.
    """

    touched: frozenset[Place]
    near: frozenset[Place]
    begins: frozenset[str]
    is_kept_alike: bool


def common(before: Program, after: Program) -> Common | None:
    """Return what two programs have in common, None where they differ in more than steps.

    They are narrowed, but none of them has run yet.
    """
    seen = Same()
    if not seen.parts(vars(before), vars(after), NOT_OF_PROGRAM) or before.moments.keys() != after.moments.keys():  # fmt: skip
        return None
    moments = [(before.moments[name], after.moments[name]) for name in before.moments]
    if list(before.journeys) != list(after.journeys) or not all(
        seen.slots(*pair, BY_STEPS) for pair in moments
    ):
        return None
    is_kept_alike = all(seen.slots(*pair) for pair in moments)
    touched: set[Place] = set()
    near: set[Place] = set()
    begins: set[str] = set()
    for name, old in before.journeys.items():
        new = after.journeys[name]
        if not seen.slots(old, new, NOT_OF_JOURNEY | {"awaits"}):
            return None
        is_kept_alike = is_kept_alike and old.awaits == new.awaits
        found = other_steps(seen, old, new)
        for journey in (old, new):
            here = found | unseen(journey, found)
            touched |= {(name, one) for one in here}
            near |= {(name, one) for one in rests_before(journey, here)}
            if journey.first is None or journey.first.id in here:
                begins.add(name)
    return Common(frozenset(touched), frozenset(near), frozenset(begins), is_kept_alike)


def other_steps(seen: Same, old: Journey, new: Journey) -> frozenset[str]:
    """Return the steps of two versions of a journey that are not the same in both."""
    found = old.steps.keys() ^ new.steps.keys()
    found |= {one for one in old.steps.keys() & new.steps.keys() if not seen.steps(old.steps[one], new.steps[one])}  # fmt: skip
    if not seen.same(old.first, new.first):
        found |= {one.first.id for one in (old, new) if one.first is not None}
    return frozenset(found)


def unseen(journey: Journey, steps: Collection[str]) -> frozenset[str]:
    """Return from which steps people may come to one of ``steps`` without leaving a record there, or on the way."""
    return back_from(journey, steps, lambda step: not isinstance(step, TELLING))


def rests_before(journey: Journey, steps: Collection[str]) -> frozenset[str]:
    """Return at which steps people stand last before they come to one of ``steps``."""
    found = back_from(journey, steps, lambda step: step.id in steps or not isinstance(step, RESTING))  # fmt: skip
    return frozenset(one for one in found if isinstance(journey.steps[one], RESTING))


def back_from(
    journey: Journey, steps: Collection[str], goes_on: Callable[[Step], bool]
) -> frozenset[str]:
    """Return the steps before ``steps``, and before those that it ``goes_on`` from."""
    ways: dict[str, list[Step]] = {}
    for step in journey.steps.values():
        for following in step.branches().values():
            if following is not None:
                ways.setdefault(following.id, []).append(step)
    found: set[str] = set()
    left = [journey.steps[one] for one in steps if one in journey.steps]
    while left:
        here = left.pop()
        for step in ways.get(here.id, ()) if goes_on(here) else ():
            if step.id not in found:
                found.add(step.id)
                left.append(step)
    return frozenset(found)


class Same:
    """Whether things of two programs are the same. What is being compared counts as the same meanwhile: things may hold one another."""

    def __init__(self) -> None:
        self._seen: dict[tuple[int, int], tuple[Any, Any]] = {}

    def steps(self, one: Step, other: Step) -> bool:
        """Return whether a step does the same on both sides, and leads to the same steps."""
        return type(one) is type(other) and self.slots(one, other, NOT_OF_STEP)

    def slots(self, one: Any, other: Any, but: Collection[str] = ()) -> bool:
        """Return whether two objects hold the same, ``but`` for some of it."""
        return self.parts(held_by(one), held_by(other), but)

    def parts(
        self, one: Mapping[str, Any], other: Mapping[str, Any], but: Collection[str] = ()
    ) -> bool:
        """Return whether the same stands under the same names, ``but`` for some of them."""
        names = {*one, *other}.difference(but)
        return all(self.same(one.get(name, NOTHING), other.get(name, NOTHING)) for name in names)

    def same(self, one: Any, other: Any) -> bool:
        """Return whether two things are seen to be the same."""
        if one is other:
            return True
        if type(one) is not type(other):
            return False
        if isinstance(one, VALUES):
            return bool(one == other)
        if isinstance(one, Step):
            return one.id == other.id and self.same(one.journey, other.journey)
        if isinstance(one, Journey):
            return bool(one.name == other.name)
        key = id(one), id(other)
        if key in self._seen:
            return True
        self._seen[key] = one, other  # kept, so that neither number is given again
        if self._inside(one, other):
            return True
        del self._seen[key]
        return False

    def _inside(self, one: Any, other: Any) -> bool:
        """Return whether two things of one type hold the same."""
        if isinstance(one, tuple | list):
            return self.all(one, other)
        if isinstance(one, dict):
            return self.all(one, other) and self.all(one.values(), other.values())
        if isinstance(one, set | frozenset):
            return all(isinstance(value, VALUES) for value in one) and bool(one == other)
        if isinstance(one, types.FunctionType):
            return self._functions(one, other)
        if isinstance(one, types.MethodType):
            return one.__func__ is other.__func__ and self.same(one.__self__, other.__self__)
        if isinstance(one, types.CellType):
            return self.all(contents(one), contents(other))
        if isinstance(one, partial | attrgetter | itemgetter):
            return self.all(one.__reduce__(), other.__reduce__())
        if isinstance(one, type | types.ModuleType | types.BuiltinFunctionType):
            return False
        held, theirs = held_by(one), held_by(other)
        return bool(held) and self.parts(held, theirs)

    def all(self, ones: Iterable[Any], others: Iterable[Any]) -> bool:
        """Return whether things are the same one by one."""
        left, right = list(ones), list(others)
        return len(left) == len(right) and all(map(self.same, left, right))

    def _functions(self, one: types.FunctionType, other: types.FunctionType) -> bool:
        """Return whether two functions do the same: the same code over the same values."""
        if one.__code__ != other.__code__:
            return False
        ours, theirs = one.__globals__, other.__globals__
        if ours is not theirs:
            names = names_in(one.__code__)
            if not self.all([ours.get(name) for name in names], [theirs.get(name) for name in names]):  # fmt: skip
                return False
        return self.same(one.__closure__, other.__closure__) and self.same(
            (one.__defaults__, one.__kwdefaults__), (other.__defaults__, other.__kwdefaults__)
        )


def contents(cell: types.CellType) -> list[Any]:
    """Return what a cell holds."""
    try:
        return [cell.cell_contents]
    except ValueError:
        return []


def names_in(code: types.CodeType) -> list[str]:
    """Return the names that code looks up, and the code in it."""
    found = set(code.co_names)
    for one in code.co_consts:
        if isinstance(one, types.CodeType):
            found |= {*names_in(one)}
    return sorted(found)


def held_by(one: Any) -> dict[str, Any]:
    """Return what an object holds by name."""
    found: dict[str, Any] = dict(getattr(one, "__dict__", ()))
    for kind in type(one).__mro__:
        names = kind.__dict__.get("__slots__", ())
        for name in (names,) if isinstance(names, str) else names:
            if name not in NEVER_TOLD:
                found[name] = getattr(one, name, NOTHING)
    return found
