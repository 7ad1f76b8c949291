"""One person with thousands of words on consent, or of running visits. Rule: what one more costs does not grow with them."""

import sys
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.cases import project_of
from tests.test_guard_laws import ALIASES, ASKS, EVENTS, asked, event, person, told
from verbline.interpreter.guard.consent import LONG, Consent, Said, with_word
from verbline.interpreter.program.compile import compile_project
from verbline.interpreter.step.world import World

FILES = {
    "verbline.toml": '[project]\nname = "x"\nlanguage = "en"\nzone = "UTC"\ncountry = "SI"\n',
    "a.journey": """
person member
  known by member-number
  also known by email

moment "orders"
  comes from "site" as "orders"
  carries order as text

moment "pays"
  comes from "site" as "pays"
  carries order as text

moment "cancels"
  comes from "site" as "cancels"
  carries order as text

purpose "news"
  is marketing
  rests on consent
  covers email
  kept in "site"

message "Hello"
  subject "Hello"
  says "Hello."

journey "Order"
  starts when "orders"
  stops when "cancels" as "cancelled"
  runs once per order

  notify the member by email with "Hello" for "news"
  wait for "pays" up to 30 days
  finish as "paid"
""",
}
PROGRAM = compile_project(project_of(FILES))
FEW = 150


@given(st.lists(EVENTS, max_size=10), st.lists(ASKS, min_size=1, max_size=4), ALIASES)
def test_a_long_ledger_says_what_a_short_one_says(
    events: list[dict[str, Any]], asks: list[dict[str, Any]], aliases: tuple[str, ...]
) -> None:
    """Whatever is asked in between, of whatever day: what was taken before changes no answer."""
    one, other = person([]), person([])
    one.merged = other.merged = aliases
    one.consents = Said([])
    for seq, made in enumerate(events, 1):
        one.consents.append(event(made, seq))
        other.consents.append(event(made, seq))
        for ask in asks:
            # Twice, since the second answer comes from what was remembered.
            answers = [told(asked(ask, one)), told(asked(ask, one))]
            assert answers == [told(asked(ask, other))] * 2


def test_a_ledger_becomes_a_long_one_and_stays_the_same() -> None:
    """It holds what it held, and is made anew only once."""
    ledger: list[Consent] = []
    for seq in range(LONG):
        assert type(ledger) is list
        ledger = with_word(ledger, Consent(at=seq, known=seq, act="deny", actor="subject", seq=seq))
    assert type(ledger) is Said
    assert [one.seq for one in ledger] == list(range(LONG))
    last = Consent(at=0, known=0, act="deny", actor="subject", seq=LONG)
    assert with_word(ledger, last) is ledger
    assert ledger[-1] is last


def calls(happens: Callable[[World, int], None], number: int) -> int:
    """Return how many functions are called until everything has happened ``number`` times."""
    world = World(PROGRAM, tell=lambda _record: None)
    world.add("P1")
    world.contact("P1", "email", "a@mail.example")
    counted = 0

    def count(_frame: object, what: str, _argument: object) -> None:
        nonlocal counted
        counted += what == "call"

    sys.setprofile(count)
    try:
        happens(world, number)
    finally:
        sys.setprofile(None)
    return counted


def changes_mind(world: World, number: int) -> None:
    """Let somebody say yes and no, and be written to each time."""
    for at in range(number):
        said = Consent(
            at=at, known=at, act="withdraw" if at % 2 else "grant", actor="subject", person="P1",
            contact="email:a@mail.example", channel="email", purpose="news", complete=True,
        )  # fmt: skip
        world.consent("P1", said, at)
        world.moment("P1", "orders", {"order": str(at)}, at)
        world.moment("P1", "pays", {"order": str(at)}, at)


def orders(world: World, number: int) -> None:
    """Let somebody order often, then pay or cancel each order."""
    for at in range(number):
        world.moment("P1", "orders", {"order": str(at)}, at)
    for at in range(number):
        world.moment("P1", "cancels" if at % 3 else "pays", {"order": str(at)}, number + at)


def test_one_word_more_costs_the_same() -> None:
    """Twice as many words on consent cost twice as many calls."""
    few, many = (calls(changes_mind, number) for number in (FEW, 2 * FEW))
    assert many < 2.1 * few


def test_one_visit_more_costs_the_same() -> None:
    """Twice as many orders that run at once cost twice as many calls."""
    few, many = (calls(orders, number) for number in (FEW, 2 * FEW))
    assert many < 2.1 * few
