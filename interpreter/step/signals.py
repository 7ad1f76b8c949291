"""What a turn leaves for its host: entries to be admitted, and what happens next. Rule: values only."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.interpreter.person.record import Cause
    from verbline.interpreter.program.parts import Journey, Moment

NOTHING: dict[str, Any] = {}
NO_CAUSE = ("", "")
# How long a chain may be of what leads to something else at the same instant: it always ends.
DEPTH_MAX = 32


class Start:
    """A wish to enter ``journey``, which the host grants at once or later; ``fields`` are those of the starting moment.

    ``depth`` counts the signals, segments and journeys that led to one another at this instant. Of a person who was several
    ``whose`` names the one to whom it belongs, where that is not the one to whom something happens.
    """

    __slots__ = ("cause", "depth", "fields", "happened", "journey", "moment", "whose")

    def __init__(
        self,
        journey: Journey,
        moment: str,
        fields: dict[str, Any],
        happened: int,
        cause: Cause,
        depth: int = 0,
    ) -> None:
        self.whose = ""
        self.journey = journey
        self.moment = moment
        self.fields = fields
        self.happened = happened
        self.cause = cause
        self.depth = depth


class Signal:
    """Something that this turn makes happen next, to the same person: a moment, or with ``segment`` the entry into one.

    ``whose`` is as in `Start`.
    """

    __slots__ = ("cause", "depth", "fields", "moment", "segment", "whose")

    def __init__(
        self,
        moment: Moment | None,
        fields: dict[str, Any],
        cause: Cause,
        depth: int,
        segment: str = "",
        whose: str = "",
    ) -> None:
        self.whose = whose
        self.moment = moment
        self.fields = fields
        self.cause = cause
        self.depth = depth
        self.segment = segment
