"""What happens to somebody by one side of a plan, in words. Rule: a record is told as what happens, and its code as little as can be.

What has no words here is told by its kind and verdict, so nothing that a trace has goes untold.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, TypeAlias

    Row: TypeAlias = Mapping[str, Any]

# By kind and verdict: what happens. Names stand for what the record says, in quotes.
WORDS: Mapping[tuple[str, str], str] = {
    ("message", "sent"): "gets {message} by {channel}",
    ("message", "refused"): "does not get {message}",
    ("message", "stale"): "does not get {message}, which would come too late",
    ("message", "held"): "{message} is held",
    ("wait", "held"): "waits",
    ("outcome", "taken"): "ends as {outcome}",
    ("entry", "taken"): "comes in",
    ("entry", "not admitted"): "does not come in",
    ("task", "taken"): "a task for {desk}",
    ("task", "withdrawn"): "the task of {desk} is taken back",
    ("branch", "taken"): "the answer is {answer}",
}
# How a wait is over, by its reason.
OVER: Mapping[str, str] = {
    "happened": "{moment} happens",
    "answered": "{desk} answers {answer}",
    "answered by the person": "answers {answer}",
    "ran_out": "the time runs out",
    "no answer of the desk": "{desk} does not answer in time",
    "time_passed": "the time has passed",
}


def record(row: Row, others: Sequence[Row]) -> str:
    """Return what happens in a few words; ``others`` are the records of the other side."""
    words = [short(row["at"]), happens(row)]
    words += [f"until {short(row['until'])}"] if "until" in row else []
    words += [f"in the words {row['words']}" for one in others if is_reworded(row, one)]
    return " ".join(words)


def happens(row: Row) -> str:
    """Return what a record says."""
    kind, verdict, reason = row["kind"], row["verdict"], row.get("reason", "")
    pattern = WORDS.get((kind, verdict))
    if kind == "wait" and verdict == "taken":
        over = reason
        if reason == "answered" and "desk" not in row:
            over = "answered by the person"
        elif reason == "ran_out" and "desk" in row:
            over = "no answer of the desk"
        pattern, reason = OVER.get(over), "" if over in OVER else reason
    named = Quoted(row)
    if pattern is None or not named.has_all_of(pattern):
        told = [name for name in ("message", "desk", "outcome", "moment", "answer") if name in row]
        pattern = " ".join([kind, verdict, *(f"{{{name}}}" for name in told)])
    return pattern.format_map(named) + (f" ({plain(reason)})" if reason else "")


class Quoted(dict[str, str]):
    """What a record says, each in quotes but for the channel."""

    def __init__(self, row: Row) -> None:
        named = ("message", "desk", "outcome", "moment", "answer")
        super().__init__({name: f"“{row[name]}”" for name in named if name in row})
        if "channel" in row:
            self["channel"] = row["channel"]

    def has_all_of(self, pattern: str) -> bool:
        """Return whether everything that a pattern names is there."""
        return all(part.partition("}")[0] in self for part in pattern.split("{")[1:])


def plain(code: str) -> str:
    """Return a code such as ``ran_out`` as words."""
    return code.replace("_", " ")


def short(instant: str) -> str:
    """Return an instant to the minute."""
    return instant[:16].replace("T", " ")


def is_reworded(row: Row, other: Row) -> bool:
    """Return whether two records are of one message, in other words."""
    names = ("at", "kind", "verdict", "message", "channel")
    is_same = all(row.get(name) == other.get(name) for name in names)
    return is_same and row.get("words", "") != other.get("words", "")
