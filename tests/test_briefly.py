"""Who is kept in brief is, to the byte, who they would be as a record; and the sums of a run are the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks import logs
from benchmarks.engine import Engine
from verbline.interpreter.person.encode import to_bytes
from verbline.interpreter.step import briefly, situations
from verbline.interpreter.step.again import Row
from verbline.interpreter.step.waits import WaitFor
from verbline.runtime.events import milliseconds
from verbline.runtime.feed import Feed
from verbline.runtime.log import Log
from verbline.runtime.simulate import Simulation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SETTINGS = '[project]\nname = "shop"\nlanguage = "en"\nzone = "Europe/Ljubljana"\ncountry = "SI"\n'
VOCABULARY = """
person shopper
  known by customer-number
  also known by email
  has city as text

moment "signs up"
  comes from "shop" as "signup"
  carries city as text

moment "orders"
  comes from "shop" as "order"
  carries city as text

moment "looks"
  comes from "shop" as "look"

purpose "offers"
  is marketing
  rests on consent
  covers email, sms

form "page"
  captured by "shop"
  asks email
  asks agreement to "offers" by email with "Yes, write to me."
  signals "signs up"

message "Still there"
  subject "Still there"
  says "Your cart is still there."

message "To the city"
  subject "Still there"
  says "Your cart is still in {city}."
"""
KINDS = ("signup", "order", "look", "nothing")
# What stands in a journey, one line below the other; some of it is not usual.
LENGTHS = ("1 hour", "1 day", "36 hours", "2 days", "1 week")
STARTS = (
    '"signs up"',
    '"signs up"',
    '"signs up" where city is "Ptuj"',
    '"looks" where city is "Ptuj"',
    '"orders"',
)
STEPS = (
    '  wait for "orders" up to {length}\n',
    '  wait for "orders" up to {length}\n    if it happens\n      finish as "ordered"\n',
    '  wait for "signs up" up to {length}\n    if it does not happen\n      finish as "quiet"\n',
    "  wait {length}\n",
    '  notify the shopper by email with "Still there" for "offers"\n',
    '  notify the shopper by email with "To the city" for "offers"\n    if nothing was sent\n      finish as "unsent"\n',
    '  wait for "orders" since the journey started up to {length}\n',
    '  if city is "Ptuj"\n    finish as "near"\n',
)
CLAUSES = (
    "",
    "  gives up after 3 days\n",
    '  stops when "orders"\n',
    "  runs once per person\n",
    "  runs again after 2 days\n",
    "  entered by at most 3 people in 6 hours\n",
)
SEEDS, TOGETHER = 80, 20


# Journeys that are usual but for one thing.
BUT_FOR = {
    "a value in a message": """
  starts when "signs up"

  notify the shopper by email with "To the city" for "offers"
    if nothing was sent
      finish as "unsent"
""",
    "a wait that looks back": """
  starts when "signs up"

  wait 2 hours
  wait for "orders" since the journey started up to 1 day
    if it happens
      finish as "ordered"
""",
    "a condition": """
  starts when "signs up"

  wait 1 hour
  if city is "Ptuj"
    finish as "near"
""",
    "a condition on the person": """
  starts when "looks" where city is "Ptuj"

  wait 1 hour
""",
    "two waits, of which one begins later": """
  starts when "signs up"

  wait for "orders" up to 1 day
  wait 1 day
  finish as "done"

journey "J1"
  starts when "signs up"

  wait 1 day
""",
}


def journey_of(dice: Random, number: int) -> str:
    """Return a journey."""
    length, is_plain = dice.choice(LENGTHS[:2]), dice.random() < 0.6
    lengths = (length, length, length, length, dice.choice(LENGTHS))
    steps = "".join(
        dice.choice(STEPS[: 5 if is_plain else None]).format(length=dice.choice(lengths))
        for _ in range(dice.randint(1, 4))
    )
    start = dice.choice(STARTS[: 3 if is_plain else None])
    clause = dice.choice(CLAUSES[3 if is_plain else 0 :])
    return f'journey "J{number}"\n  starts when {start}\n{clause}\n{steps}  finish as "done"\n'


def lines_of(dice: Random) -> Iterator[str]:
    """Yield the lines of a log, over a change of clocks."""
    at, kinds = datetime(2026, 3, 25, tzinfo=UTC), ("signup", "signup", "order", "look", *dice.choices(KINDS, k=3))  # fmt: skip
    crowd, late = dice.choice((30, 300, 300)), dice.choice((0, 0, 0.05))
    city, strange = dice.choice((0, 0.5, 0.8)), dice.choice((0, 0, 0.05))
    says, mails = dice.choice((0.2, 0.9)), dice.choice((0.5, 1))
    for number in range(400):
        at += timedelta(hours=dice.choice((0, 0, 1, 2, 5)))
        who = dice.randrange(crowd)
        fields: dict[str, Any] = {"customer-number": f"C-{who}"}
        line = {"id": f"e-{number}", "source": "shop", "type": dice.choice(kinds), "data": fields}
        line["time"] = (at - timedelta(days=3 * (dice.random() < late))).isoformat()
        if dice.random() < mails:
            other = (who + 1) % crowd if dice.random() < strange else who
            fields["email"] = f"shopper{other}@mail.example"
            if dice.random() < strange:
                fields["email"] = "nobody@example.org"
        if dice.random() < city:
            fields["city"] = dice.choice(("Ptuj", "Bled"))
        if dice.random() < says:
            line["agrees"] = {"offers": {dice.choice(("email", "email", "sms")): dice.random() < 0.7}}  # fmt: skip
        yield json.dumps(line) + "\n"


def people_of(engine: Engine) -> list[bytes]:
    """Return everybody, as bytes, in the order of their numbers."""
    assert engine.world is not None
    numbers = [at for at, one in enumerate(engine.world.numbered) if one is not None]
    return [to_bytes(engine.world.people[f"P{number}"]) for number in numbers]


def both(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> int:
    """Hold a run with people in brief against one without; return how many were in brief at the end."""
    found = engine.counted()
    assert engine.world is not None
    there: list[Any] = engine.world.numbered
    brief = sum(type(one) is Row for one in there)
    inside, place = engine.waiting(), (engine.world.turn.order, engine.world.turn.said)
    people = people_of(engine)
    reached = {key: [one.id for one in held] for key, held in engine.world.holders.items()}
    with monkeypatch.context() as plainly:
        plainly.setattr(Feed, "shorten", lambda _feed: None)
        assert engine.counted() == found
    assert engine.world.brevity is None
    assert (engine.waiting(), engine.world.turn.order, engine.world.turn.said) == (inside, *place)
    assert people_of(engine) == people
    assert {key: [one.id for one in held] for key, held in engine.world.holders.items()} == reached
    return brief


@pytest.mark.parametrize("name", ["cart", "consent", "matching-10", "journeys-10", "timers", "guards"])  # fmt: skip
def test_logs_come_to_the_same(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is another in a byte, and no sum is, whether people were kept in brief or not."""
    logs.make(name, "s").write(tmp_path)
    brief = both(Engine(tmp_path), monkeypatch)
    assert (brief > 500) == (name != "guards"), (
        "told apart by a condition, which looks at the event"
    )


@pytest.mark.parametrize("what", BUT_FOR)
def test_what_is_not_usual_is_not_taken_for_it(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What depends on who somebody is happens to each of them alone."""
    (tmp_path / "verbline.toml").write_text(SETTINGS)
    text = f'language: en\n{VOCABULARY}\njourney "J0"{BUT_FOR[what]}  finish as "done"\n'
    (tmp_path / "shop.journey").write_text(text)
    for seed in range(6):
        (tmp_path / "log.jsonl").write_text("".join(lines_of(Random(seed))))  # noqa: S311
        both(Engine(tmp_path), monkeypatch)


def test_a_wait_that_looks_back_is_what_each_of_them_did(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who ordered before the wait began goes on at once; taken for usual, they would wait as the others do."""
    (tmp_path / "verbline.toml").write_text(SETTINGS)
    text = f'language: en\n{VOCABULARY}\njourney "J0"{BUT_FOR["a wait that looks back"]}  finish as "done"\n'
    (tmp_path / "shop.journey").write_text(text)
    lines = []
    for who in range(20):
        for kind, minute in (("signup", 0), *(() if who < 10 else (("order", 40),))):
            line = {"id": f"{kind}-{who}", "source": "shop", "type": kind}
            line["time"] = (datetime(2026, 3, 2, 8 + who // 10, minute + who % 10, tzinfo=UTC)).isoformat()  # fmt: skip
            lines.append(line | {"data": {"customer-number": f"C-{who}"}})
    lines.append({**lines[0], "id": "end", "time": "2026-03-09T00:00:00Z"})
    lines.sort(key=lambda line: str(line["time"]))
    (tmp_path / "log.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in lines))
    both(Engine(tmp_path), monkeypatch)
    looks = situations.is_usual_step
    monkeypatch.setattr(
        situations,
        "is_usual_step",
        lambda program, journey, step: type(step) is WaitFor or looks(program, journey, step),
    )
    with pytest.raises(AssertionError):
        both(Engine(tmp_path), monkeypatch)


@pytest.mark.parametrize("first", range(0, SEEDS, TOGETHER))
def test_anything_comes_to_the_same(
    first: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So with any journeys, usual or not, and any events, with people who turn out to be one among them."""
    brief = 0
    (tmp_path / "verbline.toml").write_text(SETTINGS)
    for seed in range(first, first + TOGETHER):
        dice = Random(seed)  # noqa: S311 - the same each time
        texts = [journey_of(dice, number) for number in range(dice.choice((1, 1, 2, 3)))]
        text = "\n".join(("language: en", VOCABULARY, *texts))
        (tmp_path / "shop.journey").write_text(text)
        (tmp_path / "log.jsonl").write_text("".join(lines_of(dice)))
        monkeypatch.setattr(briefly, "LATER_MAX", dice.choice((1, 3, 8)))
        brief += both(Engine(tmp_path), monkeypatch)
    assert brief > 5 * TOGETHER


@pytest.mark.text
def test_what_falls_due_after_the_last_event_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that goes on after its log comes to the same whether people were kept in brief or not."""
    logs.make("cart", "s").write(tmp_path)
    found = summary(tmp_path)
    with monkeypatch.context() as plainly:
        plainly.setattr(Feed, "shorten", lambda _feed: None)
        assert summary(tmp_path) == found
    assert found["journeys"][0]["inside"] == 0
    with monkeypatch.context() as fault:
        fault.setattr(briefly.Brevity, "count", lambda _brevity: None)
        assert summary(tmp_path) != found


def summary(folder: Path) -> dict[str, Any]:
    """Return what a simulation comes to that ends long after the log."""
    engine = Engine(folder)
    run = Simulation(engine.project, engine.program, until=milliseconds(datetime(2027, 1, 1, tzinfo=UTC)))  # fmt: skip
    log = Log(engine.log)
    run.run(log)
    return run.summary(log)
