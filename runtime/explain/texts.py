"""What stands in the lines that records name. Rule: a sentence is shown as it stood in the version that the record bears, or not at all."""

from __future__ import annotations

from typing import NamedTuple

from verbline.interpreter.parse import parse
from verbline.interpreter.program.versions import SUFFIX
from verbline.interpreter.sentence import grammar
from verbline.interpreter.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.parse import File
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.program.versions import Kept
    from verbline.interpreter.project import Project

    # Returns the own words of a version of a journey; None where they were not kept.
    Older: TypeAlias = "Callable[[str, str], Kept | None]"


class Place(NamedTuple):
    """A line and what it says; nothing where its version is not at hand."""

    line: str
    sentence: str

    def told(self) -> dict[str, str]:
        """Return it as JSON has it."""
        return {"line": self.line, "sentence": self.sentence}


def no_older(_journey: str, _version: str) -> Kept | None:
    """Return that no earlier words are kept."""
    return None


class Texts:
    """The texts of a project, and of the earlier versions that ``older`` knows. Paths are told from the project's folder."""

    def __init__(self, project: Project, program: Program, older: Older = no_older) -> None:
        self._program = program
        self._older = older
        self.files: dict[str, File] = {
            file.path.removeprefix(program.folder): file for file in project.files.values()
        }
        self._known: dict[tuple[str, str], dict[str, File]] = {}

    def is_newest(self, journey: str, version: str) -> bool:
        """Return whether a version of a journey is the one that stands in the project."""
        here = self._program.journeys.get(journey)
        return not journey or (here is not None and here.version == version)

    def own(self, journey: str, version: str) -> dict[str, File]:
        """Return the files with the own words of a version, by path; none where they were not kept."""
        key = journey, version
        if key not in self._known:
            words = self._older(*key)
            self._known[key] = {} if words is None else parsed(words)
        return self._known[key]

    def file(self, journey: str, version: str, path: str) -> File | None:
        """Return the file at ``path`` as it was under a version of a journey; None where it is not at hand.

        What is not the version's own, such as a purpose, is today's.
        """
        if self.is_newest(journey, version):
            return self.files.get(path)
        own = self.own(journey, version)
        return own.get(path, self.files.get(path)) if own else None

    def sentence(self, line: str, journey: str = "", version: str = "") -> Sentence | None:
        """Return the sentence at ``line``, in a version of a journey where one is named."""
        path, _, number = line.rpartition(":")
        file = self.file(journey, version, path)
        if file is None or not number.isdecimal():
            return None
        return next((one for one in file.every if one.number == int(number)), None)

    def place(self, line: str, journey: str = "", version: str = "") -> Place:
        """Return a line with what it says."""
        found = self.sentence(line, journey, version)
        return Place(line, "" if found is None else found.raw)

    def journey(self, journey: str, version: str) -> tuple[str, Sentence] | None:
        """Return the path and the first sentence of a journey in a version; None where it is not at hand."""
        newest = self.is_newest(journey, version)
        files = self.files if newest else self.own(journey, version)
        for path, file in files.items():
            for one in file.every:
                if one.shape == "journey" and one.node and one.node.text("name") == journey:
                    return path, one
        return None

    def clauses(self, journey: str, version: str, *shapes: str) -> list[Place]:
        """Return the lines of these shapes that stand directly under a journey."""
        found = self.journey(journey, version)
        if found is None:
            return []
        path, head = found
        return [Place(f"{path}:{one.number}", one.raw) for one in head.of(*shapes)]

    def declared(self, shape: str, name: str, *shapes: str) -> list[Place]:
        """Return the line that declares something, and those of ``shapes`` under it."""
        for path, file in self.files.items():
            for one in file.every:
                if one.shape == shape and one.node and one.node.text("name") == name:
                    under = [
                        Place(f"{path}:{inner.number}", inner.raw) for inner in one.of(*shapes)
                    ]
                    return [Place(f"{path}:{one.number}", one.raw), *under]
        return []


def parsed(words: Kept) -> dict[str, File]:
    """Return the files of the own words of a version, by path."""
    found = {}
    for name, text in words.files.items():
        path = f"{name}{SUFFIX}"
        found[path] = parse(Source.of_text(path, text), grammar(), words.languages[name])
    return found
