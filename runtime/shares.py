"""People taken in shares, by as many processes. Rule: a process is a copy of this one, and what it comes to is what it would have come to here.

    what all have to know -> a copy of it each -> a share each -> put together

A copy costs next to nothing where the system can make one (`fork`); where it cannot, there is one share, taken here.
"""

from __future__ import annotations

import os
from array import array
from functools import partial
from traceback import format_exc
from typing import Any

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from typing import TypeAlias

    # A process, and where it tells what it came to.
    Helper: TypeAlias = "tuple[BaseProcess, Connection]"
    # Passes something on to whoever made the copy.
    Tell: TypeAlias = Callable[[bytes], None]

# More are not asked for: what all have to know first is done by one.
MOST = 8
# So many bytes say which task comes next, and a pipe holds so many of them.
TICKET, TICKETS_MAX = 2, 2_048
ENDED = "A process that took some of the work was ended from outside, perhaps for want of memory."


class EndedError(Exception):
    """A process was ended by somebody else, or went wrong; the text says what is known of it."""


def can_copy() -> bool:
    """Return whether the system can make a copy of a process."""
    return hasattr(os, "fork")


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def room() -> int:
    """Return how many processes can work at the same time."""
    return min(MOST, cores()) if can_copy() else 1


def taken(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Return what each of ``works`` comes to: the first is done here, each other in a copy of this process.

    What one of them raises is raised here, and then all others end.
    """
    helpers: list[Helper] = []
    try:
        helpers += [begun(work, done) for work in works[1:]]
        return [works[0](), *map(heard, helpers)]
    finally:
        for helper in helpers:
            ended(helper)


def each_taken(tasks: Sequence[Callable[[int], Any]], number: int) -> list[Any]:
    """Return what each of ``tasks`` comes to, done by so many processes: whoever is free takes the next one.

    A task is told the number of the process that does it; 0 is this one.
    """
    if number == 1 or len(tasks) > TICKETS_MAX:
        return [task(0) for task in tasks]
    queue, end = os.pipe()
    os.write(end, array("H", range(len(tasks))).tobytes())
    os.close(end)

    def work(place: int) -> dict[int, Any]:
        found = {}
        while ticket := os.read(queue, TICKET):
            (task,) = array("H", ticket)
            found[task] = tasks[task](place)
        return found

    try:
        parts = taken([partial(work, place) for place in range(number)])
    finally:
        os.close(queue)
    found = {task: told for part in parts for task, told in part.items()}
    return [found[task] for task in range(len(tasks))]


def streamed(work: Callable[[Tell], Any], take: Callable[[bytes], object]) -> Any:
    """Return what ``work`` comes to, which a copy of this process does; ``take`` is given here, meanwhile, what it tells.

    What it raises is raised here. It tells no empty bytes.
    """
    helper = begun(work, telling)
    try:
        while told := passed_on(helper):
            take(told)
        return heard(helper)
    finally:
        ended(helper)


def begun(work: Callable[..., Any], done: Callable[..., None]) -> Helper:
    """Return a copy of this process that does ``work`` in the way of ``done``."""
    from multiprocessing import get_context  # noqa: PLC0415 - whoever only counts cores does without

    context = get_context("fork")
    mine, theirs = context.Pipe(duplex=False)
    process = context.Process(target=done, args=(work, theirs), daemon=True)
    process.start()
    theirs.close()
    return process, mine


def done(work: Callable[[], Any], pipe: Connection) -> None:
    """Do ``work`` in a copy, and tell what it came to, or what it raised."""
    try:
        pipe.send((work(), None))
    except KeyboardInterrupt:
        pass  # whoever made the copy was told to stop too, and says so
    except Exception as error:  # noqa: BLE001 - whoever made the copy raises it
        error.add_note(format_exc())
        pipe.send((None, error))


def telling(work: Callable[[Tell], Any], pipe: Connection) -> None:
    """Do the same with ``work`` that tells something meanwhile; empty bytes say that nothing more is told."""

    def told_all() -> Any:
        try:
            return work(pipe.send_bytes)
        finally:
            pipe.send_bytes(b"")

    done(told_all, pipe)


def passed_on(helper: Helper) -> bytes:
    """Return what a copy tells next."""
    try:
        return helper[1].recv_bytes()
    except EOFError:
        raise EndedError(ENDED) from None


def heard(helper: Helper) -> Any:
    """Return what a copy came to; raise what it raised."""
    try:
        found, error = helper[1].recv()
    except EOFError:
        raise EndedError(ENDED) from None
    if error is not None:
        raise error
    return found


def ended(helper: Helper) -> None:
    """End a copy, whatever it is about."""
    process, pipe = helper
    process.kill()  # before the pipe is closed: nobody is to complain of that
    process.join()
    pipe.close()
