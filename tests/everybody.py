"""What a condition is for each person there can be. Rule: the plain meaning of every sentence, worked out value by value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any

from verbline.interpreter.logic import NO, UNKNOWN, YES
from verbline.interpreter.nodes import Node, Word

Value = Any  # a number, a text, yes or no, or None for unknown
# Every value that the constants of the tests can tell apart, and unknown.
DOMAINS: Mapping[str, tuple[Value, ...]] = {
    "size": (-1, 0, 0.5, 1, 1.5, 2, 3, None),
    "other": (0, 1, 2, None),
    "name": ("ann", "bo", "bob", "eve", None),
    "colour": ("red", "green", None),
    "open": (True, False, None),
    "day": ("2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04", None),
    "code": ("ann", "bo", "bob", "x", None),
    "points": (0, 0.5, 1, 1.5, 2),
    "in_segment": (True, False),
    "had": (True, False),
}


def worth(part: Node | Word, held: Mapping[str, Value]) -> Value:
    """Return the value of an expression: the plain meaning of each kind of word."""
    if isinstance(part, Word):
        if part.kind == "NAME":
            value = held[part.text]
        else:
            value = float(part.text) if part.kind == "NUMBER" else part.text
        return " ".join(value.casefold().split()) if isinstance(value, str) else value
    if part.shape == "brackets":
        return worth(part.node("inner"), held)
    assert part.shape in ("sum", "product"), part
    first, sign, second = part.items("terms")
    one, other = worth(first, held), worth(second, held)
    if one is None or other is None:
        return None
    assert isinstance(one, int | float)
    assert isinstance(other, int | float)
    return one + other if isinstance(sign, Word) and sign.kind == "PLUS" else one / other


def truth(part: Node | Word, held: Mapping[str, Value]) -> bool | None:
    """Return what a condition is for one person: the rules of three-valued logic, written out."""
    if isinstance(part, Word):
        found = worth(part, held)
        assert found is None or isinstance(found, bool)
        return found
    if part.shape in ("brackets", "not_"):
        inner = part.parts["inner"]
        assert not isinstance(inner, tuple)
        value = truth(inner, held)
        return value if part.shape == "brackets" or value is None else not value
    if part.shape in ("and_", "or_"):
        winner = part.shape == "or_"
        values = [truth(term, held) for term in part.items("terms")]
        return winner if winner in values else None if None in values else not winner
    if part.shape in ("in_segment", "had"):
        return bool(held[part.shape])
    if part.shape == "had_no":
        return not held["had"]
    return compared(part, held)


def compared(node: Node, held: Mapping[str, Value]) -> bool | None:
    """Return what one comparison is for one person."""
    left = worth(node.parts["left"], held)  # type: ignore[arg-type]
    if node.shape in ("known", "is_unknown"):
        return (left is not None) == (node.shape == "known")
    sides = [
        worth(side, held)
        for name in ("right", "low", "high", "values")
        for side in node.items(name)
    ]
    if left is None or None in sides:
        return None
    tests: Mapping[str, Callable[[], bool]] = {
        "eq": lambda: left == sides[0],
        "ne": lambda: left != sides[0],
        "ge": lambda: left >= sides[0],
        "le": lambda: left <= sides[0],
        "gt": lambda: left > sides[0],
        "lt": lambda: left < sides[0],
        "before": lambda: left < sides[0],
        "between": lambda: sides[0] <= left <= sides[1],
        "one_of": lambda: left in sides,
        "contains": lambda: sides[0] in left,
        "starts_with": lambda: left.startswith(sides[0]),
    }
    return bool(tests[node.shape]())


def asked(part: Node | Word) -> set[str]:
    """Return the fields and facts that a condition depends on."""
    found: set[str] = set()
    for inner in part.walk() if isinstance(part, Node) else (part,):
        if isinstance(inner, Word) and inner.kind == "NAME" and inner.text != "guest":
            found.add(inner.text)
        elif isinstance(inner, Node) and inner.shape in ("in_segment", "had", "had_no"):
            found.add(inner.shape.removesuffix("_no"))
    return found


def people(names: set[str], *, sure: tuple[str, ...] = ()) -> Iterator[Mapping[str, Value]]:
    """Yield everybody there can be, as far as these fields and facts go."""
    domains = [
        tuple(one for one in DOMAINS[name] if one is not None or name not in sure) for name in names
    ]
    for values in product(*domains):
        yield dict(zip(names, values, strict=True))


VALUES = {True: YES, False: NO, None: UNKNOWN}


def brute(part: Node | Word, *, sure: tuple[str, ...] = ()) -> set[int]:
    """Return what a condition comes to for anybody."""
    return {VALUES[truth(part, held)] for held in people(asked(part), sure=sure)}
