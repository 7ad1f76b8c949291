"""Row 21: one condition of three terms. Rule: the other side is the function that one would write by hand for it.

Both sides answer for the same people: some fit, some fail at each of the three terms. The function by hand relies on every
value being there; the compiled condition says "unknown" where one is missing.
"""

from __future__ import annotations

from typing import Any

from benchmarks import logs
from benchmarks.case import Case, Room
from benchmarks.clock import cpu_of
from benchmarks.crowd import BEGIN, DAY
from benchmarks.dice import Dice
from benchmarks.engine import Engine
from benchmarks.oracle import WrongAnswerError
from verbline.interpreter.person.record import Person
from verbline.interpreter.step.turn import Turn

ROWS = {"21"}

TEXT = """language: en

person shopper
  known by customer-number
  has points as number
  has trade as text
  has last-visit as date and time

segment "worth a call"
  people where points is at least 40 and trade is "retail" and last-visit is less than 7 days ago
"""
PEOPLE = 2_000
TRADES = ["retail", "retail", "Retail", "crafts", "schools"]
NOW = BEGIN + 100 * DAY
WEEK_AGO = NOW - 7 * DAY


def fits(person: dict[str, Any]) -> bool:
    """Return whether a person fits: what one would write by hand."""
    found: bool = (
        person["points"] >= 40
        and person["trade"].casefold() == "retail"
        and person["last-visit"] > WEEK_AGO
    )
    return found


def people(seed: str) -> list[Person]:
    """Return people of whom all three values are known."""
    dice, found = Dice(seed), []
    for number in range(PEOPLE):
        person = Person(f"P{number}", number)
        person.values = {
            "points": dice.number(0, 100),
            "trade": dice.one(TRADES),
            "last-visit": NOW - int(dice.share() * 90 * DAY),
        }
        found.append(person)
    return found


class ThreeTerms:
    """The condition, asked about two thousand people: CPU time for an answer."""

    row = "21"
    what = "a condition of three terms"

    def __init__(self, room: Room) -> None:
        self.times = room.shots * 3
        folder = room.folder / "condition"
        folder.mkdir(parents=True)
        (folder / "verbline.toml").write_text(logs.SETTINGS, "utf-8")
        (folder / "people.journey").write_text(TEXT, "utf-8")
        program = Engine(folder).program
        self.condition = program.segments["worth a call"].condition
        self.turn = Turn(program, lambda *_told: None)
        self.turn.now = NOW
        self.people = people("21")

    def once(self) -> float:
        """Return the CPU seconds for an answer of the compiled condition."""
        return cpu_of(self.ask, self.times) / PEOPLE

    def beside(self) -> float:
        """Return the CPU seconds for an answer of the function written by hand."""
        return cpu_of(self.ask_by_hand, self.times) / PEOPLE

    def ask(self) -> None:
        """Ask the condition about everybody."""
        test, turn = self.condition.test, self.turn
        for person in self.people:
            turn.person = person
            test(turn)

    def ask_by_hand(self) -> None:
        """Ask the function about everybody."""
        turn = self.turn
        for person in self.people:
            turn.person = person
            fits(person.values)

    def check(self) -> None:
        """Raise unless both say the same of everybody, and of an unknown value nothing."""
        for person in self.people:
            self.turn.person = person
            if self.condition.test(self.turn) is not fits(person.values):
                raise WrongAnswerError(f"the condition and the function differ for {person.values}")
        self.turn.person = Person("P0", 0)
        if self.condition.test(self.turn) is not None:
            raise WrongAnswerError(
                "of somebody of whom nothing is known, the condition says something"
            )


def cases(room: Room) -> list[Case]:
    """Return the cases of this file."""
    return [ThreeTerms(room)]
