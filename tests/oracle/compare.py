"""Where two readings of the same rules part. Rule: only the first difference is told, with what came before it."""

from __future__ import annotations

from typing import Any

from tests.oracle.cases import told
from verbline.interpreter.zones import Zone

KINDS = ("entry", "message", "task", "signal", "fact", "label", "outcome")
SHARED = ("at", "person", "journey", "kind", "verdict", "reason")
MORE = {
    "message": ("message", "channel", "contact", "purpose", "until", "desk"),
    "task": ("desk", "due"),
    "outcome": ("outcome",),
    "fact": ("field", "value"),
    "label": ("label",),
    "signal": ("moment",),
}
BEFORE = 5

Record = dict[str, Any]


def differences(
    expected: list[Record], found: list[Record], there: Zone, seed: int | None = None
) -> list[str]:
    """Return the lines that tell the first difference between the oracle's records and the engine's; none where they agree."""
    left = [core(one) for one in expected if one["kind"] in KINDS]
    right = [core(one) for one in found if one["kind"] in KINDS]
    for at in range(max(len(left), len(right))):
        one = left[at] if at < len(left) else None
        other = right[at] if at < len(right) else None
        if one != other:
            head = [f"record {at + 1} of {len(left)} and {len(right)}, seed {seed}"]
            same = [f"  both   {told(record, there)}" for record in left[max(0, at - BEFORE) : at]]
            oracle = f"  oracle {told(one, there) if one else 'nothing more'}"
            engine = f"  engine {told(other, there) if other else 'nothing more'}"
            return [*head, *same, oracle, engine]
    return []


def core(record: Record) -> Record:
    """Return what both readings have to say of a record; what is empty is left out.

    An address is said of a message that was sent, the deadline of a task that was given; why a visit ended stands in its
    outcome.
    """
    kept = {key: record[key] for key in SHARED}
    names = MORE.get(record["kind"], ())
    if record["kind"] == "outcome":
        kept["reason"] = ""
    if record["verdict"] != "sent":
        names = tuple(name for name in names if name != "contact")
    if record["verdict"] in ("stale", "withdrawn"):
        names = tuple(name for name in names if name != "channel")
    if record["verdict"] != "taken":
        names = tuple(name for name in names if name != "due")
    more = {name: record.get(name) for name in names}
    return kept | {key: value for key, value in more.items() if value not in (None, "")}
