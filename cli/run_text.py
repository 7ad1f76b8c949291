"""What a run came to, for people. Rule: every number says what it counts."""

from __future__ import annotations

from verbline.cli.sums import counted, sums

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

# Records of a trace that are told, and what is said of them.
TOLD = {
    "entry": "entries",
    "message": "messages",
    "task": "tasks",
    "signal": "signals",
    "outcome": "ends",
    "merge": "people who turned out to be somebody known",
    "split": "people who turned out to be two",
    "erased": "people erased",
}


def text_of(told: Mapping[str, Any]) -> str:
    """Return the sums of a run as text."""
    return "\n".join(lines_of(told)) + "\n"


def lines_of(told: Mapping[str, Any]) -> Iterator[str]:
    """Yield what was read, what came of it, and what is to leave."""
    log = told["log"]
    read = f"{counted(log['events'], 'event')} in {counted(log['files'], 'file')}"
    reached = f", up to {told['reached']}" if told["reached"] else ""
    yield f"{read}{reached}; {counted(told['people'], 'person', 'people')}, {counted(told['inside'], 'visit')} running"
    if log["duplicates"]:
        yield f"  {counted(log['duplicates'], 'event')} stood there again"
    if log["parked"]:
        yield f"  lines set aside: {sums(log['parked'])}"
    if log["nobody"]:
        yield f"  {counted(log['nobody'], 'event')} about nobody who can be told"
    if log["consent_refused"]:
        yield f"  {counted(log['consent_refused'], 'answer')} about writing could not be taken"
    if told["operators_refused"]:
        yield f"  what operators said could not be done: {sums(told['operators_refused'])}"
    if told["answers_in_vain"]:
        yield f"  {counted(told['answers_in_vain'], 'recorded answer')} met nothing that was still open"
    yield ""
    for kind, name in TOLD.items():
        if kind in told["trace"]:
            yield f"{name}: {sums(told['trace'][kind])}"
    if "intents" in told:
        yield f"what would leave: {told['intents']}"
    if told["outbox"]:
        yield f"outbox: {sums(told['outbox'])}"
    yield f"store: {told['store']}"
