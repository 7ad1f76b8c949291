"""Signs of life of a running project. Rule: whoever asks how it is reads them in the store, or as numbers; nobody has to ask the process."""

from __future__ import annotations

import json
import time
from contextlib import suppress

from verbline.runtime.standing import StoreError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from verbline.runtime.engine.engine import Engine
    from verbline.runtime.engine.opened import Store
    from verbline.runtime.engine.outlets import Channels
    from verbline.runtime.metrics import Metrics

# How often a sign of life is written, in seconds, and by what name the last one stands in the store.
PULSE, NAME = 10.0, "pulse"


class Pulse:
    """Writes signs of life into ``store``, and ``metrics`` where somebody wants the numbers."""

    def __init__(self, store: Store, clock: Callable[[], int], metrics: Metrics | None) -> None:
        self._store = store
        self._clock = clock
        self._metrics = metrics
        self._next = 0.0

    def beat(self, engine: Engine, channels: Channels, *, degraded: bool) -> None:
        """Write a sign of life where it is time for one; ``degraded`` says that only the clock looks after the log."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + PULSE
        states = channels.dispatch.states
        told = {"at": self._clock(), "is_degraded": degraded, "couriers": states}
        with suppress(StoreError), self._store.writer.writing():
            self._store.standing.keep({NAME: json.dumps(told)})
        if self._metrics is not None:
            self._metrics.stands(
                events=engine.counts["events"],
                parked={
                    name.removeprefix("parked "): number
                    for name, number in engine.counts.items()
                    if name.startswith("parked ")
                },
                behind=max(0, self._clock() - engine.world.now) / 1000,
                timers=len(engine.world.alarms),
                people=sum(one is not None for one in engine.world.numbered),
                outbox=channels.rows.outbox.counts(),
                channels=states,
                degraded=degraded,
            )
