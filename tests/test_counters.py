"""What can be counted instead of timed: modules that are loaded, functions that are called, lines that are parsed."""

import sys
import tomllib
from functools import cache
from typing import Any

import pytest

from benchmarks.counters import counters
from tests.tree import ROOT

LIMITS: dict[str, float] = tomllib.loads((ROOT / "tests" / "counters.toml").read_text("utf-8"))[
    "most"
]
# Below this share of its limit a counter asks for a smaller limit.
LOOSE = 0.85


@cache
def counts() -> dict[str, Any]:
    """Return every counter, counted once."""
    return counters()


def test_every_counter_has_a_limit() -> None:
    """A counter without a limit guards nothing, and a limit without a counter neither."""
    assert list(counts()) == list(LIMITS)


@pytest.mark.parametrize("name", LIMITS)
def test_a_counter_stays_under_its_limit(name: str) -> None:
    """What costs time on every machine does not creep in unseen."""
    assert counts()[name] <= LIMITS[name]


# Other releases of Python count other calls; the limits are those of the oldest one that we run on.
@pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="the limits are counted with 3.11")
@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_follows_its_counter_down(name: str) -> None:
    """What has become cheaper stays cheap: a limit that has become loose is made smaller."""
    assert counts()[name] >= LOOSE * LIMITS[name] - 1
