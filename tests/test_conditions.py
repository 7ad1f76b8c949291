"""What conditions can come to, against an evaluation that tries the values themselves."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.cases import project_of
from tests.everybody import brute
from verbline.interpreter.conditions import Conditions
from verbline.interpreter.logic import NO, UNKNOWN, YES, Atom, Choice, Constant, Joined, Not, Surely
from verbline.interpreter.nodes import Node, Word
from verbline.interpreter.rules.conditions import fixed_parts, unsure_fields
from verbline.interpreter.view import View

PROJECT = """
person guest
  known by code
  has size as number
  has other as number
  has name as text
  has colour as one of "Red", "green"
  has open as yes or no
  has day as date

moment "guest comes"
  comes from "door" as "guest.came"
  carries seats as number

score points
  adds 1 points for "guest comes"
  stays between 0 and 2

segment "some"
  people where {condition}

journey "J"
  starts when "guest comes"

  if {condition}
    finish as "yes"
  finish as "no"
"""
NUMBERS = st.sampled_from(["0", "1", "2", "0.5 + 0.5", "4 / 2"])
NAMES = st.sampled_from(['"ann"', '"Bo"', '"bob"', '" bo "'])
COLOURS = st.sampled_from(['"red"', '"Green"'])
DAYS = st.sampled_from(["2026-01-02", "2026-01-03"])
COMPARE = st.sampled_from(
    ["is", "is not", "is at least", "is at most", "is more than", "is less than"]
)
EQUAL = st.sampled_from(["is", "is not"])
KNOWN = st.sampled_from(["is known", "is unknown"])


def said(*parts: str | st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return sentences made of these parts."""
    return st.tuples(*(st.just(one) if isinstance(one, str) else one for one in parts)).map(
        " ".join
    )


EXACT = st.one_of(
    said("size", COMPARE, NUMBERS),
    said(NUMBERS, COMPARE, "size"),
    said("size is between", NUMBERS, "and", NUMBERS),
    said("points", COMPARE, NUMBERS),
    said("name", EQUAL, NAMES),
    said("name is one of", NAMES, ",", NAMES),
    said("colour", EQUAL, COLOURS),
    said("day", COMPARE, DAYS),
    said("day is before", DAYS),
    said("code", EQUAL, NAMES),
    said(st.sampled_from(["size", "name", "colour", "open"]), KNOWN),
    said(NUMBERS, COMPARE, NUMBERS),
    said("size", EQUAL, "size"),
    st.sampled_from(['the guest is in segment "some"', 'the guest had "guest comes"', "open"]),
    st.just('the guest had no "guest comes"'),
)
WIDE = EXACT | st.one_of(
    said("size", COMPARE, "other"),
    said("size + 1", COMPARE, NUMBERS),
    said("name contains", NAMES),
    said("name starts with", NAMES),
)


def joined(atoms: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return conditions made of ``atoms``, joined and turned round."""
    return st.recursive(
        atoms,
        lambda inner: st.one_of(
            st.tuples(inner, inner).map(lambda two: f"({two[0]}) and ({two[1]})"),
            st.tuples(inner, inner).map(lambda two: f"({two[0]}) or ({two[1]})"),
            inner.map(lambda one: f"not ({one})"),
        ),
        max_leaves=4,
    )


def view_of(condition: str) -> View:
    """Return a file with a segment and a step that have this condition."""
    return View(project_of({"a.journey": PROJECT.format(condition=condition)}), "a")


def condition_of(view: View) -> Node | Word:
    """Return the condition of the segment."""
    sentence = next(view.of("people_where"))
    assert sentence.node is not None
    part = sentence.node.parts["condition"]
    assert isinstance(part, Node | Word)
    return part


@settings(max_examples=300)
@example("(day is more than 2026-01-02) and (day is less than 2026-01-03)")
@example("points is less than 0")
@example("(points is at least 0) and (points is at most 2)")
@example("(1 is less than size) and (size is at most 1)")
@example("(1 is more than size) and (size is at least 1)")
@example("(1 is at least size) and (size is more than 1)")
@example("(1 is at most size) and (size is less than 1)")
@example('(colour is "red") or (colour is "Green")')
@example('(the guest had "guest comes") and (the guest had no "guest comes")')
@example("(size is known) and (size is 1)")
@given(joined(EXACT))
def test_nothing_is_missed_and_nothing_invented(text: str) -> None:
    """A condition over fields and constants can come to exactly what it comes to for somebody."""
    view = view_of(text)
    sentence = next(view.of("people_where"))
    found = Conditions(view, declared=False).of(sentence).outcomes()
    assert set(found) == brute(condition_of(view)), text


@settings(max_examples=200)
@given(joined(WIDE))
def test_whatever_happens_was_held_possible(text: str) -> None:
    """Where values of two fields meet, more may be held possible, never less."""
    view = view_of(text)
    found = Conditions(view, declared=False).of(next(view.of("people_where"))).outcomes()
    assert brute(condition_of(view)) <= set(found), text


@settings(max_examples=200)
@given(joined(WIDE))
def test_no_condition_is_blamed_that_varies(text: str) -> None:
    """What is called never true is true for nobody, what is called always true is so for everybody."""
    view = view_of(text)
    for _sentence, part, variant in fixed_parts(view):
        found = brute(part)
        assert found == {YES} if variant == "always" else YES not in found, (text, variant)


@settings(max_examples=200)
@given(joined(EXACT))
def test_unknown_is_told_where_it_can_be(text: str) -> None:
    """A step's condition can be unknown exactly where it is for somebody whose identifier is known."""
    view = view_of(text)
    step = next(view.of("if_"))
    can_be = UNKNOWN in brute(condition_of(view), sure=("code",))
    assert bool(unsure_fields(view, step)) == can_be, text


@pytest.mark.parametrize(
    ("join", "one", "other", "together"),
    [
        (min, YES, YES, YES), (min, YES, UNKNOWN, UNKNOWN), (min, YES, NO, NO),
        (min, UNKNOWN, UNKNOWN, UNKNOWN), (min, UNKNOWN, NO, NO), (min, NO, NO, NO),
        (max, YES, YES, YES), (max, YES, UNKNOWN, YES), (max, YES, NO, YES),
        (max, UNKNOWN, UNKNOWN, UNKNOWN), (max, UNKNOWN, NO, UNKNOWN), (max, NO, NO, NO),
    ],
)  # fmt: skip
def test_the_tables_of_three_values(join: object, one: int, other: int, together: int) -> None:
    """`and`: no wins, then unknown; `or`: yes wins, then unknown; in both orders."""
    for terms in ([Constant(one), Constant(other)], [Constant(other), Constant(one)]):
        assert Joined(join, terms).outcomes() == {together}  # type: ignore[arg-type]


def test_not_and_surely() -> None:
    """Not unknown is unknown; surely unknown is no."""
    assert [Not(Constant(one)).outcomes() for one in (YES, UNKNOWN, NO)] == [{NO}, {UNKNOWN}, {YES}]
    assert [Surely(Constant(one)).outcomes() for one in (YES, UNKNOWN, NO)] == [{YES}, {NO}, {NO}]


def is_a(field: Choice) -> Atom:
    """Return the condition that ``field`` is "a"."""
    return Atom((field,), lambda held: held[field] == "a")


def test_more_combinations_than_can_be_tried() -> None:
    """Where there are too many combinations, parts count as independent: nothing possible is denied."""
    fields = [Choice(can_be_unknown=True, values="abcd") for _ in range(9)]
    terms = [is_a(field) for field in fields]
    pairs = [Joined(max, [one, other]) for one, other in pairwise(terms)]
    whole = Joined(min, [*pairs, Not(terms[0]), Not(terms[1])])
    assert whole.outcomes() == {NO, UNKNOWN, YES}
