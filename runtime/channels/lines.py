"""Files and the terminal as channels: one intent, one line of JSON. Rule: a line is there whole, or it was not taken.

What stands in such a file is what would have been sent: a folder ``outbox/`` for whoever only looks, a hand-over to a
system that reads files. The line holds the key, so a reader can tell a line that comes twice.
"""

from __future__ import annotations

import sys
import threading

import msgspec

from verbline.runtime.channels.answers import Accepted, Declares, Later, Refused
from verbline.runtime.lines import LogError
from verbline.runtime.own import append

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any, TextIO

    from verbline.runtime.channels.answers import Answer
    from verbline.runtime.channels.intent import Intent

SIZE_MAX = 512 << 10
DECLARES = Declares(repeatable="by key", size_max=SIZE_MAX)
# What nobody needs to know who reads the file.
OURS = ("person", "lane", "attempts", "asked", "is_secret", "token")


def line_of(intent: Intent) -> dict[str, Any]:
    """Return an intent as the line shows it."""
    told = msgspec.to_builtins(intent)
    for ours in OURS:
        told.pop(ours, None)
    return dict(told)


class Lines:
    """The file at ``path``; its folder is made where it is missing. A line is on the disk when it is `Accepted`."""

    __slots__ = ("_lock", "declares", "path")

    def __init__(self, path: Path) -> None:
        self.path = path
        self.declares = DECLARES
        self._lock = threading.Lock()

    def send(self, intent: Intent, deadline: float) -> Answer:
        """Append the intent."""
        line = line_of(intent)
        try:
            if len(msgspec.json.encode(line)) > SIZE_MAX:
                return Refused("too_large")
            with self._lock:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                append(self.path, [line])
        except UnicodeEncodeError:
            return Refused("bad_words")
        except (OSError, LogError) as error:
            return Later("not_written", str(error), all=True)
        return Accepted()

    def close(self) -> None:
        """Nothing stays open between two lines."""


class Console:
    """The terminal, or another ``stream`` of text."""

    __slots__ = ("_lock", "_stream", "declares")

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self.declares = Declares(repeatable="yes", size_max=SIZE_MAX)
        self._lock = threading.Lock()

    def send(self, intent: Intent, deadline: float) -> Answer:
        """Show the intent."""
        try:
            line = msgspec.json.encode(line_of(intent)).decode()
            if len(line) > SIZE_MAX:
                return Refused("too_large")
            with self._lock:
                self._stream.write(f"{line}\n")
                self._stream.flush()
        except UnicodeEncodeError:
            return Refused("bad_words")
        except (OSError, ValueError) as error:
            return Later("not_written", str(error), all=True)
        return Accepted()

    def close(self) -> None:
        """The stream is not ours."""
