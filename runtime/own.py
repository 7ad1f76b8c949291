"""What the runtime itself knows, appended to the log. Rule: a line is there whole before the call returns, or not at all.

The runtime's own events stand in a file beside those of the log, so that whoever reads the log again learns what operators
said, what was answered and what was erased. Nobody else writes there.
"""

from __future__ import annotations

import fcntl
import json
import os
import weakref
from hashlib import sha256
from typing import Any

from verbline.interpreter.step.records import instant_text
from verbline.runtime.lines import LINE_MAX, LogError, told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

# The file in the folder of a log. Of a log that is one file it bears that file's name in front.
NAME = "verbline.runtime.jsonl"
SOURCE = "verbline"


def own_log(log: Path) -> Path:
    """Return the file of the runtime's own events for the log at ``log``, a file or a folder; it need not exist."""
    return log / NAME if log.is_dir() else log.with_name(f"{log.stem}.{NAME}")


def own_event(kind: str, at: int, content: Mapping[str, Any], key: str = "") -> dict[str, Any]:
    """Return an event of the runtime's own as JSON has it: ``kind`` such as ``verbline.merge``, ``at`` in milliseconds.

    ``key`` names it for good. Without one the name is a hash of what it says, so that saying it twice is saying it once.
    """
    if not key:
        told_by = json.dumps([kind, at, content], sort_keys=True, ensure_ascii=True)
        key = sha256(told_by.encode()).hexdigest()[:32]
    return {
        "specversion": "1.0",
        "id": key,
        "source": SOURCE,
        "type": kind,
        "time": instant_text(at),
        "data": dict(content),
    }


def append(
    path: Path, events: Iterable[Mapping[str, Any]], wait: Callable[[int], object] = os.fsync
) -> int:
    """Append ``events`` to the file at ``path`` and wait for the disk; return how many bytes were added.

    They are written together. `LogError` where that is not possible, and then none of them is there.
    """
    text = b"".join(line_of(event) for event in events)
    if not text:
        return 0
    try:
        descriptor, is_new = opened(path)
        try:
            return _append(descriptor, text, wait)
        finally:
            os.close(descriptor)
            if is_new:
                settle(path.parent)
    except OSError as error:
        raise LogError(told(path, error, "written")) from error


class Own:
    """The file at ``path``, held open for one who appends to it often. Where another file or none bears its name, that one counts."""

    __slots__ = ("__weakref__", "_close", "_descriptor", "_key", "path")

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = -1
        self._key = (-1, -1)
        self._close: Callable[[], object] = bool

    def close(self) -> None:
        """Let go of the file; it is opened again by who appends to it."""
        self._close()
        self._close, self._key = bool, (-1, -1)

    def append(self, text: bytes, wait: Callable[[int], object] = os.fsync) -> None:
        """Append whole lines as `append` does. Who does not ``wait`` calls `synced` before it counts on them."""
        try:
            self._open()
            try:
                _append(self._descriptor, text, wait)
            finally:
                fcntl.flock(self._descriptor, fcntl.LOCK_UN)
        except OSError as error:
            raise LogError(told(self.path, error, "written")) from error

    def _open(self) -> None:
        """Open the file, unless it is the one that is open."""
        try:
            if key_of(self.path.stat()) == self._key:
                return
        except FileNotFoundError:
            pass
        self.close()
        self._descriptor, is_new = opened(self.path)
        self._close = weakref.finalize(self, os.close, self._descriptor)
        if is_new:
            settle(self.path.parent)
        self._key = key_of(os.fstat(self._descriptor))


def key_of(state: os.stat_result) -> tuple[int, int]:
    """Return which file on the disk it is."""
    return state.st_dev, state.st_ino


def opened(path: Path) -> tuple[int, bool]:
    """Return a descriptor of the file at ``path``, and whether it was made now."""
    flags = os.O_RDWR | os.O_APPEND | os.O_CLOEXEC
    try:
        return os.open(path, flags), False
    except FileNotFoundError:
        return os.open(path, flags | os.O_CREAT, 0o640), True


def mend(path: Path) -> None:
    """End the last line of the file at ``path``, where a crash has left it without its newline. `LogError` where it cannot."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CLOEXEC)
        try:
            _append(descriptor, b"")
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        return
    except OSError as error:
        raise LogError(told(path, error, "written")) from error


def line_of(event: Mapping[str, Any]) -> bytes:
    """Return an event as a line with its newline. It is ours, so it is never longer than a line may be."""
    line = json.dumps(event, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    found = line.encode(errors="replace") + b"\n"  # half a letter, as a terminal may give one
    assert len(found) <= LINE_MAX, "an event of the runtime's own is short"
    return found


def synced(descriptor: int) -> None:
    """Wait until the disk has what stands in an open file. `OSError` where it cannot."""
    os.fsync(descriptor)


def _append(descriptor: int, text: bytes, wait: Callable[[int], object] = os.fsync) -> int:
    """Write ``text`` at the end, behind the newline that a torn line lacks; take back what could not be written whole."""
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    size = os.fstat(descriptor).st_size
    if size and os.pread(descriptor, 1, size - 1) != b"\n":
        text = b"\n" + text
    try:
        rest = memoryview(text)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        wait(descriptor)
    except OSError:
        os.ftruncate(descriptor, size)
        raise
    return len(text)


def settle(folder: Path) -> None:
    """Wait until the disk knows what stands in ``folder``."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
