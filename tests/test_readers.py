"""Values: read from events, written as text and as plain JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.asking import project_with, there
from tests.cases import CASES
from verbline.interpreter.kinds import Kind, kind_of_type
from verbline.interpreter.names import fields_of_person
from verbline.interpreter.nodes import Node, Word
from verbline.interpreter.program.forms import from_plain, shown, to_plain
from verbline.interpreter.program.readers import READERS, reader_of
from verbline.interpreter.program.written import fitting, value_of
from verbline.interpreter.project import Project

HOME = there("Europe/Ljubljana")


def rows() -> Iterator[tuple[str, str, str]]:
    """Yield the kind, what stands in the event, and the value as it is shown."""
    kind = ""
    for line in (CASES / "values" / "readers.case").read_text("utf-8").splitlines():
        if line.startswith("== "):
            kind = line.removeprefix("== ")
        elif " => " in line and not line.startswith("#"):
            raw, value = line.split(" => ")
            yield kind, raw, value


ROWS = list(rows())


def kind_called(words: str) -> Kind:
    """Return the kind that a declaration writes so."""
    project = project_with(f"person member\n  known by number-of\n  has thing as {words}\n")
    person = next(iter(project.overview.declarations("person")))
    return kind_of_type(fields_of_person(person)[-1].kind)


KINDS = {words: kind_called(words) for words in dict.fromkeys(kind for kind, _raw, _value in ROWS)}


@pytest.mark.parametrize(("kind", "raw", "value"), ROWS)
def test_a_field_is_read_as_its_kind(kind: str, raw: str, value: str) -> None:
    """What is of the declared kind is that value, whoever decodes the JSON; everything else is unknown."""
    for number in (float, Decimal):
        found = reader_of(KINDS[kind], HOME)(json.loads(raw, parse_float=number))
        assert (shown(found, KINDS[kind], HOME) if found is not None else "unknown") == value


def test_no_binary_fraction_comes_in() -> None:
    """A number is a whole one or a decimal, also inside an amount."""
    assert type(reader_of(Kind("number"), HOME)(0.1)) is Decimal
    assert type(reader_of(Kind("number"), HOME)(2.0)) is int
    assert reader_of(Kind("money", currency="EUR"), HOME)(0.1) == (Decimal("0.1"), "EUR")
    for endless in (float("nan"), float("inf"), Decimal("NaN"), Decimal("1e999999999")):
        found = reader_of(Kind("number"), HOME)(endless)
        assert found is None or found == Decimal("1e999999999")


ANYTHING = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.decimals()


@given(kind=st.sampled_from(list(KINDS)), raw=ANYTHING | st.lists(ANYTHING, max_size=2))
def test_whatever_stands_there_is_read(kind: str, raw: Any) -> None:
    """Nothing in an event makes a reader stumble."""
    if raw is not None:
        reader_of(KINDS[kind], HOME)(raw)


NUMBERS = st.integers(-(10**27), 10**27) | st.decimals(
    allow_nan=False, allow_infinity=False, places=3
)
AMOUNTS = st.tuples(
    st.decimals(allow_nan=False, allow_infinity=False, places=2), st.sampled_from(["EUR", "USD"])
)
LENGTHS = st.tuples(
    st.integers(0, 1000) | st.just(Decimal("1.5")), st.sampled_from(["hour", "wday", "month"])
)
SINGLE = [st.text(), NUMBERS, AMOUNTS, LENGTHS, st.dates(), st.booleans()]
VALUES = st.one_of(st.none(), *SINGLE, *(st.lists(one).map(tuple) for one in SINGLE))


@given(value=VALUES)
def test_a_value_comes_back_from_its_plain_form(value: Any) -> None:
    """Plain JSON, written to bytes and read again, is the same value of the same type."""
    found = from_plain(json.loads(json.dumps(to_plain(value))))
    assert found == value
    assert type(found) is type(value)


def test_plain_forms_are_those_agreed_on() -> None:
    """The marks in stored bytes do not change."""
    values = (
        date(2026, 3, 14),
        Decimal("1.50"),
        (Decimal(120), "EUR"),
        (2, "day"),
        ("a", "b"),
        7,
        True,
    )
    forms = [
        {"d": "2026-03-14"},
        {"n": "1.50"},
        {"m": ["120", "EUR"]},
        {"t": ["2", "day"]},
        {"l": ["a", "b"]},
        7,
        True,
    ]
    assert [to_plain(value) for value in values] == forms


def word(kind: str, text: str) -> Word:
    """Return a word."""
    return Word(kind, text, 0, len(text))


def test_written_values_are_those_of_events() -> None:
    """A literal in a scenario is the value that an event would have brought."""
    money = Node(
        "money", {"number": word("NUMBER", "2.50"), "currency": word("CURRENCY", "EUR")}, 0, 8
    )
    length = Node("duration", {"number": word("NUMBER", "2"), "unit": word("U_DAY", "days")}, 0, 6)
    assert value_of(money) == READERS_OF["money"]("2.50 EUR")
    assert value_of(length) == READERS["duration"]("2 days")
    assert value_of(word("DATE", "2026-03-14")) == READERS["date"]("2026-03-14")
    assert value_of(word("PERCENT", "30%")) == Decimal("0.3")
    assert value_of(word("UNKNOWN", "unknown")) is None
    assert fitting(["ICE ", "snow"], KINDS["list of text"]) == ("ICE ", "snow")
    assert fitting(["gold"], KINDS['one of "Gold", "silver plated"']) == "Gold"
    assert fitting(["bronze"], KINDS['one of "Gold", "silver plated"']) is None


READERS_OF = {"money": reader_of(Kind("money"), HOME)}


def test_a_name_means_one_kind_in_the_project() -> None:
    """Where a key and a field, or two declarations, share a name, the kind with more in it counts."""
    project: Project = project_with(
        """person member
  known by number-of

moment "a"
  carries number-of as number
  carries spent as money

moment "b"
  carries spent as money in EUR
"""
    )
    from verbline.interpreter.program.meanings import Meanings

    names = Meanings.of_project(project)
    assert names.find("number-of").kind.name == "number"
    assert names.find("spent").kind.currency == "EUR"
    assert names.find("number-of").of == "field"
    assert names.find("spent").of == ""
