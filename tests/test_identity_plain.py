"""Plain events take a short way through the identity graph, and come to the same people."""

from __future__ import annotations

from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.test_identity import EVENT, PAIR, RULES, VALUES, holders, open_rows, play
from verbline.runtime.identity.graph import Identity
from verbline.runtime.identity.memory import Memory

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


class Never:
    """No event is plain."""

    def take(self, _fields: Any) -> None:
        """Return nothing."""


@settings(max_examples=400)
@given(log=LOG)
def test_the_short_way_comes_to_the_same(log: list[Any]) -> None:
    """Whoever the plain way finds, and whatever it keeps, the careful way finds and keeps too."""
    short, careful = Identity(RULES), Identity(RULES)
    careful._plain = Never()  # type: ignore[assignment]
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
