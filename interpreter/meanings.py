"""What a name means: the fields of people, of moments and of forms, by name. Rule: of several declarations all are kept."""

from __future__ import annotations

from verbline.interpreter.kinds import DATETIME, NUMBER, TEXT, YESNO, Kind, kind_of_type
from verbline.interpreter.names import BUILT_IN, fields_of_moment, fields_of_person

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    from verbline.interpreter.awaited import Passed
    from verbline.interpreter.names import Declaration, Field, Scope
    from verbline.interpreter.nodes import Node, Part, Sentence, Word
    from verbline.interpreter.reach import Reach
    from verbline.interpreter.words import Language

    Carried: TypeAlias = "dict[str, Meaning]"


class Meaning:
    """What a name means: its kind, and whether it can never be unknown (``sure``).

    ``fields`` are the declarations it comes from; none for a score, a label or a field that every person has.
    ``score`` is the declaration of a score.
    """

    __slots__ = ("fields", "kind", "score", "sure")

    def __init__(
        self,
        kind: Kind,
        *,
        sure: bool,
        fields: tuple[Field, ...] = (),
        score: Declaration | None = None,
    ) -> None:
        self.kind = kind
        self.sure = sure
        self.fields = fields
        self.score = score

    def joined(self, other: Meaning, *, sure: bool) -> Meaning:
        """Return what a name means that can mean this or ``other``."""
        kind = self.kind
        if all(field.kind is None for field in self.fields):
            kind = other.kind
        elif kind.name == "one_of" and kind.values != other.kind.values:
            kind = TEXT
        return Meaning(kind, sure=sure, fields=self.fields + other.fields, score=self.score)


class Fields:
    """The fields in sight of a file: those of its people by name, those of each moment."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        # What several checks and rules need, worked out once.
        self.reached: dict[int, Reach] = {}
        self.begun: dict[int, Reach] = {}
        self.passed: dict[int, Passed] = {}
        self.beside: dict[int, dict[int, Part]] = {}
        self.near: dict[tuple[str, tuple[str, ...]], str] = {}
        self.unvarying: list[tuple[Sentence, Node | Word, str]] | None = None
        self._person: Carried | None = None
        self._moments: dict[str, Carried | None] = {}
        self._any: Carried | None = None

    @property
    def person(self) -> Carried:
        """What is known of a person: declared fields, identifiers, scores, labels, and what every person has."""
        if self._person is None:
            self._person = self._of_people()
            for label in self.scope.names("label"):
                if " " not in label:
                    self._person.setdefault(label.casefold(), Meaning(YESNO, sure=True))
        return self._person

    def _of_people(self) -> Carried:
        declared: Carried = {}
        for name in BUILT_IN:
            kind = DATETIME if name == "last-action-time" else TEXT
            declared[name] = Meaning(kind, sure=False)
        for one in self.scope.declarations("score"):
            declared[one.name] = Meaning(NUMBER, sure=True, score=one)
        for one in self.scope.declarations("person"):
            for field in fields_of_person(one):
                found = Meaning(kind_of_type(field.kind), sure=field.known, fields=(field,))
                known = declared.get(field.name)
                if known is not None and known.fields:
                    found = known.joined(found, sure=known.sure or found.sure)
                declared[field.name] = found
        return declared

    def moment(self, name: str) -> Carried | None:
        """Return what the moment ``name`` carries, or None where the file sees no such moment."""
        if name not in self._moments:
            found = self.scope.find("moment", name)
            self._moments[name] = None if found is None else carried(found)
        return self._moments[name]

    def form(self, name: str) -> Carried | None:
        """Return what comes with the form ``name``: what it asks and what the moment it signals carries; None for no form."""
        form = self.scope.find("form", name)
        if form is None:
            return None
        asked = [word.text for line in form.sentence.of("asks") for word in line.words]
        known = {**self.any_moment, **self.person}
        found = {field: known[field] for field in asked if field in known}
        signals = form.sentence.first("form_signals")
        return {**found, **(self.moment(signals.text("moment")) or {})} if signals else found

    @property
    def any_moment(self) -> Carried:
        """What any moment in sight carries; of a name that several carry, all of them."""
        if self._any is None:
            self._any = {}
            for one in self.scope.declarations("moment"):
                for name, meaning in carried(one).items():
                    known = self._any.get(name)
                    self._any[name] = known.joined(meaning, sure=False) if known else meaning
        return self._any


def written(name: str, language: Language) -> str:
    """Return the data word for a field in the words of ``language``: the tree knows some by a name of their own."""
    forms = language.table.get("data", {}).get(name)
    return str(forms[0]) if forms else name


def carried(declaration: Declaration) -> Carried:
    """Return what one moment carries, by name."""
    return {
        field.name: Meaning(kind_of_type(field.kind), sure=True, fields=(field,))
        for field in fields_of_moment(declaration)
    }
