"""Compiled conditions against a plain evaluation of what they say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.asking import asked, compiled

NO, UNKNOWN, YES = 0, 1, 2
ANSWERS = {NO: False, UNKNOWN: None, YES: True}
# A condition: its text, and what it comes to for the values of a person.
Asking = tuple[str, Callable[[dict[str, Any]], int]]
# A value: its text, and what it is; None where it is unknown.
Valued = tuple[str, Callable[[dict[str, Any]], Any]]

ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "is": lambda one, other: one == other,
    "is not": lambda one, other: one != other,
    "is at least": lambda one, other: one >= other,
    "is at most": lambda one, other: one <= other,
    "is more than": lambda one, other: one > other,
    "is less than": lambda one, other: one < other,
}
TEXTS = ["ice", " Ice", "ICE  cream", "snow", "Čaj"]
WRITTEN_DATES = ["2026-02-28", "2026-03-01", "2024-02-29"]


def told(yes: object) -> int:
    """Return one of the three values."""
    return UNKNOWN if yes is None else YES if yes else NO


def plain(text: Any) -> Any:
    """Return a value as it is compared."""
    return " ".join(text.casefold().split()) if isinstance(text, str) else text


def field(name: str) -> Valued:
    """Return the value of a field."""
    return name, lambda values: values.get(name)


def both(one: Valued, sign: str, other: Valued, reckon: Callable[[Any, Any], Any]) -> Valued:
    """Return a sum or a product in brackets."""

    def of(values: dict[str, Any]) -> Any:
        left, right = one[1](values), other[1](values)
        return None if left is None or right is None else reckon(left, right)

    return f"({one[0]} {sign} {other[0]})", of


@st.composite
def numbers(draw: st.DrawFn, depth: int = 2) -> Valued:
    """Draw a number: a field, a written one, a sum, a difference or a product."""
    if depth and draw(st.booleans()):
        sign = draw(st.sampled_from("+-*"))
        reckon = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b}[sign]
        return both(draw(numbers(depth - 1)), sign, draw(numbers(depth - 1)), reckon)
    if draw(st.booleans()):
        return field(draw(st.sampled_from(["count", "other-count"])))
    written = draw(st.sampled_from(["0", "1", "2.5", "0.1", "7", "50%"]))
    exact = Fraction(written[:-1]) / 100 if written.endswith("%") else Fraction(written)
    return written, lambda _values: exact


@st.composite
def comparisons(draw: st.DrawFn) -> Asking:
    """Draw a comparison of numbers, texts, dates or amounts."""
    kind = draw(st.sampled_from(["number", "text", "date", "money"]))
    if kind == "number":
        left, right, words = draw(numbers()), draw(numbers()), list(ORDER)
    elif kind == "text":
        left = field(draw(st.sampled_from(["word", "other-word"])))
        text = draw(st.sampled_from(TEXTS))
        right, words = (f'"{text}"', lambda _values: text), ["is", "is not"]
    elif kind == "date":
        left = field(draw(st.sampled_from(["birthday", "due-date"])))
        on = draw(st.sampled_from(WRITTEN_DATES))
        right, words = (on, lambda _values: date.fromisoformat(on)), list(ORDER)
    else:
        left = field("budget")
        number = draw(st.sampled_from(["1", "2.50", "100"]))
        right, words = (f"{number} EUR", lambda _values: (Decimal(number), "EUR")), list(ORDER)
    word = draw(st.sampled_from(words))
    return compare(left, word, right)


def compare(left: Valued, word: str, right: Valued) -> Asking:
    """Return a comparison."""

    def of(values: dict[str, Any]) -> int:
        one, other = plain(left[1](values)), plain(right[1](values))
        if one is None or other is None:
            return UNKNOWN
        if isinstance(one, tuple) and one[1] != other[1]:
            return UNKNOWN
        return told(ORDER[word](one, other))

    return f"{left[0]} {word} {right[0]}", of


@st.composite
def leaves(draw: st.DrawFn) -> Asking:
    """Draw a condition without others in it."""
    kind = draw(
        st.sampled_from(["comparison", "comparison", "yes", "known", "contains", "between"])
    )
    if kind == "comparison":
        return draw(comparisons())
    if kind == "yes":
        name = draw(st.sampled_from(["glad", "sure"]))
        return name, lambda values: told(values.get(name))
    if kind == "known":
        value = draw(numbers())
        word = draw(st.sampled_from(["known", "unknown"]))
        return f"{value[0]} is {word}", lambda values: told(
            (value[1](values) is None) == (word == "unknown")
        )
    if kind == "contains":
        value = field("word")
        part = draw(st.sampled_from(["ce", "C", "č", "x"]))
        how = draw(st.sampled_from(["contains", "starts with"]))

        def of(values: dict[str, Any]) -> int:
            whole = plain(value[1](values))
            if whole is None:
                return UNKNOWN
            return told(
                plain(part) in whole if how == "contains" else whole.startswith(plain(part))
            )

        return f'word {how} "{part}"', of
    value, low, high = draw(numbers()), draw(numbers(1)), draw(numbers(1))
    first, second = compare(value, "is at least", low), compare(value, "is at most", high)
    return f"{value[0]} is between {low[0]} and {high[0]}", lambda values: min(
        first[1](values), second[1](values)
    )


def join(terms: list[Asking], word: str) -> Asking:
    """Return conditions joined by `and` or `or`."""
    together = min if word == "and" else max
    text = f" {word} ".join(
        f"({one[0]})" if " and " in one[0] or " or " in one[0] else one[0] for one in terms
    )
    return text, lambda values: together(one[1](values) for one in terms)


def opposite(term: Asking) -> Asking:
    """Return the opposite of a condition."""
    return f"not ({term[0]})", lambda values: YES - term[1](values)


CONDITIONS = st.recursive(
    leaves(),
    lambda inner: st.one_of(
        st.builds(join, st.lists(inner, min_size=2, max_size=4), st.sampled_from(["and", "or"])),
        st.builds(opposite, inner),
    ),
    max_leaves=8,
)
PEOPLE = st.fixed_dictionaries(
    {
        "count": st.sampled_from([None, 0, 1, 7, Decimal("2.5")]),
        "other-count": st.sampled_from([None, 0, 2, Decimal("0.1")]),
        "word": st.sampled_from([None, *TEXTS]),
        "other-word": st.sampled_from([None, *TEXTS]),
        "birthday": st.sampled_from([None, *map(date.fromisoformat, WRITTEN_DATES)]),
        "due-date": st.sampled_from([None, *map(date.fromisoformat, WRITTEN_DATES)]),
        "budget": st.sampled_from(
            [None, *((Decimal(n), c) for n in ("1", "2.5", "100") for c in ("EUR", "USD"))]
        ),
        "glad": st.sampled_from([None, True, False]),
        "sure": st.sampled_from([None, True, False]),
    }
)


@settings(max_examples=80)
@given(
    conditions=st.lists(CONDITIONS, min_size=1, max_size=12),
    people=st.lists(PEOPLE, min_size=1, max_size=6),
)
def test_a_condition_comes_to_what_it_says(
    conditions: list[Asking], people: list[dict[str, Any]]
) -> None:
    """Compiled, any condition gives what three-valued logic and exact fractions give."""
    made = compiled([text for text, _of in conditions])
    for values in people:
        turn = asked({name: value for name, value in values.items() if value is not None})
        exact = {
            name: Fraction(value)
            if isinstance(value, int | Decimal) and not isinstance(value, bool)
            else value
            for name, value in values.items()
        }
        for (text, of), condition in zip(conditions, made, strict=True):
            assert condition.test(turn.turn) is ANSWERS[of(exact)], text
