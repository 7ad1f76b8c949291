"""The scenarios of a project, run. Rule: each on a world of its own, so that none can lean on another.

    project -> compile -> scripts (one a scenario and row) -> stage each -> results

A project that does not check is not run: `run_scenarios` expects one without errors.
"""

from __future__ import annotations

from verbline.interpreter.scenarios.expected import AT_THE_END, LOOKS, judged
from verbline.interpreter.scenarios.programs import program_for
from verbline.interpreter.scenarios.script import scripts_of
from verbline.interpreter.scenarios.stage import Stage
from verbline.interpreter.scenarios.wording import Teller

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from verbline.interpreter.problems import Problem
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project
    from verbline.interpreter.scenarios.script import Line, Script
    from verbline.interpreter.scenarios.story import Story


class Result:
    """What came of one script: a problem for each expectation that was missed, and all that happened."""

    __slots__ = ("problems", "script", "stage")

    def __init__(self, script: Script, stage: Stage, problems: list[Problem]) -> None:
        self.script = script
        self.stage = stage
        self.problems = problems

    def __repr__(self) -> str:
        return f"{self.script}: {'passed' if self.passed else self.problems}"

    @property
    def passed(self) -> bool:
        """Whether every expectation was met."""
        return not self.problems

    @property
    def story(self) -> Story:
        """What happened."""
        return self.stage.story


class Runner:
    """Runs the scripts of one project; what they run on is compiled once a file."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.programs: dict[str, Program] = {}

    def scripts(self, name: str) -> list[Script]:
        """Return the scripts of the file ``name``."""
        return list(scripts_of(self.project.scopes[name]))

    def program(self, name: str) -> Program:
        """Return the program for the scripts of the file ``name``."""
        if name not in self.programs:
            self.programs[name] = program_for(self.project, name, self.scripts(name))
        return self.programs[name]

    def run(self, name: str, script: Script, *, to_first: bool = False) -> Result:
        """Run one script of the file ``name``; ``to_first`` stops at the first expectation that is missed."""
        program = self.program(name)
        teller = Teller(script.language, script.path, program.zone)
        stage = Stage(program, script, teller)
        problems: list[Problem] = []
        for line, since in in_order(stage, script):
            problem = line_problem(stage, line, since)
            if problem is not None:
                problems.append(problem)
                if to_first:
                    break
        return Result(script, stage, sorted(problems, key=lambda problem: problem.key))


def in_order(stage: Stage, script: Script) -> Iterator[tuple[Line, int]]:
    """Yield each line when its time has come, with the number of records there were when it stood there."""
    later = []
    for line in script.lines:
        stage.prepare(line)
        since = len(stage.story.records)
        if line.shape in AT_THE_END:
            later.append((line, since))
        else:
            yield line, since
    yield from later


def line_problem(stage: Stage, line: Line, since: int) -> Problem | None:
    """Carry out a line, or judge it; return what was missed."""
    miss = judged(stage, line, since) if line.shape in LOOKS else stage.do(line)
    return miss.problem(stage.script, line) if miss is not None else None


def run_scenarios(
    project: Project,
    files: Iterable[str] | None = None,
    wanted: Callable[[Script], bool] | None = None,
) -> list[Result]:
    """Return what came of the scenarios in ``files`` (all by default) that are ``wanted``, in the order of the text."""
    runner = Runner(project)
    return [
        runner.run(name, script)
        for name in (project.files if files is None else files)
        for script in runner.scripts(name)
        if wanted is None or wanted(script)
    ]
