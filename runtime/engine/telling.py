"""What operators are told of a running project: lines of JSON. Rule: counts, places, codes and names of ours, never people."""

from __future__ import annotations

import json
from traceback import walk_tb

from verbline.interpreter.step.records import instant_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO


class Telling:
    """Writes lines to ``stream``; ``clock`` gives the instant of each. Without ``notes`` only what is wrong is told."""

    def __init__(self, stream: TextIO, clock: Callable[[], int], *, notes: bool = True) -> None:
        self._stream = stream
        self._clock = clock
        self._notes = notes

    def note(self, what: str, **more: object) -> None:
        """Tell that something happened."""
        if self._notes:
            self._tell("info", what, more)

    def warn(self, what: str, **more: object) -> None:
        """Tell of something that somebody should look at."""
        self._tell("warning", what, more)

    def fail(self, what: str, error: BaseException, **more: object) -> None:
        """Tell of an error of ours: its kind and where in our code it arose, nothing of what it says."""
        self._tell("error", what, {**more, "error": type(error).__name__, "at_line": places(error)})

    def _tell(self, level: str, what: str, more: dict[str, object]) -> None:
        told = {"time": instant_text(self._clock()), "level": level, "event": what, **more}
        self._stream.write(json.dumps(told, ensure_ascii=True, default=str) + "\n")
        self._stream.flush()


def places(error: BaseException) -> list[str]:
    """Return the places of an error in our code, the innermost last."""
    return [
        f"{frame.f_globals.get('__name__', 'generated')}:{line}"
        for frame, line in walk_tb(error.__traceback__)
    ]
