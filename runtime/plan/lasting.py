"""How long people wait. Rule: a wait lasts from when it was reached to when it is over; one that is not over yet is not counted.

An escalation lasts from when the task was handed over to the answer, or the deadline.
"""

from __future__ import annotations

from array import array

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, TypeAlias

    from verbline.runtime.plan.outline import Outline, Site
    from verbline.runtime.plan.sums import Renamed

    # The lengths of waits in milliseconds, by journey and sentence.
    Lengths: TypeAlias = "dict[tuple[str, str], array[int]]"

BEGINS, ENDS = 1, 2


def part_of(site: Site) -> int:
    """Return whether a record of ``site`` begins a wait, ends one, or does neither."""
    if site.kind == "wait":
        return BEGINS if site.verdict == "held" else ENDS if site.verdict == "taken" else 0
    return BEGINS if site.kind == "task" and site.verdict == "taken" else 0


def lengths_in(outline: Outline) -> Lengths:
    """Return how long each wait of a run lasted."""
    places = [(site.journey, site.step) for site in outline.sites]
    parts = [part_of(site) for site in outline.sites]
    begun: dict[tuple[int, int], tuple[tuple[str, str], int]] = {}
    found: Lengths = {}
    for person, site, at, visit in zip(outline.people, outline.site, outline.at, outline.visit, strict=True):  # fmt: skip
        part = parts[site]
        if not part:
            continue
        place, there = places[site], begun.get((person, visit))
        if part == ENDS:
            if there is not None and there[0] == place:
                found.setdefault(place, array("q")).append(at - there[1])
            begun.pop((person, visit), None)
        elif there is None or there[0] != place:
            begun[person, visit] = place, at
    return found


def rows(before: Lengths, after: Lengths, renamed: Renamed) -> list[dict[str, Any]]:
    """Return for each step how many waits were over and their median length on both sides, in milliseconds."""
    old = {(journey, renamed.get((journey, step), step)): lengths for (journey, step), lengths in before.items()}  # fmt: skip
    return [
        {
            "journey": journey,
            "step": step,
            **{side: told(lengths, (journey, step)) for side, lengths in (("before", old), ("after", after))},
        }
        for journey, step in sorted({*old, *after})
    ]  # fmt: skip


def told(lengths: Mapping[tuple[str, str], array[int]], place: tuple[str, str]) -> dict[str, Any]:
    """Return how many waits there were at a step, and the middle one of their lengths."""
    found = sorted(lengths.get(place, ()))
    return {"over": len(found), "median": found[(len(found) - 1) // 2] if found else None}
