"""Plain events take a short way through the identity graph, and come to the same people."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.test_identity import EVENT, PAIR, RULES, VALUES, holders, open_rows, play, rule
from verbline.runtime.identity.graph import Identity
from verbline.runtime.identity.memory import Memory
from verbline.runtime.identity.rules import Clauses, Rules

PLAIN = st.fixed_dictionaries(
    {
        "member-number": st.sampled_from(["M-1", "M-2", "M-3", " M-1 ", "null", "", "M-ž", 7]),
    },
    optional={
        "email": st.sampled_from(
            ["ana@mail.si", "EVA@mail.si", "rok@mail.si", "a@mail.si", "b@mail.si", "info@mail.si", "?", "x@a.test"]
        ),
        "web-account": st.sampled_from(["W-1", "W-2"]),
        "city": st.just("Kranj"),
    },
)  # fmt: skip
LINE = st.tuples(PLAIN, st.just(frozenset[str]()))
LOG = st.lists(st.one_of(LINE, LINE, LINE, LINE, EVENT, PAIR), min_size=10, max_size=60)


# The same rules, but that nothing except an identifier is ever enough.
OPEN = Rules(
    RULES.keys,
    RULES.contacts,
    RULES.weak,
    RULES.traits,
    region="SI",
    clauses=Clauses(
        never=RULES.clauses.never,
        merge=[rule("email", "last-name")],
        ask=RULES.clauses.ask,
    ),
    data=RULES.table,
)
REGISTER = st.fixed_dictionaries(
    {"member-number": st.sampled_from(["M-1", "M-2", "M-3", " M-4 ", "M-5", "null", 7])},
    optional={
        "web-account": st.just("W-1"),
        "email": st.sampled_from(["ana@mail.si", "EVA@mail.si", "a@mail.si", "info@mail.si", "?", 1]),
        "phone": st.sampled_from(["031 234 567", "+38631234567", "+38631234568", "+1", "-"]),
        "device": st.just("d-1"),
        "first-name": st.sampled_from(["Ana", " ANA", "Eva", "", 5, ["Ana"], True]),
        "last-name": st.sampled_from(["Kos", "Turk", "Žnidar"]),
        "birth-date": st.sampled_from(["1990", "1991", 1990]),
    },
)  # fmt: skip
ENTRY = st.tuples(REGISTER, st.just(frozenset[str]()))
ENTRIES = st.lists(st.one_of(ENTRY, ENTRY, ENTRY, ENTRY, EVENT, PAIR), min_size=10, max_size=60)


class Never:
    """No event is plain."""

    def take(self, _fields: Any) -> None:
        """Return nothing."""


@settings(max_examples=400)
@given(log=ENTRIES)
def test_what_a_register_says_comes_to_the_same(log: list[Any]) -> None:
    """Addresses and names that nobody else has are kept as the careful way keeps them, and nothing else is."""
    short, careful = Identity(OPEN), Identity(OPEN)
    careful._plain = careful._ample = Never()  # type: ignore[assignment]
    assert play(short, log) == play(careful, log)
    assert open_rows(short) == open_rows(careful)
    assert holders(short) == holders(careful)
    assert names(short) == names(careful)
    assert (short.refused, short.ambiguous) == (careful.refused, careful.ambiguous)


def names(identity: Identity) -> list[dict[str, set[object]]]:
    """Return what was said about everybody's name and birth."""
    return [identity.links.traits(one) for one in range(1, identity.store.people + 1)]


def test_what_a_register_says_takes_the_short_way() -> None:
    """The test above compares something; who has told something else of late is looked at with care."""
    ample = Identity(OPEN)._ample
    ana = {"member-number": "M-1", "email": "ana@mail.si", "phone": "031 234 567", "first-name": "Ana"}  # fmt: skip
    added = [("email", "ana@mail.si"), ("phone", "+38631234567")]
    assert ample.take(ana) == (1, True, added)
    assert ample.take(ana) is None  # nothing new
    assert ample.take({"member-number": "M-1", "first-name": "Anica"}) == (1, False, [])
    assert ample.take({"member-number": "M-2", "email": "ana@mail.si"}) is None
    assert Identity(RULES)._ample.take(ana) is None


@settings(max_examples=400)
@given(log=LOG)
def test_the_short_way_comes_to_the_same(log: list[Any]) -> None:
    """Whoever the plain way finds, and whatever it keeps, the careful way finds and keeps too."""
    short, careful = Identity(RULES), Identity(RULES)
    careful._plain = careful._ample = Never()  # type: ignore[assignment]
    assert play(short, log) == play(careful, log)
    assert open_rows(short) == open_rows(careful)
    assert holders(short) == holders(careful)
    assert short.store.seq >= 0
    assert short.refused == careful.refused


@settings(max_examples=100)
@given(log=st.lists(LINE, min_size=10, max_size=60))
def test_most_plain_events_take_the_short_way(log: list[Any]) -> None:
    """The test above compares something: where every event is plain, the short way is taken."""
    identity = Identity(RULES)
    taken = [identity._plain.take(fields) for fields, _confirmed in log]
    plain = [
        fields
        for fields, _confirmed in log
        if fields["member-number"] in ("M-1", "M-2", "M-3")
        and set(fields) <= {"member-number", "city"}
    ]
    assert sum(one is not None for one in taken) >= len(plain)


SHOP = Rules(("member-number",), {"email": "email"}, (), (), region="SI", data=RULES.table)
ORDER = st.fixed_dictionaries(
    {},
    optional={
        "member-number": st.sampled_from(["M-1", "M-2", "M-3", "M-4", " M-1 ", "null", "0", "", "M-ž", 7]),
        "email": st.sampled_from(
            ["ana@mail.si", "ANA@mail.si", "rok@mail.si", "a@mail.si", "b@mail.si", "info@mail.si", "?", "x@a.test", "ana@", 5]
        ),
        "city": st.just("Kranj"),
    },
)  # fmt: skip


@settings(max_examples=300)
@given(log=st.lists(ORDER, min_size=5, max_size=40))
def test_the_shortest_way_comes_to_the_same(log: list[Any]) -> None:
    """Where one key and one email name people, each look is taken once; who is found, new or kept is the same."""
    shortest, short = Identity(SHOP), Identity(SHOP)
    assert shortest.plain != shortest._plain.take
    for at, fields in enumerate(log):
        found = shortest.plain(fields)
        assert found == short._plain.take(fields)
        if found is None:
            assert repr(shortest.meet(fields, at)) == repr(short.meet(fields, at))
        assert shortest.store.seq == short.store.seq
    assert open_rows(shortest) == open_rows(short)
    assert holders(shortest) == holders(short)


WORDS = ("merge", "forget", "release")


def sold(dice: Random) -> list[Any]:
    """Return a log of a shop in which people are joined, forgotten, and change hands, and many have many emails."""
    log: list[Any] = []
    for at in range(60):
        key, email = f"M-{dice.randint(1, 6)}", f"e{at if dice.random() < 0.8 else 0}@mail.si"
        log.append({"member-number": key} | ({"email": email} if dice.random() < 0.7 else {}))
        if dice.random() < 0.15:
            log.append((dice.choice(WORDS), dice.randint(1, 6), dice.randint(1, 6)))
    return log


def shop(log: list[Any], identity: Identity, *, shortest: bool) -> list[Any]:
    """Return what is found of each event in ``log``, the shortest way or not."""
    found: list[Any] = []
    take = identity.plain if shortest else identity._plain.take
    for at, said in enumerate(log):
        if isinstance(said, dict):
            one = take(said)
            found.append(one if one is not None else repr(identity.meet(said, at)))
            continue
        what, one, other = said
        if what == "release":
            found.append(identity.release("member-number", f"M-{one}", at))
        elif max(one, other) <= identity.store.people:
            found.append(identity.merge(one, other, at) if what == "merge" else identity.forget(one, at))  # fmt: skip
        found.append(identity.store.seq)
    return found


@pytest.mark.text
def test_the_shortest_way_sees_who_was_joined_or_has_no_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A key without an owner, a person who was joined, and one who has all the emails that one may have are looked at with care."""

    def differ() -> int:
        found = 0
        for seed in range(60):
            log = sold(Random(seed))  # noqa: S311 - the same each time
            shortest, short = Identity(SHOP), Identity(SHOP)
            same = shop(log, shortest, shortest=True) == shop(log, short, shortest=False)
            found += not (same and open_rows(shortest) == open_rows(short) and holders(shortest) == holders(short))  # fmt: skip
        return found

    assert not differ()
    monkeypatch.setattr(Memory, "is_bare", lambda _memory, _person: True)
    assert differ(), "who has had more than one identifier is told apart"


LOGS = 150


def repeated(dice: Random) -> list[Any]:
    """Return a log in which the same is said again and again, and what people say about people between."""
    said = [
        {
            name: dice.choice(VALUES[name])
            for name in dice.sample(sorted(VALUES), dice.randint(1, 4))
        }
        for _each in range(dice.randint(4, 10))
    ]
    log: list[Any] = []
    for _each in range(60):
        line: Any = dice.choice(said), frozenset[str](["email"] if dice.random() < 0.05 else [])
        if dice.random() < 0.1:
            line = dice.choice(("merge", "split")), dice.randint(1, 5), dice.randint(1, 5)
        log.append(line)
    return log


def test_who_was_met_before_is_who_would_be_found_again() -> None:
    """The same said again comes to the same, whether it is remembered or worked out."""
    found = met = 0
    for seed in range(LOGS):
        log = repeated(Random(seed))  # noqa: S311 - the same each time
        short, careful = Identity(RULES), Identity(RULES)
        careful._met = None
        right = play(careful, log)
        assert play(short, log) == right
        assert open_rows(short) == open_rows(careful)
        assert holders(short) == holders(careful)
        assert (short.refused, short.ambiguous) == (careful.refused, careful.ambiguous)
        assert isinstance(short.store, Memory)
        met += bool(short.store.met)
        found += play(lasting(), log) != right
    assert met > LOGS // 3
    assert found, "what is never forgotten is found out"


class Lasting(dict[Any, int]):
    """Remembers for good."""

    def clear(self) -> None:
        """Do nothing."""


def lasting() -> Identity:
    """Return a graph that remembers who was met whatever has become of them."""
    store = Memory()
    store.met = Lasting()
    return Identity(RULES, store)
