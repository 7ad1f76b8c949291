"""A channel that notes when something was handed to it. Rule: it takes everything, at once, and forgets nothing of it.

Its notes are lines of a file: nanoseconds since 1970, the address, the key.
"""

from __future__ import annotations

import os
import time

from verbline.runtime.channels.answers import Accepted, Declares

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from verbline.runtime.channels.answers import Answer
    from verbline.runtime.channels.intent import Intent
    from verbline.runtime.channels.making import Given

NAME = "received.log"
SETTINGS = f'\n[channels.email]\nadapter = "{__name__}:Receiver"\nconcurrency = 4\noptions = {{ file = "{NAME}" }}\n'


class Receiver:
    """The channel. It knows the key, so whatever is handed over twice is one."""

    def __init__(self, given: Given) -> None:
        self.declares = Declares(repeatable="by key")
        path = given.folder / given.options["file"]
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)

    def send(self, intent: Intent, deadline: float) -> Answer:
        """Note that it came."""
        os.write(self._descriptor, f"{time.time_ns()} {intent.address} {intent.key}\n".encode())
        return Accepted()

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)


def received(folder: Path) -> dict[str, list[int]]:
    """Return when something was handed over, in nanoseconds since 1970, by its address; more than once where it came twice."""
    found: dict[str, list[int]] = {}
    path = folder / NAME
    if path.exists():
        for line in path.read_text("utf-8").splitlines():
            at, address, _key = line.split(" ")
            found.setdefault(address, []).append(int(at))
    return found
