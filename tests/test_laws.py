"""The laws of consent in short; `python -m tests.laws` asks a hundred times as much."""

from __future__ import annotations

import pytest

from tests.faults import planted
from tests.laws import LAWS, asked_of

NUMBERS = range(1, len(LAWS) + 1)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_law_holds(number: int) -> None:
    """Some hundred questions about invented histories, and nothing breaks the law."""
    assert asked_of(LAWS[number - 1], 250)[0] == ""


@pytest.mark.parametrize("number", NUMBERS)
def test_a_planted_fault_is_found(number: int) -> None:
    """The law's own fault does not stay hidden."""
    with planted(number):
        assert asked_of(LAWS[number - 1], 6_000)[0]
