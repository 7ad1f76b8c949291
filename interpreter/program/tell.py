"""The compiled form for people. Rule: one line for a step, in the order in which the steps stand in the file."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any


def program_text(form: Mapping[str, Any]) -> str:
    """Return what `program_form` made of a program, as text."""
    return "\n".join(_lines(form)) + "\n"


def _lines(form: Mapping[str, Any]) -> Iterator[str]:
    yield f"program {form['version']} · country table {form['policy']} · {form['zone']}"
    for journey in form["journeys"]:
        yield ""
        yield f"{journey['name']}  {journey['version']}  {journey['line']}"
        for step in sorted(journey.get("steps", ()), key=_place):
            yield from _step(step)


def _place(step: Mapping[str, Any]) -> tuple[str, int, str]:
    file, _, number = step["line"].rpartition(":")
    return file, int(number), step["id"]


def _step(step: Mapping[str, Any]) -> Iterator[str]:
    number = step["line"].rpartition(":")[2]
    yield f"  {number:>4}  {step['id']}  {step['text']}"
    ways = step.get("ways", {})
    if set(ways.values()) != {None} and len(set(ways.values())) > 1:
        told = " · ".join(f"{reason} -> {way or 'end'}" for reason, way in ways.items())
        yield f"{'':22}{told}"
    guard = step.get("guard")
    if guard:
        channels = ", ".join(guard["channels"])
        topic = f" about {guard['topic']}" if "topic" in guard else ""
        yield f"{'':22}guard: {guard['purpose']}{topic} ({guard['class']}, {guard['basis']}) by {channels}"
