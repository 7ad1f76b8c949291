"""What becomes of the events of one type from one source. Rule: it is worked out when the first of them comes, and then stays.

A log holds millions of events, and few types from few sources.
"""

from __future__ import annotations

from verbline.interpreter.guard.said import OWN_TYPE
from verbline.runtime.identity.stated import STATED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, TypeAlias

    from verbline.interpreter.guard.consent import Consent
    from verbline.interpreter.program.parts import Moment
    from verbline.interpreter.program.program import Program
    from verbline.runtime.events import Event

    # A model of each answer, and the kind of address it is for, nothing where it names none.
    Models: TypeAlias = tuple[tuple[Consent, str], ...]

# So many ways are kept, and of each so many answers.
WAYS_MAX = 10_000
ANSWERS_MAX = 4_096


class Way:
    """See the module.

    ``moments`` is what the events are, ``idle`` the one moment of which nothing follows, where they are that and no other;
    ``names`` are our names for the fields, where the source has others; ``itself`` says that the event is what somebody
    said about being written to, ``stated`` that it is what an operator said about people.
    """

    __slots__ = ("answers", "idle", "itself", "moments", "names", "stated")

    def __init__(
        self, code: str, moments: tuple[Moment, ...], names: Mapping[str, str] | None
    ) -> None:
        self.moments = moments
        self.idle = moments[0] if len(moments) == 1 and moments[0].idle else None
        self.names = names
        self.itself = code.startswith(OWN_TYPE)
        self.stated = code in STATED
        # Short answers by the identity of their entries, which live as long as they stand here.
        self.answers: dict[int, tuple[Sequence[Any], Models]] = {}

    def learn(self, entries: Sequence[Any], models: Models) -> Models:
        """Remember ``models``, which is what ``entries`` say, since other events bring the very same; return them."""
        if len(self.answers) >= ANSWERS_MAX:
            self.answers.clear()
        self.answers[id(entries)] = (entries, models)
        return models


class Ways:
    """The ways of the events of one run, by source and type; an event that names no source has none."""

    def __init__(self, program: Program, renames: Mapping[str, Mapping[str, str]]) -> None:
        self._program = program
        self._renames = renames
        self.found: dict[tuple[str, str], Way] = {}

    def of(self, event: Event) -> Way:
        """Return the way of an event, and keep it."""
        source = event.source if event.sourced else ""
        names = self._renames.get(self._program.system(source)) if source else None
        way = Way(event.type, self._program.moments_of(source, event.type), names or None)
        if len(self.found) < WAYS_MAX:
            self.found[source, event.type] = way
        return way
