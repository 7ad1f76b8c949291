"""A run that looks at its log when it is told to, by a clock that is told too. Rule: a fault has its place."""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

from tests.sweeps.club import Place, by_moulds
from verbline.runtime.engine.following import Following
from verbline.runtime.engine.live import LOOK, Live
from verbline.runtime.engine.opened import LIVE, Store
from verbline.runtime.engine.telling import Telling


class Stepped:
    """The club of ``place`` at work; ``instant`` is what the clock shows."""

    def __init__(self, place: Place, instant: int) -> None:
        self.place, self.instant = place, instant
        self.store = Store(place.store, place.given.wanted(LIVE))
        try:
            place.given.take_up(self.store.journal)
            told = Telling(io.StringIO(), self._now)
            self.live = Live(place.source, self.store, told, self._now)
        except BaseException:
            self.store.close()
            raise
        self._following: Following | None = None
        # Called while hand-overs are waited for.
        self.waiting: Callable[[], object] = bool

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:  # fmt: skip
        if self._following is not None:
            self._following.close()
        self.live.close()
        self.store.close()

    def _now(self) -> int:
        return self.instant

    def look(self) -> None:
        """Take what is new in the log and what is due, the first time what stands there, and hand it over."""
        with by_moulds():
            self._look()

    def _look(self) -> None:
        runner = self.live.runner
        if self._following is None:
            self.live.begin()
            self.live.send()
            self._following = Following(runner.files, runner.stamp)
        runner.handle(self._following.stretches())
        runner.tick()
        while self.live.channels.is_busy():
            self.waiting()
            self.live._try_to_mend()
            time.sleep(LOOK)
        self.live._upkeep.append()

    @property
    def read(self) -> dict[str, int]:
        """How far each file was read, by its name."""
        return {one.name: one.offset for one in self.live.runner.files.places.values()}
