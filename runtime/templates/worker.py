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
    from collections.abc import Iterator, Mapping, Sequence
    from types import TracebackType
    from typing import Self

# How long one text may take, and a child to start.
SECONDS = 0.75
START_SECONDS = 20.0
ANSWER_MAX = 8 << 20
PIECE = 1 << 16


class Job:
    """One template and its ``values``; where it is ``rich`` they are escaped for HTML, but those in ``marked``."""

    __slots__ = ("encoded",)

    def __init__(
        self,
        source: str,
        values: Mapping[str, object],
        *,
        rich: bool = False,
        marked: tuple[str, ...] = (),
    ) -> None:
        self.encoded = msgspec.json.encode(
            {"source": source, "values": values, "rich": rich, "marked": list(marked)}
        )


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
        (found,) = self.render_all([Job(source, values, rich=rich, marked=marked)])
        if isinstance(found, TemplateError):
            raise found
        return found

    def render_all(self, jobs: Sequence[Job]) -> list[str | TemplateError]:
        """Return for each job its text, or why there is none, in one go.

        `TemplateError` is raised where no child can be started: that is no job's fault.
        """
        encoded = [job.encoded for job in jobs]
        found: list[str | TemplateError] = []
        tried = -1
        with self._lock:
            while len(found) < len(jobs):
                child = self._ready()
                try:
                    # What was answered before one fails stays.
                    found.extend(map(text_in, answers(child, encoded[len(found) :], self.seconds)))
                except TimeoutError:
                    self._end()
                    found.append(TemplateError("template_too_costly", "It took too long."))
                except OSError:
                    self._end()
                    # Whoever ended it may have meant another process: what kills two children is costly.
                    if tried == len(found):
                        found.append(TemplateError("template_too_costly", "It was killed."))
                    tried = len(found)
        return found

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
            asked(child, job, START_SECONDS)
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


def asked(child: subprocess.Popen[bytes], job: bytes, seconds: float) -> dict[str, str]:
    """Return what the child answers. `TimeoutError` where it is too late, `OSError` where the child is gone."""
    return next(answers(child, [job], seconds))


def answers(
    child: subprocess.Popen[bytes], jobs: Sequence[bytes], seconds: float
) -> Iterator[dict[str, str]]:
    """Yield what the child answers to each job; it reads on while we read, and has so many ``seconds`` for each.

    `TimeoutError` where an answer is too late, `OSError` where the child is gone.
    """
    assert child.stdin is not None, "it was made with pipes"
    assert child.stdout is not None, "it was made with pipes"
    into, out = child.stdin.fileno(), child.stdout.fileno()
    rest = memoryview(b"".join(len(job).to_bytes(4, "big") + job for job in jobs))
    found = b""
    for _job in jobs:
        deadline = time.monotonic() + seconds
        while (answer := framed(found)) is None:
            readable, writable, _ = select.select([out], [into] if rest else [], [], left(deadline))
            if not readable and not writable:
                raise TimeoutError
            if writable:
                rest = rest[os.write(into, rest[: select.PIPE_BUF]) :]
            if readable:
                piece = os.read(out, PIECE)
                if not piece:
                    raise OSError("The child is gone.")
                found += piece
        content, found = answer
        yield msgspec.json.decode(content, type=dict[str, str])


def framed(found: bytes) -> tuple[bytes, bytes] | None:
    """Return the first answer in what was read, and what is behind it; None where it is not whole."""
    end = 4 + int.from_bytes(found[:4], "big")
    if end > ANSWER_MAX:
        raise OSError("The child says too much.")
    return (found[4:end], found[end:]) if len(found) >= max(end, 4) else None


def text_in(answer: dict[str, str]) -> str | TemplateError:
    """Return the text in an answer, or why there is none."""
    if "text" in answer:
        return answer["text"]
    return TemplateError(answer["reason"], answer["told"])


def left(deadline: float) -> float:
    """Return how many seconds are left; none where the deadline has passed."""
    return max(0.0, deadline - time.monotonic())
