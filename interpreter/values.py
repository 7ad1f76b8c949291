"""Whether values fit. Rule: no conversions; what contains an unknown name has no kind, and nothing more is said about it."""

from __future__ import annotations

from verbline.interpreter.examples import spelled
from verbline.interpreter.index import folded
from verbline.interpreter.kinds import INSTANTS, ORDERED, UNKNOWN, Kind, after, kind_of
from verbline.interpreter.meanings import written
from verbline.interpreter.misfits import Side, cell_text, misfit, not_instant, unquoted
from verbline.interpreter.nearness import nearest
from verbline.interpreter.nodes import Node, Word, unbracketed
from verbline.interpreter.problems import Term
from verbline.interpreter.reach import reach_of
from verbline.interpreter.resolve import EXPRESSIONS, listed
from verbline.interpreter.source import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.interpreter.nodes import Part, Sentence
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.reach import Reach
    from verbline.interpreter.view import View

# Expressions that are values, not conditions; `given` looks at them.
NO_CONDITIONS = frozenset(("rank", "until", "before", "value"))
EQUAL = frozenset(("eq", "ne"))
ORDER = frozenset(("ge", "le", "gt", "lt"))
AGO = frozenset(("ge_ago", "le_ago", "gt_ago", "lt_ago"))
SIGNS = {"PLUS": "+", "MINUS": "-", "STAR": "*", "SLASH": "/"}


def check_conditions(view: View) -> Iterator[Problem]:
    """Yield comparisons and sums of values that do not fit."""
    for shape, part in EXPRESSIONS.items():
        if part in NO_CONDITIONS:
            continue
        for sentence in view.of(shape):
            found = sentence.node.parts.get(part) if sentence.node else None
            if found is not None and not (isinstance(found, Word) and found.kind.endswith("_TRUE")):
                yield from Values(view, sentence, reach_of(view, sentence)).condition(found)


class Values:
    """The values of one sentence; ``reach`` tells what its names mean."""

    def __init__(self, view: View, sentence: Sentence, reach: Reach) -> None:
        self.view = view
        self.sentence = sentence
        self.reach = reach

    def condition(self, part: Part) -> Iterator[Problem]:
        """Yield what does not fit in a condition."""
        part = unbracketed(part)
        if isinstance(part, tuple):
            return
        if isinstance(part, Node) and part.shape in ("or_", "and_"):
            for term in part.items("terms"):
                yield from self.condition(term)
        elif isinstance(part, Node) and part.shape == "not_":
            yield from self.condition(part.parts["inner"])
        elif isinstance(part, Node) and part.shape not in ("sum", "product", "duration", "money"):
            yield from self.test(part)
        else:
            yield from self.value(part)
            for side in self.sides(part):
                if side.kind.name != "yesno":
                    yield self.told("condition", side)

    def test(self, node: Node) -> Iterator[Problem]:
        """Yield what does not fit in one comparison."""
        for name in ("left", "right", "low", "high"):
            if node.has(name) and node.shape not in AGO:
                yield from self.value(node.parts[name])
        if node.shape in ("same", "different"):
            if not self.sentence.shape.startswith("merge_"):
                yield self.problem("same", self.span(node))
            return
        if not node.has("left"):
            return
        for left in self.sides(node.parts["left"]):
            if node.shape == "one_of":
                yield from self.among(left, node)
            elif node.shape in AGO:
                if left.kind.name not in INSTANTS:
                    yield self.told("ago", left)
            else:
                for name in ("right", "low", "high"):
                    for right in self.sides(node.parts[name]) if node.has(name) else ():
                        yield from self.pair(node.shape, left, right)

    def pair(self, shape: str, left: Side, right: Side) -> Iterator[Problem]:
        """Yield what is wrong between the two sides of a comparison."""
        if UNKNOWN in (left.kind, right.kind):
            yield self.told("unknown", left if right.kind is UNKNOWN else right)
        elif shape == "contains":
            yield from self.contained(left, right)
        elif shape == "starts_with":
            for side in (left, right):
                if side.kind.base != "text":
                    yield self.told("starts", side)
                    return
        elif shape in ("before", "after") and (wrong := not_instant(left, right)):
            yield from (self.told("dates", left),) if wrong is left else self.misfit(left, right)
        else:
            yield from self.alike(shape, left, right)

    def alike(self, shape: str, left: Side, right: Side) -> Iterator[Problem]:
        """Yield what is wrong where both sides must be of one kind."""
        one, other = left.kind.base, right.kind.base
        if {one, other} == INSTANTS:
            if shape in EQUAL:
                yield self.told("instants", left, right)
        elif one != other:
            yield from self.misfit(left, right)
        elif shape not in EQUAL and one not in ORDERED:
            yield self.told("order", left)
        elif one == "list":
            yield self.told("lists", left)
        elif one == "money":
            yield from self.currencies(left, right)
        else:
            yield from self.in_set(left, right)
            yield from self.in_set(right, left)

    def contained(self, left: Side, right: Side) -> Iterator[Problem]:
        """Yield what is wrong with ``left contains right``."""
        if left.kind.name == "list" and left.kind.of is not None:
            inner = Side(left.part, left.span, left.text, left.kind.of)
            if left.kind.of.base != right.kind.base:
                yield self.told("element", inner, right)
            else:
                yield from self.in_set(inner, right)
        elif left.kind.base != "text":
            yield self.told("contains", left)
        elif right.kind.base != "text":
            yield from self.misfit(left, right)

    def among(self, left: Side, node: Node) -> Iterator[Problem]:
        """Yield what is wrong with ``left is one of …``."""
        if left.kind.base != "text":
            words = node.words("values")
            right = Side(words[0], self.span(words[0]), self.text(words[0]), Kind("text"))
            yield self.told("list" if left.kind.name == "list" else "texts", left, right)
            return
        for word in node.words("values"):
            right = Side(word, self.span(word), self.text(word), Kind("text"))
            yield from self.in_set(left, right)

    def in_set(self, left: Side, right: Side) -> Iterator[Problem]:
        """Yield a written text that is not in the set of values of the other side."""
        if left.kind.name != "one_of" or right.word != "STRING":
            return
        value = unquoted(right.text)
        if folded(value) not in map(folded, left.kind.values):
            near = nearest(value, left.kind.values)
            yield self.view.problem(
                "V008",
                self.sentence,
                right.span,
                variant="near" if near else "",
                name=left.text,
                value=value,
                near=near,
                known=listed(list(left.kind.values)),
            )

    def currencies(self, left: Side, right: Side) -> Iterator[Problem]:
        """Yield two amounts in different currencies."""
        one, other = self.currency(left.part), self.currency(right.part)
        if not one or not other or one[0] == other[0]:
            return
        if right.written or not left.written:
            here, field = right, one
        else:
            here, field = left, other
        word = here.part.word("currency") if isinstance(here.part, Node) and here.written else None
        at = self.span(word) if word and self.inside(word) else here.span
        yield self.view.problem(
            "V004",
            self.sentence,
            at,
            variant="" if field[1] else "written",
            name=written(field[1], self.view.language),
            currency=field[0],
            place=field[2],
            other=other[0] if field is one else one[0],
        )

    def currency(self, part: Part) -> tuple[str, str, str] | None:
        """Return the currency of an amount, the field that has it, and where that is said; None where it is open."""
        part = unbracketed(part)
        if isinstance(part, Word):
            known = self.view.project.index.currencies.get(part.text)
            return (known[0], part.text, str(known[1])) if known else None
        if not isinstance(part, Node):
            return None
        if part.shape == "money":
            return part.text("currency"), "", ""
        return next((found for term in part.items("terms") if (found := self.currency(term))), None)

    def value(self, part: Part) -> Iterator[Problem]:
        """Yield sums and products whose terms do not go together."""
        part = unbracketed(part)
        if not isinstance(part, Node):
            return
        if part.shape not in ("sum", "product"):
            if part.shape not in ("duration", "money"):
                yield from self.condition(part)
            return
        terms = part.items("terms")
        for term in terms[::2]:
            yield from self.value(term)
        left = self.side(terms[0])
        for at in range(1, len(terms), 2):
            sign, right = terms[at], self.side(terms[at + 1])
            if left is None or right is None:
                return
            kind = (
                after(left.kind, sign.kind, right.kind, terms[at + 1])
                if isinstance(sign, Word)
                else None
            )
            if kind is None:
                yield self.cannot(left, right, self.text(sign))
                return
            if left.kind.name == right.kind.name == "money":
                yield from self.currencies(left, right)
            left = Side(part, left.span, left.text, kind)

    def cannot(self, left: Side, right: Side, sign: str) -> Problem:
        """Return the finding that two values cannot be calculated with."""
        if {left.kind.name, right.kind.name} <= INSTANTS:
            named = right if right.word == "NAME" else left
            return self.told("sum_dates", left, named)
        return self.told("sum", left, right, sign=sign)

    def misfit(self, left: Side, right: Side) -> Iterator[Problem]:
        """Yield the finding about two values of different kinds."""
        variant, here, there = misfit(left, right)
        yield self.told(variant, here, there)

    def told(self, variant: str, here: Side, there: Side | None = None, **more: str) -> Problem:
        """Return a finding at ``here``; ``there`` is the value it does not go with."""
        values: dict[str, str | Term] = {
            "left": here.text,
            "left_kind": Term(f"kind-{here.kind.name}"),
        }
        if there is not None:
            values |= {
                "right": there.text,
                "right_kind": Term(f"kind-{there.kind.name}"),
                "bare": unquoted(here.text),
            }
        return self.problem(variant, here.span, **values, **more)

    def problem(self, variant: str, span: Span, **values: str | Term) -> Problem:
        """Return a finding about values that do not fit."""
        return self.view.problem("V005", self.sentence, span, variant=variant, **values)  # type: ignore[arg-type]

    def sides(self, part: Part) -> list[Side]:
        """Return what can stand at ``part``, with kinds: one value, or the cells of a column; none where nobody knows."""
        found = []
        for one, span in spelled(self.sentence, part) if isinstance(part, Node | Word) else ():
            kind = kind_of(one, self.reach.kind)
            if kind is not None:
                cell = one is not part
                text = cell_text(one) if cell else self.text(one)
                inner = unbracketed(one)
                assert isinstance(inner, Node | Word)
                found.append(Side(inner, span, text, kind))
        return found

    def side(self, part: Part) -> Side | None:
        """Return the one value that stands at ``part``, or None where its kind is not known."""
        return next(iter(self.sides(part)), None)

    def text(self, part: Node | Word) -> str:
        """Return a part of the sentence as it is written."""
        return self.sentence.raw[part.start : part.end]

    def span(self, part: Node | Word) -> Span:
        """Return the place of a part of the sentence."""
        start = self.sentence.column
        number = self.sentence.number
        return Span(number, start + part.start, number, start + part.end)

    def inside(self, word: Word) -> bool:
        """Return whether a word stands in the sentence itself, not in a table below it."""
        return any(word is one for one in self.sentence.words)
