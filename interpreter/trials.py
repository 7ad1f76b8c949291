"""Which scenarios try which journeys. Rule: in doubt a scenario tries a journey, so that no journey is called untried wrongly.

A scenario tries the journeys that its events start or that it names, and those that these start in turn.
"""

from __future__ import annotations

from functools import cached_property
from itertools import chain

from verbline.interpreter.rehearsal import ALONE
from verbline.interpreter.ways import unclear

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.interpreter.journeys import Journey, Journeys
    from verbline.interpreter.names import Names, Scope
    from verbline.interpreter.nodes import Sentence

# What makes a moment of the standard library happen without naming it.
DEEDS = (
    "w_event", "w_agrees", "w_withdraws", "w_merge", "w_merge_named", "w_split", "w_split_named", "w_pass",
)  # fmt: skip
NAMING = ("t_finish", "t_waiting")


class Scenario:
    """One scenario: the sentence that begins it, what its file sees, and the first names of the moments it lets happen."""

    __slots__ = ("moments", "scope", "sentence")

    def __init__(self, scope: Scope, sentence: Sentence) -> None:
        self.scope = scope
        self.sentence = sentence
        self.moments: set[str] = set()


class Trials:
    """Every scenario of a project: by the moments it lets happen, by the journeys it names, by the files it sees."""

    def __init__(self, journeys: Journeys) -> None:
        self.journeys = journeys
        self.by_moment: dict[str, list[Scenario]] = {}
        self.by_name: dict[str, list[Scenario]] = {}
        self.by_file: dict[Names, list[Scenario]] = {}
        # Those with a line that leaves open what happens in them, by the files they see.
        self.open: dict[Names, list[Scenario]] = {}
        # The files seen by a scenario with a line of which nobody knows what it lets happen.
        self.unclear: set[Names] = set()
        for name, names in journeys.project.names.items():
            for sentence in names.of("scenario"):
                if not sentence.misplaced:
                    self.take(Scenario(journeys.project.scopes[name], sentence))

    def take(self, scenario: Scenario) -> None:
        """Note what a scenario names."""
        for line in scenario.sentence.of("w_event"):
            moment = self.journeys.happening(line.node.text("moment") if line.node else "")
            scenario.moments.add(moment)
            self.by_moment.setdefault(moment, []).append(scenario)
        for line in scenario.sentence.of(*NAMING):
            if line.node and line.node.has("journey"):
                self.by_name.setdefault(line.node.text("journey"), []).append(scenario)
        if not scenario.sentence.lacks(*DEEDS):
            for part in scenario.scope.parts:
                self.by_file.setdefault(part, []).append(scenario)
                if is_open(scenario.sentence):
                    self.open.setdefault(part, []).append(scenario)
        if self.is_unclear(scenario):
            self.unclear.update(scenario.scope.parts)

    def is_unclear(self, scenario: Scenario) -> bool:
        """Return whether a line of a scenario was not understood, or lets happen what nobody declares."""
        known = self.journeys.first_names
        find = self.journeys.project.overview.find
        return any(
            unclear(line)
            or (
                line.shape == "w_event"
                and line.node is not None
                and line.node.text("moment") not in known
                and find("form", line.node.text("moment")) is None
            )
            for line in scenario.sentence.block
        )

    def of(self, journey: Journey) -> Iterator[Scenario]:
        """Yield the scenarios that try ``journey``; one may come more than once."""
        for before in self.leading(journey):
            yield from self.directly(before)

    def directly(self, journey: Journey) -> Iterator[Scenario]:
        """Yield the scenarios that try ``journey`` without the help of another journey."""
        yield from self.by_name.get(journey.name, ())
        for _line, moment in journey.starts:
            yield from self.by_moment.get(moment, ())
        if starts_indirectly(journey):
            yield from self.by_file.get(journey.names, ())

    def leading(self, journey: Journey) -> Iterator[Journey]:
        """Yield ``journey`` and those that start it, directly or through others; none is worked out before it is wanted."""
        yield journey
        found, seen = [journey], {journey}
        moments: set[str] = set()
        for here in found:
            # A moment is looked at once, and in the order of the text, so that every run says the same.
            starts = [moment for _line, moment in here.starts if moment not in moments]
            moments.update(starts)
            signalling = (self.journeys.signalling.get(moment, ()) for moment in starts)
            for other in chain(self.journeys.continuing.get(here.name, ()), *signalling):
                if other not in seen:
                    seen.add(other)
                    found.append(other)
                    yield other

    @cached_property
    def tried(self) -> set[Journey]:
        """The journeys that a scenario tries, found from the scenarios on."""
        started = dict(self.journeys.started_by)
        named: dict[str, list[Journey]] = {}
        for one in self.journeys.all:
            named.setdefault(one.name, []).append(one)
        found = {one for one in self.journeys.all if next(self.directly(one), None) is not None}
        todo = list(found)
        while todo:
            follows: list[Journey] = []
            for step in todo.pop().onward:
                # What a moment or a name leads to is looked at once.
                if step.node is not None and step.shape == "signal":
                    follows += started.pop(self.journeys.call(step.node.text("moment")), ())
                elif step.node is not None:
                    follows += named.pop(step.node.text("journey"), ())
            new = [one for one in dict.fromkeys(follows) if one not in found]
            found.update(new)
            todo += new
        return found


def is_open(scenario: Sentence) -> bool:
    """Return whether a line of a scenario leaves open what happens in it."""
    return any(
        line.node is None or line.misplaced or line.shape in ALONE for line in scenario.block
    )


def starts_indirectly(journey: Journey) -> bool:
    """Return whether ``journey`` starts on something that a scenario need not name: a segment, a moment of the library."""
    if not journey.sentence.lacks("starts_segment", "starts_also"):
        return True
    library = journey.all.library_moments
    return any(moment in library for _line, moment in journey.starts)
