"""Who is meant by a name. Rule: a name has one declaration in a project; a file sees what it declares and what it uses."""

from __future__ import annotations

from verbline.interpreter.nodes import Node, gathered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from verbline.interpreter.nodes import Sentence, Word
    from verbline.interpreter.parse import File

# The sentence that declares a name, and the kind of name.
DECLARES = {
    "moment": "moment", "purpose": "purpose", "person": "person", "segment": "segment", "score": "score",
    "metric": "metric", "message": "message", "form": "form", "desk": "desk", "offer_decl": "offer",
    "journey": "journey", "scenario": "scenario",
}  # fmt: skip

# Which part of which sentence or condition names what.
REFERS: Mapping[str, Mapping[str, str]] = {
    "starts_when": {"moment": "moment"},
    "stops_when": {"moment": "moment"},
    "starts_segment": {"segment": "segment"},
    "stops_segment": {"segment": "segment"},
    "starts_also": {"segment": "segment"},
    "stops_withdrawn": {"who": "person", "purpose": "purpose"},
    "only_for": {"segment": "segment"},
    "except_for": {"segment": "segment"},
    "aims_for": {"metric": "metric"},
    "merge_ask": {"desk": "desk"},
    "also_rests_on": {"moment": "moment"},
    "confirmed_by_link": {"message": "message"},
    "adds": {"moment": "moment"},
    "takes": {"moment": "moment"},
    "measures": {"start": "moment", "end": "moment"},
    "counts": {"moment": "moment"},
    "sums": {"moment": "moment"},
    "asks_agreement": {"purpose": "purpose"},
    "form_signals": {"moment": "moment"},
    "backed_up": {"desk": "desk"},
    "shows": {"message": "message"},
    "wait_for": {"moments": "moment"},
    "wait_absent": {"moment": "moment"},
    "notify": {"who": "person", "message": "message", "purpose": "purpose"},
    "notify_desk": {"desk": "desk", "message": "message"},
    "notify_routed": {"message": "message"},
    "stop_writing": {"who": "person", "purpose": "purpose"},
    "ask": {"who": "person", "message": "message", "purpose": "purpose"},
    "escalate": {"desk": "desk"},
    "pass_up": {"desk": "desk"},
    "route": {"desk": "desk"},
    "confirm": {"purpose": "purpose"},
    "signal": {"moment": "moment"},
    "offer_best": {"offers": "offer", "purpose": "purpose"},
    "offer": {"offer": "offer", "purpose": "purpose"},
    "experiment": {"metric": "metric"},
    "continue_with": {"journey": "journey"},
    "if_this_happens": {"moment": "moment"},
    "in_segment": {"who": "person", "segment": "segment"},
    "qualified": {"who": "person", "label": "label"},
    "agrees": {"who": "person", "purpose": "purpose"},
    "not_agrees": {"who": "person", "purpose": "purpose"},
    "silent": {"who": "person"},
    "had": {"who": "person", "moment": "moment"},
    "had_no": {"who": "person", "moment": "moment"},
    "g_person": {"who": "person"},
    "g_other_person": {"who": "person"},
    "g_agrees": {"who": "person", "purpose": "purpose"},
    "g_disagrees": {"who": "person", "purpose": "purpose"},
    "g_segment": {"who": "person", "segment": "segment"},
    "g_qualified": {"who": "person", "label": "label"},
    "g_has_no": {"who": "person"},
    "g_not_known": {"who": "person"},
    "g_exp": {"experiment": "experiment"},
    "w_event": {"moment": "moment", "other": "person"},
    "w_desk": {"desk": "desk"},
    "w_answers": {"who": "person"},
    "w_agrees": {"who": "person", "purpose": "purpose"},
    "w_withdraws": {"who": "person", "purpose": "purpose"},
    "w_merge": {"who": "person"},
    "w_split": {"who": "person"},
    "t_gets": {"who": "person", "message": "message"},
    "t_once": {"who": "person", "message": "message"},
    "t_offer": {"who": "person", "offer": "offer"},
    "t_no_offer": {"who": "person", "offer": "offer"},
    "t_asked": {"who": "person"},
    "t_not": {"who": "person", "message": "message"},
    "t_nothing": {"who": "person"},
    "t_no_more": {"who": "person"},
    "t_task": {"desk": "desk"},
    "t_no_task": {"desk": "desk"},
    "t_told": {"desk": "desk", "message": "message"},
    "t_not_told": {"desk": "desk", "message": "message"},
    "t_responsible": {"desk": "desk", "who": "person"},
    "t_finish": {"journey": "journey"},
    "t_waiting": {"journey": "journey"},
}
COUNTED_FROM = {"AFTER_MOMENT": "moment", "AFTER_ENTERING": "journey", "AFTER_QUALIFIED": "label"}

# Fields of every person, without a declaration.
BUILT_IN = ("last-action", "last-action-time", "country", "time-zone")
# Tokens a message may hold beside fields.
MESSAGE_TOKENS = ("leave-link",)


class Declaration:
    """A name and where it is declared. ``fields`` are those of a person or a moment, once somebody has asked."""

    __slots__ = ("fields", "file", "kind", "name", "sentence")

    def __init__(self, kind: str, name: str, file: File, sentence: Sentence) -> None:
        self.kind = kind
        self.name = name
        self.file = file
        self.sentence = sentence
        self.fields: list[Field] | None = None

    def __repr__(self) -> str:
        return f"{self.kind} {self.name} ({self.file.path}:{self.sentence.number})"


class Field:
    """A field of a person or of a moment: ``owner`` is "person" or "moment", ``of`` its declaration.

    ``known`` is true where the field cannot be unknown: it identifies the person, or the moment carries it. ``guard`` is
    ``sensitive``, ``secret`` or nothing. ``kind`` is the type as written: a word (T_TEXT …) or a node; None for a key.
    """

    __slots__ = ("guard", "kind", "known", "name", "of", "owner", "sentence")

    def __init__(
        self,
        name: str,
        owner: str,
        of: Declaration,
        sentence: Sentence,
        kind: Node | Word | None,
        guard: str,
        *,
        known: bool,
    ) -> None:
        self.name = name
        self.owner = owner
        self.of = of
        self.sentence = sentence
        self.kind = kind
        self.guard = guard
        self.known = known


class Names:
    """Every declaration of some files. One object a file: what the file itself declares; `Scope` joins them."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.declared: dict[str, dict[str, Declaration]] = {}
        self.repeated: list[tuple[Declaration, Declaration]] = []
        self.labels: dict[str, Sentence] = {}
        self.experiments: dict[str, Sentence] = {}
        self.by_shape: dict[str, list[Sentence]] = {}
        self.uses: list[Sentence] = []
        for sentence in file.walk():
            self._take(sentence)

    def _take(self, sentence: Sentence) -> None:
        node = sentence.node
        if node is None:
            return
        self.by_shape.setdefault(node.shape, []).append(sentence)
        kind = DECLARES.get(node.shape)
        if kind is not None and not sentence.misplaced:
            self._declare(kind, node.text("name"), sentence)
        elif node.shape == "also_written":
            for form in node.words("forms"):
                self._declare("person", form.text, sentence)
        elif (
            node.shape == "also_called"
            and sentence.parent is not None
            and sentence.parent.shape == "moment"
        ):
            self._declare("moment", node.text("name"), sentence.parent)
        elif node.shape == "qualify":
            self.labels.setdefault(node.text("label"), sentence)
        elif node.shape == "experiment":
            self.experiments.setdefault(node.text("name"), sentence)
        elif node.shape == "use":
            self.uses.append(sentence)

    def _declare(self, kind: str, name: str, sentence: Sentence) -> None:
        new = Declaration(kind, name, self.file, sentence)
        first = self.declared.setdefault(kind, {}).setdefault(name, new)
        if first is not new:
            self.repeated.append((first, new))

    def of(self, *shapes: str) -> Iterator[Sentence]:
        """Yield the file's sentences of these shapes."""
        return gathered(self.by_shape, shapes)


class Scope:
    """What one file sees: its own names and those of the files it uses."""

    def __init__(self, own: Names, used: Iterable[Names]) -> None:
        self.own = own
        self.file = own.file
        self.parts = (own, *used)

    def find(self, kind: str, name: str) -> Declaration | None:
        """Return the declaration of ``name``, or None where the file sees none."""
        for part in self.parts:
            found = part.declared.get(kind, {}).get(name)
            if found is not None:
                return found
        return None

    def has(self, kind: str, name: str) -> bool:
        """Return whether the file sees a name of this kind; labels and experiments are declared by their steps."""
        if kind == "label":
            return any(name in part.labels for part in self.parts)
        if kind == "experiment":
            return any(name in part.experiments for part in self.parts)
        return self.find(kind, name) is not None

    def names(self, kind: str) -> list[str]:
        """Return the names of ``kind`` that the file sees, own ones first."""
        if kind == "label":
            return [name for part in self.parts for name in part.labels]
        if kind == "experiment":
            return [name for part in self.parts for name in part.experiments]
        return [name for part in self.parts for name in part.declared.get(kind, {})]

    def declarations(self, kind: str) -> list[Declaration]:
        """Return the declarations of ``kind`` that the file sees, each once."""
        found = {
            id(one.sentence): one
            for part in self.parts
            for one in reversed(part.declared.get(kind, {}).values())
        }
        return list(found.values())


def fields_of_person(declaration: Declaration) -> list[Field]:
    """Return the fields of one person noun: its keys, contact points and declared fields."""
    if declaration.fields is None:
        declaration.fields = [
            field
            for inner in declaration.sentence.block
            for field in _of_person(declaration, inner)
        ]
    return declaration.fields


def _of_person(declaration: Declaration, inner: Sentence) -> Iterator[Field]:
    node = inner.node
    if node is None:
        return
    if node.shape == "known_by" or node.shape == "recognised_by":
        known = node.shape == "known_by"
        for word in node.words("fields"):
            yield Field(word.text, "person", declaration, inner, None, "", known=known)
    elif node.shape == "also_known_by":
        for contact in node.items("contacts"):
            if isinstance(contact, Node):
                name = contact.text("name")
                yield Field(name, "person", declaration, inner, None, "", known=True)
    elif node.shape == "has_field":
        yield _typed(node, "person", declaration, inner, known=False)


def fields_of_moment(declaration: Declaration) -> list[Field]:
    """Return the fields that one moment carries."""
    if declaration.fields is None:
        declaration.fields = [
            _typed(inner.node, "moment", declaration, inner, known=True)
            for inner in declaration.sentence.of("carries")
            if inner.node is not None
        ]
    return declaration.fields


def _typed(
    node: Node, owner: str, declaration: Declaration, sentence: Sentence, *, known: bool
) -> Field:
    guard = node.parts.get("guard")
    word = {"SENSITIVE": "sensitive", "SECRET": "secret"}.get(getattr(guard, "kind", ""), "")
    kind = node.parts["kind"]
    assert not isinstance(kind, tuple)
    return Field(node.text("name"), owner, declaration, sentence, kind, word, known=known)
