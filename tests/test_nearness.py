"""What counts as near."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbline.interpreter.nearness import apart, distance, nearest


@pytest.mark.parametrize(
    ("one", "other", "letters"),
    [
        ("notify", "notify", 0),
        ("notfy", "notify", 1),
        ("wiat", "wait", 1),
        ("waits", "wait", 1),
        ("wait", "want", 1),
        ("si", "sl", 1),
        ("happened", "happens", 2),
        ("", "abc", 3),
    ],
)
def test_letters_that_differ(one: str, other: str, letters: int) -> None:
    """A letter that is wrong, missing, too many, or swapped with its neighbour counts once."""
    assert distance(one, other, 9) == letters


@given(st.text("abč", max_size=7), st.text("abč", max_size=7), st.integers(0, 8))
def test_the_distance_has_no_direction(one: str, other: str, most: int) -> None:
    """Both directions give the same, and the bound changes nothing below it."""
    whole = distance(one, other, 20)
    assert distance(other, one, 20) == whole
    assert distance(one, other, most) == min(whole, most + 1)


def test_a_third_may_differ() -> None:
    """Two letters of six may differ, two of five may not; of two letters none may."""
    assert apart("notfyy", "notify") == 2
    assert apart("notif", "ntfy") is None
    assert apart("si", "sl") is None


def test_diacritics_do_not_count() -> None:
    """Who types without diacritics is understood."""
    assert apart("pocakaj", "počakaj") == 0
    assert nearest("ce", ["če", "ker"]) == "če"


def test_the_first_of_several_is_nearest() -> None:
    """Candidates equally near are answered in their order."""
    assert nearest("bat", ["cat", "hat"]) == "cat"
    assert nearest("nothing like it", ["cat", "hat"]) == ""
