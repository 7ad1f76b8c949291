"""Scores: what is left of points as time passes."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verbline.interpreter.person.record import Person, put
from verbline.interpreter.program.scores import Score
from verbline.interpreter.zones import DAY, HOUR

NOW = 20_000 * DAY


def person_with(value: int, since: int) -> Person:
    """Return a person whose score is ``value`` thousandths since then."""
    person = Person("P1")
    put(person, "scores", "heat", (value, since))
    return person


@pytest.mark.parametrize(
    ("value", "age", "left"),
    [
        (50_000, 0, 50_000),
        (50_000, 30, 25_000),
        (50_000, 60, 12_500),
        (50_000, 15, 35_355),  # 50 / sqrt(2) = 35.35534
        (50_000, 1, 48_858),  # 50 * 2^(-1/30) = 48.85797
        (-50_000, 30, -25_000),
        (1, 30, 0),  # half a thousandth goes to the even neighbour
        (3, 30, 2),
        (5, 30, 2),
        (7_000, 4 * 30, 438),  # a sixteenth is 437.5
        (11_000, 4 * 30, 688),  # 687.5
        (50_000, 30 * 200, 0),
    ],
)
def test_half_is_left_after_a_half_life(value: int, age: int, left: int) -> None:
    """Value * 2^(-age / half-life), rounded half to even in thousandths."""
    score = Score("heat", (30, "day"))
    assert score.read(person_with(value, NOW - age * DAY), NOW) == left


def test_a_score_begins_at_nothing_and_stays_between_its_bounds() -> None:
    """Bounds hold after each change and wherever the score is read, also before the first point and after long fading."""
    person, score = Person("P1"), Score("heat", (30, "day"), 20, 100)
    assert score.read(person, NOW) == 20_000
    assert score.change(person, 200_000, NOW, NOW) == 100_000
    assert score.read(person, NOW + 300 * DAY) == 20_000
    assert score.change(person, -500_000, NOW, NOW) == 20_000
    assert Score("heat").read(Person("P1"), NOW) == 0


def test_a_score_without_a_half_life_does_not_fade() -> None:
    """Nothing is lost where nothing says so."""
    person, score = Person("P1"), Score("heat")
    score.change(person, 3_000, NOW - 9_000 * DAY, NOW)
    assert score.read(person, NOW) == 3_000
    assert score.falls_to(person, NOW, 2_999) is None


@settings(max_examples=150)
@given(
    points=st.lists(
        st.tuples(st.integers(-50_000, 50_000), st.integers(0, 90 * DAY)), min_size=2, max_size=4
    ),
    later=st.integers(0, 60 * DAY),
)
def test_what_becomes_known_late_counts_as_if_it_had_been_known(
    points: list[tuple[int, int]], later: int
) -> None:
    """In whatever order events arrive, the score is the same, but for the rounding of each change."""
    score, found = Score("heat", (30, "day")), []
    for order in permutations(points):
        person = Person("P1")
        for number, ago in order:
            score.change(person, number, NOW - ago, NOW)
        assert person.scores["heat"][1] == NOW - min(ago for _number, ago in points)
        found.append(score.read(person, NOW + later))
    exact = sum(number * 2 ** (-(ago + later) / (30 * DAY)) for number, ago in points)
    assert max(abs(one - exact) for one in found) <= len(points) + 1


@settings(max_examples=200)
@given(
    value=st.integers(-100_000, 100_000),
    level=st.integers(0, 100_000),
    age=st.integers(0, 40 * DAY),
    half=st.sampled_from([(1, "minute"), (12, "hour"), (30, "day"), (1, "month"), (5, "wday")]),
)
def test_it_falls_to_a_level_at_that_millisecond(
    value: int, level: int, age: int, half: tuple[int, str]
) -> None:
    """At the instant it is still above the level a millisecond before; where none is named it is there already."""
    score, person = Score("heat", half), person_with(value, NOW - age)
    at = score.falls_to(person, NOW, level)
    if at is None:
        assert abs(score.read(person, NOW)) <= level
    else:
        assert at > NOW
        assert abs(score.read(person, at)) <= level < abs(score.read(person, at - 1))


def test_working_time_is_what_a_usual_week_has_of_it() -> None:
    """Fading is smooth, so five working days are a week and forty working hours too."""
    week = Score("heat", (1, "week"))
    assert Score("heat", (5, "wday")).half == Score("heat", (40, "whour")).half == week.half
    assert Score("heat", (1, "year")).half == 8766 * HOUR - 648 * 1000


def test_a_number_is_whole_or_has_three_decimals() -> None:
    """Conditions and messages see the score as a number."""
    score = Score("heat", (30, "day"))
    assert score.number(person_with(7_000, NOW), NOW) == 7
    assert str(score.number(person_with(7_250, NOW), NOW)) == "7.250"
    assert str(score.number(person_with(-50, NOW), NOW)) == "-0.050"
