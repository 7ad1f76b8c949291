"""Estimates of reports, held against an established library and against small cases worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from math import isclose
from warnings import catch_warnings, simplefilter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats  # type: ignore[import-untyped]  # it brings no types

from verbline.runtime.report import resample
from verbline.runtime.report.estimate import (
    Point,
    aalen_johansen,
    chi_square_tail,
    kaplan_meier,
    newcombe,
    ordered_quantile,
    quantile,
    value_at,
    wilson,
)

TIMES = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 2)), min_size=2, max_size=80)


@given(st.integers(0, 400), st.integers(1, 400))
def test_wilson_is_that_of_the_library(hits: int, of: int) -> None:
    """A share has the interval that scipy gives it."""
    hits = min(hits, of)
    theirs = stats.binomtest(hits, of).proportion_ci(0.95, method="wilson")
    share, low, high = wilson(hits, of)
    assert isclose(share, hits / of)
    assert isclose(low, theirs.low, abs_tol=1e-9)
    assert isclose(high, theirs.high, abs_tol=1e-9)


def test_a_share_of_nobody_may_be_anything() -> None:
    """Where there is nobody the interval is the whole line."""
    assert wilson(0, 0) == (0.0, 0.0, 1.0)


# The pairs of shares and the intervals of method 10 in Newcombe (1998), Statistics in Medicine 17, 873-890, table II.
NEWCOMBE = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0000),
    (10, 10, 0, 10, 0.6075, 1.0000),
]


@pytest.mark.parametrize("row", NEWCOMBE)
def test_a_difference_has_the_published_interval(
    row: tuple[int, int, int, int, float, float],
) -> None:
    """The difference of two shares has the bounds that the author of the method printed."""
    hits, of, other, other_of, low, high = row
    found = newcombe(hits, of, other, other_of)
    assert isclose(found.value, hits / of - other / other_of, abs_tol=1e-12)
    assert round(found.low, 4) == low
    assert round(found.high, 4) == high


@given(TIMES.filter(lambda times: any(way for _time, way in times)))
def test_kaplan_meier_is_that_of_the_library(times: list[tuple[int, int]]) -> None:
    """The curve and its log-log bounds are those of scipy, for any mixture of ended and open cases."""
    ended = [time for time, way in times if way]
    still_open = [time for time, way in times if not way]
    theirs = stats.ecdf(stats.CensoredData(uncensored=ended, right=still_open)).sf
    with np.errstate(all="ignore"), catch_warnings():
        simplefilter("ignore")  # where all or nobody is left the formula says nothing
        bounds = theirs.confidence_interval(0.95, method="log-log")
    points = kaplan_meier([(time, int(way > 0)) for time, way in times])
    assert [point.at for point in points] == sorted(set(ended))
    for point in points:
        assert isclose(point.value, float(theirs.evaluate(point.at)), abs_tol=1e-9)
        low, high = float(bounds.low.evaluate(point.at)), float(bounds.high.evaluate(point.at))
        if 1e-9 < point.value < 1 - 1e-9 and not np.isnan(low):
            assert isclose(point.low, low, abs_tol=1e-9)
            assert isclose(point.high, high, abs_tol=1e-9)


def test_kaplan_meier_of_a_small_case() -> None:
    """Ended after 1, 2 and 4, open after 4 and 7: four fifths, three fifths and two fifths are left."""
    points = kaplan_meier([(1, 1), (2, 1), (7, 0), (4, 1), (4, 0)])
    assert [(point.at, round(point.value, 10), point.at_risk) for point in points] == [
        (1, 0.8, 5),
        (2, 0.6, 4),
        (4, 0.4, 3),
    ]
    assert quantile(points, 0.5).value == 4
    assert quantile(points, 0.9).value is None


def test_open_cases_make_the_median_longer_than_leaving_them_out() -> None:
    """Who leaves open cases out finds a median of 2, who counts them one of 4."""
    times = [(1, 1), (2, 1), (4, 1), (7, 0), (4, 0)]
    assert quantile(kaplan_meier([one for one in times if one[1]]), 0.5).value == 2
    assert quantile(kaplan_meier(times), 0.5).value == 4


@given(TIMES)
def test_with_one_way_of_ending_the_two_curves_agree(times: list[tuple[int, int]]) -> None:
    """Who ended by one way and who is still open are everybody."""
    times = [(time, min(way, 1)) for time, way in times]
    (reached,) = aalen_johansen(times, 1)
    for one, other in zip(reached, kaplan_meier(times), strict=True):
        assert isclose(one.value, 1 - other.value, abs_tol=1e-9)


def by_matrices(times: list[tuple[int, int]], until: int) -> list[float]:
    """Return the shares that ended by each of two ways, as the product of the matrices of transition (Aalen and Johansen 1978)."""
    product = np.eye(3)
    for at in sorted({time for time, way in times if way and time <= until}):
        there = sum(time >= at for time, _way in times)
        step = np.eye(3)
        for way in (1, 2):
            part = sum(one == (at, way) for one in times) / there
            step[0, way] += part
            step[0, 0] -= part
        product = product @ step
    return [float(product[0, 1]), float(product[0, 2])]


@given(TIMES)
def test_competing_ends_are_the_product_of_matrices(times: list[tuple[int, int]]) -> None:
    """Each way of ending has the cumulative incidence of the definition, and the ways add up to no more than everybody."""
    curves = aalen_johansen(times, 2)
    for until in (0, 15, 30, 60):
        found = [value_at(points, until, 0.0).value for points in curves]
        for mine, theirs in zip(found, by_matrices(times, until), strict=True):
            assert isclose(mine, theirs, abs_tol=1e-9)


def test_a_competing_end_is_no_censoring() -> None:
    """Of four one is won after 1, two are lost after 2, one is won after 3: taking lost for open gives a share that is too large."""
    times = [(1, 1), (2, 2), (2, 2), (3, 1)]
    won = aalen_johansen(times, 2)[0][-1]
    as_censored = 1 - kaplan_meier([(time, int(way == 1)) for time, way in times])[-1].value
    assert (won.value, as_censored) == (0.5, 1.0)


def test_the_bounds_of_competing_ends() -> None:
    """The bounds are those of lifelines 0.30 (its AalenJohansenFitter with variance) for these twelve cases."""
    times = [
        (3, 1),
        (5, 2),
        (6, 0),
        (8, 1),
        (9, 1),
        (11, 2),
        (12, 0),
        (15, 1),
        (17, 0),
        (18, 2),
        (21, 1),
        (25, 0),
    ]
    found = {
        point.at: (round(point.value, 6), round(point.low, 6), round(point.high, 6))
        for point in aalen_johansen(times, 2)[0]
    }
    assert {at: found[at] for at in LIFELINES} == LIFELINES


LIFELINES = {
    3: (0.083333, 0.005053, 0.31107),
    8: (0.175926, 0.0275, 0.431592),
    9: (0.268519, 0.063803, 0.533549),
    15: (0.37963, 0.113577, 0.649691),
    21: (0.527778, 0.179702, 0.788245),
}


@given(st.floats(0.001, 400), st.integers(1, 40))
def test_the_tail_of_chi_square_is_that_of_the_library(statistic: float, degrees: int) -> None:
    """How likely a larger statistic is, is what scipy says."""
    assert isclose(
        chi_square_tail(statistic, degrees),
        float(stats.chi2.sf(statistic, degrees)),
        rel_tol=1e-6,
        abs_tol=1e-12,
    )


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40), st.floats(0, 1))
def test_quantiles_are_those_of_the_library(values: list[float], share: float) -> None:
    """A quantile of known values is that of numpy."""
    assert isclose(
        ordered_quantile(values, share),
        float(np.quantile(values, share)),
        rel_tol=1e-9,
        abs_tol=1e-6,
    )


def mean_difference(one: Sequence[float], other: Sequence[float]) -> float:
    """Return how much larger the mean of the first is."""
    return sum(one) / len(one) - sum(other) / len(other)


def test_drawing_again_gives_about_the_interval_of_theory() -> None:
    """The bounds of a difference of means are near those of the normal interval, and the same in every run."""
    source = resample.numbers("values")
    one = [1 + next(source) / 2**64 for _ in range(300)]
    other = [next(source) / 2**64 for _ in range(300)]
    found = resample.bootstrap(one, other, mean_difference, "difference")
    again = resample.bootstrap(one, other, mean_difference, "difference")
    assert found == again
    assert found is not None
    spread = 1.96 * float(np.sqrt(np.var(one) / 300 + np.var(other) / 300))
    assert isclose(found.value, mean_difference(one, other))
    assert isclose(found.low, found.value - spread, abs_tol=0.02)
    assert isclose(found.high, found.value + spread, abs_tol=0.02)
    assert resample.bootstrap(one, other, mean_difference, "another") != found


def test_what_cannot_be_told_has_no_bounds() -> None:
    """A difference that is none, or is none in most draws, is not told."""
    assert resample.bootstrap([1], [2], lambda _one, _other: None, "none") is None


def test_a_curve_keeps_its_value_until_the_next_point() -> None:
    """Before the first point a curve has its beginning, behind the last one its end."""
    points = [Point(5, 0.5, 0.4, 0.6, 10)]
    assert [value_at(points, at, 1.0).value for at in (0, 4, 5, 99)] == [1.0, 1.0, 0.5, 0.5]
