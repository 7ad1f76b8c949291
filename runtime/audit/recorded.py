"""When CloudEvents say that they were recorded: an attribute such as `recordedtime` beside `time`. Rule: a line that says it
is counted, and any other is passed over.

Readers of events ignore such attributes, so the files are read once more where some line has one.
"""

from __future__ import annotations

from typing import Any

import msgspec

from verbline.runtime.audit.lags import Lags
from verbline.runtime.audit.tables import head_of
from verbline.runtime.audit.words import plain_name, vocabulary
from verbline.runtime.events import Stamp, milliseconds
from verbline.runtime.lines import blocks
from verbline.runtime.shapes import UNREADABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

USUAL = frozenset(("time", "type", "source", "id", "data"))


def attribute(file: Path) -> str:
    """Return the attribute in which the events of a file say when they were recorded, or nothing."""
    names: dict[str, None] = {}
    for line in head_of(file):
        try:
            names |= dict.fromkeys(msgspec.json.decode(line, type=dict[str, Any]))
        except UNREADABLE:
            continue
    for word in vocabulary().outer["recorded"]:
        for name in names:
            if name not in USUAL and plain_name(name) == word:
                return name
    return ""


def recorded(files: Iterable[Path]) -> dict[str, Lags]:
    """Return how late the events of each source were recorded, by what they say themselves."""
    found: dict[str, Lags] = {}
    for file in files:
        name = attribute(file)
        if name:
            read(file, name, found)
    return found


def read(file: Path, name: str, found: dict[str, Lags]) -> None:
    """Add the events of one file to ``found``."""
    fields: list[tuple[str, Any, Any]] = [("source", str, ""), ("time", Stamp | None, None), ("at", Stamp | None, None)]  # fmt: skip
    told = msgspec.defstruct("Told", fields, rename={"at": name})
    decode = msgspec.json.Decoder(told).decode
    for lines in blocks(file):
        for line in lines.text.split(b"\n") if lines.text else ():
            try:
                event: Any = decode(line)
            except UNREADABLE:
                continue
            if event.time is not None and event.at is not None:
                lags = found.setdefault(event.source or file.name, Lags())
                lags.add(milliseconds(event.at) - milliseconds(event.time))
