"""What a project says about who is who. Rule: the file's rules stand beside the engine's own and never weaken them."""

from __future__ import annotations

import tomllib
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import Any

from verbline.interpreter.nodes import Node, Word, unbracketed
from verbline.interpreter.program.people import contact_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from typing import TypeAlias

    from verbline.interpreter.nodes import Part, Sentence
    from verbline.interpreter.project import Project

    # How a field of two people compares: NO where it differs, YES where it is the same.
    Alike: TypeAlias = Callable[[str], int]
    Condition: TypeAlias = Callable[[Alike], int]

NO, UNKNOWN, YES = 0, 1, 2
CONTACTS = ("email", "phone", "push", "post")


class Table:
    """The data file: limits, blocked values, names of traits, letters."""

    __slots__ = ("birth", "first", "last", "letters", "limits", "nobodies", "nobody", "shared", "silent", "test", "under_test", "version", "whole", "zeros")  # fmt: skip

    def __init__(self, raw: Mapping[str, Any]) -> None:
        blocked, traits = raw["blocked"], raw["traits"]
        self.version: str = raw["version"]
        self.limits: Mapping[str, int] = raw["limits"]
        self.nobody = frozenset(value.casefold() for value in blocked["nobody"])
        self.zeros: bool = blocked["zeros"]
        self.silent = frozenset(blocked["silent"])
        self.shared = frozenset(blocked["shared"])
        self.nobodies = self.silent | self.shared
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

    def is_own_mail(self, key: str) -> bool:
        """Return whether an address is read by somebody, and belongs to a person."""
        local, _, domain = key.rpartition("@")
        if local in self.nobodies or domain in self.test:
            return False
        return not domain.endswith(self.under_test)


@cache
def table() -> Table:
    """Return the table that comes with the language."""
    text = resources.files("verbline.stdlib").joinpath("identity.toml").read_text("utf-8")
    return Table(tomllib.loads(text))


class Clauses:
    """What a file says about two people: conditions that forbid, that join, that ask a desk.

    ``alone`` are groups of traits that some condition takes for enough without an identifier that both people share.
    """

    __slots__ = ("alone", "ask", "merge", "never")

    def __init__(
        self,
        never: Iterable[Condition] = (),
        merge: Iterable[Condition] = (),
        ask: Iterable[tuple[str, Condition]] = (),
        alone: Iterable[tuple[str, ...]] = (),
    ) -> None:
        self.never = tuple(never)
        self.merge = tuple(merge)
        self.ask = tuple(ask)
        self.alone = tuple(dict.fromkeys(alone))


class Rules:
    """What identifies people in a project.

    ``keys`` are the exclusive fields, the strongest first; ``contacts`` maps fields to kinds of contact point, ``weak`` are
    the fields that recognise. ``traits`` are the fields that only corroborate. ``region`` is the country whose way of
    writing telephone numbers is meant.
    """

    __slots__ = ("clauses", "contacts", "keys", "region", "table", "traits", "weak")

    def __init__(
        self,
        keys: Iterable[str],
        contacts: Mapping[str, str],
        weak: Iterable[str] = (),
        traits: Iterable[str] = (),
        *,
        region: str = "",
        clauses: Clauses | None = None,
        data: Table | None = None,
    ) -> None:
        self.keys = tuple(dict.fromkeys(keys))
        self.contacts = dict(contacts)
        self.weak = tuple(dict.fromkeys(weak))
        identifying = {*self.keys, *self.contacts, *self.weak}
        self.traits = tuple(name for name in dict.fromkeys(traits) if name not in identifying)
        self.region = region
        self.clauses = clauses or Clauses()
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
    said = [
        one.parts["condition"]
        for shape in ("never", "when", "ask")
        for one in _of(clauses, f"merge_{shape}")
    ]
    data = table()
    telling = data.first | data.last | data.whole | data.birth
    return Rules(
        keys,
        dict(_contact(contact) for contact in contacts),
        weak,
        [
            *(name for name in declared if name in telling),
            *(name for part in said for name in compared(part)),
        ],
        region=project.settings.country,
        clauses=clauses_of(clauses, {*keys, *map(_field, contacts), *weak}),
        data=data,
    )


def print_of(project: Project) -> str:
    """Return a hash of all that the rules of ``project`` are made of: other rules give other people."""
    rules = rules_of(project)
    clauses = [clause for noun in _nouns(project) for clause in noun.block]
    said = [repr(one) for shape in ("never", "when", "ask") for one in _of(clauses, f"merge_{shape}")]  # fmt: skip
    fields = rules.keys, sorted(rules.contacts.items()), rules.weak, rules.traits
    made_of = fields, rules.region, rules.table.version, sorted(rules.table.limits.items()), said
    return sha256(repr(made_of).encode()).hexdigest()


def clauses_of(said: Iterable[Sentence], identifying: AbstractSet[str]) -> Clauses:
    """Return what the clauses of a person noun say about two people; ``identifying`` are the fields that are no traits."""
    said = list(said)
    never = [one.parts["condition"] for one in _of(said, "merge_never")]
    merge = [one.parts["condition"] for one in _of(said, "merge_when")]
    ask = [(one.text("desk"), one.parts["condition"]) for one in _of(said, "merge_ask")]
    enough = [way for part in (*merge, *(part for _desk, part in ask)) for way in ways(part)]
    return Clauses(
        [condition(part) for part in never],
        [condition(part) for part in merge],
        [(desk, condition(part)) for desk, part in ask],
        [tuple(sorted(way)) for way in enough if way and way.isdisjoint(identifying)],
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
    field, kind = contact_of(written)
    return field, kind or field


def _field(written: Word | Node) -> str:
    return _contact(written)[0]


def compared(part: Part) -> list[str]:
    """Return the fields that a condition compares between two people."""
    if not isinstance(part, Node):
        return []
    return [
        node.text("field")
        for node in part.walk()
        if isinstance(node, Node) and node.shape in ("same", "different")
    ]


def ways(part: Part) -> list[set[str]]:
    """Return each way to meet a condition, as the fields that have to be the same."""
    part = unbracketed(part)
    if not isinstance(part, Node):
        return [set()]
    if part.shape == "same":
        return [{part.text("field")}]
    if part.shape == "or_":
        return [way for term in part.items("terms") for way in ways(term)]
    if part.shape == "and_":
        found: list[set[str]] = [set()]
        for term in part.items("terms"):
            found = [way | more for way in found for more in ways(term)]
        return found
    return [set()]


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
