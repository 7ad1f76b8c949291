"""How much is tried by chance. Rule: enough in every run to see what breaks often, and as much more as somebody asks for.

    VERBLINE_TRIALS=10 .venv/bin/python -m pytest tests/test_format.py

tries ten times as many examples and seeds, the same ones in every run.
"""

from __future__ import annotations

import os
from typing import Any

from hypothesis import HealthCheck, settings

TIMES = int(os.environ.get("VERBLINE_TRIALS", "1"))
# A fixture that is made once for all examples of a test is meant to be shared by them.
SHARED = [HealthCheck.function_scoped_fixture]


def tries(number: int, **more: Any) -> settings:
    """Return the settings of a test that tries so many examples."""
    given = {"deadline": None, "suppress_health_check": SHARED, **more}
    return settings(max_examples=number * TIMES, **given)


def seeds(number: int) -> range:
    """Return so many seeds."""
    return range(number * TIMES)
