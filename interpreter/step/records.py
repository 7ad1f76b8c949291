"""Trace records. Rule: every step taken, skipped or refused leaves one, and it names the line and the event behind it."""

from __future__ import annotations

from verbline.interpreter.program.forms import to_plain
from verbline.interpreter.zones import plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from verbline.interpreter.person.record import Cause, Visit
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.step.steps import Step
    from verbline.interpreter.step.turn import Turn

FORMAT = 1
# What tells two records of a kind apart, beside verdict and reason.
APART = {
    "message": "channel",
    "task": "desk",
    "outcome": "outcome",
    "branch": "answer",
    "wait": "answer",
    "fact": "field",
    "signal": "moment",
    "label": "label",
    "route": "desk",
    "entry": "moment",
    "consent": "purpose",
}


def apart_of(kind: str, more: Mapping[str, Any]) -> str:
    """Return what tells a record apart from others of its kind, verdict and reason."""
    apart: str = more.get(APART.get(kind, ""), "")
    return apart


class Record:
    """One trace record. ``at`` is an instant in milliseconds; ``more`` holds what belongs to the kind alone.

    ``visit`` is the visit's id and ``version`` that of its journey, both empty where nobody entered.
    """

    __slots__ = (
        "at",
        "cause",
        "journey",
        "kind",
        "line",
        "more",
        "person",
        "reason",
        "step",
        "verdict",
        "version",
        "visit",
    )

    def __init__(  # noqa: PLR0917 - a sink is called with these, in this order
        self,
        turn: Turn,
        journey: Journey | None,
        visit: Visit | None,
        step: Step | None,
        kind: str,
        verdict: str,
        reason: str,
        more: dict[str, Any],
    ) -> None:
        self.at = turn.now
        self.person = turn.person.id
        self.journey = journey.name if journey else ""
        self.version = visit.version if visit else journey.version if journey else ""
        self.visit = visit.id if visit else ""
        self.step = step.id if step else ""
        self.line: str = more.pop("line", "") or (
            step.line if step else journey.line if journey else ""
        )
        self.kind = kind
        self.verdict = verdict
        self.reason = reason
        self.cause: Cause = turn.cause if turn.cause[1] or not visit else visit.cause
        self.more = more

    def __repr__(self) -> str:
        return f"{plain(self.at)} {self.person} {self.kind} {self.verdict} {self.reason} {self.more} {self.line}"

    def as_dict(self, folder: str = "") -> dict[str, Any]:
        """Return the record as JSON values, in the order of the contract; what is empty is left out.

        ``folder`` is the project's, `Program.folder`: places are told from there, the same on every machine.
        """
        told = {
            "format": FORMAT,
            "at": instant_text(self.at),
            "person": self.person,
            "journey": self.journey,
            "version": self.version,
            "visit": self.visit,
            "step": self.step,
            "line": self.line.removeprefix(folder),
            "kind": self.kind,
            "verdict": self.verdict,
            "reason": self.reason,
            **{name: self.value(name, value) for name, value in self.more.items()},
            "cause": {"source": self.cause[0], "id": self.cause[1]} if self.cause[1] else "",
        }
        return {name: value for name, value in told.items() if value not in ("", None)}

    def value(self, name: str, value: Any) -> Any:
        """Return one of the further values as JSON: instants as text in universal time."""
        if name in ("due", "until") and value is not None:
            return instant_text(value)
        if isinstance(value, dict):
            return {field: to_plain(one) for field, one in value.items()}
        return to_plain(value)


def instant_text(instant: int) -> str:
    """Return an instant as RFC 3339 in universal time, with milliseconds only where there are some."""
    text = plain(instant).isoformat(timespec="milliseconds")
    return text.removesuffix(".000") + "Z"
