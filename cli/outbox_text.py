"""The outbox, in text. Rule: the text says nothing that the JSON does not."""

from __future__ import annotations

from datetime import datetime

from verbline.cli.folders import readable
from verbline.cli.sums import counted, local

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from verbline.interpreter.zones import Zone

# What the states mean, in the order in which they are told.
STATES = {
    "ready": "to be handed over",
    "sending": "being handed over",
    "sent": "taken by the channel",
    "refused": "will not be taken",
    "stale": "too late to leave",
    "withdrawn": "taken back before they left",
    "failed": "without words, or left by a person",
    "unknown": "handed over, and nobody answered",
}
UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
WORD = "  Say what becomes of one: --send-again KEY or --leave KEY, with --log."


def text_of(told: Mapping[str, Any], now: int, zone: Zone) -> str:
    """Return an answer of `verbline outbox` as text; ages are those at ``now``."""
    if "appended" in told:
        lines = of_decisions(told)
    elif "row" in told:
        lines = of_row(told["row"], now, zone)
    else:
        lines = of_list(told, now)
    return "\n".join(map(readable, lines)) + "\n"


def of_list(told: Mapping[str, Any], now: int) -> Iterator[str]:
    """Yield the sums, and the rows that are listed."""
    counts = told["counts"]
    if not counts:
        yield "The outbox is empty."
        return
    for state, meaning in STATES.items():
        if state in counts:
            yield f"{counts[state]:>9,}  {state:<9}  {meaning}"
    for state in told["states"]:
        rows = [one for one in told["rows"] if state in ("all", one["state"])]
        if not rows:
            continue
        yield ""
        yield f"{state}:" if state != "all" else "all of them, the oldest first:"
        yield from (f"  {in_line(one, now)}" for one in rows)
        there = sum(counts.values()) if state == "all" else counts.get(state, 0)
        if there > len(rows):
            yield f"  and {there - len(rows):,} more; --state {state} --format json shows them all"
        if state == "unknown" and any(one["next"] is None for one in rows):
            yield WORD


def in_line(one: Mapping[str, Any], now: int) -> str:
    """Return a row as one line."""
    about = f'{one["kind"]} "{one["message"]}"' if one["message"] else one["kind"]
    parts = [one["key"], age(one["changed"], now), f"by {one['channel']}", about]
    parts += [f"to {one['person']}"] if one["person"] else []
    parts += [f'in "{one["journey"]}"'] if one["journey"] else []
    why = " ".join(part for part in (one["reason"], one["told"]) if part)
    if why and one["state"] != "sent":
        parts.append(f"({why})")
    if one["next"] is not None and one["attempts"]:
        parts.append(
            f"{counted(one['attempts'], 'attempt')} so far, the next {age(one['next'], now)}"
        )
    return "  ".join(parts)


def of_row(one: Mapping[str, Any], now: int, zone: Zone) -> Iterator[str]:
    """Yield all that is known of one row."""
    yield f"{one['key']} is {one['state']}: {STATES[one['state']]}"
    times = {
        name: local(one[name], zone) for name in ("at", "changed", "next", "expires") if one[name]
    }
    task = one.get("task") or {}
    for name, value in (
        ("what", f'{one["kind"]} "{one["message"]}"'),
        ("journey", one["journey"]),
        ("person", one["person"]),
        ("channel", one["channel"]),
        ("address", one["address"]),
        ("purpose", one["purpose"]),
        ("decided", times.get("at", "")),
        ("changed", f"{times.get('changed', '')}, {age(one['changed'], now)}"),
        ("tried", counted(one["attempts"], "time")),
        ("next try", times.get("next", "")),
        ("may leave until", times.get("expires", "")),
        ("reason", " ".join(part for part in (one["reason"], one["told"]) if part)),
        ("due", local(task["due"], zone) if task.get("due") else ""),
        ("answers", ", ".join(task.get("answers", ()))),
        ("taken back", "yes" if task.get("is_withdrawn") else ""),
        *((f"shown {name}", value) for name, value in task.get("shown", {}).items()),
    ):
        if value:
            yield f"  {name:<15} {value}"
    if one["subject"] or one["text"]:
        yield ""
        yield from (f"  {line}" for line in (one["subject"], "", *one["text"].splitlines()))


def of_decisions(told: Mapping[str, Any]) -> Iterator[str]:
    """Yield what was decided."""
    for event in told["appended"]:
        yield f"{event['data']['key']}: {event['data']['what']}"
    yield f"Written down in {told['to']}; the runtime does it when it reads that."


def age(at: str, now: int) -> str:
    """Return how long ago an instant was, or how far ahead it is."""
    seconds = (now - int(datetime.fromisoformat(at).timestamp() * 1000)) / 1000
    size, unit = next((one for one in UNITS if abs(seconds) >= one[0]), UNITS[-1])
    length = counted(int(abs(seconds) // size), unit)
    return f"{length} ago" if seconds >= 0 else f"in {length}"
