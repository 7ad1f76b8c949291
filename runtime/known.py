"""What a log says about who people are and what they allow, without any journey. Rule: it is read as the runtime reads it.

    log -> who it is -> what was said about being written to

What operators said stands in the log too: who is one person with whom, and who is not.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter

from verbline.interpreter.step.world import World
from verbline.runtime.consent.ledger import Ledger
from verbline.runtime.consent.rows import Said
from verbline.runtime.feed import Feed
from verbline.runtime.identity.graph import Identity
from verbline.runtime.identity.rules import rules_of
from verbline.runtime.identity.stated import STATED, stated
from verbline.runtime.log import Log
from verbline.runtime.order import FOREVER, known_of
from verbline.runtime.sources import renamed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project
    from verbline.runtime.events import Event, Parked
    from verbline.runtime.identity.stated import Change
    from verbline.runtime.log import Counts
    from verbline.runtime.sources import Sources

OWN_CONSENT = "verbline.consent."


class Known:
    """What is known after a log.

    ``counts`` are those of the log, ``parked`` its lines that are no event, ``last`` when its last event was known.
    ``changes`` are what operators have said, each with its instant. ``nobody`` counts events of which nobody can tell whose
    they are, ``refused`` what was said about writing and could not be taken.
    """

    def __init__(
        self, project: Project, program: Program, ledger: Ledger, sources: Sources | None = None
    ) -> None:
        self.identity = Identity(rules_of(project))
        self.ledger = ledger
        self.counts: Counts | None = None
        self.parked: list[Parked] = []
        self.changes: list[tuple[int, Change]] = []
        self.nobody = 0
        self.refused = 0
        self.last: int | None = None
        self.asked: Counter[str] = Counter()
        self._feed = Feed(project, program, self.identity, World(program), sources)
        self._program = program

    def take(self, events: Sequence[Event]) -> None:
        """Learn what ``events`` say, one after the other."""
        said: list[Said] = []
        renames, system_of = self._feed.renames, self._program.system
        for event in events:
            if event.type in STATED:
                self.changes += [(event.known, one) for one in stated(self.identity, event)]
                continue
            if renames and event.sourced and (names := renames.get(system_of(event.source))):
                event.data = renamed(event.data, names)
            number = self.identity.known(event.data) or self._meet(event)
            if event.consent or event.type.startswith(OWN_CONSENT):
                said += self._said(event, number)
        if said:
            self.ledger.append(said)
        if events:
            self.last = events[-1].known

    def _meet(self, event: Event) -> int:
        """Return who an event is about that says something new of who that is, 0 where nobody can tell."""
        found = self.identity.meet(event.data, event.known)
        self.asked.update(desk for desk, _, _ in found.asked)
        self.nobody += found.person is None
        return found.person or 0

    def _said(self, event: Event, number: int) -> Iterator[Said]:
        """Yield what an event says about being written to; a no at an address counts whoever said it."""
        moments = self._program.moments_of(event.source if event.sourced else "", event.type)
        taken, refused = self._feed.said(event, f"P{number}" if number else None, moments)
        self.refused += refused
        for one in taken:
            if one.person is not None or one.contact is not None:
                yield Said(one)
            else:
                self.refused += 1


def known(
    project: Project,
    program: Program,
    log: Path,
    *,
    until: int | None = None,
    sources: Sources | None = None,
    key: bytes | None = None,
    now: int | None = None,
    progress: Callable[[Log], object] = bool,
) -> Known:
    """Return what is known after the log at ``log``, up to before ``until``; `LogError` where it cannot be read.

    ``key`` is that of the ledger, ``now`` what the clock shows; ``progress`` is called now and then.
    """
    found = Known(project, program, Ledger(key=key), sources)
    read = Log(log, now=now, park=found.parked.append)
    found.counts = read.counts
    for events in within(read, until):
        found.take(events)
        progress(read)
    return found


def within(log: Log, until: int | None) -> Iterator[list[Event]]:
    """Yield the events of a log up to before ``until``, some at a time."""
    end = FOREVER if until is None else until
    for batch in log.batches():
        is_last = batch[-1].known >= end
        events = batch[: bisect_left(batch, end, key=known_of)] if is_last else batch
        if events:
            yield events
        if is_last:
            return
