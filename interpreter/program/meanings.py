"""What a data word means when a journey runs. Rule: the visit's latest moment that carries the name, then the person.

One field name has one kind in a project, so a word means the same kind everywhere; where it may be looked up depends on
the sentence: segments and rules about people read the person alone, a `where` reads the moment alone.
"""

from __future__ import annotations

from verbline.interpreter.constants import number_of
from verbline.interpreter.kinds import DATETIME, NUMBER, TEXT, YESNO, kind_of_type
from verbline.interpreter.names import BUILT_IN, fields_of_moment, fields_of_person
from verbline.interpreter.program.scores import Score
from verbline.interpreter.reach import OF_MOMENT, OF_PERSON

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbline.interpreter.kinds import Kind
    from verbline.interpreter.names import Declaration, Field
    from verbline.interpreter.nodes import Node, Sentence
    from verbline.interpreter.program.reckoning import Duration
    from verbline.interpreter.project import Project

UNITS = {
    "U_MINUTE": "minute", "U_HOUR": "hour", "U_DAY": "day", "U_WEEK": "week", "U_MONTH": "month", "U_YEAR": "year",
    "U_WHOUR": "whour", "U_WDAY": "wday",
}  # fmt: skip
# Where a data word is looked up: in the visit and then the person, in the person alone, in the moment alone.
EVERYWHERE, PERSON, MOMENT = "everywhere", "person", "moment"


class Meant:
    """What one data word means: its ``kind``, and what the person has of that name.

    ``of`` is field, score, label, built-in, or nothing where only moments carry it; ``key`` is the name under which the
    person's record has it; ``carried`` tells whether some moment carries the name.
    """

    __slots__ = ("carried", "key", "kind", "name", "of")

    def __init__(self, name: str, kind: Kind, of: str, key: str = "") -> None:
        self.name = name
        self.kind = kind
        self.of = of
        self.key = key or name
        self.carried = False

    def __repr__(self) -> str:
        return f"Meant({self.of} {self.name}: {self.kind})"


class Meanings:
    """What names mean in a project: data words in ``fields``, the declared name of each moment in ``moments``, the scores.

    ``where`` tells where data words are looked up.
    """

    __slots__ = ("fields", "moments", "scores", "where")

    def __init__(
        self,
        fields: Mapping[str, Meant],
        moments: Mapping[str, str],
        scores: Mapping[str, Score],
        where: str = EVERYWHERE,
    ) -> None:
        self.fields = fields
        self.moments = moments
        self.scores = scores
        self.where = where

    @classmethod
    def of_project(cls, project: Project) -> Meanings:
        """Return what the names of a checked project mean, those of the library files it uses included."""
        overview = project.overview
        scores = {one.name: score_of(one) for one in overview.declarations("score")}
        fields = _of_people(project)
        for moment in overview.declarations("moment"):
            for field in fields_of_moment(moment):
                _join(fields, field, "").carried = True
        moments = {
            name: one.sentence.node.text("name")
            for name, one in overview.declared.get("moment", {}).items()
            if one.sentence.node
        }
        return cls(fields, moments, scores)

    def looked_up(self, where: str) -> Meanings:
        """Return the same names, looked up ``where``."""
        return (
            self if where == self.where else Meanings(self.fields, self.moments, self.scores, where)
        )

    def for_sentence(self, sentence: Sentence) -> Meanings:
        """Return the same names, looked up where the conditions of ``sentence`` look."""
        while sentence.shape == "condition" and sentence.parent is not None:
            sentence = sentence.parent
        if sentence.shape in OF_PERSON:
            return self.looked_up(PERSON)
        return self.looked_up(MOMENT if sentence.shape in OF_MOMENT else EVERYWHERE)

    def find(self, name: str) -> Meant:
        """Return what the data word ``name`` means."""
        found = self.fields.get(name)
        assert found is not None, f"check lets no condition through that names {name}"
        return found

    def moment(self, name: str) -> str:
        """Return the name under which the moment called ``name`` is declared."""
        return self.moments.get(name, name)


def _of_people(project: Project) -> dict[str, Meant]:
    overview = project.overview
    found: dict[str, Meant] = {}
    for names in overview.names:
        for label in names.labels:
            if " " not in label:
                word = label.casefold()
                found.setdefault(word, Meant(word, YESNO, "label", label))
    for name in BUILT_IN:
        found[name] = Meant(name, DATETIME if name == "last-action-time" else TEXT, "built-in")
    for score in overview.declarations("score"):
        found[score.name] = Meant(score.name, NUMBER, "score")
    for person in overview.declarations("person"):
        for field in fields_of_person(person):
            _join(found, field, "field")
    return found


def _join(found: dict[str, Meant], field: Field, of: str) -> Meant:
    """Return what the name of ``field`` means, with this declaration beside the earlier ones."""
    kind = kind_of_type(field.kind)
    known = found.get(field.name)
    if known is None or (of and known.of in ("built-in", "label", "score")):
        known = found[field.name] = Meant(field.name, kind, of)
    elif known.of not in ("score", "built-in", "label"):
        known.kind = joined(known.kind, kind, plain=field.kind is None)
        known.of = known.of or of
    return known


def joined(one: Kind, other: Kind, *, plain: bool) -> Kind:
    """Return the kind of a name that is declared twice; ``plain`` where the second declaration has no type."""
    if plain or one.name == other.name == "text":
        return one
    if one.base == other.base == "text" and one.values != other.values:
        return TEXT
    return other if other.currency or one.name == "text" else one


def score_of(declaration: Declaration) -> Score:
    """Return a declared score."""
    halves, stays = declaration.sentence.first("halves"), declaration.sentence.first("stays")
    return Score(
        declaration.name,
        duration_of(halves.node("length")) if halves else None,
        number_of(stays.text("low")) if stays else None,
        number_of(stays.text("high")) if stays else None,
    )


def duration_of(node: Node) -> Duration:
    """Return a written duration."""
    return number_of(node.text("number")), UNITS[node.word("unit").kind]
