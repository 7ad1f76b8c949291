"""Who crosses the line of a score, and whether that told anything. Rule: a line is watched by journeys of our own, written in the language.

For each line there is a segment and a journey that starts when people enter it; for the outcome a journey that starts when it
happens. They send nothing and change nothing, so that the project's own journeys do what they do.
"""

from __future__ import annotations

from typing import NamedTuple

from verbline.interpreter.nodes import Node, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from verbline.interpreter.project import Project
    from verbline.runtime.plan.differing import Pair, Who
    from verbline.runtime.plan.replay import Result

# The file that the watching journeys stand in, and how their names begin.
FILE = "verbline watches"
WATCHED = "verbline watches: "
OUTCOME = f"{WATCHED}outcome"
AT_LEAST, MORE_THAN = "is at least", "is more than"
# Which comparison has which line: who is below it is on the other side of the same line.
SIDES: Mapping[str, str] = {"ge": AT_LEAST, "lt": AT_LEAST, "gt": MORE_THAN, "le": MORE_THAN}
HEAD = "language: en\n"
SEGMENT = """
segment "{name}"
  people where {score} {line}

journey "{name}"
  starts when people enter segment "{name}"
  runs once per person

  finish as "crossed"
"""
MOMENT = """
journey "{name}"
  starts when "{moment}"

  finish as "happened"
"""


class Watch(NamedTuple):
    """What is watched on one side: a line of a score, such as ``is at least 40``, by the name of its journey."""

    score: str
    line: str

    @property
    def name(self) -> str:
        """What its journey is called."""
        return f"{WATCHED}{self.score} {self.line}"


def lines_of(project: Project, score: str) -> list[str]:
    """Return the lines at which a project asks for ``score``, each once, in the order of the files."""
    found: dict[str, None] = {}
    for file in project.files.values():
        for sentence in file.walk():
            for node in nodes_of(sentence.node):
                left, right = node.parts.get("left"), node.parts.get("right")
                if (
                    node.shape in SIDES
                    and is_word(left, "NAME", score)
                    and isinstance(right, Word)
                    and right.kind == "NUMBER"
                ):
                    found[f"{SIDES[node.shape]} {right.text}"] = None
    return list(found)


def nodes_of(node: Node | None) -> Iterator[Node]:
    """Yield a node and all below it."""
    for part in node.walk() if node is not None else ():
        if isinstance(part, Node):
            yield part


def is_word(part: object, kind: str, text: str) -> bool:
    """Return whether a part is one word of this kind and text."""
    return isinstance(part, Word) and part.kind == kind and part.text == text


def file_of(project: Project, kind: str, name: str) -> str | None:
    """Return the file, as `use` calls it, that declares ``name``, in the project or a library; None where nothing does."""
    for file, names in (*project.names.items(), *project.libraries.items()):
        if names is not None and name in names.declared.get(kind, {}):
            return file
    return None


def watching(project: Project, watches: Iterable[Watch], outcome: str | None) -> str:
    """Return the text of the journeys that watch; a file that declares nothing of it is not used."""
    watches = list(watches)
    needed = [("score", one.score) for one in watches]
    needed += [("moment", outcome)] if outcome is not None else []
    files = dict.fromkeys(file_of(project, *one) for one in needed)
    text = HEAD + "".join(f'use "{file}"\n' for file in files if file is not None)
    for one in watches:
        text += SEGMENT.format(name=one.name, score=one.score, line=one.line)
    if outcome is not None:
        text += MOMENT.format(name=OUTCOME, moment=outcome)
    return text


class Crossing(NamedTuple):
    """When people first crossed a line on one side, and when the outcome happened to whom; by how they are called."""

    crossed: Mapping[str, int]
    outcomes: Mapping[str, Sequence[int]]
    end: int

    def precision(self, horizon: int | None) -> tuple[int, int]:
        """Return of how many who crossed the line the outcome came later, and how many there are to count.

        Within a ``horizon``, those are left out for whom it is not over yet.
        """
        counted = {who: at for who, at in self.crossed.items() if horizon is None or at + horizon <= self.end}  # fmt: skip
        right = sum(
            any(at < one and (horizon is None or one <= at + horizon) for one in self.outcomes.get(who, ()))
            for who, at in counted.items()
        )  # fmt: skip
        return right, len(counted)

    def recall(self) -> tuple[int, int]:
        """Return how many of those to whom the outcome happened had crossed the line before, and how many they are."""
        caught = sum(who in self.crossed and self.crossed[who] < max(ones) for who, ones in self.outcomes.items())  # fmt: skip
        return caught, len(self.outcomes)


def crossings(
    pair: Pair, watch: tuple[Watch, Watch], sides: tuple[Result, Result]
) -> tuple[Crossing, Crossing]:
    """Return who crosses a line on both sides, people by common names."""
    before, after = names_of(pair)
    old, new = sides
    return crossing(old, watch[0], before), crossing(new, watch[1], after)


def names_of(pair: Pair) -> tuple[Mapping[int, str] | None, Mapping[int, str] | None]:
    """Return how people are called by their numbers on both sides; None where a number says it."""
    if pair.groups is None:
        return None, None
    named: list[Who] = pair.groups
    before = {number: who.name for who in named for number in who.before}
    return before, {number: who.name for who in named for number in who.after}


def crossing(side: Result, watch: Watch, names: Mapping[int, str] | None) -> Crossing:
    """Return who crosses a line on one side, and to whom the outcome happens."""
    outline = side.outline
    journeys = [site.journey if site.kind == "entry" else "" for site in outline.sites]
    crossed: dict[str, int] = {}
    outcomes: dict[str, list[int]] = {}
    for person, site, at in zip(outline.people, outline.site, outline.at, strict=True):
        journey = journeys[site]
        if journey != watch.name and journey != OUTCOME:
            continue
        who = f"P{person}" if names is None else names.get(person, f"P{person}")
        if journey == OUTCOME:
            outcomes.setdefault(who, []).append(at)
        else:
            crossed[who] = min(crossed.get(who, at), at)
    return Crossing(crossed, outcomes, side.last or 0)


def told(watch: tuple[Watch, Watch], both: tuple[Crossing, Crossing], horizon: int | None) -> dict[str, Any]:  # fmt: skip
    """Return what became of one line, as JSON has it."""
    before, after = both
    old, new = before.crossed, after.crossed
    shared = [who for who in old if who in new]
    return {
        "score": watch[1].score,
        "before": of_side(watch[0], before, horizon),
        "after": of_side(watch[1], after, horizon),
        "now": sorted((who for who in new if who not in old), key=number_of),
        "no_longer": sorted((who for who in old if who not in new), key=number_of),
        "earlier": sorted((who for who in shared if new[who] < old[who]), key=number_of),
        "later": sorted((who for who in shared if new[who] > old[who]), key=number_of),
    }


def of_side(watch: Watch, found: Crossing, horizon: int | None) -> dict[str, Any]:
    """Return how many cross a line on one side, and how well that tells the outcome."""
    told: dict[str, Any] = {"line": watch.line, "crossed": len(found.crossed)}
    if found.outcomes:
        told["precision"] = list(found.precision(horizon))
        told["recall"] = list(found.recall())
    return told


def number_of(who: str) -> tuple[int, str]:
    """Return a name as names are sorted: by the first number in it."""
    digits = who[1:].split(" ", maxsplit=1)[0].rstrip(",")
    return int(digits) if digits.isdigit() else 0, who
