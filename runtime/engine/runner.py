"""Batches of a running project, with their receipts. Rule: what cannot be written waits, what makes the engine fail is set aside.

A batch that fails leaves nothing: the engine is made again from the store. Then its lines are taken one by one, and the one
that fails three times is parked, so that the others go on.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from functools import partial

from verbline.runtime.engine import cycles
from verbline.runtime.engine import engine as engines
from verbline.runtime.engine.engine import Engine
from verbline.runtime.engine.following import some
from verbline.runtime.engine.parking import FAILED
from verbline.runtime.engine.reading import Files, Stretch
from verbline.runtime.engine.receipts import Receipts
from verbline.runtime.events import NEVER
from verbline.runtime.follow.place import LogChangedError
from verbline.runtime.lines import LogError
from verbline.runtime.own import own_log
from verbline.runtime.standing import StoreError
from verbline.runtime.store.damage import DamagedError, understood
from verbline.runtime.store.writer import TakenError
from verbline.runtime.templates.faults import TemplateError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from verbline.runtime.engine.given import Given
    from verbline.runtime.engine.opened import Store
    from verbline.runtime.engine.outlets import Outlet
    from verbline.runtime.engine.telling import Telling

TRIES = 3
# How long something is waited for that cannot be written, in seconds.
PAUSE = 1.0
# What ends a run, and what may be over soon: a full disk, a file that somebody else holds, no room for a process.
STOPS = (TakenError, LogChangedError, DamagedError)
WAITS = (StoreError, LogError, OSError, TemplateError, MemoryError)
RUNG = "rung"  # how far the timers have fallen due by the clock


class Runner:
    """The batches of one run. ``outlet`` is where decisions go, ``clock`` gives the time.

    ``is_over`` ends the run behind the batch in hand. With ``is_patient`` what cannot be written is waited for. ``is_whole``
    says that the engine holds nothing that is not on the disk.
    """

    def __init__(
        self,
        given: Given,
        store: Store,
        outlet: Outlet,
        telling: Telling,
        clock: Callable[[], int],
    ) -> None:
        self.given, self.store, self.telling, self.clock = given, store, telling, clock
        self._outlet = outlet
        self.files = Files(given.log)
        self.is_over = False
        self.is_patient = True
        self.pause: Callable[[float], object] = time.sleep
        # What is to be done behind each batch, and what is begun while the disk is waited for.
        self.behind: Callable[[], object] = bool
        self._meanwhile: Callable[[], object] = bool
        self.engine = self.made()
        self.receipts = Receipts(own_log(given.log), self.files, store.writer.epoch)
        self.recall()
        self._is_waiting = False

    def made(self) -> Engine:
        """Return the engine as the store has it."""
        with understood(self.store.path):
            engine = Engine(self.store, self.given, self._outlet.leaving(), self.files)
        engine.heed = self._outlet.heed
        self.is_whole = True
        return engine

    def recall(self) -> None:
        """Know again what the store knows of earlier batches."""
        with understood(self.store.path, "kept"):
            self.receipts.recall(self.engine)
            self.rung = int(self.engine.value(RUNG) or NEVER)

    def take_over(self) -> None:
        """Let what is new in the project take effect for those who are there."""
        while not self.engine.is_taken:
            try:
                with self.batch():
                    self.engine.take_over()
                    self.receipts.versions(self.given.program)
            except STOPS:
                raise
            except WAITS as error:
                self.wait(error)

    def put_right(self) -> None:
        """Append the last receipts of the store to the log, where they are not there."""
        self.receipts.put_right()

    @property
    def floor(self) -> int:
        """Before which instant nothing new can be known: whatever was due until then has fallen due."""
        world = self.engine.world
        return max(world.now, self.rung + 1) if self.engine.kept else NEVER

    def stamp(self) -> int:
        """Return the instant of a reading."""
        return max(self.clock(), self.engine.world.now, self.rung + 1)

    # Batches

    @contextmanager
    def batch(self, fallen: int | None = None) -> Iterator[None]:
        """Let what happens inside be one batch, with its receipt; timers fall due in it up to ``fallen``, if any do."""
        engine, receipts = self.engine, self.receipts
        receipts.begin()
        rung = self.rung
        self.is_whole = False
        with engine.batch(partial(receipts.write, engine.leaving), receipts.wait, self._meanwhile):
            yield
            if fallen is not None:
                due = engine.world.next_due()
                fallen = fallen if due is None or due > fallen else due - 1
                rung = max(rung, fallen)
            receipts.keep(engine, receipts.event(fallen, self.clock()))
            engine.keep(RUNG, rung)
        self.is_whole = True
        self.rung = rung
        receipts.done()
        self.behind()

    def handle(self, stretches: Iterator[Stretch], meanwhile: Callable[[], object] = bool) -> int:
        """Let happen what is new, until there is no more or the run is to end; return how many lines that were."""
        count, self._meanwhile = 0, meanwhile
        while not self.is_over:
            taken = some(stretches, self.files, engines.TOGETHER)
            if not taken:
                break
            count += sum(len(one.items) for one in taken)
            while taken and not self.is_over:
                taken = self.attempt(partial(self.take, taken), partial(self.one_by_one, taken)) or []  # fmt: skip
        return count

    def take(self, taken: list[Stretch]) -> list[Stretch]:
        """Take some lines in one batch, and return those for which it had no room."""
        with self.batch():
            for place, stretch in enumerate(taken):
                if self.engine.room <= 0:
                    return taken[place:]
                start = self.files.places[stretch.file].offset
                left = self.engine.take(stretch)
                self.receipts.lines(stretch, start, self.files.places[stretch.file].offset)
                if left is not None:
                    return [left, *taken[place + 1 :]]
        return []

    def tick(self) -> None:
        """Let fall due what is due by the clock."""
        while not self.is_over:
            now, due = self.clock(), self.engine.world.next_due()
            if due is None or due > now:
                return
            self.attempt(partial(self.fire, now), partial(self.due_one_by_one, now + 1))

    def fire(self, now: int) -> None:
        """Let so much fall due in one batch as it has room for."""
        with self.batch(now):
            self.engine.fire(now + 1)

    # What fails

    def attempt(
        self, work: Callable[[], list[Stretch] | None], otherwise: Callable[[], None]
    ) -> list[Stretch] | None:
        """Do ``work``, or where the engine fails at it ``otherwise``; what cannot be written is tried again."""
        while True:
            try:
                found = work()
            except STOPS:
                raise
            except WAITS as error:
                self.wait(error)
            except Exception as error:  # noqa: BLE001 - whatever it was, the others go on
                self.telling.fail("a batch failed", error)
                self.again()
                otherwise()
                return None
            else:
                self.is_written()
                return found

    def wait(self, error: Exception) -> None:
        """Wait a moment for what could not be written, or give up."""
        if not self.is_patient or self.is_over:
            raise error
        if not self._is_waiting:
            self._is_waiting = True
            self.telling.warn("waiting", why=str(error))
        self.pause(PAUSE)
        self.again()

    def is_written(self) -> None:
        """Note that writing works."""
        if self._is_waiting:
            self._is_waiting = False
            self.telling.note("going on")

    def again(self) -> None:
        """Make the engine again from the store."""
        while True:
            try:
                self.engine = self.made()
            except (TakenError, DamagedError):
                raise
            except StoreError as error:
                if not self.is_patient or self.is_over:
                    raise
                self.telling.warn("waiting", why=str(error))
                self.pause(PAUSE)
            else:
                self.recall()  # what was written last counts, however far this had got
                cycles.anew()
                return

    def one_by_one(self, taken: list[Stretch]) -> None:
        """Take lines one after the other, and set aside what fails."""
        for stretch in taken:
            for one in self.singles(stretch):
                self.due_one_by_one(one.items[0].known)
                self.tried(partial(self.take, [one]), partial(self.set_aside, one))

    def singles(self, stretch: Stretch) -> Iterator[Stretch]:
        """Yield each line of a stretch as one."""
        for number, item in enumerate(stretch.items, 1):
            is_last = number == len(stretch.items)
            place = stretch.place if is_last else self.files.before(stretch.file, stretch.items[number])  # fmt: skip
            yield Stretch(stretch.file, [item], place)

    def due_one_by_one(self, until: int) -> None:
        """Let fall due what is due before ``until``, one after the other, and drop what fails."""
        while (due := self.engine.world.next_due()) is not None and due < until:
            self.tried(partial(self.fire_one, due), self.drop)

    def fire_one(self, due: int) -> None:
        """Let one person's timers fall due."""
        with self.batch(due):
            self.engine.world.fire_some(due + 1, 1)

    def tried(self, work: Callable[[], object], otherwise: Callable[[], None]) -> None:
        """Do ``work``, three times where it fails, then ``otherwise``."""
        left = TRIES
        while left:
            try:
                work()
            except STOPS:
                raise
            except WAITS as error:
                self.wait(error)
            except Exception as error:  # noqa: BLE001 - whatever it was, the others go on
                left -= 1
                self.telling.fail("tried in vain", error, left=left)
                self.again()
            else:
                return
        otherwise()

    def set_aside(self, one: Stretch) -> None:
        """Park a line that makes the engine fail."""
        item = one.items[0]
        with self.batch():
            self.engine.set_aside(one)
            self.receipts.apart(one.file, item.offset)
            start = item.offset
            self.receipts.lines(one, start, max(start, self.files.places[one.file].offset))
        self.telling.warn("parked", file=item.file, offset=item.offset, reason=FAILED.reason)  # fmt: skip

    def drop(self) -> None:
        """Drop the timer that makes the engine fail."""
        with self.batch():
            self.engine.drop()
        self.telling.warn("timer dropped")
