"""The tree. Rule: nothing read from text loses its place, and no value changes once it is made.

A line of text becomes a `Node`: its shape is the name of the sentence in the grammar, its parts are words and inner
nodes. A `Sentence` is a line in its place: number, indentation, node and the lines nested under it.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import TypeAlias

    from verbline.interpreter.reading import Stuck

    Part: TypeAlias = "Word | Node | tuple[Word | Node, ...]"


class Word:
    """One word or phrase of a sentence: ``kind`` is the terminal of the grammar.

    ``text`` is its value: the content of a name with single blanks, a data word in small letters, a keyword as written.
    ``start`` and ``end`` are code points from the first letter of the line, ``end`` behind the last one.
    """

    __slots__ = ("end", "kind", "start", "text")

    def __init__(self, kind: str, text: str, start: int, end: int) -> None:
        self.kind = kind
        self.text = text
        self.start = start
        self.end = end

    def __repr__(self) -> str:
        return f"{self.kind}({self.text})"


class Node:
    """A sentence, or an inner part of one. ``parts`` are named in the grammar; an absent part has no entry."""

    __slots__ = ("end", "parts", "shape", "start")

    def __init__(self, shape: str, parts: Mapping[str, Part], start: int, end: int) -> None:
        self.shape = shape
        self.parts = parts
        self.start = start
        self.end = end

    def __repr__(self) -> str:
        return f"{self.shape}{dict(self.parts)}"

    def has(self, name: str) -> bool:
        """Return whether the sentence has this part."""
        return name in self.parts

    def word(self, name: str) -> Word:
        """Return the word that must stand in part ``name``."""
        part = self.parts[name]
        assert isinstance(part, Word), (self, name)
        return part

    def text(self, name: str) -> str:
        """Return the text of the word in part ``name``, or nothing where the part is absent or no word."""
        part = self.parts.get(name)
        return part.text if isinstance(part, Word) else ""

    def node(self, name: str) -> Node:
        """Return the inner node that must stand in part ``name``."""
        part = self.parts[name]
        assert isinstance(part, Node), (self, name)
        return part

    def items(self, name: str) -> tuple[Word | Node, ...]:
        """Return the values of a list; none where the part is absent, one where a single value stands."""
        part = self.parts.get(name, ())
        return part if isinstance(part, tuple) else (part,)

    def words(self, name: str) -> list[Word]:
        """Return the words of a list."""
        return [part for part in self.items(name) if isinstance(part, Word)]

    def walk(self) -> Iterator[Node | Word]:
        """Yield this node and all below it, in the order of the text."""
        yield self
        for part in self.parts.values():
            for inner in part if isinstance(part, tuple) else (part,):
                if isinstance(inner, Node):
                    yield from inner.walk()
                else:
                    yield inner


class _Anything(frozenset[str]):
    """The guess about a line of which nothing was understood: it may have been meant as any sentence."""

    def isdisjoint(self, _other: object) -> bool:
        return False


ANYTHING = _Anything()
NOTHING: frozenset[str] = frozenset()


class TextBlock:
    """Lines between two lines of three quotes: ``text`` without the common indentation, ``first`` the line number of its first line."""

    __slots__ = ("column", "first", "text")

    def __init__(self, text: str, first: int, column: int) -> None:
        self.text = text
        self.first = first
        self.column = column


class Row:
    """One row of an examples table: its cells as words, in code points from the start of the line."""

    __slots__ = ("cells", "number")

    def __init__(self, number: int, cells: tuple[Word, ...]) -> None:
        self.number = number
        self.cells = cells


class Sentence:
    """A line in its place.

    ``node`` is None and ``shape``, its name in the grammar, empty where the line was not understood: ``stuck`` then says where it stopped and ``guess`` holds the shapes
    its beginning allows, so that nothing that depends on it is reported a second time. ``misplaced`` is a sentence that
    may not stand here, and has been reported. ``raw`` is the line without indentation, comment and full stop. ``places``
    is that of its `Line`.
    """

    __slots__ = (
        "block",
        "column",
        "guess",
        "misplaced",
        "node",
        "number",
        "parent",
        "places",
        "raw",
        "rows",
        "shape",
        "stuck",
        "text",
        "words",
    )

    def __init__(self, number: int, column: int, raw: str) -> None:
        self.number = number
        self.column = column
        self.raw = raw
        self.node: Node | None = None
        self.shape = ""
        self.words: tuple[Word, ...] = ()
        self.guess: frozenset[str] = frozenset()
        self.parent: Sentence | None = None
        self.places: list[int] | None = None
        self.block: list[Sentence] = []
        self.stuck: Stuck | None = None
        self.misplaced = False
        self.text: TextBlock | None = None
        self.rows: list[Row] = []

    def __repr__(self) -> str:
        return f"{self.number}:{self.raw}"

    def understand(self, node: Node) -> None:
        """Take what the line says."""
        self.node = node
        self.shape = node.shape

    def may_be(self, *shapes: str) -> bool:
        """Return whether the line is one of ``shapes``, or was not understood and may have been meant as one."""
        return self.node.shape in shapes if self.node else not self.guess.isdisjoint(shapes)

    def of(self, *shapes: str) -> list[Sentence]:
        """Return the sentences of these shapes directly under this one."""
        return [inner for inner in self.block if inner.node and inner.node.shape in shapes]

    def first(self, *shapes: str) -> Node | None:
        """Return the node of the first sentence of these shapes directly under this one."""
        return next(
            (inner.node for inner in self.block if inner.node and inner.node.shape in shapes), None
        )

    def lacks(self, *shapes: str) -> bool:
        """Return whether no line directly under this one is, or may have been meant as, one of ``shapes``."""
        return not any(inner.may_be(*shapes) for inner in self.block)

    def walk(self) -> list[Sentence]:
        """Return this sentence and all below it, in the order of the file."""
        found, left = [], [self]
        while left:
            sentence = left.pop()
            found.append(sentence)
            if sentence.block:
                left += reversed(sentence.block)
        return found


def gathered(by_shape: Mapping[str, list[Sentence]], shapes: tuple[str, ...]) -> Iterator[Sentence]:
    """Yield the sentences of ``shapes``, one shape after the other."""
    # Every rule asks for a shape or two in every file, mostly in vain: no generator, and no list for one shape.
    if len(shapes) == 1:
        return iter(by_shape.get(shapes[0], ()))
    return iter([one for shape in shapes if shape in by_shape for one in by_shape[shape]])


def unbracketed(part: Part) -> Part:
    """Return ``part`` without the brackets around it."""
    while isinstance(part, Node) and part.shape == "brackets":
        part = part.parts["inner"]
    return part


KEEP_TEXT = frozenset(
    ("STRING", "DATE", "TIME", "PERCENT", "NUMBER", "CURRENCY", "NAME", "PLACEHOLDER")
)


def meaning(part: Part) -> object:
    """Return ``part`` without places and without the words of a language, to compare two trees."""
    if isinstance(part, Word):
        return (part.kind, part.text) if part.kind in KEEP_TEXT else part.kind
    if isinstance(part, tuple):
        return tuple(meaning(inner) for inner in part)
    return part.shape, tuple(sorted((name, meaning(inner)) for name, inner in part.parts.items()))
