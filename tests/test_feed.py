"""A whole log in memory does what the rules say: compared with the right effects, found by brute force."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import effects, logs
from benchmarks.engine import Engine
from tests.test_logs import SMALL


@pytest.mark.parametrize("name", SMALL)
def test_a_log_has_the_right_effects(name: str, tmp_path: Path) -> None:
    """Every message goes out or may not, at its instant, to its address and for its reason; and nothing else happens."""
    made = logs.make(name, "s")
    made.write(tmp_path)
    found = Engine(tmp_path).effects()
    right = list(made.effects())
    assert sorted(set(found) - set(right))[:3] == []
    assert sorted(set(right) - set(found))[:3] == []
    assert effects.checksum(found) == logs.expected()["effects"][f"{name} s"]
