"""What a check or a rule sees: one file of a project, with the names in its reach. Rule: looking changes nothing."""

from __future__ import annotations

from verbline.interpreter.meanings import Fields
from verbline.interpreter.nodes import gathered
from verbline.interpreter.problems import Edit, Problem, Term
from verbline.interpreter.source import Span, span_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.interpreter.names import Names, Scope
    from verbline.interpreter.nodes import Node, Sentence, Word
    from verbline.interpreter.parse import File
    from verbline.interpreter.project import Project


class View:
    """One file of a project. ``names`` is what the file declares, ``scope`` what it sees, ``fields`` the fields in sight.

    ``placed`` holds the file's sentences by shape, those in a wrong place left out.
    """

    __slots__ = (
        "fields",
        "file",
        "language",
        "name",
        "names",
        "path",
        "placed",
        "project",
        "scope",
    )

    def __init__(self, project: Project, name: str) -> None:
        self.project = project
        self.name = name
        self.file: File = project.files[name]
        self.names: Names = project.names[name]
        self.scope: Scope = project.scopes[name]
        self.fields = Fields(self.scope)
        self.path = self.file.path
        self.language = self.file.language
        self.placed = self.names.by_shape
        if any(sentence.misplaced for sentence in self.file.walk()):
            self.placed = {
                shape: [one for one in found if not one.misplaced]
                for shape, found in self.names.by_shape.items()
            }

    def of(self, *shapes: str) -> Iterator[Sentence]:
        """Yield the file's sentences of these shapes, those in a wrong place left out."""
        # Rules ask some three hundred times a file, nearly always for one shape.
        if len(shapes) == 1:
            return iter(self.placed.get(shapes[0], ()))
        return gathered(self.placed, shapes)

    def problem(
        self,
        code: str,
        sentence: Sentence,
        part: Word | Node | Span | None = None,
        *,
        variant: str = "",
        suggestion: str = "",
        edits: tuple[Edit, ...] = (),
        related: tuple[tuple[str, int], ...] = (),
        **values: str | int | Term,
    ) -> Problem:
        """Return a problem at ``part`` of ``sentence``, or at the words that it begins with."""
        # A finding about a whole sentence marks what it does, not the names and values behind it.
        if part is None and sentence.node is not None and sentence.words:
            part = sentence.words[0]
        span = part if isinstance(part, Span) else span_of(sentence, part)
        return Problem(
            code,
            self.path,
            span,
            variant=variant,
            language=self.language.code,
            suggestion=suggestion,
            edits=edits,
            related=related,
            values=values,
        )
