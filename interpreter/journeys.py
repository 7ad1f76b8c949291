"""The journeys of a project and what joins them: moments, and the sentences that begin, signal and continue. Rule: a
moment with several names is one moment, and each journey's graph is made once, when it is first asked for.
"""

from __future__ import annotations

from functools import cached_property

from verbline.interpreter.flow import flow_of
from verbline.interpreter.kinds import lacking
from verbline.interpreter.nodes import meaning
from verbline.interpreter.outcomes import CLOCKS, ENDS, HOLDS, WRITES
from verbline.interpreter.rings import rings_of
from verbline.interpreter.trials import Trials

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.flow import Flow
    from verbline.interpreter.names import Declaration, Names
    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.project import Project
    from verbline.interpreter.rings import Ring
    from verbline.interpreter.view import View


class Journey:
    """One journey: the sentence that declares it and the names of its file."""

    def __init__(
        self, all_journeys: Journeys, names: Names, sentence: Sentence, after: Sentence | None
    ) -> None:
        assert sentence.node is not None
        self.all = all_journeys
        self.names = names
        self.sentence = sentence
        self.name = sentence.node.text("name")
        # Whether the line behind it stands at column 1 and may belong to it.
        self.torn = after is not None and (after.misplaced or after.node is None)

    def __repr__(self) -> str:
        return f"{self.name} ({self.names.file.path}:{self.sentence.number})"

    @property
    def place(self) -> tuple[str, int]:
        """Where it stands: path and line."""
        return self.names.file.path, self.sentence.number

    @cached_property
    def flow(self) -> Flow:
        """The paths through it."""
        return flow_of(self.sentence, covers=self.all.covers, torn=self.torn)

    @cached_property
    def starts(self) -> list[tuple[Sentence, str]]:
        """The lines that start it on a moment, each with the moment's first name."""
        return self._moments("starts_when")

    @cached_property
    def stops(self) -> list[tuple[Sentence, str]]:
        """The lines that stop it on a moment, each with the moment's first name."""
        return self._moments("stops_when")

    def _moments(self, shape: str) -> list[tuple[Sentence, str]]:
        return [
            (line, self.all.call(line.node.text("moment")))
            for line in self.sentence.of(shape)
            if line.node is not None and not line.misplaced
        ]

    @property
    def onward(self) -> list[Sentence]:
        """Its steps that signal a moment or continue with a journey."""
        return self.all.onward.get(self.sentence, [])

    @cached_property
    def speaks(self) -> bool:
        """Whether it writes to the person because it starts, not because of something that happens later."""
        said = self.flow.reach(lambda way: way.sure and way.source.shape not in HOLDS - CLOCKS)
        return any(step.shape in WRITES for step in said)

    @cached_property
    def selects(self) -> bool:
        """Whether it is for some of the people only, or may be."""
        return not self.lacks("only_for", "except_for", "only_verified")

    @cached_property
    def steps_at_once(self) -> list[Sentence]:
        """Its steps that start another journey in the instant in which it starts and is over itself."""
        onward = [step for step in self.onward if self.all.leads_on(step)]
        now = self.flow.reach(lambda way: way.sure and not way.holds) if onward else ()
        return [step for step in onward if step in now and self._over_after(step)]

    def _over_after(self, step: Sentence) -> bool:
        for after in self.flow.at_once([step]):
            ways = self.flow.ways_from(after)
            if after.shape in ENDS or any(way.target is None and not way.holds for way in ways):
                return True
        return False

    def lacks(self, *shapes: str) -> bool:
        """Return whether no line of it is, or may have been meant as, one of the clauses ``shapes``."""
        return not self.torn and self.sentence.lacks(*shapes)


# Keys of `Journeys.echoes`: any start on a moment, and one without a condition.
EVERY, ALL = "every", "all"


class Journeys:
    """Every journey of a project, by file, by name and by the moment that starts it."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.by_file: dict[Names, list[Journey]] = {}
        self.by_name: dict[str, Journey] = {}
        # The files with a line at column 1 that was not understood: a scenario, perhaps.
        self.unclear: set[Names] = set()
        self._declared: dict[str, dict[str, Declaration]] = {}
        for names in project.names.values():
            lines = names.file.sentences
            behind = [*lines[1:], None] if lines else []
            own = [
                Journey(self, names, line, after)
                for line, after in zip(lines, behind, strict=True)
                if line.shape == "journey" and not line.misplaced
            ]
            self.by_file[names] = own
            if any(line.node is None for line in lines):
                self.unclear.add(names)
            for journey in own:
                self.by_name.setdefault(journey.name, journey)

    @cached_property
    def all(self) -> list[Journey]:
        """All journeys, in the order of their places."""
        found = [journey for own in self.by_file.values() for journey in own]
        return sorted(found, key=lambda journey: journey.place)

    def declared(self, kind: str) -> dict[str, Declaration]:
        """Return the declarations of ``kind`` in the project and the library files it uses, by their first names."""
        if kind not in self._declared:
            found: dict[str, Declaration] = {}
            for one in self.project.overview.declarations(kind):
                found.setdefault(one.name, one)
            self._declared[kind] = found
        return self._declared[kind]

    @cached_property
    def first_names(self) -> dict[str, str]:
        """The first name of each moment, by all its names."""
        found: dict[str, str] = {}
        for names in self.project.overview.names:
            for name, one in names.declared.get("moment", {}).items():
                if one.sentence.node is not None:
                    found.setdefault(name, one.sentence.node.text("name"))
        return found

    @cached_property
    def library_moments(self) -> frozenset[str]:
        """The first names of the moments that the standard library declares."""
        own = {id(names) for names in self.project.overview.own}
        return frozenset(
            self.call(name)
            for names in self.project.overview.names
            if id(names) not in own
            for name in names.declared.get("moment", {})
        )

    @cached_property
    def trials(self) -> Trials:
        """The scenarios that try the journeys."""
        return Trials(self)

    def of(self, names: Names) -> list[Journey]:
        """Return the journeys of one file; those of a library file are none of ours."""
        return self.by_file.get(names, [])

    def call(self, moment: str) -> str:
        """Return the first name of a moment; a name that nobody declares stands for itself."""
        return self.first_names.get(moment, moment)

    def happening(self, name: str) -> str:
        """Return the first name of the moment that happens where a scenario says that ``name`` does: a form may signal it."""
        form = self.project.overview.find("form", name) if name not in self.first_names else None
        signals = form.sentence.first("form_signals") if form else None
        return self.call(signals.text("moment") if signals else name)

    @cached_property
    def started_by(self) -> dict[str, list[Journey]]:
        """The journeys that a moment starts, by its first name."""
        found: dict[str, list[Journey]] = {}
        for journey in self.all:
            for _line, moment in journey.starts:
                found.setdefault(moment, []).append(journey)
        return found

    @cached_property
    def echoes(self) -> dict[Sentence, Journey]:
        """For a line that starts a journey, an earlier journey that writes to the same people about the same moment.

        Conditions that differ are taken to keep them apart.
        """
        found: dict[Sentence, Journey] = {}
        first: dict[tuple[str, object], Journey] = {}
        for journey in self.all:
            # Whether a journey speaks takes its whole graph to know, so it is asked only where another could answer.
            starts = [one for one in journey.starts if len(self.started_by[one[1]]) > 1]
            if not starts or not journey.speaks or journey.selects:
                continue
            for line, moment in starts:
                assert line.node is not None
                where = line.node.parts.get("condition")
                own = ALL if where is None else meaning(where)
                keys = (EVERY,) if where is None else (own, ALL)
                others = [first[moment, key] for key in keys if (moment, key) in first]
                others = [other for other in others if other is not journey]
                if others:
                    found[line] = min(others, key=lambda other: other.place)
                for key in (EVERY, own):
                    first.setdefault((moment, key), journey)
        return found

    @cached_property
    def onward(self) -> dict[Sentence, list[Sentence]]:
        """The steps of each journey that signal a moment or continue with a journey."""
        found: dict[Sentence, list[Sentence]] = {}
        for names in self.by_file:
            for step in names.of("signal", "continue_with"):
                if not step.misplaced:
                    found.setdefault(top(step), []).append(step)
        return found

    @cached_property
    def continuing(self) -> dict[str, list[Journey]]:
        """The journeys that continue with a journey, by its name."""
        return self._passing("continue_with", "journey")

    @cached_property
    def signalling(self) -> dict[str, list[Journey]]:
        """The journeys that signal a moment, by its first name."""
        return self._passing("signal", "moment")

    def _passing(self, shape: str, part: str) -> dict[str, list[Journey]]:
        found: dict[str, list[Journey]] = {}
        for journey in self.all:
            for step in journey.onward:
                if step.node is not None and step.shape == shape:
                    name = step.node.text(part)
                    found.setdefault(self.call(name) if part == "moment" else name, []).append(
                        journey
                    )
        return found

    def leads_on(self, step: Sentence) -> bool:
        """Return whether ``step``, which signals a moment or continues with a journey, starts any journey."""
        if step.node is None:
            return False
        if step.shape == "signal":
            return self.call(step.node.text("moment")) in self.started_by
        return step.node.text("journey") in self.by_name

    @cached_property
    def rings(self) -> dict[Journey, Ring]:
        """The journeys that start themselves again in one instant, each with the way round."""
        return rings_of(self)

    def covers(self, step: Sentence) -> bool:
        """Return whether the cases of a ``depending on`` are all that its field can be."""
        return self.left_over(step) == []

    def left_over(self, step: Sentence) -> list[str] | None:
        """Return the values that no case of a ``depending on`` names, as `lacking` does; None where they are countless."""
        assert step.node is not None
        name = step.node.text("field")
        words = [
            word for case in step.of("case_") if case.node for word in case.node.words("values")
        ]
        overview = self.project.overview
        fields = [carried[name] for carried in overview.carried.values() if name in carried]
        if name in overview.person_fields:
            fields.append(overview.person_fields[name])
        found = [left for field in fields if (left := lacking(field, words)) is not None]
        # Of several fields with this name the one that the cases fit best is meant.
        return min(found, key=len) if found else None


def journeys_of(view: View) -> list[Journey]:
    """Return the journeys of the file that ``view`` shows."""
    return view.project.journeys.of(view.names)


def top(line: Sentence) -> Sentence:
    """Return the line at column 1 that ``line`` stands under, or itself."""
    while line.parent is not None:
        line = line.parent
    return line
