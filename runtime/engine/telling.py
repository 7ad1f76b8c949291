"""What operators are told of a running project: lines of JSON. Rule: counts, places, codes and names of ours, never people.

    {"time": "2026-03-09T08:00:00Z", "level": "info", "event": "caught up", "lines": 3282}

Each field is one of `FIELDS`, so that neither an address nor a value of an event gets here. Of an exception there are its
kind and the places in our code, never its text.
"""

from __future__ import annotations

from traceback import walk_tb

import structlog

from verbline.interpreter.step.records import instant_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

FIELDS = frozenset(
    (
        "address", "at_line", "batches", "channel", "error", "file", "hand_overs_ended", "left", "lines", "moment", "offset", "port", "reason",
        "told", "unknown", "versions", "why",
    )
)  # fmt: skip


class Telling:
    """Writes lines to ``stream``; ``clock`` gives the instant of each. Without ``notes`` only what is wrong is told."""

    def __init__(self, stream: TextIO, clock: Callable[[], int], *, notes: bool = True) -> None:
        self._clock = clock
        self._notes = notes
        self._logger = structlog.wrap_logger(
            structlog.PrintLogger(stream),
            processors=[structlog.processors.JSONRenderer(ensure_ascii=True)],
            wrapper_class=structlog.BoundLogger,
        )

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
        strange = more.keys() - FIELDS
        assert not strange, f"operators are told of no {', '.join(sorted(strange))}"
        told = {"time": instant_text(self._clock()), "level": level}
        self._logger.bind(**told).msg(what, **more)


def places(error: BaseException) -> list[str]:
    """Return the places of an error in our code, the innermost last."""
    return [
        f"{frame.f_globals.get('__name__', 'generated')}:{line}"
        for frame, line in walk_tb(error.__traceback__)
    ]
