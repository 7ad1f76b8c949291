"""How long may take what a test waits for. Rule: what does not end is ended, and the test says so.

A child that was forked bears its limit itself, so nobody has to look after it: the alarm ends it whatever it waits for and
whatever it tries again.
"""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

# In seconds; nothing takes a tenth of that where nothing is wrong.
LONGEST = 120
# How long a process is waited for that was killed.
KILLED = 20


def limit(seconds: float = LONGEST) -> None:
    """Let this process, which was forked just now, end after so many seconds."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def code_of(child: int) -> int:
    """Wait for a child with a limit, and return its exit code; that of a signal is negative."""
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code != -signal.SIGALRM, "a child did not end in time"
    return code


def joined(*threads: threading.Thread) -> None:
    """Wait for threads to end."""
    for thread in threads:
        thread.join(LONGEST)
    assert not any(thread.is_alive() for thread in threads), "a thread did not end in time"


def until(is_so: Callable[[], object]) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + LONGEST
    while not is_so():
        assert time.monotonic() < deadline, "that took too long"
        time.sleep(0.001)


@contextmanager
def ending(process: subprocess.Popen[Any], seconds: float = LONGEST) -> Iterator[None]:
    """Kill a process after so many seconds, so that whoever reads what it tells comes to the end of it."""
    timer = threading.Timer(seconds, process.kill)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        joined(timer)
