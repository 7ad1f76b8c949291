"""What is put in order behind batches. Rule: nothing of it is in the way of what comes; it waits until there is time, or too much waits.

Behind a batch its records are to be brought to the rows of the people, what it had to tell to the runtime's own log, and now
and then all that was written in batches to where others find it who look into the store.
"""

from __future__ import annotations

import time

from verbline.runtime.engine.engine import FOLDED
from verbline.runtime.lines import LogError
from verbline.runtime.standing import StoreError
from verbline.runtime.store.damage import DamagedError
from verbline.runtime.store.writer import TakenError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.runtime.engine.outlets import Channels
    from verbline.runtime.engine.runner import Runner
    from verbline.runtime.engine.telling import Telling

# After how many seconds in which nothing came what was written is brought to where others find it, and how long that waits at most.
QUIET, SETTLED = 1.0, 60.0
# How often the runtime's own log is written while lines come, in seconds: what is told together waits for the disk once; and
# how often where there were lines at each look, which wait meanwhile.
TOLD, BUSY = 0.1, 0.5
# How often old rows leave the outbox, in seconds.
TIDIED = 3_600.0
# So many batches may wait to be brought to the rows of the people while there is no time for it.
BEHIND = 8 * FOLDED
# Behind so many batches what stands beside the file is brought into it, so that its room is used again.
OVER = 200


class Upkeep:
    """The upkeep of what ``runner`` writes. ``is_sending`` says that messages leave, so that time counts."""

    def __init__(self, runner: Runner, channels: Channels, telling: Telling) -> None:
        self.is_sending = False
        self._runner, self._rows, self._telling = runner, channels.rows, telling
        self._unfolded = self._beside = 0
        self._told = 0.0
        self._last = self._settled = time.monotonic()
        self._tidied = -TIDIED
        self._is_mute = self._is_unsettled = False

    def behind(self) -> None:
        """Do what is due behind each batch."""
        self._unfolded += 1
        self._beside += 1
        self._is_unsettled, self._last = True, time.monotonic()
        if not self.is_sending:
            self.append()
        if self._unfolded >= (BEHIND if self.is_sending else FOLDED):
            self._fold()

    def tell(self, *, is_busy: bool = False) -> None:
        """Append to the log what is to be told, unless that was done just now; ``is_busy`` says that lines come and come."""
        now = time.monotonic()
        if now >= self._told + (BUSY if is_busy else TOLD):
            self._told = now
            self.append(is_busy=is_busy)

    def append(self, *, is_busy: bool = False) -> None:
        """Append to the log what is to be told; what cannot be appended now is appended later.

        Receipts that are held wait longer where lines come and come: they go with what leaves next, or once they are many.
        """
        try:
            if not is_busy:
                self._runner.receipts.flush()
            self._rows.append()
        except (TakenError, DamagedError):
            raise
        except (LogError, StoreError) as error:
            if not self._is_mute:
                self._telling.warn("the runtime's own log cannot be written", why=str(error))
            self._is_mute = True
        else:
            self._is_mute = False

    def rest(self) -> float | None:
        """Put something in order, now that nothing else is to be done; return how many seconds may be waited for what comes.

        None where there may be more to put in order.
        """
        if self._unfolded >= FOLDED and self._fold():
            return None
        if self._beside >= OVER and self.bring_over():
            return None
        now = time.monotonic()
        if self._is_unsettled and now >= min(self._last + QUIET, self._settled + SETTLED):
            self.settle()
        waits = [SETTLED]
        if self._rows.lines.is_some or self._runner.receipts.held:
            waits.append(self._told + TOLD - now)
        if self._is_unsettled:
            waits.append(self._last + QUIET - now)
        return max(0.0, min(waits))

    def settle(self) -> None:
        """Bring what was written in batches to where others find it, who look into the store."""
        self._runner.attempt(lambda: self._runner.engine.settle(), nothing)  # noqa: PLW0108 - it is made anew
        self._is_unsettled, self._settled = False, time.monotonic()
        self._unfolded = 0
        self._tidy()

    def _tidy(self) -> None:
        """Let leave the outbox what was over so long ago that nobody asks any more, now and then."""
        now = time.monotonic()
        if now < self._tidied + TIDIED:
            return
        self._tidied = now
        keep = self._runner.given.settings.outbox.keep
        try:
            self._rows.outbox.leave(self._runner.clock() - keep)
        except (TakenError, DamagedError):
            raise
        except StoreError:
            return  # the next time

    def close(self) -> None:
        """Tell what is to be told, and leave nothing behind."""
        self._runner.receipts.flush()
        self._rows.append()
        if self._is_unsettled and self._runner.is_whole:
            self._runner.engine.settle()

    def bring_over(self) -> bool:
        """Bring what stands beside the file of the store into it; return whether that worked: a full disk leaves it for later."""
        self._beside = 0
        try:
            self._runner.store.writer.bring_over()
        except (TakenError, DamagedError):
            raise
        except StoreError:
            return False
        return True

    def _fold(self) -> bool:
        """Move some batches to where people are found, and return whether there were any; a full disk leaves them for later."""
        try:
            moved = self._runner.engine.fold(FOLDED)
        except (TakenError, DamagedError):
            raise
        except StoreError:
            return False
        self._unfolded = max(0, self._unfolded - FOLDED)
        return bool(moved)


def nothing() -> None:
    """Do nothing."""
