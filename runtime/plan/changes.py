"""What a change means, in sentences. Rule: meaning is compared and not lines: who only lays out otherwise has changed nothing.

    settings -> words of the project, kind by kind -> journeys: clauses, then steps

Each change says whom it concerns: a purpose whoever answers for consent, a score whoever sales has named for it.
"""

from __future__ import annotations

from typing import NamedTuple

from verbline.interpreter.places import JOURNEY_CLAUSES
from verbline.interpreter.program.identities import PARTS, identities
from verbline.runtime.plan.pairing import Pairing
from verbline.runtime.plan.permission import CONSENT, of_purpose
from verbline.runtime.plan.ruling import of_settings, of_sources
from verbline.runtime.plan.sentences import (
    CHANGED,
    MOVED,
    NEW,
    REMOVED,
    WIDENED,
    Line,
    altered,
    whole,
)  # fmt: skip

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project
    from verbline.runtime.sources import Sources

# What can be declared, in the order in which it is told, and whom a change of it concerns.
REVIEWS: Mapping[str, str] = {
    "person": "identity",
    "purpose": CONSENT,
    "form": CONSENT,
    "moment": "sources",
    "segment": "audience",
    "score": "scoring",
    "metric": "metric",
    "desk": "desk",
    "message": "words",
    "offer_decl": "words",
    "journey": "journey",
}
# What is told line by line where it is new or gone; of the rest the name says enough.
SPOKEN = frozenset(("person", "purpose", "segment", "score"))
# What a message says is compared as it goes out, in whatever file it stands.
WORDS = frozenset(("subject", "says", "text_from", "in_lang"))
SENDS = {"notify": "message", "ask": "message", "confirm": "question", "offer": "offer", "offer_best": "offer"}  # fmt: skip
# Sentences that concern others than whoever answers for the journey.
CONCERNS = {"qualify": "scoring", "no_longer": "scoring", "escalate": "desk", "escalate_named": "desk", "pass_up": "desk", "route": "desk", "notify_desk": "desk", "has_field": CONSENT}  # fmt: skip


class Side(NamedTuple):
    """One version: its tree, what is compiled from it, and how systems write themselves, where that is known."""

    project: Project
    program: Program
    sources: Sources | None = None


class Change(NamedTuple):
    """What became of one thing of the project. ``who`` answers for it by its own text, nothing where it does not say."""

    kind: str
    name: str
    what: str
    review: str
    who: str
    lines: tuple[Line, ...]


class Changes(NamedTuple):
    """All changes, and what became of steps that are the same step.

    ``renamed`` are their new sentences by journey and old sentence; ``formerly`` their old identities by the new ones, where
    these are others.
    """

    changes: tuple[Change, ...]
    renamed: dict[tuple[str, str], str]
    formerly: dict[str, str]


class Declared(NamedTuple):
    """A declaration and the file it stands in."""

    sentence: Sentence
    path: str

    @property
    def place(self) -> str:
        """Where it stands."""
        return f"{self.path}:{self.sentence.number}"


def changes(before: Side, after: Side) -> Changes:
    """Return what changed between two versions."""
    found: list[Change] = []
    same = Changes((), {}, {})
    lines = (
        *of_settings(before.project, after.project),
        *of_sources(before.sources, after.sources),
    )
    if lines:
        found.append(Change("settings", "verbline.toml", CHANGED, "settings", "", lines))
    for kind, review in REVIEWS.items():
        olds, news = declared(before, kind), declared(after, kind)
        for name in (*news, *(one for one in olds if one not in news)):
            old, new = olds.get(name), news.get(name)
            made = of_declaration(kind, name, (old, new), (before, after), same)
            if made:
                what = NEW if old is None else REMOVED if new is None else CHANGED
                there = new or old
                assert there is not None, "a name is declared on one side at least"
                title = "offer" if kind == "offer_decl" else kind
                found.append(Change(title, name, what, review, answers_for(there.sentence), made))
    return same._replace(changes=tuple(found))


def declared(side: Side, kind: str) -> dict[str, Declared]:
    """Return what the project itself declares of one kind, by name."""
    found: dict[str, Declared] = {}
    folder = side.program.folder
    for names in side.project.names.values():
        for one in names.of(kind):
            if one.node is not None and not one.misplaced:
                path = names.file.path.removeprefix(folder)
                found.setdefault(one.node.text("name"), Declared(one, path))
    return found


def answers_for(sentence: Sentence) -> str:
    """Return who owns a journey or a metric, or leads a desk."""
    node = sentence.first("owned_by", "led_by")
    return node.text("name") if node else ""


def of_declaration(
    kind: str,
    name: str,
    pair: tuple[Declared | None, Declared | None],
    sides: tuple[Side, Side],
    same: Changes,
) -> tuple[Line, ...]:
    """Return what changed in one thing, nothing where it means what it meant; steps that are the same are noted in ``same``."""
    old, new = pair
    if old is None or new is None:
        there, side = (new, sides[1]) if new is not None else (old, sides[0])
        assert there is not None, "a name is declared on one side at least"
        what = NEW if new is not None else REMOVED
        return tuple(of_whole(kind, there, side, what)) or (Line(what, "", there.place),)
    if kind == "purpose":
        before, after = (side.program.purposes[name] for side in sides)
        return tuple(of_purpose(before, after, new.place))
    pairing = Pairing()
    apart = JOURNEY_CLAUSES if kind == "journey" else None
    ours = [[one for one in side.sentence.block if one.shape not in WORDS] for side in (old, new)]
    pairing.clauses(*([one for one in lines if apart is None or one.shape in apart] for lines in ours))  # fmt: skip
    if apart is not None:
        pairing.steps(*([one for one in lines if one.shape not in apart] for lines in ours))
    pairing.settle()
    if kind == "journey":
        note_steps(name, (old.sentence, new.sentence), pairing, same)
    lines = list(of_pairing(pairing, new.path, sides))
    if kind == "message":
        lines += of_words(name, new.place, sides)
    return tuple(lines)


def note_steps(
    name: str, sides: tuple[Sentence, Sentence], pairing: Pairing, same: Changes
) -> None:
    """Note which steps are the same step, called otherwise or standing elsewhere."""
    before, after = (identities(name, side.block) for side in sides)
    for one, other in pairing.kept():
        if one.raw != other.raw:
            same.renamed[name, one.raw] = other.raw
        if before[one] != after[other]:
            same.formerly[after[other]] = before[one]


def of_whole(kind: str, there: Declared, side: Side, what: str) -> Iterator[Line]:
    """Yield what a thing says that is new or gone: of a journey what it sends, of others every line."""
    if kind == "journey":
        for line in there.sentence.walk():
            if line.shape in SENDS:
                yield of_line(line, what, there.path, side)
        return
    for line in there.sentence.block if kind in SPOKEN else ():
        if line.node is not None and line.shape not in PARTS:
            review = CONCERNS.get(line.shape, "") if kind == "person" else ""
            yield Line(what, whole(line), f"{there.path}:{line.number}", "", review)


def of_pairing(pairing: Pairing, path: str, sides: tuple[Side, Side]) -> Iterator[Line]:
    """Yield what became of lines, in the order of the new text; what is gone comes last."""
    told: list[tuple[int, Line]] = []
    for old, new in pairing.altered:
        permission = of_message(old, new, sides)
        review = CONSENT if permission else concern(new)
        told += [(new.number, Line(CHANGED, text, f"{path}:{new.number}", permission, review)) for text in altered(old, new)]  # fmt: skip
    told += [(new.number, of_line(new, NEW, path, sides[1])) for new in pairing.come]
    told += [(new.number, Line(MOVED, whole(new), f"{path}:{new.number}", "", concern(new))) for _, new in pairing.moved]  # fmt: skip
    yield from (line for _, line in sorted(told, key=lambda one: one[0]))
    yield from (of_line(old, REMOVED, "", sides[0]) for old in pairing.gone)


def of_line(line: Sentence, what: str, path: str, side: Side) -> Line:
    """Return what is told of a line that is new or gone; of a message its class."""
    text, review = whole(line), concern(line)
    if line.shape in SENDS:
        text = f"{text.removesuffix('.')} ({class_of(line, side)})."
        review = CONSENT
    return Line(what, text, f"{path}:{line.number}" if path else "", "", review)


def concern(line: Sentence) -> str:
    """Return whom a line concerns beside whoever answers for the whole."""
    return CONSENT if line.shape in SENDS else CONCERNS.get(line.shape, "")


def class_of(line: Sentence, side: Side) -> str:
    """Return how the guard takes a message: commercial, or the class of its purpose."""
    assert line.node is not None, "only what was understood sends"
    purpose = side.program.purposes.get(line.node.text("purpose"))
    cls = purpose.cls if purpose is not None else "service"
    return "commercial" if cls == "marketing" or SENDS[line.shape] == "offer" else cls


def of_message(old: Sentence, new: Sentence, sides: tuple[Side, Side]) -> str:
    """Return what a changed message does to permission: of another class it widens it."""
    if new.shape not in SENDS or old.shape != new.shape:
        return ""
    return WIDENED if class_of(old, sides[0]) != class_of(new, sides[1]) else ""


def of_words(name: str, place: str, sides: tuple[Side, Side]) -> Iterator[Line]:
    """Yield which texts of a message are others."""
    before, after = (side.program.messages[name].texts for side in sides)
    for part in sorted({**before, **after}):
        if before.get(part) != after.get(part):
            how = "are new" if part not in before else "are gone" if part not in after else "are others"  # fmt: skip
            yield Line(CHANGED, f"The words of its {part} {how}.", place)
