"""The data sets: from a seed to bytes. Rule: the same seed gives the same bytes everywhere, and datasets.toml says which.

A data set is a project as people write them: a settings file, a vocabulary for each part of the house, journeys of 58
lines made from templates. One journey in twenty holds one mistake, and the generator writes down where.
"""

from __future__ import annotations

import hashlib
import re
import string
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import logs
from benchmarks.dice import Dice

HERE = Path(__file__).resolve().parent
TEMPLATES = HERE / "templates"
SUMS = HERE / "datasets.toml"

SEED = 41
LINES = 58
JOURNEYS_PER_AREA = 50
WITH_MISTAKE = 0.05

# Every template of a journey, in the order in which an area uses them; the thing it is about stands at the same place.
KINDS = ("promise", "request", "late", "offer", "meeting")
# Data set -> how many journeys it has, each in a file of its own.
SIZES = {"one": 1, "hundred": 100, "thousand": 1_000}
# The same without mistakes, for what only takes journeys that are right.
RIGHT = {"hundred-right": 100, "thousand-right": 1_000}
# Data set -> how many journeys it has, all in one file, and how many lines that file has.
JOINED = {"page": (2, 112), "long": (86, 5_000)}


class Finding(NamedTuple):
    """What the checks have to find: a code at a place."""

    path: str
    line: int
    column: int
    code: str


class DataSet(NamedTuple):
    """Files by their path, the findings they must give, and no others."""

    name: str
    files: dict[str, str]
    findings: tuple[Finding, ...]

    @property
    def journeys(self) -> list[str]:
        """The paths of the journey files, without the vocabularies."""
        return [path for path in self.files if path.startswith("journeys/")]

    @property
    def sha256(self) -> str:
        """The checksum of all paths, bytes and findings."""
        total = hashlib.sha256()
        for path, text in sorted(self.files.items()):
            total.update(f"{path}\0{text}\0".encode())
        for finding in self.findings:
            total.update(repr(tuple(finding)).encode())
        return total.hexdigest()

    def write(self, folder: Path) -> None:
        """Write the files under ``folder``."""
        for path, text in self.files.items():
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, "utf-8")


class Maker:
    """The generator: words, templates and mistakes, read once."""

    def __init__(self, with_mistake: float = WITH_MISTAKE) -> None:
        self.with_mistake = with_mistake
        self.words: dict[str, Any] = tomllib.loads((TEMPLATES / "words.toml").read_text("utf-8"))
        self.mistakes: list[dict[str, Any]] = tomllib.loads(
            (TEMPLATES / "mistakes.toml").read_text("utf-8")
        )["mistake"]
        self.templates = {
            name: string.Template((TEMPLATES / f"{name}.txt").read_text("utf-8"))
            for name in (*KINDS, "vocabulary")
        }
        self.made: Counter[str] = Counter()
        self.people = [
            f"{first} {last}" for last in self.words["last"] for first in self.words["first"]
        ]

    def role(self, name: str) -> str:
        """Return the role that the person called ``name`` always has."""
        roles: list[str] = self.words["role"]
        return roles[sum(map(ord, name)) % len(roles)]

    def house(self, area: str) -> dict[str, str]:
        """Return the words that all files of one area share."""
        dice, words = Dice(f"{SEED} {area}"), self.words["area"][area]
        return {
            "area": area,
            "folder": f"vocabulary/{area}",
            "person": words["person"],
            "many": words["many"],
            "a": words.get("article", "a"),
            "key": words["key"],
            "service": words["service"],
            "offers": words["offers"],
            "desk": f"{area} desk",
            "second": f"{area} back office",
            "system": f"{area} system",
            "register": f"{area} register",
            "lead": dice.one(self.people),
            "head": dice.one(self.people),
        }

    def vocabulary(self, area: str) -> str:
        """Return the vocabulary of one area."""
        return self.templates["vocabulary"].substitute(self.house(area))

    def journey(self, area: str, number: int) -> str:
        """Return the journey ``number`` of an area, without a mistake."""
        dice = Dice(f"{SEED} {area} {number}")
        kind, towns = KINDS[number % len(KINDS)], self.words["town"]
        place = number // len(KINDS)
        town = towns[(place + sum(map(ord, area))) % len(towns)]
        owner = dice.one(self.people)
        thing = self.words["area"][area]["things"][number % len(KINDS)]
        values = {
            **self.house(area),
            **{word: dice.one(self.words[word]) for word in ("why", "because", "task", "bring", "first")},
            "thing": f"{thing} in {town}",
            "code": f"{area}.{kind}.{place + 1}",
            "owner": owner,
            "role": self.role(owner),
            "share": dice.number(20, 95),
            "minutes": dice.number(2, 15),
            "hours": dice.number(8, 24),
            "weeks": dice.number(4, 12),
            "days": dice.number(2, 9),
            "hour": f"{dice.number(9, 17):02}",
            "visits": dice.number(3, 9),
            "rank": dice.number(10, 90),
            "value": dice.number(20, 990),
            "number": dice.number(100, 999),
        }  # fmt: skip
        text = self.templates[kind].substitute(values)
        assert text.count("\n") == LINES, f"{kind} has {text.count(chr(10))} lines"
        return text

    def mistakes_for(self, text: str) -> list[dict[str, Any]]:
        """Return the mistakes that can be made in ``text``."""
        return [one for one in self.mistakes if re.search(one["find"], text, re.MULTILINE)]

    def spoil(self, path: str, text: str, house: dict[str, str]) -> tuple[str, Finding]:
        """Return ``text`` with one mistake, the one made least often so far, and the finding that it has to give."""
        mistake = min(self.mistakes_for(text), key=lambda one: self.made[one["find"]])
        self.made[mistake["find"]] += 1
        put = string.Template(mistake["put"]).substitute(house)
        spoiled = re.sub(mistake["find"], put, text, count=1, flags=re.MULTILINE)
        assert spoiled.count("\n") == text.count("\n"), f"{mistake} changes the number of lines"
        match = re.search(mistake["at"], spoiled, re.MULTILINE)
        assert match is not None, f"{mistake} names no place"
        before = spoiled[: match.start("here")]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        return spoiled, Finding(path, line, column, mistake["code"])

    def settings(self, files: dict[str, str]) -> str:
        """Return the settings file: everybody who owns or leads something in ``files`` stands in it."""
        owners = re.compile(r'^  (?:owned|led) by "([^"]+)"', re.MULTILINE)
        named = {name for text in files.values() for name in owners.findall(text)}
        people = [f'"{name}" = {{ role = "{self.role(name)}" }}' for name in sorted(named)]
        head = ["[project]", 'name = "benchmark"', 'language = "en"', 'zone = "Europe/Ljubljana"']
        return "\n".join([*head, 'country = "SI"', "", "[people]", *people, ""])

    def project(self, name: str, journeys: list[tuple[str, int]]) -> DataSet:
        """Return a project with these journeys, each given as its area and its number there."""
        files: dict[str, str] = {}
        findings = []
        for area, number in journeys:
            files.setdefault(f"vocabulary/{area}.journey", self.vocabulary(area))
            path = f"journeys/{area}/{KINDS[number % len(KINDS)]}-{number + 1:02}.journey"
            text = self.journey(area, number)
            if Dice(f"{SEED} mistake {area} {number}").share() < self.with_mistake:
                text, finding = self.spoil(path, text, self.house(area))
                findings.append(finding)
            files[path] = text
        files["verbline.toml"] = self.settings(files)
        return DataSet(name, files, tuple(sorted(findings)))

    def first(self, journeys: int) -> list[tuple[str, int]]:
        """Return the area and the number of the first so many journeys."""
        areas = list(self.words["area"])
        places = (divmod(at, JOURNEYS_PER_AREA) for at in range(journeys))
        return [(areas[area], number) for area, number in places]

    def joined(self, name: str, journeys: int, lines: int) -> DataSet:
        """Return a project with one journey file of so many journeys, filled up with comments to so many lines."""
        area = next(iter(self.words["area"]))
        blocks = Blocks()
        for number in range(journeys):
            blocks.take(self.journey(area, number))
        files = {
            f"vocabulary/{area}.journey": self.vocabulary(area),
            f"journeys/{name}.journey": blocks.text(lines),
        }
        files["verbline.toml"] = self.settings(files)
        return DataSet(name, files, ())


DECLARING = ("moment", "metric", "message", "offer", "journey", "scenario")


class Blocks:
    """Several journey files joined to one, in the order that the formatter keeps: declarations, journeys, scenarios."""

    def __init__(self) -> None:
        self.head = ""
        self.groups: dict[str, list[str]] = {"journey": [], "scenario": []}
        self.others: list[str] = []

    def take(self, text: str) -> None:
        """Add the declarations of one file."""
        blocks = text.rstrip("\n").split("\n\n")
        joined: list[str] = []
        for block in blocks:
            # A journey's steps stand behind a blank line; they go where the journey goes.
            if block.startswith("  "):
                joined[-1] += f"\n\n{block}"
            else:
                joined.append(block)
        self.head = joined[0]
        for block in joined[1:]:
            if block.startswith(DECLARING):
                self.groups.get(block.split()[0], self.others).append(block)

    def text(self, lines: int) -> str:
        """Return the joined text, filled up with comments to so many lines."""
        parts = [*self.others, *self.groups["journey"], *self.groups["scenario"]]
        body = "\n\n".join(parts)
        left = lines - body.count("\n") - self.head.count("\n") - 4
        filled = "\n".join(f"# line {number} of {left} that say nothing" for number in range(left))
        return f"{self.head}\n\n{filled}\n\n{body}\n"


def make(name: str) -> DataSet:
    """Return the data set ``name``, one of `SIZES`, `RIGHT` or `JOINED`."""
    maker = Maker(0 if name in RIGHT else WITH_MISTAKE)
    if name in JOINED:
        return maker.joined(name, *JOINED[name])
    return maker.project(name, maker.first({**SIZES, **RIGHT}[name]))


def names() -> list[str]:
    """Return the name of every data set."""
    return [*SIZES, *RIGHT, *JOINED]


def expected_sums() -> dict[str, str]:
    """Return the checksum that each data set must have."""
    return dict(tomllib.loads(SUMS.read_text("utf-8"))["sha256"])


def checked(name: str) -> DataSet:
    """Return the data set ``name``, once its checksum is the one in datasets.toml."""
    made = make(name)
    assert made.sha256 == expected_sums()[name], f"the generator of {name} gives other bytes"
    return made


def sums() -> str:
    """Return datasets.toml as the generators would have it now."""
    head = "# The checksum of each data set: paths, bytes and findings, or the right effects. A generator that gives other bytes fails."
    tables = [head, "", "[sha256]", *(f'{name} = "{make(name).sha256}"' for name in names()), ""]
    return "\n".join(tables) + logs.sums()


if __name__ == "__main__":
    print(sums())
