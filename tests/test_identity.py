"""Who is who: the graph of people and their identifiers."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases import STDLIB
from tests.identity import case_files, played
from verbline.runtime.identity.graph import Identity
from verbline.runtime.identity.memory import Memory
from verbline.runtime.identity.rules import CONTACTS, YES, Clauses, Rules, Table

if TYPE_CHECKING:
    from verbline.runtime.identity.rules import Alike

KINDS = ("member-number", "web-account", "email", "phone", "device", "cookie")
NAMES = ("first-name", "last-name", "birth-date")


def narrow() -> Table:
    """Return the table with limits that a few events reach."""
    raw: dict[str, Any] = tomllib.loads((STDLIB / "identity.toml").read_text("utf-8"))
    raw["limits"] = {"email": 2, "phone": 1, "push": 1, "post": 1, "weak": 2, "owners": 2}
    return Table(raw)


def rule(*fields: str) -> Any:
    """Return a condition: all of ``fields`` are the same."""

    def holds(alike: Alike) -> int:
        return min(alike(field) for field in fields)

    return holds


RULES = Rules(
    KINDS[:2],
    {"email": "email", "phone": "phone"},
    KINDS[4:],
    NAMES,
    region="SI",
    clauses=Clauses(
        never=[lambda alike: YES - alike("birth-date")],
        merge=[rule("email", "last-name"), rule(*NAMES)],
        ask=[("Desk", rule("phone"))],
        alone=[NAMES],
    ),
    data=narrow(),
)
VALUES = {
    "member-number": ["M-1", "M-2", "M-3"],
    "web-account": ["W-1", "W-2", "W-3"],
    "email": ["ana@mail.si", "eva@mail.si", "rok@mail.si", "info@mail.si", "?"],
    "phone": ["031 234 567", "031 234 568"],
    "device": ["d-1", "d-2", "d-3"],
    "cookie": ["c-1", "c-2"],
    "first-name": ["Ana", "Eva"],
    "last-name": ["Kos", "Turk"],
    "birth-date": ["1990", "1991"],
}
SIGNS = [(field, value) for field, values in VALUES.items() for value in values]
FIELDS = st.lists(st.sampled_from(SIGNS), min_size=2, max_size=5).map(dict)
EVENT = st.tuples(FIELDS, st.sampled_from([frozenset[str](), frozenset(["email"])]))
PAIR = st.tuples(st.sampled_from(["merge", "split"]), st.integers(1, 4), st.integers(1, 4))
LOG = st.lists(st.one_of(EVENT, EVENT, EVENT, PAIR), min_size=15, max_size=60)


def play(identity: Identity, log: list[Any]) -> list[str]:
    """Return what came of each line of a log."""
    return [step(identity, line) for line in log]


def step(identity: Identity, line: Any) -> str:
    """Return what comes of one line: an event, or what somebody says about two people."""
    if len(line) == 2:
        found = identity.resolve(line[0], 0, confirmed=line[1])
        return f"{found!r} {sorted(found.added)} {found.asked}"
    what, one, other = line
    if max(one, other) > identity.store.people or one == other:
        return ""
    if what == "merge":
        return str(identity.merge(one, other, 0))
    return str(identity.split(one, other, 0))


def open_rows(identity: Identity) -> set[tuple[int, int, int]]:
    """Return who holds what, each once: identifier, person, and the number under which it came."""
    people = range(1, identity.store.people + 1)
    rows = [row for person in people for row in identity.store.rows_held(person)]
    found = {(row.ident, row.person, row.origin) for row in rows}
    assert len(found) == len(rows), "a row stands there twice"
    return found


def holders(identity: Identity) -> dict[tuple[str, str], set[int]]:
    """Return who holds each identifier now."""
    idents = [identity.store.ident(number) for number in range(1, identity.store.idents + 1)]
    return {ident: set(identity.holders(*ident)) for ident in idents}


@pytest.mark.parametrize("path", case_files(), ids=lambda path: path.stem)
def test_every_event_finds_its_person(path: Path) -> None:
    """Each line of a case comes to what stands behind its arrow, no more and no less."""
    wanted, came = played(path)
    assert came == wanted


@settings(max_examples=80)
@given(log=LOG)
def test_no_person_holds_more_than_one_may(log: list[Any]) -> None:
    """As long as nobody joins people by their word, a person has one value of a key, and what the limits allow."""
    identity = Identity(RULES)
    for line in log:
        if line[0] == "merge":
            continue
        step(identity, line)
        for person in range(1, identity.store.people + 1):
            held = {(kind, ident) for kind, ident in identity.store.held(person)}
            numbers = [kind for kind, _ident in held]
            assert all(numbers.count(kind) <= 1 for kind in RULES.keys)
            assert all(
                numbers.count(kind) <= RULES.table.limits[kind]
                for kind in CONTACTS
                if kind in numbers
            )
            assert sum(kind in RULES.weak for kind in numbers) <= RULES.table.limits["weak"]


@settings(max_examples=80)
@given(log=LOG)
def test_keys_and_devices_have_one_holder(log: list[Any]) -> None:
    """Only an address has several holders; who holds it bears the oldest of their numbers, none of which are apart."""
    identity = Identity(RULES)
    play(identity, log)
    for (kind, _value), people in holders(identity).items():
        assert kind not in (*RULES.keys, *RULES.weak) or len(people) <= 1
    for _ident, person, origin in open_rows(identity):
        assert identity.now(origin) == person
    for person in range(1, identity.store.people + 1):
        leaves = identity.links.leaves(person)
        assert identity.now(person) == min(leaves)
        assert leaves.isdisjoint(identity.store.apart(person))


@settings(max_examples=80)
@given(log=LOG, one=st.integers(1, 9), other=st.integers(1, 9))
def test_a_split_gives_back_what_a_merge_took(log: list[Any], one: int, other: int) -> None:
    """After a merge and a split of the same two people everybody holds what they held before."""
    identity = Identity(RULES)
    play(identity, log)
    if max(one, other) > identity.store.people:
        return
    before, were = open_rows(identity), (identity.now(one), identity.now(other))
    merged = identity.merge(one, other, 0)
    if not isinstance(merged, str):
        assert set(identity.split(*merged, 0)) == set(were)
        assert open_rows(identity) == before
        assert (identity.now(one), identity.now(other)) == were


@settings(max_examples=60)
@given(log=LOG)
def test_the_past_can_be_asked(log: list[Any]) -> None:
    """Who held an identifier after a change is answered the same then and ever after."""
    identity = Identity(RULES)
    then = []
    for line in log:
        step(identity, line)
        then.append((identity.store.seq, holders(identity)))
    for seq, held in then:
        for ident, people in held.items():
            assert set(identity.as_of(*ident, seq)) == people


@settings(max_examples=80)
@given(log=LOG)
def test_numbers_are_never_given_twice(log: list[Any]) -> None:
    """Somebody new bears a number that nobody has borne; who merges was there before; an event adds one person at most."""
    identity = Identity(RULES)
    there: set[int] = set()
    for line in log:
        before = identity.store.people
        if len(line) != 2:
            step(identity, line)
            continue
        found = identity.resolve(line[0], 0, confirmed=line[1])
        assert identity.store.people - before <= 1
        assert all(set(pair) <= there for pair in found.merged)
        if found.new:
            assert found.person == before + 1
        elif found.person is not None:
            assert found.person in there or identity.store.edges_of(found.person)
        if found.person is not None:
            there.add(found.person)


class Turned(Memory):
    """A store that keeps what has no order in another one."""

    def held(self, person: int) -> list[tuple[str, int]]:
        """Return the identifiers of a person, turned round."""
        return list(reversed(super().held(person)))

    def edges_of(self, person: int) -> list[Any]:
        """Return the edges of a person, turned round."""
        return list(reversed(super().edges_of(person)))

    def apart(self, person: int) -> list[int]:
        """Return who is not the same, turned round."""
        return sorted(super().apart(person), reverse=True)


@settings(max_examples=60)
@given(log=LOG)
def test_the_order_of_storage_decides_nothing(log: list[Any]) -> None:
    """The same log gives the same people from a store that lists its rows in another order."""
    one, other = Identity(RULES), Identity(RULES, Turned())
    assert play(one, log) == play(other, log)
    assert holders(one) == holders(other)


@settings(max_examples=60)
@given(log=LOG)
def test_the_quick_way_comes_to_the_same(log: list[Any]) -> None:
    """An event whose key is known finds its person in one step, and the same one that the whole way finds."""
    quick, slow = Identity(RULES), Identity(RULES)
    slow.known = lambda _fields: 0
    assert play(quick, log) == play(slow, log)
    assert holders(quick) == holders(slow)


@settings(max_examples=60)
@given(log=LOG)
def test_nothing_of_a_person_shows(log: list[Any]) -> None:
    """What the graph prints of itself, of its events and of its signs holds no value of an identifier."""
    identity = Identity(RULES)
    values = [value for values in VALUES.values() for value in values if len(value) > 2]
    for line in log:
        if len(line) == 2:
            found = identity.resolve(line[0], 0, confirmed=line[1])
            signs = identity._reader.read(line[0], line[1])
            shown = f"{found!r} {identity!r} {signs!r} {signs.keys} {identity.store.notes()}"
            assert not any(value in shown for value in values)


@settings(max_examples=60)
@given(log=LOG)
def test_who_is_forgotten_has_left_nothing(log: list[Any]) -> None:
    """When everybody is forgotten, the store holds no value of an identifier that anybody ever held, and no name."""
    identity = Identity(RULES)
    play(identity, log)
    people = range(1, identity.store.people + 1)
    for person in people:
        identity.forget(person, 0)
    public = {"d-1", "d-2", "d-3", "c-1", "c-2"}
    idents = [identity.store.ident(number) for number in range(1, identity.store.idents + 1)]
    assert {value for _kind, value in idents} - public <= {""}
    assert not any(identity.store.traits(person) for person in people)
    assert not open_rows(identity)
