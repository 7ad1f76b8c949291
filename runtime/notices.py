"""What an operator reads of a running project. Rule: one JSON object a line, and no name in it under which a person could stand.

    {"at": "2026-03-09T08:00:00Z", "level": "info", "event": "caught_up", "events": 3282, "seconds": 1.7}

Each field is one of `FIELDS`, so that neither an address nor a value of an event gets here. Of an exception there are the
kinds and the places in the program, never its text.
"""

from __future__ import annotations

import sys

import structlog

from verbline.interpreter.step.records import instant_text
from verbline.runtime.clock import now

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from types import TracebackType
    from typing import Any, TextIO

INFO, WARNING, ERROR = "info", "warning", "error"
FIELDS = frozenset(
    (
        "address", "batch", "bytes", "certificate", "channel", "code", "count", "desk", "environment", "error", "events",
        "file", "files", "journey", "key", "length", "line", "log", "moment", "offset", "people", "pid", "places", "policy", "port",
        "problem", "project", "reason", "rows", "seconds", "state", "step", "store", "timers", "tries", "version", "wait", "zones",
    )
)  # fmt: skip


class Notices:
    """Writes notices to ``stream``, standard error by default; ``least`` is the lowest level that is written."""

    def __init__(self, stream: TextIO | None = None, least: str = INFO) -> None:
        levels = (INFO, WARNING, ERROR)
        self._levels = frozenset(levels[levels.index(least) :])
        self._logger = structlog.wrap_logger(
            structlog.PrintLogger(stream or sys.stderr),
            processors=[stamped, structlog.processors.JSONRenderer(ensure_ascii=False)],
            wrapper_class=structlog.BoundLogger,
        )

    def tell(self, event: str, level: str = INFO, **fields: Any) -> None:
        """Write that ``event`` happened; ``fields`` are those of `FIELDS` alone."""
        strange = fields.keys() - FIELDS
        assert not strange, f"a notice has no field {', '.join(sorted(strange))}"
        if level in self._levels:
            self._logger.msg(event, level=level, **fields)

    def fault(self, event: str, error: BaseException, **fields: Any) -> None:
        """Write that ``event`` happened because of an exception, by its kind and the places that led to it."""
        kind = type(error)
        name = f"{kind.__module__}.{kind.__qualname__}"
        self.tell(event, ERROR, error=name, places=places_of(error.__traceback__), **fields)


def stamped(_logger: Any, _method: str, told: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Return what is told with the time in front."""
    return {
        "at": instant_text(now()),
        "level": told.pop("level", INFO),
        "event": told.pop("event"),
        **told,
    }


def places_of(trace: TracebackType | None) -> list[str]:
    """Return the places in the program that a traceback names, the innermost last."""
    found = []
    while trace is not None:
        frame = trace.tb_frame
        module = frame.f_globals.get("__name__", "?")
        found.append(f"{module}:{trace.tb_lineno} in {frame.f_code.co_name}")
        trace = trace.tb_next
    return found
