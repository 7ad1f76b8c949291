"""Processes that share the work. Rule: each does the same with a lot of its own, and what they tell each other are plain values.

A process is a copy of this one, as `fork` makes it; what it was given is there without being sent. Where one cannot go on,
all end, and the reason is raised here.
"""

from __future__ import annotations

import marshal
import os
import signal
from traceback import format_exc
from typing import Any

from verbline.runtime.lines import LogError
from verbline.runtime.lots.glimpse import NoWayError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from typing import TypeAlias

    # See `settled`; returns what it came to.
    Work: TypeAlias = Generator[Any, Any, Any]

SIZE = 8
DONE, NO_WAY, NO_LOG, FAILED = range(4)


def settled(mine: object, settle: Callable[[list[Any]], Any] | None) -> Work:
    """Return what follows from what all works say in this place: from ``mine``, and from what the others have said.

    The first work settles it, the others have no way to. To be had by ``yield from``.
    """
    if settle is None:
        return (yield mine)
    found = settle((yield mine))
    yield found
    return found


class Mate:
    """Another process, or this one as another sees it: what is told there, and what is heard from there."""

    __slots__ = ("_hear", "_tell", "pid")

    def __init__(self, hear: int, tell: int, pid: int) -> None:
        self._hear = open(hear, "rb")  # noqa: SIM115 - a pipe, closed by `close`
        self._tell = open(tell, "wb")  # noqa: SIM115
        self.pid = pid

    def tell(self, how: int, what: Any) -> None:
        """Send a plain value."""
        text = marshal.dumps((how, what))
        self._tell.write(len(text).to_bytes(SIZE, "big") + text)
        self._tell.flush()

    def hear(self) -> Any:
        """Return what was sent; raise what ended the process."""
        size = int.from_bytes(self._hear.read(SIZE), "big")
        text = self._hear.read(size) if size else b""
        if not text:
            raise ChildProcessError("A process that read a part of the log was ended by somebody.")
        how, what = marshal.loads(text)  # noqa: S302 - our own bytes
        if how == NO_WAY:
            raise NoWayError(what)
        if how == NO_LOG:
            raise LogError(what)
        assert how == DONE, what
        return what

    def close(self) -> None:
        """Close both ends."""
        self._hear.close()
        self._tell.close()


def together(works: Sequence[Callable[[], Work]]) -> list[Any]:
    """Return what each of ``works`` comes to: the first is done here, each other in a process of its own."""
    mates: list[Mate] = []
    try:
        for work in works[1:]:
            mates.append(begun(work, mates))
        return led(works[0](), mates)
    finally:
        for mate in mates:
            mate.close()
            ended(mate.pid)


def led(work: Work, mates: Sequence[Mate]) -> list[Any]:
    """Do ``work``, which settles what all have to know, and return what each came to."""
    told = None
    while True:
        try:
            mine = work.send(told)
        except StopIteration as end:
            return [end.value, *(mate.hear() for mate in mates)]
        found = work.send([mine, *(mate.hear() for mate in mates)])
        for mate in mates:
            mate.tell(DONE, found)
        told = None


def begun(work: Callable[[], Work], others: Sequence[Mate]) -> Mate:
    """Return a new process that does ``work``."""
    from_there, tell_here = os.pipe()
    from_here, tell_there = os.pipe()
    pid = os.fork()
    if pid:
        os.close(tell_here)
        os.close(from_here)
        return Mate(from_there, tell_there, pid)
    # Nothing of what the first process would do at its end may happen here.
    code = 1
    try:
        os.close(from_there)
        os.close(tell_there)
        for one in others:
            one.close()
        followed(work, Mate(from_here, tell_here, 0))
        code = 0
    finally:
        os._exit(code)
    raise AssertionError("a process has ended")


def followed(work: Callable[[], Work], first: Mate) -> None:
    """Do ``work``, and tell the first process what it asks for, and how it ends."""
    try:
        doing, told = work(), None
        while True:
            try:
                first.tell(DONE, doing.send(told))
            except StopIteration as end:
                first.tell(DONE, end.value)
                return
            told = first.hear()
    except NoWayError as error:
        first.tell(NO_WAY, str(error))
    except LogError as error:
        first.tell(NO_LOG, str(error))
    except Exception:  # noqa: BLE001 - the first process raises it
        first.tell(FAILED, format_exc())


def ended(pid: int) -> None:
    """Let a process end, which has nothing more to do."""
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def in_turn(works: Sequence[Callable[[], Work]]) -> list[Any]:
    """Return the same as `together`, done here, one after the other."""
    first, *others = (work() for work in works)
    told = None
    while True:
        said, ends = [], []
        for work in (first, *others):
            try:
                said.append(sent(work.send(told if work is not first else None)))
            except StopIteration as end:
                ends.append(end.value)
        if ends:
            assert not said, "all end at the same time"
            return ends
        told = sent(first.send(said))


def sent(what: Any) -> Any:
    """Return a plain value as it comes out of another process."""
    return marshal.loads(marshal.dumps(what))  # noqa: S302 - our own bytes
