"""Who listens to what comes in: moments, fields, wishes. Rule: trying out in a scenario and declaring are no uses."""

from __future__ import annotations

from verbline.interpreter.names import fields_of_moment
from verbline.interpreter.nodes import Node, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.overview import Overview

# Lines that say a name without using what it stands for.
NO_USE = frozenset(
    ("asks_agreement", "purpose", "moment", "carries", "has_field", "known_by", "also_known_by", "recognised_by", "asks",
     "form_signals", "trust", "also_called", "also_written")
)  # fmt: skip
# Parts that name what a line changes or raises.
RAISED = {"learn": "field", "learn_list": "field", "signal": "moment"}
MOMENTS = ("moment", "moments", "start", "end")


class Listeners:
    """The names that the project's sentences and texts use."""

    def __init__(self, overview: Overview) -> None:
        self.purposes: set[str] = set()
        self.moments: set[str] = set()
        self.fields: set[str] = set()
        for names in overview.own:
            for shape, sentences in names.by_shape.items():
                if shape not in NO_USE:
                    for sentence in sentences:
                        self.take(sentence)
        for name in overview.project.files:
            self.fields.update(
                token.field for text in overview.texts(name) for token in text.tokens
            )

    def take(self, sentence: Sentence) -> None:
        """Add the names that one line uses."""
        if sentence.node is None or (sentence.parent and sentence.parent.shape == "scenario"):
            return
        raised = RAISED.get(sentence.shape)
        for part, word in words_of(sentence.node):
            if part == raised:
                raised = None
            elif word.kind == "NAME":
                self.fields.add(word.text)
            elif part == "purpose":
                self.purposes.add(word.text)
            elif part in MOMENTS:
                self.moments.add(word.text)
        if sentence.shape == "counts" and sentence.node.word("after").kind == "AFTER_MOMENT":
            self.moments.add(sentence.node.text("since"))


def words_of(node: Node) -> Iterator[tuple[str, Word]]:
    """Yield every word of a sentence with the name of the part that it is."""
    for name, part in node.parts.items():
        for inner in part if isinstance(part, tuple) else (part,):
            if isinstance(inner, Word):
                yield name, inner
            else:
                yield from words_of(inner)


def bringing(overview: Overview) -> dict[str, list[str]]:
    """Return the systems that bring each field, where moments carry it or forms ask for it."""
    found: dict[str, dict[str, str]] = {}
    for one in overview.declarations("moment"):
        source = one.sentence.first("comes_from")
        for field in fields_of_moment(one) if source else ():
            assert source is not None, "only moments with a source are asked for"
            add(found, field.name, source.text("system"))
    for _file, line, node in overview.steps("asks"):
        captured = line.parent.first("captured_by") if line.parent else None
        for word in node.words("fields") if captured else ():
            assert captured is not None, "only forms with a system are asked for"
            add(found, word.text, captured.text("system"))
    return {name: list(systems.values()) for name, systems in found.items()}


def filled(overview: Overview) -> set[str]:
    """Return the fields that something can bring: a moment carries them, a form asks for them, a journey learns them."""
    found = {
        field.name
        for moment in overview.declarations("moment")
        for field in fields_of_moment(moment)
    }
    for _file, _line, node in overview.steps("asks"):
        found.update(word.text for word in node.words("fields"))
    for shape in ("learn", "learn_list"):
        found.update(node.text("field") for _file, _line, node in overview.steps(shape))
    return found


def add(found: dict[str, dict[str, str]], field: str, system: str) -> None:
    """Add a system to those that bring ``field``; its name counts without case, blanks and hyphens."""
    found.setdefault(field, {}).setdefault(one_system(system), system)


def one_system(name: str) -> str:
    """Return what stays of a system's name without case, blanks and hyphens."""
    return name.casefold().translate(str.maketrans("", "", " -_"))
