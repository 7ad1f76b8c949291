"""Who is next on one channel. Rule: a function of what waits, what flies and what time it is; no thread, no clock, no dice.

- What is urgent goes before what is not, and keeps a place free: of several places what is not urgent takes all but one.
- For one person, what is of one lane leaves in its order: the next waits for the answer to the one before.
- In no stretch of time of the length that the rate names does more leave than it says.
- A receiver that takes nothing is left alone for a while, longer each time; then one message goes ahead to try.

Instants here are milliseconds of a clock that never jumps.
"""

from __future__ import annotations

from verbline.runtime.channels.answers import Accepted, Later, Refused, Unknown
from verbline.runtime.channels.intent import RELAXED, URGENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

    from verbline.runtime.channels.answers import Answer
    from verbline.runtime.channels.intent import Intent

# How long is waited after a failure: less than this, doubled with each, and never more than an hour.
BASE, LONGEST = 2_000, 3_600_000
DOUBLINGS_MAX = 16
# A receiver that is left alone is tried again after minutes at the most.
PAUSE_MAX = 300_000
CAPACITY = 256


def backoff(failures: int, random: Random, longest: int = LONGEST) -> int:
    """Return how long to wait after so many failures in a row, in milliseconds: anything up to a bound that doubles."""
    bound = min(longest, BASE << min(failures, DOUBLINGS_MAX))
    return random.randint(0, bound)


def again_after(answer: Answer, attempts: int, random: Random) -> int:
    """Return how long to wait before the next attempt: what the receiver asked for and a little more, else by `backoff`.

    ``attempts`` counts those before this one.
    """
    if isinstance(answer, Later) and answer.after is not None:
        return answer.after + random.randint(0, min(BASE, answer.after // 10 + 1))
    return backoff(attempts, random)


class Pace:
    """How fast a channel goes: ``number`` messages in ``period`` milliseconds, however the two are shifted; None: at once.

    A tenth of the number may leave at once, the rest evenly, so that the promise holds for every stretch of time.
    """

    __slots__ = ("_burst", "_due", "_period", "_steps")

    def __init__(self, rate: tuple[int, int] | None) -> None:
        number, self._period = rate or (1, 0)
        burst = max(1, number // 10)
        # In one period come so many steps; time is counted in parts of a step so that nothing is rounded.
        self._steps = number - burst + 1
        self._burst = (burst - 1) * self._period
        self._due = 0

    def free_at(self) -> int:
        """Return the instant from which the next one may leave."""
        return -(-(self._due - self._burst) // self._steps)

    def leave(self, now: int) -> None:
        """Note that one leaves."""
        self._due = max(self._due, now * self._steps) + self._period


class Queue:
    """What waits on one channel, and what is under way. ``capacity`` is how many are kept of each lane."""

    __slots__ = (
        "_failures",
        "_flying",
        "_lanes",
        "_pace",
        "_paused",
        "capacity",
        "concurrency",
        "is_closed",
        "version",
    )

    def __init__(
        self,
        rate: tuple[int, int] | None = None,
        concurrency: int = 1,
        capacity: int = CAPACITY,
    ) -> None:
        self._pace = Pace(rate)
        self.concurrency = concurrency
        self.capacity = capacity
        self._lanes: dict[int, dict[str, Intent]] = {URGENT: {}, RELAXED: {}}
        self._flying: dict[str, Intent] = {}
        self._failures = 0
        self._paused = 0
        self.is_closed = False
        self.version = 0

    def __len__(self) -> int:
        """Return how many wait."""
        return sum(map(len, self._lanes.values()))

    @property
    def flying(self) -> int:
        """How many are under way."""
        return len(self._flying)

    def wants(self, lane: int) -> bool:
        """Return whether it is worth asking for more of a lane."""
        return not self.is_closed and len(self._lanes[lane]) <= self.capacity // 2

    def take(self, intents: Iterable[Intent], version: int) -> None:
        """Add what is not there yet, in its order, as far as there is room.

        ``version`` is that of the queue before anybody asked for them. Where something came back since, they may be out
        of date, and are not taken.
        """
        if version != self.version:
            return
        for intent in intents:
            lane = self._lanes[intent.lane]
            if len(lane) < self.capacity and intent.key not in self._flying:
                lane.setdefault(intent.key, intent)

    def next(self, now: int) -> Intent | None:
        """Return what leaves now, which is under way from here on; None where nothing may."""
        found = self._first_of_all()
        if found is None or now < self._paused or now < self._pace.free_at():
            return None
        del self._lanes[found.lane][found.key]
        self._flying[found.key] = found
        self._pace.leave(now)
        return found

    def claim(self, intent: Intent, now: int) -> bool:
        """Return whether an intent that does not wait here may leave at once; it is under way from here on.

        That is where a place is free for it, and nothing waits that would go first.
        """
        if self.is_closed or self._failures or now < self._paused or now < self._pace.free_at():
            return False
        urgent, relaxed = self._lanes[URGENT], self._lanes[RELAXED]
        if urgent or (relaxed and intent.lane == RELAXED) or not self._has_place(intent.lane):
            return False
        if intent.person and intent.person in self._busy(intent.lane):
            return False
        self._flying[intent.key] = intent
        self._pace.leave(now)
        return True

    def wake_at(self) -> int | None:
        """Return the instant from which `next` gives something though nobody answers; None where only that can help."""
        if self._first_of_all() is None:
            return None
        return max(self._paused, self._pace.free_at())

    def _first_of_all(self) -> Intent | None:
        """Return what would leave if time did not matter."""
        if self.is_closed:
            return None
        found = self._first(URGENT) if self._has_place(URGENT) else None
        if found is None and self._has_place(RELAXED):
            found = self._first(RELAXED)
        return found

    def _has_place(self, lane: int) -> bool:
        """Return whether one more of a lane may be under way."""
        if len(self._flying) >= (1 if self._failures else self.concurrency):
            return False
        relaxed = sum(one.lane == RELAXED for one in self._flying.values())
        return lane == URGENT or relaxed < max(1, self.concurrency - 1)

    def _busy(self, lane: int) -> set[str]:
        """Return who has something of a lane under way."""
        return {one.person for one in self._flying.values() if one.lane == lane and one.person}

    def _first(self, lane: int) -> Intent | None:
        """Return the first of a lane whose person has nothing under way in it."""
        busy = self._busy(lane)
        return next((one for one in self._lanes[lane].values() if one.person not in busy), None)

    def answered(self, key: str, answer: Answer, now: int, random: Random) -> None:
        """Take what became of something that was under way.

        What is not settled takes what waits for the same person and lane with it: whoever keeps them gives them again.
        """
        intent = self._flying.pop(key)
        if isinstance(answer, Later | Unknown):
            self._forget(intent)
        if isinstance(answer, Refused) and answer.closes:
            self.is_closed = True
        if isinstance(answer, Unknown) or (isinstance(answer, Later) and answer.all):
            self._pause(answer, now, random)
        elif isinstance(answer, Accepted | Refused):
            self._failures = 0

    def _forget(self, intent: Intent) -> None:
        self.version += 1
        lane = self._lanes[intent.lane]
        for behind in [one.key for one in lane.values() if one.person == intent.person]:
            del lane[behind]

    def dropped(self, key: str) -> None:
        """Take back what was under way and is not sent after all."""
        self._forget(self._flying.pop(key))

    def _pause(self, answer: Answer, now: int, random: Random) -> None:
        """Leave the receiver alone for a while."""
        asked = answer.after if isinstance(answer, Later) else None
        wait = asked if asked is not None else backoff(self._failures, random, PAUSE_MAX)
        # Several that were under way at once and failed together are one failure.
        self._failures += now >= self._paused
        self._paused = max(self._paused, now + wait)
