"""Which events of a log are about one person. Rule: the strongest identifier in an event decides; what others hold too decides nothing.

Who it is about was decided when an event was read. Here it is asked again, by all that the person has ever held, without
reading the log as a runtime would: so the answer does not depend on in which order lines came.
"""

from __future__ import annotations

from typing import NamedTuple

from verbline.runtime.explain.seen import Seen, named_in
from verbline.runtime.identity.rules import rules_of
from verbline.runtime.identity.signs import Reader
from verbline.runtime.sources import renamed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from verbline.interpreter.person.record import Cause
    from verbline.runtime.events import Event
    from verbline.runtime.explain.case import Case
    from verbline.runtime.log import Log
    from verbline.runtime.sources import Sources


class Held(NamedTuple):
    """What a person has ever held, as (kind, value): all of it, and what nobody else holds now."""

    every: frozenset[tuple[str, str]]
    alone: frozenset[tuple[str, str]]


class Owned:
    """Finds the events of the person of a case; ``causes`` are those that records name, with when they were known."""

    def __init__(self, case: Case, sources: Sources | None) -> None:
        self._program = case.program
        self._renames = sources.fields if sources is not None else {}
        self._reader = Reader(rules_of(case.project))
        self._held = held(case)
        self._ids = frozenset(case.ids)
        self.causes: dict[Cause, int] = {}
        for row in case.rows:
            if row.cause[1]:
                self.causes.setdefault(row.cause, row.at)

    def of(self, log: Log, at: int | None, progress: Callable[[Log], object]) -> list[Seen]:
        """Return the events of a log that are about the person, as far as they were known at ``at``."""
        found = []
        for events in log.batches():
            found += [seen for one in events if (seen := self.seen(one)) is not None]
            progress(log)
        return sorted((one for one in found if at is None or one.known <= at), key=by_known)

    def seen(self, event: Event) -> Seen | None:
        """Return an event as it was met; None where it is about somebody else."""
        source = event.source if event.sourced else ""
        names = self._renames.get(self._program.system(source)) if source else None
        data = renamed(event.data, names) if names else event.data
        known = self.causes.get((event.source, event.id))
        if known is None and not self.is_named(event) and not self.is_theirs(data):
            return None
        moments = tuple(one.name for one in self._program.moments_of(source, event.type))
        at = event.known if known is None else known
        return Seen(
            event.source, event.id, event.type, moments, min(event.happened, at), at, data, event.file, event.offset
        )  # fmt: skip

    def is_named(self, event: Event) -> bool:
        """Return whether an event of the runtime's own names the person by number."""
        return not self._ids.isdisjoint(named_in(event))

    def is_theirs(self, data: Mapping[str, Any]) -> bool:
        """Return whether the strongest identifier in an event is one of the person's."""
        signs = self._reader.read(data, frozenset())
        if signs.keys:
            return signs.keys[0][1:] in self._held.every
        return any(one[1:] in self._held.alone for one in (*signs.contacts, *signs.weak))


def held(case: Case) -> Held:
    """Return what the person of a case has ever held."""
    store, people = case.identity.store, {int(one[1:]) for one in case.ids}
    idents = {row.ident for number in people for row in store.rows_ever(number)}
    alone = {ident for ident in idents if people.issuperset(store.holders(ident))}
    return Held(values(case, idents), values(case, alone))


def values(case: Case, idents: Iterable[int]) -> frozenset[tuple[str, str]]:
    """Return identifiers by kind and value; what was erased has none."""
    return frozenset(one for one in map(case.identity.store.ident, idents) if one[1])


def by_known(one: Seen) -> int:
    """Return when an event was known."""
    return one.known
