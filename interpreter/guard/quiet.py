"""When nobody is disturbed. Rule: it is quiet while it is quiet in any window, and in any zone the person may be in."""

from __future__ import annotations

from verbline.interpreter.working import Windows
from verbline.interpreter.zones import DAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from verbline.interpreter.guard.policy import Span
    from verbline.interpreter.zones import Zone

# Windows that leave no gap for so long: the end found is good enough, it is looked at again then.
LONGEST = 8 * DAY


class Quiet:
    """The quiet of some windows in some zones. It keeps the stretch it was last asked about: time goes forward."""

    __slots__ = ("_answer", "_from", "_until", "_windows")

    def __init__(self, spans: Sequence[Span], zones: Sequence[Zone]) -> None:
        self._windows = [Windows(spans, zone) for zone in zones]
        self._from = self._until = 0
        self._answer: int | None = None

    def end_of(self, instant: int) -> int | None:
        """Return when the quiet that holds at ``instant`` is over; None where none holds."""
        if self._from <= instant < self._until:
            return self._answer
        end = self._end(instant)
        if (
            end is None or end - instant < LONGEST
        ):  # an end that is only good enough is nobody else's
            self._from, self._until, self._answer = instant, end or self._start(instant), end
        return end

    def time_between(self, start: int, end: int) -> int:
        """Return how many milliseconds of quiet there are from ``start`` to ``end``."""
        total, at = 0, start
        while at < end:
            over = self._end(at)
            total += min(over, end) - at if over is not None else 0
            at = over or self._start(at)
        return total

    def stretches(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield from when to when it is quiet, of all stretches that begin in the time from ``start`` to ``end``."""
        at = start
        while at < end:
            over = self._end(at)
            if over is not None:
                yield at, over
            at = over or self._start(at)

    def _end(self, instant: int) -> int | None:
        end = instant
        while end - instant < LONGEST:
            later = max((windows.end_of(end) or end for windows in self._windows), default=end)
            if later == end:
                break
            end = later
        return end if end > instant else None

    def _start(self, instant: int) -> int:
        """Return when it can be quiet again at the earliest, after ``instant``, at which it is not."""
        starts = [
            windows.zone.next_time(instant + 1, start)
            for windows in self._windows
            for start, _end in windows.spans
        ]
        return min(starts)
