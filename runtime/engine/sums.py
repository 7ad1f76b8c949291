"""What a run came to so far. Rule: sums over the life of the store, and of people only how many."""

from __future__ import annotations

from verbline.interpreter.step.records import instant_text
from verbline.runtime.simulate import by_source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable
    from typing import Any

    from verbline.runtime.engine.engine import Engine

FORMAT = 1


def summary(engine: Engine) -> dict[str, Any]:
    """Return what a run came to, as JSON has it."""
    counts, world, feed = engine.counts, engine.world, engine.feed
    people, inside = counted(world.numbered)
    return {
        "format": FORMAT,
        "kind": engine.store.standing.value("kind"),
        "store": str(engine.store.path),
        "reached": instant_text(world.now) if engine.last is not None else None,
        "log": {
            "files": len(engine.files.places),
            "events": counts["events"],
            "duplicates": counts["duplicates"],
            "parked": beginning(counts, "parked "),
            "nobody": counts["nobody"],
            "strange": by_source(feed.strange),
            "foreign": by_source(feed.foreign),
            "consent_refused": counts["consent refused"],
        },
        "people": people,
        "inside": inside,
        "trace": told(counts),
        "operators_refused": beginning(counts, "operators "),
        "asked_if_same": beginning(counts, "asked "),
        "answers_in_vain": counts["vain"],
        "outbox": engine.store.outbox.counts(),
    }


def counted(numbered: Iterable[Any]) -> tuple[int, int]:
    """Return how many people there are who were not erased, and how many visits go on."""
    people = inside = 0
    for one in numbered:
        if one.__class__ is tuple:  # kept by a mould
            people += 1
            inside += len(one[0].standing)
        elif one is not None:
            people += not one.erased
            inside += len(one.visits)
    return people, inside


def beginning(counts: Counter[str], prefix: str) -> dict[str, int]:
    """Return the sums whose names begin with ``prefix``, by the rest of their names."""
    found = {name.removeprefix(prefix): number for name, number in counts.items() if name.startswith(prefix)}  # fmt: skip
    return dict(sorted(found.items()))


def told(counts: Counter[str]) -> dict[str, dict[str, int]]:
    """Return how many records of each kind have which verdict."""
    found: dict[str, dict[str, int]] = {}
    for name, number in beginning(counts, "told ").items():
        kind, _, verdict = name.partition(" ")
        found.setdefault(kind, {})[verdict] = number
    return found
