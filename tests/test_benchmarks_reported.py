"""The benchmarks of report and plan: what they take for the right answer is what the lines of the log say."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from benchmarks.case import Room
from benchmarks.cases import reported
from benchmarks.installed import Installed
from benchmarks.oracle import WrongAnswerError


@pytest.mark.parametrize("kind", [reported.Reported, reported.Planned], ids=["report", "plan"])
def test_a_wrong_answer_is_seen(
    kind: type[reported.Asking], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer over a small year is right; with one event, one entry or one member fewer it is not."""
    monkeypatch.setattr(reported, "PEOPLE", {"s": 150})
    monkeypatch.setattr(reported, "FEW", 20)
    installed = Installed(tmp_path)
    installed.program = Path(sys.executable).parent / "verbline"
    case = kind(Room(tmp_path, installed, "s"))
    assert case.once()
    assert isinstance(case, reported.Reported | reported.Planned)
    case.check()
    right = json.loads(case.last.output)
    for wrong in spoiled(right):
        case.last = case.last._replace(output=json.dumps(wrong))
        with pytest.raises(WrongAnswerError):
            case.check()


def spoiled(told: dict[str, object]) -> list[dict[str, object]]:
    """Return answers in each of which one number is another one."""
    text = json.dumps(told)
    found = []
    for name, value in (("events", 1), ("unique", 2), ("after", 3), ("inside", 4)):
        other = json.loads(text)
        if spoil(other, name, value):
            found.append(other)
    assert len(found) > 1
    return found


def spoil(told: object, name: str, value: int) -> bool:
    """Change the first number under ``name``, or of the figure called so; return whether there is one."""
    if isinstance(told, list):
        return any(spoil(one, name, value) for one in told)
    if not isinstance(told, dict):
        return False
    place = "value" if told.get("key") == name else name
    if isinstance(told.get(place), int | float):
        told[place] += value
        return True
    return any(spoil(one, name, value) for one in told.values())
