"""Moments that do not come as often as they are expected, while a project runs. Rule: each silence is told once, and taken back when it is over.

What has come before is read from the end of the log, once; what comes later is counted as it comes. When next to look follows
from what has come, so nothing is reckoned for each event.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from verbline.interpreter.heartbeats import heartbeats
from verbline.runtime.backwards import Wanted, came
from verbline.runtime.events import Event
from verbline.runtime.health import beat_of, listed
from verbline.runtime.leaving.leaving import take_back
from verbline.runtime.leaving.silence import Silence
from verbline.runtime.own import own_log

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from verbline.interpreter.heartbeats import Heartbeat
    from verbline.runtime.engine.given import Given
    from verbline.runtime.engine.opened import Store
    from verbline.runtime.engine.outlets import Channels
    from verbline.runtime.engine.reading import Files, Stretch
    from verbline.runtime.engine.telling import Telling
    from verbline.runtime.health import Beat

# By what name it is kept of which moments it was told that they are silent, with the keys of what was told.
SILENT = "silent"
KEPT = "select value from known where name = ?"


class Watch(NamedTuple):
    """What is expected of a moment, and the latest that ``came``."""

    beat: Heartbeat
    came: Wanted

    def note(self, event: Event) -> None:
        """Note that it came."""
        found, number = self.came.came, self.beat.number
        found[event.source, event.id] = event.happened
        if len(found) > 2 * number + 8:
            latest = sorted(found.items(), key=lambda one: one[1])[-number:]
            found.clear()
            found.update(latest)


class Beats:
    """The moments of which something is expected in a project at work. ``clock`` gives the time."""

    def __init__(
        self,
        given: Given,
        store: Store,
        channels: Channels,
        telling: Telling,
        clock: Callable[[], int],
    ) -> None:
        self._given, self._store, self._channels = given, store, channels
        self._telling, self._clock = telling, clock
        self._silence = Silence(given.project, given.program, channels.kit.owners)
        self._watches: dict[str, Watch] = {}
        self._begun: int | None = None
        self._next = 0
        row = store.writer.connection.execute(KEPT, (SILENT,)).fetchone()
        self._told: dict[str, list[str]] = json.loads(row[0]) if row else {}

    def heard(self, stretches: Iterator[Stretch], files: Files) -> Iterator[Stretch]:
        """Yield all that is new, and note what comes of that which is expected."""
        if not self._watches:
            yield from stretches
            return
        own = own_log(self._given.log).name
        for stretch in stretches:
            if files.places[stretch.file].name != own:
                self._note(one for one in stretch.items if isinstance(one, Event))
            yield stretch

    def _note(self, events: Iterable[Event]) -> None:
        moments_of = self._given.program.moments_of
        for event in events:
            for moment in moments_of(event.source if event.sourced else "", event.type):
                watch = self._watches.get(moment.name)
                if watch is not None:
                    watch.note(event)
                    if moment.name in self._told:
                        self._next = 0

    def look(self, files: Files) -> None:
        """Tell of moments that are silent since the last look, and take back what was told of those that came again. `LogError`."""
        now = self._clock()
        if now < self._next:
            return
        begun = self._begin(files, now) if self._begun is None else self._begun
        found = {one.beat.moment: self._beat(one, begun, now) for one in self._watches.values()}
        silent = {name: one for name, one in found.items() if one.is_silent}
        if silent.keys() != self._told.keys():
            self._tell(silent, now)
        self._next = min((self._due(one, begun, now) for one in self._watches.values()), default=1 << 62)  # fmt: skip

    def _begin(self, files: Files, now: int) -> int:
        """Read what came last, and return behind which instant all is known."""
        work = self._given.program.work
        self._watches = {
            one.moment: Watch(one, Wanted(one.number, one.since(now, work)))
            for one in heartbeats(self._given.project)
        }
        begun = now
        if self._watches:
            wanted = {name: one.came for name, one in self._watches.items()}
            log = listed(self._given.log, files.places)
            begun = came(log, self._given.program, wanted, now)
        self._begun = begun
        return begun

    def _beat(self, watch: Watch, begun: int, now: int) -> Beat:
        """Return what came of a moment of late."""
        since = watch.beat.since(now, self._given.program.work)
        latest = {cause: at for cause, at in watch.came.came.items() if at >= since}
        wanted = Wanted(watch.beat.number, since)
        wanted.came = latest
        return beat_of(watch.beat, wanted, self._given.program, min(begun, now), now)

    def _due(self, watch: Watch, begun: int, now: int) -> int:
        """Return when a moment can be silent next; one that is told of is looked at when it comes."""
        if watch.beat.moment in self._told:
            return 1 << 62
        latest = sorted(watch.came.came.values())[-watch.beat.number :]
        base = latest[0] if len(latest) == watch.beat.number else begun
        return max(now, watch.beat.until(base, self._given.program.work)) + 1

    def _tell(self, silent: dict[str, Beat], now: int) -> None:
        """Let what is told leave, and keep of what; or nothing of that. `StoreError`."""
        rows = self._channels.rows
        told = {name: keys for name, keys in self._told.items() if name in silent}
        new = {name: self._silence.told(one, now) for name, one in silent.items() if name not in told}  # fmt: skip
        told |= {name: [one.key for one in intents] for name, intents in new.items()}
        over = {name: keys for name, keys in self._told.items() if name not in silent}
        with self._store.writer.writing():
            rows.outbox.put([one for intents in new.values() for one in intents])
            for keys in over.values():
                for key in keys:
                    take_back(rows, key, now, now)
            self._store.standing.keep({SILENT: json.dumps(told)})
        self._told = told
        for name, intents in new.items():
            self._telling.warn("silent", moment=name, told=[one.channel for one in intents])
        for name in over:
            self._telling.note("not silent any more", moment=name)
        self._channels.dispatch.wake()
