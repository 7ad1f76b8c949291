"""What becomes of the events of one type from one source. Rule: it is worked out when the first of them comes, and then stays.

A log holds millions of events, and few types from few sources.
"""

from __future__ import annotations

from functools import cache

from verbline.interpreter.guard.said import OWN_TYPE
from verbline.interpreter.program.readers import text
from verbline.runtime.identity.stated import STATED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import CodeType
    from typing import Any, TypeAlias

    from verbline.interpreter.guard.consent import Consent
    from verbline.interpreter.program.parts import Moment
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.situations import Coming
    from verbline.runtime.events import Event

    # Gives the fields of a moment, from what gives what stands under a name in an event.
    Fields: TypeAlias = Callable[[Callable[[str], Any]], dict[str, Any]]
    # A model of each answer, and the kind of address it is for, nothing where it names none.
    Models: TypeAlias = tuple[tuple[Consent, str], ...]
    Comings: TypeAlias = dict[int, tuple[Sequence[Any] | None, Coming | None]]

# What the runtime says of a message that did not leave.
GIVES_BACK = frozenset(
    ("verbline.message.failed", "verbline.message.refused", "verbline.message.withdrawn")
)
# How the types of the runtime's own events begin.
OWN = "verbline."
# So many ways are kept, and of each so many answers.
WAYS_MAX = 10_000
ANSWERS_MAX = 4_096


class Way:
    """See the module.

    ``moments`` is what the events are, ``fields`` gives the fields of each of them; ``idle`` the one moment of which nothing follows, where they are that and no other;
    ``names`` are our names for the fields, where the source has others; ``itself`` says that the event is what somebody
    said about being written to, ``stated`` that it is what an operator said about people; ``gives_back`` that a message did not
    leave, which holds no place under a cap any more; ``is_vain`` that nothing at all comes of it.
    """

    __slots__ = ("answers", "comings", "comings_unreached", "fields", "fields_of", "gives_back", "idle", "is_usual", "is_vain", "itself", "moment", "moments", "names", "reads", "source", "stated")  # fmt: skip

    def __init__(
        self,
        code: str,
        source: str,
        moments: tuple[Moment, ...],
        names: Mapping[str, str] | None,
    ) -> None:
        self.source = source
        self.moments = moments
        self.fields = tuple((moment, fields_of(moment)) for moment in moments)
        self.idle = moments[0] if len(moments) == 1 and moments[0].idle else None
        self.names = names
        self.gives_back = code in GIVES_BACK
        self.itself = code.startswith(OWN_TYPE) or self.gives_back
        self.stated = code in STATED
        # See `shortly`; what people come in by is known by the identity of what was said, who bring an email and who do not.
        self.is_usual = bool(source) and len(moments) == 1 and not code.startswith(OWN)
        self.is_vain = self.idle is not None and not (self.idle.latest or self.idle.life)
        if self.is_usual:
            self.moment, self.fields_of = self.fields[0]
            self.reads = bool(self.moment.readers)
        self.comings: Comings = {}
        self.comings_unreached: Comings = {}
        # Short answers by the identity of their entries, which live as long as they stand here.
        self.answers: dict[int, tuple[Sequence[Any], Models]] = {}

    def learn(self, entries: Sequence[Any], models: Models) -> Models:
        """Remember ``models``, which is what ``entries`` say, since other events bring the very same; return them."""
        if len(self.answers) >= ANSWERS_MAX:
            self.answers.clear()
        self.answers[id(entries)] = (entries, models)
        return models


@cache
def compiled(text: str) -> CodeType:
    """Return an expression, compiled; there are as many as there are numbers of fields."""
    return compile(text, "<fields>", "eval")


def fields_of(moment: Moment) -> Fields:
    """Return what gives the fields of ``moment`` as its `fields_of` does, written out as one expression of Python.

    No text of an author stands in it: names and readers are objects, bound to names of our own making.
    """
    known: dict[str, Any] = {}
    items = []
    for place, (name, read) in enumerate(moment.readers):
        known[f"N{place}"], known[f"R{place}"] = name, read
        value = f"R{place}(v)"
        if read is text:
            value = f"((v if v.strip() else None) if v.__class__ is str else {value})"
        items.append(f"N{place}: None if (v := get(N{place})) is None else {value}")
    code = compiled(f"lambda get: {{{', '.join(items)}}}")
    found: Fields = eval(code, known)  # noqa: S307 - only names of our own stand in it
    return found


class Ways:
    """The ways of the events of one run, by source and type; an event that names no source has none."""

    def __init__(self, program: Program, renames: Mapping[str, Mapping[str, str]]) -> None:
        self._program = program
        self._renames = renames
        self.found: dict[tuple[str, str], Way] = {}

    def way_of(self, event: Event) -> Way:
        """Return the way of an event."""
        return self.found.get((event.source if event.sourced else "", event.type)) or self.of(event)

    def of(self, event: Event) -> Way:
        """Return the way of an event, and keep it."""
        source = event.source if event.sourced else ""
        names = self._renames.get(self._program.system(source)) if source else None
        moments = self._program.moments_of(source, event.type)
        way = Way(event.type, source, moments, names or None)
        if len(self.found) < WAYS_MAX:
            self.found[source, event.type] = way
        return way
