"""Logs made by tests, and what comes out of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from verbline.interpreter.step.records import instant_text
from verbline.runtime.events import Parked
from verbline.runtime.log import Log

START = 1_773_043_200_000  # 2026-03-09T08:00:00Z
HOUR = 3_600_000


def line(name: str, at: int, **data: Any) -> str:
    """Return the line of an event."""
    return json.dumps(
        {"id": name, "source": "s", "type": "t", "time": instant_text(at), "data": data}
    )


def written(folder: Path, files: dict[str, list[str] | bytes]) -> Path:
    """Return a folder that holds these files, each given by its lines or its bytes."""
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        text = (
            content
            if isinstance(content, bytes)
            else "".join(f"{one}\n" for one in content).encode()
        )
        (folder / name).write_bytes(text)
    return folder


class Reading:
    """What came out of a log."""

    def __init__(self, path: Path, **how: Any) -> None:
        self.parked: list[Parked] = []
        self.log = Log(path, park=self.parked.append, **how)
        self.events = list(self.log)
        self.ids = [event.id for event in self.events]
        self.reasons = [parked.fault.reason for parked in self.parked]
