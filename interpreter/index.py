"""All names of a project at once. Rule: a name has one declaration; of two, the later one by path and line is the mistake.

Everything here is worked out when it is first asked for: most of it only matters where something is wrong.
"""

from __future__ import annotations

from functools import cached_property

from verbline.interpreter.names import DECLARES, Names, fields_of_moment, fields_of_person
from verbline.interpreter.nodes import Node, Word, unbracketed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from verbline.interpreter.names import Declaration, Field
    from verbline.interpreter.nodes import Part, Sentence
    from verbline.interpreter.parse import File
    from verbline.interpreter.project import Project

# The files of the standard library.
STANDARD = (
    "standard/channels",
    "standard/consent",
    "standard/delivery",
    "standard/identity",
    "standard/metrics",
    "standard/scores",
    "standard/working-time",
)
COMPARED = ("eq", "ne", "ge", "le", "gt", "lt", "between")
# Lines that declare a name or a field of what stands above them.
DECLARE_WITHIN = frozenset(
    (
        "also_called",
        "also_known_by",
        "also_written",
        "carries",
        "has_field",
        "known_by",
        "recognised_by",
    )
)


class Place:
    """A file and a line."""

    __slots__ = ("file", "sentence")

    def __init__(self, file: File, sentence: Sentence) -> None:
        self.file = file
        self.sentence = sentence

    def __str__(self) -> str:
        return f"{self.file.path}:{self.sentence.number}"


class Index:
    """The names of every file of a project and of the library files that they use."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.names: dict[str, Names] = dict(sorted(project.names.items()))
        self._declared: dict[tuple[str, str], tuple[str, Place] | None] = {}

    @cached_property
    def used(self) -> dict[str, Names]:
        """The names of the library files that some file uses and of the project's own, by the file's name."""
        found: dict[str, Names] = {}
        for names in self.names.values():
            for use in names.uses:
                name = use.node.text("file") if use.node else ""
                library = self.project.used(name) if name not in self.names else None
                if library is not None:
                    found[name] = library
        return found | self.names

    @cached_property
    def first(self) -> dict[tuple[str, str], Declaration]:
        """The first declaration of each name, by kind and name."""
        found: dict[tuple[str, str], Declaration] = {}
        for names in self.used.values():
            for kind, declared in names.declared.items():
                if kind != "scenario":
                    for name, one in declared.items():
                        found.setdefault((kind, name), one)
        return found

    @cached_property
    def repeated(self) -> dict[str, list[tuple[Declaration, Declaration]]]:
        """What is declared twice: path of the later declaration -> (the first one, the later one)."""
        found: dict[str, list[tuple[Declaration, Declaration]]] = {}
        for names in self.names.values():
            for kind, declared in names.declared.items():
                for name, one in declared.items():
                    first = self.first.get((kind, name), one)
                    if first is not one and first.sentence is not one.sentence:
                        found.setdefault(names.file.path, []).append((first, one))
            for within, one in names.repeated:
                if within.sentence is not one.sentence:
                    first = self.first.get((one.kind, one.name), within)
                    found.setdefault(names.file.path, []).append((first, one))
        return found

    @cached_property
    def everywhere(self) -> dict[str, Names]:
        """The names of the project's files and of the whole standard library."""
        found = dict(self.used)
        for name in STANDARD:
            library = self.project.used(name)
            if library is not None:
                found.setdefault(name, library)
        return found

    def declared(self, kind: str, name: str) -> tuple[str, Place] | None:
        """Return the file that declares ``name``, by the name that `use` gives it, and the place; None where none does."""
        if (kind, name) not in self._declared:
            found = (
                (file, Place(names.file, sentence))
                for file, names in self.everywhere.items()
                if (sentence := sentence_of(names, kind, name)) is not None
            )
            self._declared[kind, name] = next(found, None)
        return self._declared[kind, name]

    def other_kind(self, kind: str, name: str) -> tuple[str, Place] | None:
        """Return the kind that ``name`` is, where it is another one than ``kind``, and the place."""
        for names in self.used.values():
            for other in DECLARES.values():
                sentence = sentence_of(names, other, name) if other != kind else None
                if sentence is not None and other != "scenario":
                    return other, Place(names.file, sentence)
        return None

    @cached_property
    def broken(self) -> str:
        """Every line that was not understood, stands in a wrong place or stands under such a line, folded."""
        return "\n".join(
            folded(sentence.raw) for names in self.names.values() for sentence in broken(names.file)
        )

    def in_broken_line(self, *texts: str) -> bool:
        """Return whether one of ``texts`` stands in a line that was not understood."""
        return bool(self.broken) and any(text and folded(text) in self.broken for text in texts)

    @cached_property
    def begun(self) -> frozenset[str]:
        """The shapes as which lines that were not understood begin; a line with an unknown beginning adds none."""
        return frozenset(
            shape
            for names in self.names.values()
            for sentence in names.file.broken
            for shape in sentence.guess
        )

    @cached_property
    def continuing(self) -> dict[str, list[Sentence]]:
        """The journeys that go on with another one, by the name of that one."""
        found: dict[str, list[Sentence]] = {}
        for names in self.names.values():
            for step in names.of("continue_with"):
                journey = step
                while journey.parent is not None:
                    journey = journey.parent
                found.setdefault(step.node.text("journey") if step.node else "", []).append(journey)
        return found

    @cached_property
    def circles(self) -> dict[str, list[str]]:
        """The segments that come back to themselves: the way back by the name that comes first in it."""
        from verbline.interpreter.memberships import circles_in

        return circles_in(self.used.values())

    @cached_property
    def fields(self) -> dict[str, list[Field]]:
        """The fields of every person and every moment, by name, in the order of the files."""
        found: dict[str, list[Field]] = {}
        for names in self.used.values():
            for kind, fields_of in (("person", fields_of_person), ("moment", fields_of_moment)):
                for one in distinct(names.declared.get(kind, {})):
                    for field in fields_of(one):
                        found.setdefault(field.name, []).append(field)
        return found

    def field(self, name: str) -> tuple[str, Place] | None:
        """Return the file that declares a field or a score, by the name that `use` gives it, and the place."""
        if name not in self.fields:
            return self.declared("score", name)
        field = self.fields[name][0]
        file = next(key for key, names in self.used.items() if names.file is field.of.file)
        return file, Place(field.of.file, field.sentence)

    @cached_property
    def currencies(self) -> Mapping[str, tuple[str, Place]]:
        """The currency of each field: the one it declares, else the one of its first comparison in the project."""
        found: dict[str, tuple[str, Place]] = {}
        for fields in self.fields.values():
            for field in fields:
                kind = field.kind
                if isinstance(kind, Node) and kind.shape == "t_money" and kind.has("currency"):
                    place = Place(field.of.file, field.sentence)
                    found.setdefault(field.name, (kind.text("currency"), place))
        for names in self.names.values():
            for sentence in names.file.walk():
                if sentence.node and "CURRENCY" in [word.kind for word in sentence.words]:
                    for name, currency in paired(sentence.node):
                        found.setdefault(name, (currency, Place(names.file, sentence)))
        return found


def folded(text: str) -> str:
    """Return ``text`` as names are compared where only the writing may differ: without regard to case and blanks."""
    return " ".join(text.casefold().split())


def distinct(declared: Mapping[str, Declaration]) -> Iterable[Declaration]:
    """Return each declaration once, however many names it has."""
    return {id(one.sentence): one for one in declared.values()}.values()


def sentence_of(names: Names, kind: str, name: str) -> Sentence | None:
    """Return the sentence of a file that declares ``name``; labels and experiments are declared by their steps."""
    if kind == "label":
        return names.labels.get(name)
    if kind == "experiment":
        return names.experiments.get(name)
    one = names.declared.get(kind, {}).get(name)
    return one.sentence if one else None


def broken(file: File) -> Iterator[Sentence]:
    """Yield the sentences of a file that were not understood or stand in a wrong place, and what such lines declare."""
    for sentence in file.walk():
        if lost(sentence) or (
            sentence.shape in DECLARE_WITHIN
            and sentence.parent is not None
            and lost(sentence.parent)
        ):
            yield sentence


def lost(sentence: Sentence) -> bool:
    """Return whether a sentence was not understood or stands in a wrong place."""
    return sentence.node is None or sentence.misplaced


def paired(node: Node) -> Iterator[tuple[str, str]]:
    """Yield each field that stands directly beside an amount, and the amount's currency."""
    for inner in node.walk():
        if not isinstance(inner, Node):
            continue
        if inner.shape in COMPARED:
            for side in ("right", "low", "high"):
                if inner.has(side):
                    yield from pair(inner.parts["left"], inner.parts[side])
                    yield from pair(inner.parts[side], inner.parts["left"])
        elif inner.shape in ("learn", "assign"):
            yield from pair(inner.parts["field"], inner.parts["value"])


def pair(field: Part, amount: Part) -> Iterator[tuple[str, str]]:
    """Yield the field and the currency, where one side is a field's name and the other an amount."""
    field, amount = unbracketed(field), unbracketed(amount)
    if not (isinstance(field, Word) and isinstance(amount, Node)):
        return
    if field.kind == "NAME" and amount.shape == "money":
        yield field.text, amount.text("currency")
