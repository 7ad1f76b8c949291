"""The child that renders. Rule: whatever a template does, the answer is there within a second, and the next job finds a child.

A child that is too slow, too large or gone is killed and made anew. One is kept warm, because starting takes longer than
rendering a thousand texts.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
import threading
import time
from contextlib import suppress

import msgspec

from verbline.runtime.templates.faults import TemplateError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Self

# How long one text may take, and a child to start.
SECONDS = 0.75
START_SECONDS = 20.0
ANSWER_MAX = 8 << 20


class Worker:
    """Renders templates in a child process. It may be asked by several threads; they are served one after the other.

    ``started`` counts the children so far.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self.started = 0
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._is_warm = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def warm(self) -> None:
        """Start the child, so that nobody waits for it later."""
        with self._lock:
            self._ready()

    def render(
        self,
        source: str,
        values: Mapping[str, object],
        *,
        rich: bool = False,
        marked: tuple[str, ...] = (),
    ) -> str:
        """Return the text that a template makes of ``values``. `TemplateError` where it makes none.

        Where it is ``rich`` values are escaped for HTML, but those in ``marked``.
        """
        job = msgspec.json.encode(
            {"source": source, "values": values, "rich": rich, "marked": list(marked)}
        )
        with self._lock:
            child = self._ready()
            try:
                found = asked(child, job, time.monotonic() + self.seconds)
            except (TimeoutError, OSError) as error:
                self._end()
                sentence = (
                    "It took too long." if isinstance(error, TimeoutError) else "It was killed."
                )
                raise TemplateError("template_too_costly", sentence) from None
        if "text" not in found:
            raise TemplateError(found["reason"], found["told"])
        return found["text"]

    def close(self) -> None:
        """End the child."""
        with self._lock:
            self._end()

    def _ready(self) -> subprocess.Popen[bytes]:
        """Return a child that has started."""
        child = self._child
        if child is not None and child.poll() is None:
            return child
        self._end()
        try:
            child = self._child = started()
        except OSError as error:
            raise TemplateError("no_renderer", f"It cannot be started: {error.strerror}.") from None
        self.started += 1
        job = msgspec.json.encode({"source": "", "values": {}})
        try:
            asked(child, job, time.monotonic() + START_SECONDS)
        except (TimeoutError, OSError) as error:
            self._end()
            raise TemplateError("no_renderer", "The process that renders did not start.") from error
        return child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def started() -> subprocess.Popen[bytes]:
    """Return a new child. `OSError` where the machine has no room for one."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "verbline.runtime.templates.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        close_fds=True,
        # What interrupts us does not interrupt it: it ends when nobody asks any more.
        start_new_session=True,
        # It needs nothing of what the environment says, secrets least of all.
        env={name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ},
    )


def asked(child: subprocess.Popen[bytes], job: bytes, deadline: float) -> dict[str, str]:
    """Return what the child answers. `TimeoutError` where it is too late, `OSError` where the child is gone."""
    assert child.stdin is not None, "it was made with pipes"
    assert child.stdout is not None, "it was made with pipes"
    written(child.stdin.fileno(), len(job).to_bytes(4, "big") + job, deadline)
    descriptor = child.stdout.fileno()
    length = int.from_bytes(read(descriptor, 4, deadline), "big")
    if length > ANSWER_MAX:
        raise OSError("The child says too much.")
    return msgspec.json.decode(read(descriptor, length, deadline), type=dict[str, str])


def written(descriptor: int, content: bytes, deadline: float) -> None:
    """Write everything before the deadline."""
    rest = memoryview(content)
    while rest:
        _readable, writable, _ = select.select([], [descriptor], [], left(deadline))
        if not writable:
            raise TimeoutError
        rest = rest[os.write(descriptor, rest[: select.PIPE_BUF]) :]


def read(descriptor: int, length: int, deadline: float) -> bytes:
    """Return so many bytes, read before the deadline."""
    found = b""
    while len(found) < length:
        readable, _writable, _ = select.select([descriptor], [], [], left(deadline))
        if not readable:
            raise TimeoutError
        piece = os.read(descriptor, length - len(found))
        if not piece:
            raise OSError("The child is gone.")
        found += piece
    return found


def left(deadline: float) -> float:
    """Return how many seconds are left; none where the deadline has passed."""
    return max(0.0, deadline - time.monotonic())
