"""What the scenarios pass through. Rule: counted are sentences that do something, not the words around them.

A step is passed when it left a record, a clause when it ended a visit; a line that opens a way when something under it was.
"""

from __future__ import annotations

from verbline.interpreter.places import BRANCHES, STEPS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.parse import File
    from verbline.interpreter.project import Project
    from verbline.interpreter.scenarios.run import Result

STOPS = frozenset(("stops_when", "stops_segment", "stops_withdrawn"))
COUNTED = (STEPS | BRANCHES | STOPS | {"pass_up"}) - {"go_on"}


class Coverage:
    """How much of each file is passed: ``passed`` of ``counted`` sentences; ``missed`` are the others, by path and line."""

    __slots__ = ("counted", "missed")

    def __init__(self) -> None:
        self.counted = 0
        self.missed: list[tuple[str, Sentence]] = []

    @property
    def passed(self) -> int:
        """How many sentences some scenario passed through."""
        return self.counted - len(self.missed)


def coverage(project: Project, results: Iterable[Result], files: Iterable[str]) -> Coverage:
    """Return how much of the journeys in ``files`` the runs passed through."""
    found, lines = Coverage(), passed_lines(results)
    for name in files:
        file = project.files[name]
        for sentence in counted(file):
            found.counted += 1
            if not is_passed(file.path, sentence, lines):
                found.missed.append((file.path, sentence))
    return found


def passed_lines(results: Iterable[Result]) -> set[str]:
    """Return the lines, as ``file:number``, that left a record."""
    return {record.line for result in results for record in result.story.records}


def counted(file: File) -> Iterator[Sentence]:
    """Yield the sentences of a file's journeys that do something."""
    for journey in file.sentences:
        if journey.shape == "journey":
            yield from (one for one in journey.walk() if one.shape in COUNTED)


def is_passed(path: str, sentence: Sentence, lines: set[str]) -> bool:
    """Return whether some scenario passed through ``sentence``."""
    if f"{path}:{sentence.number}" in lines:
        return True
    return any(f"{path}:{inner.number}" in lines for inner in sentence.walk()[1:])
