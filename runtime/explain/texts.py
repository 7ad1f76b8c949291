"""What stands in the lines that records name. Rule: a sentence is shown as it stood in the version that the record bears, or not at all."""

from __future__ import annotations

from typing import NamedTuple

from verbline.interpreter.parse import parse
from verbline.interpreter.sentence import grammar
from verbline.interpreter.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.parse import File
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project

    # Returns the text of a file as it was under a version of a journey, by the path that lines name; None where it was not kept.
    Older: TypeAlias = "Callable[[str, str, str], str | None]"


class Place(NamedTuple):
    """A line and what it says; nothing where its version is not at hand."""

    line: str
    sentence: str

    def told(self) -> dict[str, str]:
        """Return it as JSON has it."""
        return {"line": self.line, "sentence": self.sentence}


def no_older(_journey: str, _version: str, _path: str) -> str | None:
    """Return that no earlier text is kept."""
    return None


class Texts:
    """The texts of a project, and of the earlier versions that ``older`` knows. Paths are told from the project's folder."""

    def __init__(self, project: Project, program: Program, older: Older = no_older) -> None:
        self._program = program
        self._older = older
        self._language = project.settings.language
        self.files: dict[str, File] = {
            file.path.removeprefix(program.folder): file for file in project.files.values()
        }
        self._known: dict[tuple[str, str, str], File | None] = {}

    def file(self, journey: str, version: str, path: str) -> File | None:
        """Return the file at ``path`` as it was under a version of a journey; None where it is not at hand."""
        here = self._program.journeys.get(journey)
        if not journey or (here is not None and here.version == version):
            return self.files.get(path)
        key = journey, version, path
        if key not in self._known:
            text = self._older(*key)
            source = None if text is None else Source.of_text(path, text)
            self._known[key] = None if source is None else parse(source, grammar(), self._language)
        return self._known[key]

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
        here = self._program.version_of(journey, version) or self._program.journeys.get(journey)
        path = here.line.removeprefix(self._program.folder).rpartition(":")[0] if here else ""
        file = self.file(journey, version, path)
        for one in file.every if file else ():
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
