"""How the engine is called. Rule: the cases call it here and nowhere else, in the way that `verbline simulate` does."""

from __future__ import annotations

import gc
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.effects import Effect
from verbline.cli.paths import readings
from verbline.interpreter.program.compile import compile_project
from verbline.interpreter.program.narrow import narrowed
from verbline.interpreter.step.again import Row
from verbline.interpreter.step.records import apart_of
from verbline.interpreter.step.world import World
from verbline.runtime.declared import read_in
from verbline.runtime.feed import Feed
from verbline.runtime.identity.graph import Identity
from verbline.runtime.identity.rules import rules_of
from verbline.runtime.log import Log
from verbline.runtime.shortly import Shortly

LOG = "log.jsonl"


class Engine:
    """The program of the project in ``folder``, and its log there."""

    def __init__(self, folder: Path) -> None:
        [reading] = readings([str(folder)])
        self.log = folder / LOG
        self.project = reading.project()
        program = compile_project(self.project)
        self.program = narrowed(program, read_in(self.project, program))
        self.rules = rules_of(self.project)
        self.world: World | None = None

    def run(self, sink: Callable[..., None], counts: dict[int, int] | None = None) -> int:
        """Let the whole log happen in a new world, and return how many events there were.

        ``sink`` takes the records, but for those that are only counted in ``counts``.
        """
        world = self.world = World(self.program, sink=sink)
        world.turn.counts = counts
        feed = Feed(self.project, self.program, Identity(self.rules), world)
        if counts is not None:
            feed.shorten()
        log = Log(self.log)
        gc.disable()
        for events in log.batches():
            feed.take(events)
        if isinstance(feed.brief, Shortly):
            feed.brief.brevity.count()
        gc.freeze()  # as in every command: nobody looks through what a run has made
        gc.enable()
        return log.counts.events

    def let_go(self) -> None:
        """Let what the last run made be gone."""
        self.world = None

    def counted(self) -> tuple[int, Counter[tuple[Any, ...]]]:
        """Return how many events there were, and how many records of each place, kind, verdict, reason, and what else tells two apart."""
        counts: Counter[tuple[Any, ...]] = Counter()

        def count(_turn: Any, journey: Any, _visit: Any, step: Any, kind: str, verdict: str, reason: str, more: Any) -> None:  # fmt: skip
            where = step if step is not None and kind != "outcome" else journey
            counts[where, kind, verdict, reason, apart_of(kind, more)] += 1

        sites: defaultdict[int, int] = defaultdict(int)
        events = self.run(count, sites)
        for site, number in sites.items():
            counts[self.program.sites.known[site]] += number
        return events, counts

    def messages(self) -> Counter[tuple[str, str]]:
        """Return how many messages had each verdict and reason, in a run that only counts."""
        found: Counter[tuple[str, str]] = Counter()
        for (_where, kind, verdict, reason, _apart), number in self.counted()[1].items():
            if kind == "message":
                found[verdict, reason] += number
        return found

    def waiting(self) -> int:
        """Return how many people of the last run are inside a journey."""
        assert self.world is not None, "a run comes first"
        there: list[Any] = [one for one in self.world.numbered if one is not None]
        return sum(bool(one.situation.inside if type(one) is Row else one.visits) for one in there)

    def effects(self) -> list[Effect]:
        """Return what became of each message."""
        found: list[Effect] = []

        def keep(turn: Any, journey: Any, _visit: Any, _step: Any, kind: str, verdict: str, reason: str, more: Any) -> None:  # fmt: skip
            if kind == "message":
                contact = more.get("contact") or turn.person.contacts[0].value
                found.append(Effect(turn.now, contact, journey.name, more["message"], verdict, reason))  # fmt: skip

        self.run(keep)
        return found
