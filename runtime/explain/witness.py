"""A simulation that keeps what happens to some people. Rule: the journeys run for everybody, as always, and nothing is changed by looking.

Beside each record stands what its condition looked at: the fields that the sentence names, with what they were just then.
"""

from __future__ import annotations

from verbline.interpreter.names import BUILT_IN
from verbline.interpreter.nodes import Node, Word
from verbline.interpreter.program.forms import to_plain
from verbline.interpreter.step.records import Record
from verbline.runtime.explain.rows import Row
from verbline.runtime.explain.seen import named_in, seen_of
from verbline.runtime.feed import Feed
from verbline.runtime.simulate import Simulation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from typing import Any

    from verbline.interpreter.nodes import Part, Sentence
    from verbline.interpreter.person.record import Visit
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project
    from verbline.interpreter.step.steps import Step
    from verbline.interpreter.step.turn import Turn
    from verbline.runtime.events import Event
    from verbline.runtime.explain.seen import Seen
    from verbline.runtime.sources import Sources
    from verbline.runtime.ways import Way

# Records that say which way was taken.
DECIDES = frozenset({"branch", "label"})


class Attentive(Feed):
    """A feed that tells ``after`` of each event, with the number of whom it was about, or 0."""

    after: Callable[[Event, int], None]
    _met = 0

    def one(self, event: Event) -> None:
        """Let an event happen, and tell of it."""
        self._met = 0
        super().one(event)
        self.after(event, self._met)

    def let(self, event: Event, way: Way, number: int, plain: tuple[int, bool, str] | None) -> None:
        """Let an event happen now to the person of this number."""
        self._met = number
        super().let(event, way, number, plain)

    def meet(self, event: Event, way: Way, plain: tuple[int, bool, str] | None) -> int:
        """Return who an event is about that says something new of who that is, 0 where nobody can tell."""
        self._met = super().meet(event, way, plain)
        return self._met


class Witness(Simulation):
    """See the module. ``people`` are all numbers that they have borne; ``rows`` and ``seen`` are what is kept of them."""

    def __init__(
        self,
        project: Project,
        program: Program,
        people: Collection[int],
        until: int | None,
        sources: Sources | None,
    ) -> None:
        super().__init__(project, program, until=until, sources=sources, tell=lambda _: None)
        self.feed: Attentive = Attentive(
            project, self.program, self.feed.graph, self.world, sources
        )
        self.feed.own = self._own
        self.feed.after = self._happened
        self.rows: list[Row] = []
        self.seen: list[Seen] = []
        self._people = frozenset(people)
        self._told = 0
        self._names = names_by_line(project, program)

    def _sink(  # noqa: PLR0917 - a sink is called with these, in this order
        self,
        turn: Turn,
        journey: Journey | None,
        visit: Visit | None,
        step: Step | None,
        kind: str,
        verdict: str,
        reason: str,
        more: dict[str, Any],
    ) -> None:
        if visit is not None and (kind == "task" or kind == "wait"):
            self.answers.note(visit, step, kind, verdict, more)
        if turn.person.number not in self._people:
            return
        record = Record(turn, journey, visit, step, kind, verdict, reason, more)
        told = record.as_dict(self.program.folder)
        self.rows.append(Row(told, self._looked_at(turn, told) if kind in DECIDES else None))

    def _looked_at(self, turn: Turn, told: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields that the sentence of a record names, with what they are now."""
        named = self._names.get(told["line"], ())
        return {name: to_plain(self.program.value_of(turn, name)) for name in named}

    def _happened(self, event: Event, number: int) -> None:
        """Keep an event that is about the person."""
        rows, cause = self.rows, (event.source, event.id)
        if not number and self._told < len(rows):
            # It says whose answer it is by its key.
            number = next((int(row.person[1:]) for row in rows[self._told :] if row.cause == cause), 0)  # fmt: skip
        number = number or next((one for one in map(number_of, named_in(event)) if one in self._people), 0)  # fmt: skip
        self._told = len(rows)
        if number in self._people:
            source = event.source if event.sourced else ""
            moments = self.program.moments_of(source, event.type)
            self.seen.append(seen_of(event, tuple(one.name for one in moments), number))


def number_of(person: str) -> int:
    """Return the number in a person's id; 0 where it is none."""
    number = person.removeprefix("P")
    return int(number) if number.isdecimal() else 0


def names_by_line(project: Project, program: Program) -> dict[str, tuple[str, ...]]:
    """Return the fields that each sentence of a project names, by its place."""
    fields = {name for one in program.moments.values() for name, _read in one.readers}
    fields |= {*program.facts, *program.scores, *BUILT_IN}
    found = {}
    for file in project.files.values():
        path = file.path.removeprefix(program.folder)
        for sentence in file.walk():
            names = tuple(dict.fromkeys(one for one in names_in(sentence) if one in fields))
            if names:
                found[f"{path}:{sentence.number}"] = names
    return found


def names_in(sentence: Sentence) -> Iterator[str]:
    """Yield the names in a sentence, and in the conditions listed under it."""
    for one in (sentence, *sentence.of("condition")):
        if one.node is not None:
            yield from names_of(one.node)


def names_of(part: Part) -> Iterator[str]:
    """Yield the names in a part of a sentence."""
    if isinstance(part, Word):
        if part.kind == "NAME":
            yield part.text
    elif isinstance(part, Node):
        for inner in part.parts.values():
            yield from names_of(inner)
    else:
        for inner in part:
            yield from names_of(inner)
