"""What a project says about who is who. Rule: the file's rules stand beside the engine's own and never weaken them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from verbline.interpreter.nodes import Node, Word, unbracketed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import TypeAlias

    from verbline.interpreter.nodes import Part, Sentence
    from verbline.interpreter.project import Project

    # How a field of two people compares: NO where it differs, YES where it is the same.
    Alike: TypeAlias = Callable[[str], int]
    Condition: TypeAlias = Callable[[Alike], int]

NO, UNKNOWN, YES = 0, 1, 2
CONTACTS = ("email", "phone", "push", "post")
# The contact point that a channel uses.
USES = {
    "C_EMAIL": "email", "C_SMS": "phone", "C_PHONE": "phone", "C_WHATSAPP": "phone", "C_POST": "post", "C_PUSH": "push",
    "C_APP": "push",
}  # fmt: skip


class Table:
    """The data file: limits, blocked values, names of traits, letters."""

    __slots__ = ("birth", "first", "last", "letters", "limits", "nobody", "shared", "silent", "test", "under_test", "version", "whole", "zeros")  # fmt: skip

    def __init__(self, raw: Mapping[str, Any]) -> None:
        blocked, traits = raw["blocked"], raw["traits"]
        self.version: str = raw["version"]
        self.limits: Mapping[str, int] = raw["limits"]
        self.nobody = frozenset(value.casefold() for value in blocked["nobody"])
        self.zeros: bool = blocked["zeros"]
        self.silent = frozenset(blocked["silent"])
        self.shared = frozenset(blocked["shared"])
        self.test: tuple[str, ...] = tuple(blocked["test"])
        self.under_test = tuple(f".{domain}" for domain in self.test)
        self.first = frozenset(traits["first"])
        self.last = frozenset(traits["last"])
        self.whole = frozenset(traits["whole"])
        self.birth = frozenset(traits["birth"])
        self.letters = str.maketrans(raw["letters"])

    def blocks_key(self, value: str) -> bool:
        """Return whether ``value`` stands where a key should be and names nobody."""
        return value.casefold() in self.nobody or (self.zeros and not value.strip("0"))

    def blocks_mail(self, key: str) -> bool:
        """Return whether nobody reads what is sent to an address."""
        local, _, domain = key.rpartition("@")
        return local in self.silent or domain in self.test or domain.endswith(self.under_test)

    def is_shared(self, key: str) -> bool:
        """Return whether an address belongs to a post and not to a person."""
        return key.partition("@")[0] in self.shared


@cache
def table() -> Table:
    """Return the table that comes with the language."""
    text = resources.files("verbline.stdlib").joinpath("identity.toml").read_text("utf-8")
    return Table(tomllib.loads(text))


class Rules:
    """What identifies people in a project.

    ``keys`` are the exclusive fields, the strongest first; ``contacts`` maps fields to kinds of contact point, ``weak`` are
    the fields that recognise. ``traits`` are the fields that only corroborate. ``region`` is the country whose way of
    writing telephone numbers is meant. ``never`` and ``merge`` are conditions, ``ask`` desks and conditions.
    """

    __slots__ = ("ask", "contacts", "keys", "merge", "never", "region", "table", "traits", "weak")

    def __init__(
        self,
        keys: Iterable[str],
        contacts: Mapping[str, str],
        weak: Iterable[str] = (),
        traits: Iterable[str] = (),
        *,
        region: str = "",
        never: Iterable[Condition] = (),
        merge: Iterable[Condition] = (),
        ask: Iterable[tuple[str, Condition]] = (),
        data: Table | None = None,
    ) -> None:
        self.keys = tuple(dict.fromkeys(keys))
        self.contacts = dict(contacts)
        self.weak = tuple(dict.fromkeys(weak))
        identifying = {*self.keys, *self.contacts, *self.weak}
        self.traits = tuple(name for name in dict.fromkeys(traits) if name not in identifying)
        self.region = region
        self.never = tuple(never)
        self.merge = tuple(merge)
        self.ask = tuple(ask)
        self.table = data or table()


def rules_of(project: Project) -> Rules:
    """Return the rules that the people of ``project`` are declared with; all nouns share one graph."""
    clauses = [clause for noun in _nouns(project) for clause in noun.block if clause.node]
    keys = [word.text for one in _of(clauses, "known_by") for word in one.words("fields")]
    contacts = [
        contact for one in _of(clauses, "also_known_by") for contact in one.items("contacts")
    ]
    weak = [word.text for one in _of(clauses, "recognised_by") for word in one.words("fields")]
    declared = [one.text("name") for one in _of(clauses, "has_field")]
    conditions = {
        shape: [
            (one.text("desk"), one.parts["condition"]) for one in _of(clauses, f"merge_{shape}")
        ]
        for shape in ("never", "when", "ask")
    }
    named = [
        name for pairs in conditions.values() for _desk, part in pairs for name in compared(part)
    ]
    data = table()
    telling = [
        name for name in declared if name in data.first | data.last | data.whole | data.birth
    ]
    return Rules(
        keys,
        dict(_contact(contact) for contact in contacts),
        weak,
        [*telling, *named],
        region=project.settings.country,
        never=[condition(part) for _desk, part in conditions["never"]],
        merge=[condition(part) for _desk, part in conditions["when"]],
        ask=[(desk, condition(part)) for desk, part in conditions["ask"]],
        data=data,
    )


def _nouns(project: Project) -> Iterator[Sentence]:
    """Yield the declarations of people, in the order of the files."""
    for names in project.names.values():
        for noun in names.of("person"):
            if not noun.misplaced:
                yield noun


def _of(clauses: Iterable[Sentence], shape: str) -> list[Node]:
    return [one.node for one in clauses if one.node is not None and one.shape == shape]


def _contact(written: Word | Node) -> tuple[str, str]:
    """Return the field and the kind of contact point that one entry of `also known by` means."""
    if isinstance(written, Word):
        return written.text, written.text
    field = written.text("name")
    return field, USES[written.word("kind").kind] if written.has("kind") else field


def compared(part: Part) -> list[str]:
    """Return the fields that a condition compares between two people."""
    if not isinstance(part, Node):
        return []
    return [
        node.text("field")
        for node in part.walk()
        if isinstance(node, Node) and node.shape in ("same", "different")
    ]


def condition(part: Part) -> Condition:
    """Return a condition about two people as a function; what compares no field of both is unknown."""
    part = unbracketed(part)
    if not isinstance(part, Node):
        return lambda _alike: UNKNOWN
    if part.shape in ("same", "different"):
        field = part.text("field")
        if part.shape == "same":
            return lambda alike: alike(field)
        return lambda alike: YES - alike(field)
    if part.shape == "not_":
        inner = condition(part.parts["inner"])
        return lambda alike: YES - inner(alike)
    if part.shape in ("and_", "or_"):
        terms = [condition(term) for term in part.items("terms")]
        if part.shape == "and_":
            return lambda alike: min(term(alike) for term in terms)
        return lambda alike: max(term(alike) for term in terms)
    return lambda _alike: UNKNOWN
