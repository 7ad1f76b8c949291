"""A journey played line by line. Rule: what is played is a scenario, run from its beginning each time, so any line can be taken back."""

from __future__ import annotations

import re
import sys

from verbline.cli import WrongUsageError
from verbline.cli.output import write
from verbline.cli.programs import sound

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.cli.project import Reading
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.project import Project
    from verbline.interpreter.scenarios.possible import Choice
    from verbline.interpreter.scenarios.run import Result

NAME = "played"
VALUE = re.compile(r'([\w-]+) ("[^"]*"|[^\s,"]+(?: [^\s,"]+)?)(?:,|$)')
HELP = """\
  a number   what it says happens
  a line     of a scenario happens, such as: when 3 days pass
  u          takes the last one back
  s          shows the scenario so far
  q          ends, and prints the scenario
"""


class Game:
    """One journey of a project, and the scenario that was played so far.

    ``uses`` are the files that it sees, ``begin`` is its first line.
    """

    def __init__(self, reading: Reading, uses: list[str], journey: str, begin: str) -> None:
        self.reading = reading
        self.uses = uses
        self.journey = journey
        self.path = reading.shown[uses[0]]
        self.begin = begin
        # What happened, each time some lines.
        self.moves: list[tuple[str, ...]] = []
        self.shown = 0
        self.result = self.run()

    @property
    def lines(self) -> list[str]:
        """The lines of the scenario."""
        return [self.begin, *(line for move in self.moves for line in move)]

    def text(self, lines: list[str]) -> str:
        """Return a file with the scenario."""
        below = "".join(f"  {line}\n" for line in lines)
        uses = "".join(f'use "{one}"\n' for one in self.uses)
        return f'language: en\n{uses}\nscenario "{self.title}"\n{below}'

    @property
    def title(self) -> str:
        """The name of the scenario."""
        return f"played: {self.journey}"

    def run(self) -> Result:
        """Run the scenario; its first line is right."""
        result, problem = self.tried(self.lines)
        assert result is not None, f"what was played so far is right: {problem}"
        return result

    def tried(self, lines: list[str]) -> tuple[Result | None, Problem | None]:
        """Return what comes of some lines, or what is wrong with one of them."""
        from verbline.interpreter.check import check
        from verbline.interpreter.scenarios.run import Runner

        path = f"{NAME}.journey"
        self.reading.put(NAME, path, path, self.text(lines).encode())
        project = self.reading.project()
        wrong = [one for one in check(project) if one.level == "error" and one.path == path]
        if wrong:
            return None, min(wrong, key=lambda one: one.key)
        runner = Runner(project)
        result = runner.run(NAME, runner.scripts(NAME)[0])
        return result, result.problems[0] if result.problems else None

    def move(self, *lines: str) -> Problem | None:
        """Let some lines happen; return what is wrong with them, and then nothing happened."""
        result, problem = self.tried([*self.lines, *lines])
        if problem is not None or result is None:
            return problem
        self.moves.append(lines)
        self.result = result
        return None

    def take_back(self) -> bool:
        """Take the last move back; return whether there was one."""
        if not self.moves:
            return False
        self.moves.pop()
        self.result = self.run()
        self.shown = 0
        return True

    def news(self) -> Iterator[str]:
        """Yield what happened since this was asked last: when, at which line of the journey, what."""
        from verbline.interpreter.scenarios.telling import in_words

        stage = self.result.stage
        records = stage.story.records
        for record in records[self.shown :]:
            path, _, number = record.line.rpartition(":")
            place = number if path == self.path else record.line
            yield f"  {stage.teller.at(record.at)}  {place:>5}  {in_words(stage, record)}"
        self.shown = len(records)

    def choices(self) -> list[Choice]:
        """Return what may happen next."""
        from verbline.interpreter.scenarios.possible import choices

        given = dict(VALUE.findall(" ".join(self.lines)))
        return choices(self.result.stage, self.journey, given)

    def scenario(self) -> str:
        """Return the scenario with what it has shown as its expectations: those that hold, and no others."""
        from verbline.interpreter.scenarios.expectations import expected

        lines = self.lines
        for line in expected(self.result.stage, self.journey):
            _result, problem = self.tried([*lines, line])
            if problem is None:
                lines.append(line)
        return self.text(lines)


def play(game: Game) -> str:
    """Let somebody play, line by line, until they end it or the input does; return the scenario."""
    write(HELP)
    while True:
        write("".join(f"{line}\n" for line in game.news()))
        found = game.choices()
        write(f"\n{stands(game)}\n")
        write("".join(menu(found)))
        write("> ")
        sys.stdout.flush()
        said = sys.stdin.readline()
        if not said or said.strip() == "q":
            write("\n")
            return game.scenario()
        take(game, found, said.strip())


def stands(game: Game) -> str:
    """Return where the person stands: what time it is, and what the journey does."""
    stage = game.result.stage
    person = next(iter(stage.cast), None)
    inside = [one for one in person.visits if one.journey == game.journey] if person else []
    ends = [one.more["outcome"] for one in stage.story.of(None, "outcome") if one.journey == game.journey]  # fmt: skip
    if inside:
        lines = sorted(int(one.step.line.rpartition(":")[2]) for one in inside)
        state = f"The journey stands at line {', '.join(map(str, lines))}."
    elif ends:
        state = f'The journey has ended: "{ends[-1]}".'
    else:
        state = "Nobody has entered the journey."
    return f"{stage.teller.at(stage.now)}. {state}"


def menu(found: list[Choice]) -> Iterator[str]:
    """Yield the lines of the menu."""
    for number, choice in enumerate(found, 1):
        yield f"  {number:>2}  {'; '.join(choice.lines)}\n"


def take(game: Game, found: list[Choice], said: str) -> None:
    """Do what somebody said."""
    if said == "u":
        write("Taken back.\n" if game.take_back() else "Nothing has happened yet.\n")
    elif said == "s":
        write(game.text(game.lines))
    elif said in ("", "?"):
        write(HELP)
    elif said.isdecimal() and 0 < int(said) <= len(found):
        lines = found[int(said) - 1].lines
        write("".join(f"  {line}\n" for line in lines))
        tell(game.move(*lines))
    elif said.isdecimal():
        write(f"There is no {said} in the list.\n")
    else:
        tell(game.move(said))


def tell(problem: Problem | None) -> None:
    """Say what is wrong with a line."""
    if problem is None:
        return
    write(f"That does not happen: {problem.message}\n")
    if problem.suggestion:
        write(f"  {problem.suggestion}\n")


def journey_in(project: Project, file: str, asked: str | None) -> str:
    """Return the name of the journey that is played: the only one of the file, or the one that is asked for."""
    names = [
        one.node.text("name")
        for one in project.scopes[file].own.of("journey")
        if one.node is not None
    ]
    if asked is None and len(names) == 1:
        return names[0]
    if asked is not None and asked in names:
        return asked
    if not names:
        raise WrongUsageError(f'"{file}" has no journey.')
    told = ", ".join(f'"{name}"' for name in names)
    raise WrongUsageError(f"Name one of its journeys with --journey: {told}.")


def game_of(reading: Reading, file: str, asked: str | None, at: str) -> Game | None:
    """Return a game; None where the project has errors, which are then told."""
    project = sound(reading)
    if project is None:
        return None
    uses = [
        file,
        *(one.node.text("file") for one in project.scopes[file].own.of("use") if one.node),
    ]
    return Game(reading, uses, journey_in(project, file, asked), f"given it is {at}")
