"""People of a log in a world: they bear the numbers of the identity graph."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from benchmarks.engine import LOG, Engine
from tests.tree import ROOT

RETAIL = ROOT / "journeys" / "retail"


def people_of(folder: Path, *events: Mapping[str, str]) -> list[str]:
    """Return who is there after events about shoppers, in the order of their numbers."""
    shutil.copytree(RETAIL, folder, dirs_exist_ok=True)
    lines = [
        json.dumps(
            {"id": f"e{at}", "type": "seen", "time": f"2026-03-01T10:{at:02}:00Z", "data": data}
        )
        for at, data in enumerate(events)
    ]
    (folder / LOG).write_text("\n".join(lines) + "\n", "utf-8")
    engine = Engine(folder)
    engine.counted()
    assert engine.world is not None, "the log has been run"
    return [person.id for person in engine.world.numbered if person is not None]


def test_who_is_known_for_somebody_else_at_once_was_never_there(tmp_path: Path) -> None:
    """A second key with the address and the name of a member makes nobody new; the next person's number is the graph's."""
    ana = {"email": "ana@mail.example", "last-name": "Kos"}
    assert people_of(
        tmp_path,
        {"loyalty-number": "L-1", **ana},
        {"web-account": "W-1", **ana},
        {"loyalty-number": "L-2"},
        {"loyalty-number": "L-2", "email": "eva@mail.example"},
    ) == ["P1", "P3"]


def test_two_who_turn_out_to_be_one_are_one(tmp_path: Path) -> None:
    """Two people who were there apart are one when an event shows it; the older number stays."""
    assert people_of(
        tmp_path,
        {"loyalty-number": "L-1", "email": "ana@mail.example"},
        {"web-account": "W-1", "email": "ana@mail.example", "last-name": "Kos"},
        {"loyalty-number": "L-1", "last-name": "Kos"},
    ) == ["P1"]
