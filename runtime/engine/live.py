"""A project at work: first what stands in the log, then what comes. Rule: nothing leaves before all that stands there was heard.

    backlog, on its own time -> timers that are due by now -> couriers -> lines as they come, timers as they fall due

So what was withdrawn in the meantime is not sent, and what is no longer fresh by now is not either.
"""

from __future__ import annotations

import signal
import time
from contextlib import suppress
from functools import partial

from verbline.runtime.channels.making import AdapterError
from verbline.runtime.engine import cycles
from verbline.runtime.engine.ahead import Ahead
from verbline.runtime.engine.beats import Beats
from verbline.runtime.engine.engine import REWRITE, TOGETHER
from verbline.runtime.engine.following import Following
from verbline.runtime.engine.outlets import Channels, KeylessError
from verbline.runtime.engine.pulse import Pulse
from verbline.runtime.engine.reading import Backlog, is_empty
from verbline.runtime.engine.runner import Runner
from verbline.runtime.engine.saved import read_anew
from verbline.runtime.engine.upkeep import Upkeep
from verbline.runtime.follow.wake import Wake, watch_of
from verbline.runtime.lines import LogError
from verbline.runtime.settings.secret import SecretError
from verbline.runtime.standing import StoreError
from verbline.runtime.store.damage import DamagedError
from verbline.runtime.store.writer import TakenError
from verbline.runtime.templates.faults import TemplateError
from verbline.runtime.uptake.saved import Saved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import FrameType

    from verbline.interpreter.program.program import Program
    from verbline.runtime.engine.engine import Engine
    from verbline.runtime.engine.given import Given
    from verbline.runtime.engine.opened import Store
    from verbline.runtime.engine.saved import Source
    from verbline.runtime.engine.telling import Telling
    from verbline.runtime.log import Counts

# How long hand-overs may take at the end, in seconds.
AT_END = 30.0
# How often is looked at what changes seldom, in seconds.
LOOKS = 1.0
# How long is waited between two looks whether hand-overs have ended, and how often all is gone through with --once.
LOOK, ROUNDS = 0.02, 20
# With --once couriers that fail begin again so often in all.
MENDS_MAX = 10
NOT_LEFT = (
    'What is ready to leave cannot be noted in "{path}", so it stays there: the next run sends it.'
)


class Live:
    """One run of what ``source`` gave and was taken up. ``progress`` is called while what stands in the log is taken."""

    def __init__(
        self,
        source: Source,
        store: Store,
        telling: Telling,
        clock: Callable[[], int],
        progress: Callable[[Counts], object] = bool,
    ) -> None:
        self.store, self.telling, self.clock = store, telling, clock
        self._source = source
        self._progress = progress
        self._saved = Saved(source.names)
        self._counts: Counts | None = None
        self._looks = 0.0
        self._pulse = Pulse(store, clock, source.given.metrics)
        self._is_sending = self._is_over = False
        self._make(source.given)

    def _make(self, given: Given) -> None:
        """Put together what runs."""
        self.given = given
        self.channels = Channels(given, self.store, self.clock, self._ids)
        try:
            self.runner = Runner(given, self.store, self.channels, self.telling, self.clock)
        except BaseException:
            self.channels.close(0)
            raise
        self._beats = Beats(given, self.store, self.channels, self.telling, self.clock)
        self._upkeep = Upkeep(self.runner, self.channels, self.telling)
        self.runner.behind = self._behind
        self.runner.is_over = self._is_over

    @property
    def engine(self) -> Engine:
        """The engine, as it is now."""
        return self.runner.engine

    def _ids(self, person: str) -> tuple[str, ...]:
        """Return all ids that somebody has had, the one they bear now first."""
        graph = self.engine.feed.graph
        number = graph.now(int(person[1:]))
        return tuple(f"P{one}" for one in (number, *sorted(graph.links.leaves(number) - {number})))

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """End behind the transaction in hand; the second time at once."""
        self._is_over = self.runner.is_over = True
        for one in (signal.SIGTERM, signal.SIGINT):
            signal.signal(one, signal.SIG_DFL)

    def close(self) -> None:
        """Let what is under way end, and write down what came of it."""
        ended = self.channels.close(AT_END)
        with suppress(StoreError, LogError):  # whoever was taken over from writes nothing more
            self._upkeep.close()
        self.runner.receipts.close()
        self.telling.note("stopped", hand_overs_ended=ended)

    # What both ways of running begin with

    def begin(self) -> None:
        """Bring log and store to where the last run was, and take what stands in the log."""
        runner = self.runner
        runner.put_right()
        unknown = self.channels.recover()
        self.channels.rows.append()
        self.telling.note("started", batches=runner.receipts.number, unknown=unknown)
        if self.engine.value(REWRITE):
            self.engine.settle()
        runner.take_over()
        self.catch_up()
        self._look_for_silence()

    def catch_up(self) -> int:
        """Take what stands in the log and is new, and what is due by now; return how many lines that were."""
        if is_empty(self.given.log):
            return 0
        runner = self.runner
        backlog = Backlog(runner.files, now=self.clock(), floor=runner.floor)
        self._counts = backlog.counts
        with Ahead(backlog.stretches(), TOGETHER) as ahead:
            taken = runner.handle(ahead, ahead.begin)
        runner.tick()
        if taken:
            self._upkeep.settle()
        self.telling.note("caught up", lines=taken)
        return taken

    def _behind(self) -> None:
        """Do what is due behind each batch."""
        self._upkeep.behind()
        if not self._is_sending and self._counts is not None:
            self._progress(self._counts)

    # Until told to stop

    def follow(self) -> None:
        """Take lines as they come and timers as they fall due, until the run is to end."""
        self._upkeep.bring_over()
        self.send()
        folder = self.runner.files.folder
        quiet = written_beside(self.store.path, folder)
        with Wake(folder, watched=partial(watch_of, quiet=quiet)) as wake:
            while not self._is_over:
                self._follow(wake)

    def _follow(self, wake: Wake) -> None:
        """Do so until the run is to end, or another version of the project was taken up."""
        runner = self.runner
        runner.pause = wake.wait
        following = Following(runner.files, runner.stamp, wake.moved)
        try:
            while not runner.is_over:
                taken = runner.handle(self._beats.heard(following.stretches(), runner.files))
                runner.tick()
                self._upkeep.tell(is_busy=taken > 0)
                if self._is_time() and self._look_around(wake, following):
                    return
                if not taken:
                    self._rest(wake)
        finally:
            following.close()

    def take_up(self) -> bool:
        """Take up the project as it was saved, where it can be, else the last one stays; return whether the engine was made anew."""
        people = self.engine.world.numbered
        given = read_anew(self._source, self.store, people, self.telling)
        if given is None:
            return False
        before = self.given
        self.channels.close(AT_END)
        self._upkeep.append()
        self.runner.receipts.close()
        try:
            self._make(given)
        except (AdapterError, SecretError, TemplateError) as error:
            self.telling.warn("not taken up", why=str(error).splitlines())
            self._make(before)
        else:
            self.runner.take_over()
            self.telling.note("taken up", versions=versions_of(given.program))
        if self._is_sending:
            self.send()
        cycles.anew()
        return True

    def send(self) -> None:
        """Let the couriers begin."""
        self._is_sending = self._upkeep.is_sending = self.runner.receipts.may_hold = True
        self.channels.send()

    def _rest(self, wake: Wake) -> None:
        """Put in order what was written, then wait for a line, a timer, or until there is something to tell."""
        longest = self._upkeep.rest()
        if longest is not None:
            due = self.engine.world.next_due()
            wake.wait(longest if due is None else min(longest, (due - self.clock()) / 1000))

    def _is_time(self) -> bool:
        """Return whether it is time to look around: once a second."""
        now = time.monotonic()
        if now < self._looks:
            return False
        self._looks = now + LOOKS
        return True

    def _look_around(self, wake: Wake, following: Following) -> bool:
        """Look after files and couriers, write a sign of life now and then, and return whether another version was taken up."""
        following.settle()
        cycles.settle()
        self._try_to_mend()
        self._look_for_silence()
        self._pulse.beat(self.engine, self.channels, degraded=wake.degraded)
        return self._saved.is_new(self.clock()) and self.take_up()

    def _mend(self) -> int:
        """Let couriers begin again that failed, and return how many did."""
        mended = self.channels.mend()
        for name in mended:
            self.telling.warn("a courier had failed and begins again", channel=name)
        return len(mended)

    def _try_to_mend(self) -> None:
        """Do so, or at the next look where a full disk does not let it be noted what they had under way."""
        try:
            self._mend()
        except StoreError as error:
            if isinstance(error, (TakenError, DamagedError, KeylessError)):
                raise

    def _look_for_silence(self) -> None:
        """Tell of moments that do not come, or at the next look where that cannot be written now."""
        try:
            self._beats.look(self.runner.files)
        except (StoreError, LogError) as error:
            if isinstance(error, (TakenError, DamagedError)):
                raise

    # Once

    def once(self) -> None:
        """Hand over what is due, and take what comes of it, until nothing is left that is due now."""
        self.send()
        mended = 0
        for _ in range(ROUNDS):
            while self.channels.is_busy() and not self.runner.is_over:
                mended += self._mend()
                if mended > MENDS_MAX:
                    raise StoreError(NOT_LEFT.format(path=self.store.path))
                time.sleep(LOOK)
            self.channels.rows.append()
            if self.runner.is_over or not self.catch_up():
                break
        self._upkeep.settle()
        self._pulse.beat(self.engine, self.channels, degraded=False)


def written_beside(store: Path, folder: Path) -> list[str]:
    """Return the names of the files that a ``store`` consists of, where they stand in ``folder``."""
    if store.parent.resolve() != folder.resolve():
        return []
    return [store.name + end for end in ("", "-wal", "-shm")]


def versions_of(program: Program) -> dict[str, str]:
    """Return the version of each journey."""
    return {name: one.version for name, one in program.journeys.items()}
