"""Where decisions go. Rule: a rehearsal has a file and no channel; a running project has its outbox and its couriers."""

from __future__ import annotations

from contextlib import suppress
from typing import Protocol

from verbline.runtime.channels.dispatch import MAIL, Dispatch
from verbline.runtime.channels.dispatch import Project as Ways
from verbline.runtime.channels.intent import RELAXED, URGENT
from verbline.runtime.channels.links import kept_key
from verbline.runtime.channels.making import links_of
from verbline.runtime.consent.keys import NoKeyError
from verbline.runtime.events import NEVER
from verbline.runtime.leaving.leaving import Leaving
from verbline.runtime.leaving.making import Kit, anew, live, rehearsed
from verbline.runtime.leaving.rows import Rows
from verbline.runtime.own import own_log
from verbline.runtime.standing import StoreError
from verbline.runtime.store.damage import DamagedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from verbline.runtime.channels.intent import Intent
    from verbline.runtime.channels.links import Links
    from verbline.runtime.engine.given import Given
    from verbline.runtime.engine.opened import Store
    from verbline.runtime.events import Event
    from verbline.runtime.store.writer import Writer

# What is added to the name of a store.
KEY, INTENTS = ".links", ".intents.jsonl"


class KeylessError(StoreError):
    """Addresses were erased from a ledger whose key the run was not given: nobody can be written to."""


class Outlet(Protocol):
    """Where decisions go."""

    def leaving(self) -> Leaving:
        """Return what takes decisions, with nothing in it."""
        ...

    def heed(self, event: Event, now: int) -> bool:
        """Do what an operator decided about something that was to leave; return whether there was such a thing."""
        ...


class File:
    """The file of intents beside the store of a rehearsal."""

    def __init__(self, given: Given, store: Store) -> None:
        self.path = store.path.with_name(store.path.name + INTENTS)
        self._store = store
        # Its links lead nowhere, so they need no secret of the project's.
        links = given.settings.links.model_copy(update={"key": None, "old": ()})
        made = links_of(links, given.folder, given.environment, key_of(store)) if links.base else None  # fmt: skip
        self.kit = Kit(given.project, given.program, given.settings, given.folder, made)

    def leaving(self) -> Leaving:
        """Return what takes decisions."""
        return rehearsed(self.kit, self._store.writer, self.path)

    def close(self) -> None:
        """End the process that renders."""
        self.kit.close()


class Channels:
    """The outbox of a running project, its couriers, and the runtime's own log.

    ``clock`` gives the time; ``ids`` all ids that somebody has had, by one of them. `SecretError` or `AdapterError` where a
    channel cannot be made.
    """

    def __init__(
        self,
        given: Given,
        store: Store,
        clock: Callable[[], int],
        ids: Callable[[str], tuple[str, ...]],
    ) -> None:
        self._given, self._store, self._clock = given, store, clock
        self._is_sending = False
        self.kept = key_of(store)
        self.kit = Kit(
            given.project, given.program, given.settings, given.folder, links_in(given, self.kept)
        )
        own = own_log(given.log)
        self._leaving, self.rows = live(self.kit, store.writer, store.ledger, own, clock, ids)
        self.dispatch = Dispatch(self._ways(), given.settings, self.rows.outbox, clock)

    def _ways(self) -> Ways:
        """Return which channels and desks there are."""
        given = self._given
        program = given.program
        used = {one for journey in program.journeys.values() for one in journey.channels}
        used |= {one for purpose in program.purposes.values() for one in purpose.channels}
        used |= {MAIL} & given.settings.channels.keys()
        return Ways(sorted(used), sorted(program.desks), given.folder, given.environment, self.kept)

    def leaving(self) -> Leaving:
        """Return what takes decisions, with nothing in it; what a batch had claimed that was taken back is given back."""
        self.rows.claims.undo()
        self._leaving = anew(self.kit, self.rows, self._store.ledger, self._clock)
        return self._leaving

    def heed(self, event: Event, now: int) -> bool:
        """Do what an operator decided about something that was to leave; return whether there was such a thing."""
        return self.rows.heed(event, now)

    def recover(self) -> int:
        """Note what was under way when the last run ended, and return how much that was."""
        return self.rows.recover(self._repeatable(), self._clock())

    def _repeatable(self) -> dict[str, str]:
        couriers = self.dispatch.couriers.items()
        return {name: courier.channel.declares.repeatable for name, courier in couriers}

    def is_busy(self) -> bool:
        """Return whether something may leave now, or is on its way."""
        outbox, now = self.rows.outbox, self._clock()
        couriers = self.dispatch.couriers.items()
        at_work = [name for name, one in couriers if one.state in ("open", "failed")]
        # Both at one moment: what is taken in between would be neither.
        with self._store.writer.reading() as connection:
            query = "select distinct channel from outbox where state = 'sending'"
            under_way = {name for (name,) in connection.execute(query)}
            return not under_way.isdisjoint(at_work) or any(
                outbox.due(name, lane, now, 1) for name in at_work for lane in (URGENT, RELAXED)
            )

    def mend(self) -> list[str]:
        """Let couriers begin again that failed and have ended, and return their names.

        What they had under way is noted as after a crash: that it was answered may not have been written down. `DamagedError`
        where they could not read what is to leave, `KeylessError` where they could not ask the ledger.
        """
        couriers = self.dispatch.couriers.items()
        failed = [name for name, one in couriers if one.state == "failed" and one.has_ended]
        for name in failed:
            fault = self.dispatch.couriers[name].fault
            if isinstance(fault, DamagedError):
                raise fault
            if isinstance(fault, NoKeyError):
                raise KeylessError(f'"{self._store.path}": {fault}.') from fault
            self._give_back(name)
            self.rows.recover(self._repeatable(), self._clock(), name)
            self.dispatch.renew(name)
        return failed

    def _give_back(self, name: str) -> None:
        """Let what was claimed and never handed over on a channel be ready again."""
        left = self.dispatch.couriers[name].left()
        if left:
            self.rows.outbox.give_back(left, self._clock())

    def close(self, seconds: float) -> bool:
        """Let the couriers end, and return whether they did in time."""
        self.kit.close()
        self.rows.claims.undo()
        self.rows.claims.carriers = None
        if self._is_sending:
            ended = self.dispatch.stop(seconds)
            with suppress(StoreError):  # then it is unknown, as after a crash
                for name in self.dispatch.couriers:
                    self._give_back(name)
            return ended
        for courier in self.dispatch.couriers.values():
            courier.channel.close()
        return True

    def send(self) -> None:
        """Let the couriers begin."""
        self._is_sending = True
        self.dispatch.start()
        self.rows.claims.carriers = self.dispatch


class Remembered(Rows):
    """Rows of which it is known by their keys what became of them: ``states``."""

    def __init__(self, writer: Writer, own: Path, states: Mapping[str, str]) -> None:
        super().__init__(writer, own)
        self._states = states

    def put(self, intents: Iterable[Intent]) -> int:
        """Add intents, each in the state that it was in."""
        listed = list(intents)
        count = super().put(listed)
        for one in listed:
            state = self._states.get(one.key)
            if state is not None:
                self.outbox.recall(one.key, state, None, one.at)
        return count


class Past:
    """The outbox of a store that is made again, and of which it is known what became of what was in it: nothing leaves.

    ``path`` is where the store belongs, ``now`` what the clock showed when something was decided, where that is known.
    """

    def __init__(self, given: Given, store: Store, path: Path, states: Mapping[str, str]) -> None:
        self.now: int | None = None
        links = links_in(given, kept_key(path.with_name(path.name + KEY)))
        self.kit = Kit(given.project, given.program, given.settings, given.folder, links)
        self.rows = Remembered(store.writer, own_log(given.log), states)
        self._ledger = store.ledger

    def leaving(self) -> Leaving:
        """Return what takes decisions."""
        return anew(self.kit, self.rows, self._ledger, self._clock)

    def _clock(self) -> int:
        return NEVER if self.now is None else self.now

    def heed(self, event: Event, now: int) -> bool:
        """Do what an operator decided about something that was to leave; return whether there was such a thing."""
        return self.rows.heed(event, now)

    def close(self) -> None:
        """End the process that renders."""
        self.kit.close()


def links_in(given: Given, kept: str) -> Links | None:
    """Return what makes links, None where the settings name no base."""
    return links_of(given.settings.links, given.folder, given.environment, kept)


def key_of(store: Store) -> str:
    """Return the key of links that the runtime made for itself, in the file beside the store."""
    path: Path = store.path
    return kept_key(path.with_name(path.name + KEY))
