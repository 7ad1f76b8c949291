"""Rules about `use` lines. Rule: a line that was not understood may need any of them, so then nothing is said."""

from __future__ import annotations

from verbline.interpreter.names import fields_of_moment, fields_of_person
from verbline.interpreter.problems import Edit
from verbline.interpreter.source import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.interpreter.names import Names
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.rules import Rule
    from verbline.interpreter.view import View

LIBRARY = "standard/"


def unused_import(view: View) -> Iterator[Problem]:
    """Yield files that are used without need; those of the library may bring defaults and are never told."""
    lines = [
        line
        for line in view.of("use")
        if line.node is not None and not line.node.text("file").startswith(LIBRARY)
    ]
    if not lines or view.project.overview.unclear:
        return
    said = words_said(view)
    for line in lines:
        assert line.node is not None, "only understood lines are kept"
        used = view.project.used(line.node.text("file"))
        if used is None or used is view.names or not said.isdisjoint(offered(used)):
            continue
        if view.names.by_shape.get("scenario") and used.by_shape.get("journey"):
            continue  # a scenario plays the journeys of the files that its file uses
        edits: tuple[Edit, ...] = ()
        if not any(comment.number == line.number for comment in view.file.comments):
            edits = (Edit(Span(line.number, 1, line.number + 1, 1), ""),)
        file = line.node.word("file")
        yield view.problem("S810", line, file, edits=edits, file=file.text)


def words_said(view: View) -> set[str]:
    """Return every name and data word that stands in a file or in the texts it brings."""
    said = {
        word.text
        for shape, sentences in view.names.by_shape.items()
        if shape != "use"
        for sentence in sentences
        for word in sentence.words
        if word.kind == "STRING" or word.kind == "NAME"
    }
    said.update(
        cell.text for sentence in view.of("examples") for row in sentence.rows for cell in row.cells
    )
    for text in view.project.overview.texts(view.name):
        said.update(token.field for token in text.tokens)
    return said


def offered(names: Names) -> set[str]:
    """Return every name and field that a file declares."""
    found = {name for ones in names.declared.values() for name in ones}
    found.update(names.labels, names.experiments)
    for one in names.declared.get("person", {}).values():
        found.update(field.name for field in fields_of_person(one))
    for one in names.declared.get("moment", {}).values():
        found.update(field.name for field in fields_of_moment(one))
    return found


RULES: Mapping[str, Rule] = {"S810": unused_import}
