"""How well `people suggest` finds people who are written twice. Rule: the generator writes down who is who.

    python -m benchmarks.slips --people 10000

Some people are there a second time, with a slip of the pen or without, with two slips, or with another surname. Beside them
stand those who only look like it: brothers and sisters born on one day, a father and a son of one name, and namesakes.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from typing import NamedTuple

from benchmarks.dice import Dice
from benchmarks.linkage import RULES
from verbline.runtime.identity.graph import Identity
from verbline.runtime.identity.suggest import suggested

# Of the people: how many are there a second time. Of those: how they are written then.
TWICE = 0.10
WRITTEN = (("the same", 0.25), ("one slip", 0.60), ("two slips", 0.08), ("another surname", 0.07))
# Of the people: how many have a twin, a son or daughter of their name.
TWIN, NAMESAKE = 0.012, 0.004
STARTS = ["An", "Ma", "Ni", "Ev", "Ti", "Lu", "Ro", "Ga", "Ja", "To", "Ži", "Pe", "Ka", "Bo", "Da", "Mi", "Ur", "Sa", "Le", "Al", "Vi", "Ire", "Mar", "Si", "Gre", "Bla", "Do", "Fra"]  # fmt: skip
MIDDLES = [
    "a",
    "i",
    "e",
    "o",
    "ri",
    "li",
    "na",
    "ja",
    "ka",
    "ma",
    "ta",
    "ša",
    "ža",
    "va",
    "ni",
    "ko",
    "mi",
    "la",
    "re",
    "to",
    "du",
]
ENDS = ["n", "r", "k", "š", "ž", "ja", "na", "ta", "ka", "s", "l", "d", "m", "c", "t"]
ROOTS = ["Nov", "Hor", "Kov", "Krajn", "Zup", "Pot", "Tur", "Gol", "Kos", "Hrib", "Boz", "Mlak", "Vid", "Kor", "Rož", "Bizj", "Kav", "Jag", "Oblak", "Pavl", "Cer", "Rup", "Sev", "Les", "Zal", "Gor", "Per", "Sit", "Ost", "Lav", "Mev", "Brat", "Dol", "Fer", "Gros", "Hum", "Ivan", "Jer", "Kral", "Lam"]  # fmt: skip
TAILS = [
    "ak",
    "vat",
    "ač",
    "ec",
    "an",
    "nik",
    "k",
    "ob",
    "ar",
    "ič",
    "šek",
    "ko",
    "man",
    "in",
    "er",
    "ovec",
    "ev",
    "a",
    "ja",
    "el",
    "on",
    "ut",
]
LETTERS = "abcdefghijklmnoprstuvzčšž"


class Record(NamedTuple):
    """Somebody as written once, who it is, and how the second time was made."""

    first: str
    last: str
    birth: str
    who: int
    written: str = ""


def names(dice: Dice, number: int, parts: tuple[list[str], ...]) -> list[str]:
    """Return so many different names."""
    found: dict[str, None] = {}
    while len(found) < number:
        found["".join(dice.one(part) for part in parts)] = None
    return list(found)


class Register:
    """Everybody, some of them twice."""

    def __init__(self, people: int, seed: str = "slips") -> None:
        self.dice = Dice(seed)
        self.firsts = names(self.dice, 600, (STARTS, MIDDLES, ENDS))
        self.lasts = names(self.dice, min(max(people // 8, 400), 12_000), (ROOTS, MIDDLES, TAILS))
        self.records: list[Record] = []
        who = 0
        while who < people:
            one = self.person(who)
            self.records.append(one)
            for other in self.relatives(one, who + 1):
                who += 1
                self.records.append(other)
            if self.dice.share() < TWICE:
                self.records.append(self.again(one))
            who += 1

    def common(self, among: list[str]) -> str:
        """Return a name; the first of the list are the most frequent."""
        share = self.dice.share()
        return among[int(len(among) * share * share * share)]

    def person(self, who: int) -> Record:
        """Return somebody new."""
        return Record(self.common(self.firsts), self.common(self.lasts), self.birth(), who)

    def birth(self) -> str:
        """Return a date of birth."""
        dice = self.dice
        return f"{dice.number(1940, 2007)}-{dice.number(1, 12):02}-{dice.number(1, 28):02}"

    def relatives(self, one: Record, who: int) -> list[Record]:
        """Return those who are another and look like somebody."""
        share = self.dice.share()
        if share < TWIN:
            return [one._replace(first=self.common(self.firsts), who=who)]
        if share < TWIN + NAMESAKE:
            return [one._replace(birth=self.birth(), who=who)]
        return []

    def again(self, one: Record) -> Record:
        """Return somebody as written a second time."""
        share, bound = self.dice.share(), 0.0
        written = WRITTEN[0][0]
        for name, rate in reversed(WRITTEN):
            bound += rate
            if share < bound:
                written = name
                break
        if written == "another surname":
            return one._replace(last=self.common(self.lasts), written=written)
        places = self.dice.number(0, 2), self.dice.number(0, 2)
        for place in places[: {"the same": 0, "one slip": 1, "two slips": 2}[written]]:
            one = self.slipped(one, place)
        return one._replace(written=written)

    def slipped(self, one: Record, place: int) -> Record:
        """Return somebody with a slip in one of the three."""
        if place == 2:
            return one._replace(birth=self.slipped_date(one.birth))
        value = one[place]
        assert isinstance(value, str), "a name"
        at = self.dice.number(1, len(value) - 1)
        letter = self.dice.one(list(LETTERS))
        made = self.dice.one([
            value[:at] + letter + value[at + 1 :],
            value[:at] + value[at + 1 :],
            value[:at] + letter + value[at:],
            value[: at - 1] + value[at] + value[at - 1] + value[at + 1 :],
        ])  # fmt: skip
        return one._replace(last=made) if place else one._replace(first=made)

    def slipped_date(self, date: str) -> str:
        """Return a date with another digit, or with its day and month exchanged."""
        year, month, day = date.split("-")
        if self.dice.share() < 0.3 and int(day) <= 12:
            return f"{year}-{day}-{month}"
        if self.dice.share() < 0.5:
            return f"{year[:3]}{self.dice.number(0, 9)}-{month}-{day}"
        return f"{year}-{month}-{day[0]}{self.dice.number(1, 8)}"


class Result(NamedTuple):
    """How well the pairs of a register were found, at one lowest score."""

    least: int
    proposed: int
    precision: float
    recall: float
    recall_one: float


def filled(register: Register) -> Identity:
    """Return a graph in which each record is somebody, with a key of their own kind so that nothing forbids a merge."""
    identity = Identity(RULES)
    for number, one in enumerate(register.records):
        identity.meet({"email": f"r{number}@mail.example", "first-name": one.first, "last-name": one.last, "birth-date": one.birth}, 0)  # fmt: skip
    return identity


def results(register: Register, identity: Identity) -> tuple[list[Result], float]:
    """Return how well pairs are found at several lowest scores, and the seconds it took."""
    records = register.records
    begun = time.process_time()
    found = suggested(identity, 0).found
    taken = time.process_time() - begun
    met: dict[int, Record] = {}
    truth: set[frozenset[int]] = set()
    ones: set[frozenset[int]] = set()
    places: dict[int, int] = {}
    for number, one in enumerate(records, 1):
        if one.who in met:
            pair = frozenset((places[one.who], number))
            truth.add(pair)
            if one.written in ("the same", "one slip"):
                ones.add(pair)
        else:
            met[one.who], places[one.who] = one, number
    rows = []
    for least in (0, 50, 80, 95):
        pairs = {frozenset((pair.one, pair.other)) for pair in found if pair.score >= least}
        right = len(pairs & truth)
        rows.append(Result(least, len(pairs), right / max(len(pairs), 1), right / len(truth), len(pairs & ones) / len(ones)))  # fmt: skip
    return rows, taken


def main() -> None:
    """Print what was found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--people", type=int, default=10_000)
    register = Register(parser.parse_args().people)
    written = Counter(one.written for one in register.records if one.written)
    print(f"{len(register.records):,} records; second ones: {dict(sorted(written.items()))}")
    rows, taken = results(register, filled(register))
    print("score from   proposed  precision   recall   recall of the same and of one slip")
    for row in rows:
        print(f"{row.least:10} {row.proposed:10,} {row.precision:10.4f} {row.recall:8.4f} {row.recall_one:8.4f}")  # fmt: skip
    print(f"{taken:.1f} s")


if __name__ == "__main__":
    main()
