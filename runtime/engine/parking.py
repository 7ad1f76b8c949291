"""What is set aside. Rule: a line that is no event, or that made the engine fail, leaves a record with its place."""

from __future__ import annotations

from verbline.interpreter.step.records import Record
from verbline.runtime.events import Fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.runtime.events import Parked

FAILED = Fault("engine_failed", "made the engine fail")


def record_of(parked: Parked, now: int) -> Record:
    """Return the record that a line was parked; ``now`` is the time that the world has reached."""
    record = Record.__new__(Record)
    record.at = now
    record.person = record.journey = record.version = record.visit = record.step = record.line = ""
    record.kind, record.verdict, record.reason = "parked", "ignored", parked.fault.reason
    record.cause = ("", "")
    record.more = {"file": parked.file, "offset": parked.offset, "length": parked.length}
    return record
