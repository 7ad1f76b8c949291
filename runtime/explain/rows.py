"""A trace record as it was read back. Rule: it is asked like a record that was just told, and the JSON of it stays as it was."""

from __future__ import annotations

from datetime import datetime

from verbline.interpreter.program.forms import from_plain
from verbline.interpreter.zones import instant_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from verbline.interpreter.person.record import Cause

# What every record can have; all else belongs to its kind.
COMMON = frozenset({
    "format", "at", "person", "journey", "version", "visit", "step", "line", "kind", "verdict", "reason", "cause",
})  # fmt: skip
INSTANTS = frozenset({"due", "until"})
# Who names a cause in the runtime's own name: it raised the signal itself.
OWN = "verbline"


class Row:
    """One record: ``told`` is its JSON, the rest what `Record` has. ``read`` is what its condition looked at, where that is known."""

    __slots__ = (
        "at",
        "cause",
        "journey",
        "kind",
        "line",
        "more",
        "person",
        "read",
        "reason",
        "step",
        "told",
        "verdict",
        "version",
        "visit",
    )

    def __init__(self, told: Mapping[str, Any], read: Mapping[str, Any] | None = None) -> None:
        self.told = told
        self.read = read or {}
        self.at = instant(told["at"])
        self.person: str = told["person"]
        self.journey: str = told.get("journey", "")
        self.version: str = told.get("version", "")
        self.visit: str = told.get("visit", "")
        self.step: str = told.get("step", "")
        self.line: str = told.get("line", "")
        self.kind: str = told["kind"]
        self.verdict: str = told["verdict"]
        self.reason: str = told.get("reason", "")
        cause = told.get("cause")
        self.cause: Cause = (cause["source"], cause["id"]) if cause else ("", "")
        self.more = {
            name: instant(value) if name in INSTANTS else real(value)
            for name, value in told.items()
            if name not in COMMON
        }

    @property
    def message(self) -> str:
        """What the record is about, where that is a message, an offer or a question."""
        return str(self.more.get("message", "")) if self.kind == "message" else ""

    @property
    def is_to_desk(self) -> bool:
        """Whether it tells a desk something, and the person nothing."""
        return "desk" in self.more


def instant(text: str) -> int:
    """Return an instant that is text in universal time."""
    return instant_of(datetime.fromisoformat(text).replace(tzinfo=None))


def real(value: Any) -> Any:
    """Return a value of a record; what a task shows is a mapping of values."""
    if isinstance(value, dict) and value.keys() - {"d", "n", "m", "t", "l"}:
        return {name: from_plain(one) for name, one in value.items()}
    return from_plain(value) if value != {} else {}
