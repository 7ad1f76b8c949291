"""Conditions as they are written, made ready to be tried. Rule: where anything in one is not understood, nothing is claimed."""

from __future__ import annotations

from verbline.interpreter.constants import Fixed, day_number, fixed, number_of
from verbline.interpreter.index import folded
from verbline.interpreter.kinds import ORDERED, kind_of
from verbline.interpreter.logic import (
    COMPARE,
    NO,
    NOTHING,
    OTHER,
    TURNED,
    UNKNOWN,
    YES,
    Atom,
    Choice,
    Constant,
    Joined,
    Not,
    Scale,
    Term,
    Variable,
)
from verbline.interpreter.nodes import Node, Word, meaning, unbracketed
from verbline.interpreter.places import conditions_under, lists_conditions
from verbline.interpreter.reach import reach_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from verbline.interpreter.index import Index
    from verbline.interpreter.kinds import Kind
    from verbline.interpreter.logic import Held
    from verbline.interpreter.meanings import Meaning
    from verbline.interpreter.nodes import Part, Sentence
    from verbline.interpreter.view import View

# Facts about a person that are never unknown; those that say no are the opposite of another.
FACTS = frozenset(("in_segment", "qualified", "agrees", "not_agrees", "had", "had_no", "silent"))
DENIED = {"not_agrees": "agrees", "had_no": "had"}
INSTANTS = {"date", "datetime"}


class Misunderstood(Exception):  # noqa: N818 - no error: it only ends the reading of one condition
    """The condition holds something that has no meaning, or values that do not fit; that is reported elsewhere."""


class Conditions:
    """Conditions over the same fields, read one after another.

    With ``declared``, a field that identifies the person or that a moment carries counts as known, and so do the fields
    in ``known``. Without it, every field may be unknown, since what a moment should carry can be missing. ``unsure``
    are the fields met so far that may be unknown; ``terms`` what each node has become.
    """

    def __init__(self, view: View, *, declared: bool, known: Iterable[str] = ()) -> None:
        self.view = view
        self.declared = declared
        self.known = frozenset(known)
        self.variables: dict[object, Variable] = {}
        self.unsure: list[str] = []
        self.terms: dict[int, Term] = {}
        self.sentence: Sentence

    def of(self, sentence: Sentence, part: str = "condition") -> Term:
        """Return the condition of a sentence, with those listed under it; raise `Misunderstood` where it has no meaning."""
        if sentence.node is None:
            raise Misunderstood
        if not lists_conditions(sentence):
            self.sentence = sentence
            return self.term(sentence.node.parts[part])
        if any(inner.node is None for inner in sentence.block) or not conditions_under(sentence):
            raise Misunderstood
        together = min if sentence.node.word(part).kind == "ALL_TRUE" else max
        return Joined(together, [self.of(inner) for inner in sentence.of("condition")])

    def term(self, part: Part) -> Term:
        """Return one condition, and keep it under its node."""
        found = self.made(part)
        self.terms[id(part)] = found
        return found

    def made(self, part: Part) -> Term:
        """Return what one condition is made of."""
        if isinstance(part, tuple):
            raise Misunderstood
        if isinstance(part, Word):
            return self.bare(part)
        if part.shape == "brackets":
            return self.term(part.parts["inner"])
        if part.shape in ("and_", "or_"):
            terms = [self.term(term) for term in part.items("terms")]
            return Joined(min if part.shape == "and_" else max, terms)
        if part.shape == "not_":
            return Not(self.term(part.parts["inner"]))
        if part.shape in FACTS:
            return self.fact(part)
        if part.shape in ("same", "different"):
            return self.sameness(part)
        return self.test(part)

    def bare(self, word: Word) -> Term:
        """Return a condition that is one word: a field that is yes or no, or a written yes or no."""
        if word.kind in ("YES", "NO"):
            return Constant(YES if word.kind == "YES" else NO)
        if word.kind != "NAME" or self.kind(word).name != "yesno":
            raise Misunderstood
        return self.against("eq", word.text, Fixed("yesno", "YES"))

    def fact(self, node: Node) -> Term:
        """Return a fact about the person that is never unknown."""
        shape = DENIED.get(node.shape, node.shape)
        said = [
            (name, meaning(part))
            for name, part in node.parts.items()
            if name not in ("who", "name")
        ]
        variable = self.free((shape, *sorted(said)))
        term = Atom((), lambda held: held[variable] == YES, (variable,))
        return Not(term) if node.shape in DENIED else term

    def sameness(self, node: Node) -> Term:
        """Return whether two people have the same value."""
        key = ("same", node.text("field"))
        shapes = ("same", "different")
        variable = self.variables.setdefault(
            key, Choice(can_be_unknown=True, values=shapes, closed=True)
        )
        return Atom((variable,), lambda held: held[variable] == node.shape)

    def test(self, node: Node) -> Term:
        """Return one comparison."""
        left = unbracketed(node.parts["left"])
        if node.shape in ("known", "is_unknown"):
            return self.known_test(left, known=node.shape == "known")
        if node.shape == "between":
            bounds = (("ge", node.parts["low"]), ("le", node.parts["high"]))
            return Joined(min, [self.compare(shape, left, bound) for shape, bound in bounds])
        if node.shape == "one_of":
            return Joined(max, [self.compare("eq", left, word) for word in node.words("values")])
        if node.shape in COMPARE:
            return self.compare(node.shape, left, unbracketed(node.parts["right"]))
        if node.shape in ("contains", "starts_with"):
            return self.partly(node.shape, left, unbracketed(node.parts["right"]))
        return self.open(node.shape, left, node.parts["right"])

    def known_test(self, part: Part, *, known: bool) -> Term:
        """Return whether a value is known, or whether it is unknown."""
        needed = tuple(self.fields_in(part))
        return Atom((), lambda held: all(held[one] != NOTHING for one in needed) == known, needed)

    def compare(self, shape: str, left: Part, right: Part) -> Term:
        """Return a comparison of two values."""
        one, other = self.kind(left), self.kind(right)
        if "unknown" in (one.name, other.name):
            return Constant(UNKNOWN)
        mixed = {one.name, other.name} == INSTANTS and shape not in ("eq", "ne")
        if one.base != other.base and not mixed:
            raise Misunderstood
        if shape not in ("eq", "ne") and one.base not in ORDERED:
            raise Misunderstood
        first, second = fixed(left), fixed(right)
        if first is not None and second is not None:
            return self.decided(shape, first, second)
        if second is not None and isinstance(left, Word) and left.kind == "NAME":
            return self.against(shape, left.text, second)
        if first is not None and isinstance(right, Word) and right.kind == "NAME":
            return self.against(TURNED[shape], right.text, first)
        if meaning(left) == meaning(right):
            return Atom(tuple(self.fields_in(left)), lambda _held: COMPARE[shape](0, 0))
        return self.open(shape, left, right)

    def decided(self, shape: str, one: Fixed, other: Fixed) -> Term:
        """Return the comparison of two written values."""
        if one.measure != other.measure:
            raise Misunderstood
        return Constant(YES if COMPARE[shape](one.amount, other.amount) else NO)

    def against(self, shape: str, name: str, value: Fixed) -> Term:
        """Return the comparison of a field with a written value."""
        variable, found = self.field(name), self.found(name)
        amount = self.amount(value)
        if isinstance(variable, Scale):
            if value.kind == "money" and self.another_currency(name, found, value.measure):
                raise Misunderstood
            if not variable.takes(amount, value.measure):
                return self.free_of((variable,), (shape, name, amount, value.measure))
            scale = variable
            return Atom((scale,), lambda held: COMPARE[shape](held[scale], scale.place(amount)))
        assert isinstance(variable, Choice), "what has no order is a choice"
        if not variable.takes(str(amount)):
            raise Misunderstood
        return Atom((variable,), lambda held: COMPARE[shape](held[variable], amount))

    def amount(self, value: Fixed) -> int | str | Any:
        """Return what a field is compared with; a date as the number of its day."""
        if value.kind != "date":
            return value.amount
        try:
            return day_number(str(value.amount))
        except ValueError:
            raise Misunderstood from None

    def another_currency(self, name: str, found: Meaning, currency: str) -> bool:
        """Return whether a field is in another currency than ``currency``."""
        index: Index = self.view.project.index
        known = found.kind.currency or index.currencies.get(name, ("",))[0]
        return bool(known) and known != currency

    def partly(self, shape: str, left: Part, right: Part) -> Term:
        """Return whether a list holds a value, or a text another one."""
        one, value = self.kind(left), fixed(right)
        name = left.text if isinstance(left, Word) and left.kind == "NAME" else ""
        if not name or value is None or self.kind(right).base != (one.of or one).base:
            return self.open(shape, left, right)
        variable = self.field(name)
        text = str(value.amount)
        free = self.free((shape, name, text))
        if one.name == "list":
            return Atom((variable,), lambda held: held[free] == YES, (free,))

        def holds(held: Held) -> bool:
            cell = str(held[variable])
            if cell == OTHER:
                return held[free] == YES
            return text in cell if shape == "contains" else cell.startswith(text)

        return Atom((variable,), holds, (free,))

    def open(self, shape: str, left: Part, right: Part) -> Term:
        """Return a comparison that only the values of a person decide."""
        needed = tuple(dict.fromkeys((*self.fields_in(left), *self.fields_in(right))))
        return self.free_of(needed, (shape, meaning(left), meaning(right)))

    def free_of(self, needed: tuple[Variable, ...], key: object) -> Term:
        """Return what may be yes or no wherever ``needed`` are known."""
        variable = self.free(key)
        return Atom(needed, lambda held: held[variable] == YES, (variable,))

    def free(self, key: object) -> Variable:
        """Return the variable of something that is yes or no."""
        return self.variables.setdefault(key, Variable(can_be_unknown=False))

    def fields_in(self, part: Part) -> Iterator[Variable]:
        """Yield the fields that a value depends on."""
        for word in part.walk() if isinstance(part, Node) else (part,):
            if isinstance(word, Word) and word.kind == "NAME":
                yield self.field(word.text)
            elif isinstance(word, Word) and word.kind == "PLACEHOLDER":
                raise Misunderstood

    def found(self, name: str) -> Meaning:
        """Return what a field's name means here."""
        meant = reach_of(self.view, self.sentence).find(name)
        if meant is None:
            raise Misunderstood
        return meant

    def kind(self, part: Part) -> Kind:
        """Return the kind of a value."""
        kind = kind_of(part, lambda name: self.found(name).kind)
        if kind is None:
            raise Misunderstood
        return kind

    def field(self, name: str) -> Variable:
        """Return the variable of a field."""
        known = self.variables.get(name)
        if known is None:
            found = self.found(name)
            open_ = not (found.score or (self.declared and (found.sure or name in self.known)))
            if open_:
                self.unsure.append(name)
            known = self.variables[name] = variable_of(found, can_be_unknown=open_)
        return known


def variable_of(found: Meaning, *, can_be_unknown: bool) -> Variable:
    """Return the variable of what a field's name means."""
    kind = found.kind
    if kind.name == "one_of":
        return Choice(can_be_unknown=can_be_unknown, values=map(folded, kind.values), closed=True)
    if kind.name == "yesno":
        return Choice(can_be_unknown=can_be_unknown, values=("NO", "YES"), closed=True)
    if kind.name not in ORDERED:
        return Choice(can_be_unknown=can_be_unknown)
    low: object = None
    high: object = None
    stays = found.score.sentence.first("stays") if found.score else None
    if stays is not None:
        low, high = number_of(stays.text("low")), number_of(stays.text("high"))
    steps = kind.name == "date"
    return Scale(can_be_unknown=can_be_unknown, steps=steps, low=low, high=high)
