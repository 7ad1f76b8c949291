"""All that is at hand about one person. Rule: it is gathered before anything is said, and says the same however it was gathered."""

from __future__ import annotations

from typing import NamedTuple

from verbline.interpreter.guard.consent import KIND_OF_CHANNEL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from verbline.interpreter.person.record import Cause, Person
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project
    from verbline.runtime.consent.ledger import Ledger
    from verbline.runtime.consent.rows import Said
    from verbline.runtime.explain.rows import Row
    from verbline.runtime.explain.seen import Seen
    from verbline.runtime.explain.texts import Texts
    from verbline.runtime.identity.graph import Identity


class Left(NamedTuple):
    """What became of a message after it was decided: its state in the outbox, how often it was tried, and when that last changed."""

    state: str
    attempts: int
    changed: int


class Case:
    """One person. ``ids`` are all they have borne, the one they bear now first; ``at`` is the end of what is told, None for all.

    ``rows`` are the trace records, in their order; ``seen`` their events, as far as they are at hand (``has_events`` says
    whether a log was read); ``told`` what the identity graph knows. ``values`` are what their country or zone is told by.
    """

    def __init__(
        self,
        project: Project,
        program: Program,
        texts: Texts,
        identity: Identity,
        ledger: Ledger,
        ids: Sequence[str],
        told: dict[str, Any],
    ) -> None:
        self.project = project
        self.program = program
        self.texts = texts
        self.identity = identity
        self.ledger = ledger
        self.ids = list(ids)
        self.told = told
        self.at: int | None = None
        self.rows: list[Row] = []
        self.seen: list[Seen] = []
        self.has_events = False
        self.erased = False
        self.values: dict[str, object] = {}
        # What became of a message by its key, where a store knows it.
        self.left: Mapping[str, Left] = {}
        # What journeys know of the person, and the words that left or are to leave, where they are at hand.
        self.record: Person | None = None
        self.sent: list[dict[str, Any]] = []
        self._by_cause: dict[Cause, Seen] = {}

    @property
    def id(self) -> str:
        """The id that the person bears now."""
        return self.ids[0]

    @property
    def number(self) -> int:
        """The number that the person bears now."""
        return int(self.ids[0][1:])

    def event(self, cause: Cause) -> Seen | None:
        """Return the event that a record names; None where it is not at hand."""
        if len(self._by_cause) != len(self.seen):
            self._by_cause = {one.cause: one for one in self.seen}
        return self._by_cause.get(cause)

    def contacts(self, at: int | None = None) -> list[tuple[str, str]]:
        """Return the addresses that the person held at ``at``, or holds now, each as (kind, value)."""
        store, kinds = self.identity.store, frozenset(KIND_OF_CHANNEL.values())
        found: dict[tuple[str, str], None] = {}
        people = [self.number] if at is None else [int(one[1:]) for one in self.ids]
        for number in people:
            for row in store.rows_ever(number):
                kind, value = store.ident(row.ident)
                since, until = store.when(row.since), store.when(row.until) if row.until else None
                is_there = not row.until if at is None else (since or 0) <= at and (until is None or until > at)  # fmt: skip
                if kind in kinds and value and is_there:
                    found[kind, value] = None
        return list(found)

    def words(self) -> list[Said]:
        """Return all that the person said about being written to, and what was said at their addresses."""
        return self.ledger.said(self.ids, [":".join(one) for one in self.contacts()])
