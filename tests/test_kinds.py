"""What kind an expression has, and what a name means at its place."""

from __future__ import annotations

import pytest

from tests.cases import STDLIB, project_of
from verbline.interpreter.constants import fixed
from verbline.interpreter.index import STANDARD
from verbline.interpreter.kinds import kind_of
from verbline.interpreter.nodes import Node, Sentence, Word
from verbline.interpreter.reach import reach_of
from verbline.interpreter.view import View

PEOPLE = """
person guest
  known by code
  also known by email
  has seats as number
  has price as money in EUR
  has born as date
  has seen-at as date and time
  has patience as duration
  has colour as one of "red", "green"
  has vip as yes or no
  has topics as list of text

score points
  adds 1 points for "guest comes"
"""
MOMENTS = """
moment "guest comes"
  comes from "door" as "came"
  carries total as number
  carries colour as text

moment "guest pays"
  comes from "till" as "paid"
  carries tip as money
"""
KINDS = {
    "3": "number", "30%": "number", '"x"': "text", "yes": "yesno", "2026-01-01": "date", "09:00": "time",
    "2 days": "duration", "5 EUR": "money", "unknown": "unknown", "today": "date", "now": "datetime",
    "code": "text", "email": "text", "seats": "number", "price": "money", "born": "date", "seen-at": "datetime",
    "patience": "duration", "vip": "yesno", "topics": "list", "points": "number", "total": "number",
    "last-action": "text", "last-action-time": "datetime", "country": "text", "time-zone": "text",
    "colour": "text", "(seats)": "number", "nothing": None, "tip": None,
    "seats + 1": "number", "seats - total * 2": "number", "seats + price": None, "price + 5 EUR": "money",
    "price * 2": "money", "2 * price": "money", "price / 2": "money", "price / price": "number", "2 / price": None,
    "price * price": None, "born + 2 days": "date", "born - 1 week": "date", "born + 2 hours": "datetime",
    "born + 4 working hours": "datetime", "born + 2 working days": "date", "born + patience": "datetime",
    "born + (2 days)": "date", "2 days + born": "date", "seen-at + 2 days": "datetime", "now - 2 days": "datetime",
    "born - today": None, "2 days - born": None, "born * 2": None, "patience + 2 days": "duration",
    "patience * 2": "duration", "2 * patience": "duration", "patience / 2": "duration", "patience * patience": None,
    "born + 1": None, '"x" + "y"': None, "topics + topics": None, "vip + vip": None, "nothing + 1": None,
    "(seats is 3)": "yesno", "(seats is 3 and vip)": "yesno",
}  # fmt: skip


def view_of(steps: str, *, clauses: str = "") -> View:
    """Return a file with a journey of these steps."""
    body = "\n".join(f"  {line}" for line in steps.splitlines())
    start = '  starts when "guest comes"' if "starts when" not in clauses else ""
    journey = f'\njourney "J"\n{start}\n{clauses}\n{body}\n'
    return View(project_of({"a.journey": PEOPLE + MOMENTS + journey}), "a")


def value_of(sentence: Sentence) -> Node | Word:
    """Return the value that a step learns."""
    assert sentence.node is not None, sentence
    part = sentence.node.parts["value"]
    assert isinstance(part, Node | Word)
    return part


@pytest.mark.parametrize(("text", "kind"), KINDS.items(), ids=str)
def test_kinds(text: str, kind: str | None) -> None:
    """Each expression has this kind, or none where its parts do not fit or a name means nothing."""
    view = view_of(f"learn that seats is {text}")
    step = next(view.of("learn"))
    found = kind_of(value_of(step), reach_of(view, step).kind)
    assert (found.name if found else None) == kind


def test_a_text_from_a_set_keeps_its_set_where_nothing_else_is_meant() -> None:
    """A name that a moment carries as any text is a text, whatever the person's field may hold."""
    view = view_of('if colour is "blue"\n  finish as "x"')
    assert reach_of(view, next(view.of("if_"))).kind("colour").name == "text"  # type: ignore[union-attr]
    view = view_of('if colour is "red"\n  finish as "x"', clauses='  starts when "guest pays"')
    kind = reach_of(view, next(view.of("if_"))).kind("colour")
    assert kind is not None
    assert kind.values == ("red", "green")


# A place in a journey -> whether the moment's field `tip` is in reach there, and whether it is surely known.
WAIT = 'wait for "guest pays" up to 2 days'
PLACES = {
    "if vip": (False, False),
    f"{WAIT}\nif vip": (True, False),
    f"{WAIT}\n  if it happens\n    if vip": (True, True),
    f'{WAIT}\n  if "guest pays" happens\n    if vip': (True, True),
    f"{WAIT}\n  if it does not happen\n    if vip": (False, False),
    f'{WAIT}\n  if it does not happen\n    finish as "x"\nif vip': (True, True),
    f'{WAIT}\n  if it does not happen\n    if seats is 1\n      finish as "x"\n    otherwise\n      finish as "y"\nif vip': (
        True,
        True,
    ),
    f'{WAIT}\n  if it does not happen\n    if seats is 1\n      finish as "x"\nif vip': (True, False),
    f'if seats is 1\n  {WAIT}\notherwise\n  if vip': (False, False),
    f'wait for "guest comes" up to 2 days\n  if it happens\n    {WAIT}\n  if it does not happen\n    if vip': (False, False),
    f'if seats is 1\n  {WAIT}\nif vip': (True, False),
    f'if seats is 1\n  {WAIT}\nif unknown\n  wait 1 day\notherwise if vip': (False, False),
    f"repeat up to 3 times, every 2 days\n  if vip\n    wait 1 day\n  {WAIT}": (True, False),
    'wait for "guest comes", "guest pays" up to 2 days\n  if it happens\n    if vip': (True, False),
    'wait for "guest comes", "guest pays" up to 2 days\n  if "guest comes" happens\n    if vip': (False, False),
    'wait for "guest comes", "guest pays" up to 2 days\n  if "guest pays" happens\n    if vip': (True, True),
}  # fmt: skip


@pytest.mark.parametrize(("steps", "expected"), PLACES.items())
def test_a_step_reaches_what_was_awaited_on_its_way(
    steps: str, expected: tuple[bool, bool]
) -> None:
    """A moment's field is in reach behind its wait, and sure only where it cannot have failed to happen."""
    view = view_of(steps)
    asking = [step for step in view.of("if_", "otherwise_if") if "vip" in step.raw]
    assert len(asking) == 1, "the place is one line"
    found = reach_of(view, asking[0]).find("tip")
    assert (found is not None, found is not None and found.sure) == expected


@pytest.mark.parametrize(
    ("clauses", "sure"),
    [
        ("", True),
        ('  starts when "guest comes"\n  starts when "guest pays"', False),
        ('  starts when "guest comes"\n  starts when people enter segment "s"', False),
    ],
)
def test_what_a_start_carries_is_known_if_every_start_carries_it(
    clauses: str, *, sure: bool
) -> None:
    """With another way in, what the first start carries may be unknown."""
    view = view_of("if vip", clauses=clauses)
    found = reach_of(view, next(view.of("if_"))).find("total")
    assert found is not None
    assert found.sure == sure


def test_a_journey_that_another_continues_with_reaches_its_moments() -> None:
    """The moments of a visit come along into the journey that goes on."""
    other = '\njourney "K"\n  starts when "guest pays"\n\n  continue with journey "J"\n'
    files = {
        "a.journey": PEOPLE
        + MOMENTS
        + other
        + '\njourney "J"\n  starts when "guest comes"\n\n  if vip\n'
    }
    view = View(project_of(files), "a")
    reach = reach_of(view, next(view.of("if_")))
    tip, total = reach.find("tip"), reach.find("total")
    assert tip is not None
    assert not tip.sure
    assert total is not None
    assert not total.sure


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0.1 + 0.2", "0.3"), ("1 / 3 * 3", "0.9999999999999999999999999999"), ("30%", "0.3"), ("(2 + 3) * 4", "20"),
        ("2 weeks + 1 day", "15"), ("90 minutes", "90"), ("2 hours - 30 minutes", "90"), ("1 year", "12"),
        ("5 EUR * 1.5", "7.5"), ("6 EUR / 4 EUR", "1.5"), ("1 / 0", None), ("1 day + 1 month", None),
        ("5 EUR + 5 USD", None), ("2 days * 2 days", None), ("seats + 1", None), ("today", None),
    ],
)  # fmt: skip
def test_written_values_are_worked_out_exactly(text: str, amount: str | None) -> None:
    """Decimals of 28 digits, never a binary fraction; what is measured differently is never added."""
    found = fixed(value_of(next(view_of(f"learn that seats is {text}").of("learn"))))
    assert (str(found.amount) if found else None) == amount


def test_the_library_is_known_by_name() -> None:
    """The names in which `use` finds a near one are those of the files there are."""
    assert sorted(f"standard/{path.stem}" for path in STDLIB.glob("*.journey")) == sorted(STANDARD)
