"""What two runs came to, side by side. Rule: every row has both numbers, and a range where the new one is in doubt."""

from __future__ import annotations

from collections import Counter

from verbline.runtime.plan.doubt import is_sent
from verbline.runtime.plan.unreacted import totals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, TypeAlias

    from verbline.runtime.plan.outline import Site
    from verbline.runtime.plan.replay import Result
    from verbline.runtime.plan.unreacted import Totals

    Key: TypeAlias = "tuple[str, ...]"
    # What a record is counted under, None where it is not.
    Under: TypeAlias = Callable[[Site], Key | None]
    # A journey and the old sentence of a step, to its new one.
    Renamed: TypeAlias = Mapping[tuple[str, str], str]

# The name of each table, the names of its columns, and what is counted in it.
ENTRY_WORDS = {"taken": "came in", "resumed": "resumed"}
TABLES: Mapping[str, tuple[tuple[str, ...], Under]] = {
    "messages": (
        ("journey", "message", "channel", "purpose"),
        lambda one: (one.journey, one.get("message"), one.get("channel"), one.get("purpose")) if is_sent(one) else None,
    ),
    "refusals": (
        ("verdict", "reason", "purpose"),
        lambda one: (one.verdict, one.reason, one.get("purpose")) if one.kind == "message" and not is_sent(one) else None,
    ),
    "entries": (
        ("journey", "entry", "reason"),
        lambda one: (one.journey, ENTRY_WORDS.get(one.verdict, one.verdict), one.reason) if one.kind == "entry" else None,
    ),
    "outcomes": (
        ("journey", "outcome"),
        lambda one: (one.journey, one.get("outcome")) if one.kind == "outcome" else None,
    ),
    "waits": (
        ("journey", "step", "end"),
        lambda one: (one.journey, one.step, "reached" if one.verdict == "held" else one.reason) if one.kind == "wait" else None,
    ),
    "tasks": (
        ("desk", "verdict"),
        lambda one: (one.get("desk"), one.verdict) if one.kind == "task" else None,
    ),
}  # fmt: skip


def tables(
    before: Result, after: Result, unreacted: Totals | None
) -> dict[str, list[dict[str, Any]]]:
    """Return the tables, each row with both numbers.

    ``unreacted`` is the new side without the events that are in doubt.
    """
    results = [totals(before), totals(after), *([unreacted] if unreacted is not None else [])]
    found = {}
    for name, (columns, under) in TABLES.items():
        sums = [of_table(under, one.sites) for one in results]
        keys = sorted({key for one in sums for key in one})
        found[name] = [row(columns, key, [one[key] for one in sums]) for key in keys]
    found["inside"] = [
        row(("journey",), (name,), [one.inside[name] for one in results])
        for name in sorted({*before.inside, *after.inside})
    ]  # fmt: skip
    return found


def of_table(under: Under, sites: Counter[Site]) -> Counter[Key]:
    """Return the sums of one table."""
    found: Counter[Key] = Counter()
    for site, number in sites.items():
        key = under(site)
        if key is not None:
            found[key] += number
    return found


def row(columns: tuple[str, ...], key: Key, numbers: list[int]) -> dict[str, Any]:
    """Return a row: what it is about, both numbers, and the range of the new one where it has one."""
    before, after, *rest = numbers
    told: dict[str, Any] = {name: value for name, value in zip(columns, key, strict=True) if value}
    told |= {"before": before, "after": after}
    if rest and rest[0] != after:
        told["range"] = sorted((rest[0], after))
    return told


def desks(before: Result, after: Result) -> list[dict[str, Any]]:
    """Return for each desk how many tasks it is handed on both sides, most on one day, and the days that differ."""
    found = []
    for desk in sorted({desk for desk, _ in (*before.tasks, *after.tasks)}):
        old, new = (of_desk(side.tasks, desk) for side in (before, after))
        days = {day: [old[day], new[day]] for day in sorted({*old, *new}) if old[day] != new[day]}
        found.append({
            "desk": desk,
            "before": old.total(),
            "after": new.total(),
            "busiest": {"before": busiest(old), "after": busiest(new)},
            "days": days,
        })  # fmt: skip
    return found


def of_desk(tasks: Counter[tuple[str, str]], desk: str) -> Counter[str]:
    """Return the tasks of one desk by day."""
    return Counter({day: number for (one, day), number in tasks.items() if one == desk})


def busiest(days: Counter[str]) -> dict[str, Any] | None:
    """Return the day on which a desk is handed most tasks, the first of several."""
    if not days:
        return None
    day = min(days, key=lambda one: (-days[one], one))
    return {"day": day, "tasks": days[day]}
