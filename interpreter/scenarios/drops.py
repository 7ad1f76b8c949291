"""What would nobody miss? Rule: each sentence of a journey is taken out in turn, with what stands under it, and the scenarios say.

A sentence is missed where the project no longer checks without it, or where some scenario fails. Whatever is left is a
sentence that no scenario promises: it may be superfluous, or the promise is not written down. What only says how soon
something is handed on is not taken out: in virtual time nothing queues, so no scenario could tell.
"""

from __future__ import annotations

from verbline.interpreter.check import check
from verbline.interpreter.lint import lint
from verbline.interpreter.outcomes import WRITES
from verbline.interpreter.places import BRANCHES, JOURNEY_CLAUSES, MESSAGE_LINES, STEPS
from verbline.interpreter.scenarios.coverage import passed_lines
from verbline.interpreter.scenarios.programs import files_seen
from verbline.interpreter.scenarios.run import Runner
from verbline.interpreter.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.project import Project
    from verbline.interpreter.scenarios.run import Result

# They say who, why and since when, not what happens.
WORDS = frozenset(
    ("owned_by", "because", "aims_for", "reviewed", "inside_finish", "inside_move", "go_on")
)
HASTE = frozenset(("goes_at_once",))
TAKEN_OUT = (
    STEPS | BRANCHES | JOURNEY_CLAUSES | MESSAGE_LINES | {"pass_up", "show", "condition"}
) - (WORDS | HASTE)
FAILS, UNCHECKED, UNMISSED = "fails", "unchecked", "unmissed"


class Drop:
    """One sentence taken out: ``became`` is ``fails`` (a scenario noticed), ``unchecked`` (the check did), or ``unmissed``."""

    __slots__ = ("became", "by", "path", "sentence")

    def __init__(self, path: str, sentence: Sentence, became: str, by: str = "") -> None:
        self.path = path
        self.sentence = sentence
        self.became = became
        self.by = by


class Dropper:
    """Takes sentences out of the files of one project; ``results`` are those of its scenarios as it is."""

    def __init__(self, project: Project, results: Sequence[Result]) -> None:
        self.project = project
        self.trials = project.journeys.trials
        self.lines = {id(one): passed_lines([one]) for one in results}
        self.results = results
        self.seen = {name: files_seen(project, name) for name in project.files}

    def candidates(self, files: Iterable[str]) -> list[tuple[str, Sentence]]:
        """Return the sentences of the journeys in ``files`` to take out, each with the name of its file."""
        return [
            (name, sentence)
            for name in files
            for journey in self.project.names[name].of("journey")
            for sentence in journey.walk()
            if sentence.shape in TAKEN_OUT
            and sentence.number not in self.opening(journey)
            and not only_haste(sentence, journey)
        ]

    def opening(self, journey: Sentence) -> set[int]:
        """Return the lines without which a journey would be none: its only start."""
        starts = journey.of("starts_when", "starts_segment", "starts_also")
        return {starts[0].number} if len(starts) == 1 else set()

    def drop(self, name: str, sentence: Sentence) -> Drop:
        """Return what becomes of the project without ``sentence``, which stands in the file ``name``."""
        file = self.project.files[name]
        source = without(file.source, sentence)
        project = self.project.renewed({name: source})
        looking = [one for one, seen in self.seen.items() if name in seen]
        errors = [problem for problem in check(project, looking) if problem.level == "error"]
        if errors:
            # An outcome, an arm or a message that a scenario names and that is gone: the scenario misses it.
            named = [scenario_at(project, problem) for problem in errors]
            by = named[0] if all(named) else ""
            return Drop(file.path, sentence, FAILS if by else UNCHECKED, by)
        runner = Runner(project)
        for other, title in self.in_question(name, sentence, looking):
            script = next(one for one in runner.scripts(other) if one.title == title)
            if not runner.run(other, script, to_first=True).passed:
                return Drop(file.path, sentence, FAILS, title)
        if any(problem.level == "error" for problem in lint(project, [name], preset="starter")):
            return Drop(file.path, sentence, UNCHECKED)
        return Drop(file.path, sentence, UNMISSED)

    def in_question(
        self, name: str, sentence: Sentence, looking: Sequence[str]
    ) -> Iterator[tuple[str, str]]:
        """Yield the scripts that may notice: file and title; first those that passed through the sentence."""
        top = sentence
        while top.parent is not None:
            top = top.parent
        journeys = self.project.journeys.of(self.project.names[name])
        journey = next(one for one in journeys if one.sentence is top)
        trying = {id(one.sentence) for one in self.trials.of(journey)}
        line = f"{self.project.files[name].path}:{sentence.number}"
        scripts = [
            (line not in self.lines[id(one)], other, one.script.title)
            for other in looking
            for one in self.results
            if one.script.path == self.project.files[other].path
            and id(one.script.sentence) in trying
        ]
        for _passed, other, title in sorted(scripts, key=lambda one: one[0]):
            yield other, title


def only_haste(sentence: Sentence, journey: Sentence) -> bool:
    """Return whether a sentence says how soon its journey reacts, and there is no message whose freshness that would change."""
    return sentence.shape == "reacts" and all(one.shape not in WRITES for one in journey.walk())


def scenario_at(project: Project, problem: Problem) -> str:
    """Return the name of the scenario in which a problem is, or nothing where it is elsewhere."""
    for file in project.files.values():
        if file.path == problem.path:
            before = [one for one in file.sentences if one.number <= problem.span.line]
            last = before[-1] if before else None
            if last is not None and last.shape == "scenario" and last.node:
                return last.node.text("name")
    return ""


def without(source: Source, sentence: Sentence) -> Source:
    """Return ``source`` with blank lines where ``sentence`` stood, and all below it, so that every other line keeps its number."""
    last = max(one.number for one in sentence.walk())
    lines = [
        "" if sentence.number <= number <= last else line
        for number, line in enumerate(source.lines, 1)
    ]
    return Source.of_text(source.path, "\n".join(lines))
