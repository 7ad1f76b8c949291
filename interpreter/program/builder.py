"""From the tree of a condition to what is compiled. Rule: every sentence of a condition that the grammar has is one row here."""

from __future__ import annotations

from decimal import Decimal

from verbline.interpreter.constants import number_of
from verbline.interpreter.guard.purpose import channel_of
from verbline.interpreter.index import folded
from verbline.interpreter.kinds import (
    DATE,
    DATETIME,
    DURATION,
    UNKNOWN,
    YESNO,
    Kind,
    whole_days,
)
from verbline.interpreter.nodes import Node, Word, unbracketed
from verbline.interpreter.program.clockwork import compared
from verbline.interpreter.program.comparing import SIGNS
from verbline.interpreter.program.meanings import MOMENT, PERSON, UNITS
from verbline.interpreter.program.operands import (
    Clock,
    Decided,
    Named,
    Operand,
    Points,
    Reckoned,
    Written,
)
from verbline.interpreter.program.passing import Had, Past, Silent
from verbline.interpreter.program.pieces import Piece
from verbline.interpreter.program.spans import DAYS_LEAST, WORKING, DaySpan, Span
from verbline.interpreter.program.sums import instant_plus, reckoned
from verbline.interpreter.program.terms import (
    Agrees,
    Held,
    InSegment,
    Joined,
    Known,
    Labelled,
    Not,
    OneOf,
)
from verbline.interpreter.program.written import literal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verbline.interpreter.nodes import Part
    from verbline.interpreter.program.meanings import Meanings
    from verbline.interpreter.program.reckoning import Duration

# A distance from now: whether exactly as much counts as passed, and the answer when it has passed.
AGO = {
    "gt_ago": (True, True), "ge_ago": (False, True), "le_ago": (True, False), "lt_ago": (False, False),
}  # fmt: skip
# Seen from now, what lies ahead has not passed yet.
FROM_NOW = {
    "gt_ago": (False, False), "ge_ago": (True, False), "le_ago": (False, True), "lt_ago": (True, True),
}  # fmt: skip


class Wants:
    """What a condition asks for: see `Condition`."""

    __slots__ = ("fields", "labels", "life", "moments", "purposes", "segments")

    def __init__(self) -> None:
        self.fields: set[str] = set()
        self.labels: set[str] = set()
        self.life = False
        self.moments: dict[str, int] = {}
        self.purposes: set[str] = set()
        self.segments: set[str] = set()


class Builder:
    """One condition being built: ``names`` tells what its names mean, ``cells`` what stands for its placeholders."""

    def __init__(self, names: Meanings, cells: Mapping[str, Word | Node] | None = None) -> None:
        self.names = names
        self.cells = {folded(name): cell for name, cell in (cells or {}).items()}
        self.wants = Wants()

    def condition(self, part: Part) -> Piece:
        """Return a condition."""
        part = unbracketed(part)
        if not isinstance(part, Node) or part.shape in ("sum", "product", "duration", "money"):
            return self.operand(part)
        row = CONDITIONS.get(part.shape)
        assert row is not None, f"{part.shape} is no condition"
        return row(self, part)

    def joined(self, node: Node) -> Piece:
        """Return terms joined by `and` or `or`."""
        terms = [self.condition(term) for term in node.items("terms")]
        return Joined(terms, winner=node.shape == "or_")

    def opposite(self, node: Node) -> Piece:
        """Return the opposite of a condition."""
        return Not(self.condition(node.parts["inner"]))

    def comparison(self, node: Node) -> Piece:
        """Return a comparison of two values."""
        left, right = self.operand(node.parts["left"]), self.operand(node.parts["right"])
        return self.compared(node.shape, left, right)

    def compared(self, shape: str, left: Operand, right: Operand) -> Piece:
        """Return a comparison; unknown with what is written as unknown, and a field itself where it has to be yes."""
        if UNKNOWN in (left.kind, right.kind):
            return Written(YESNO, None)
        if isinstance(right, Written) and right.kind is YESNO and shape in ("eq", "ne"):
            return left if right.value is (shape == "eq") else Not(left)
        return compared(shape, left, right)

    def between(self, node: Node) -> Piece:
        """Return a comparison with two bounds, which count as inside."""
        left = self.operand(node.parts["left"])
        low, high = self.operand(node.parts["low"]), self.operand(node.parts["high"])
        return Joined(
            [self.compared("ge", left, low), self.compared("le", left, high)], winner=False
        )

    def one_of(self, node: Node) -> Piece:
        """Return whether a text is one of several."""
        texts = [self.text(word) for word in node.words("values")]
        return OneOf(self.operand(node.parts["left"]), texts)

    def held(self, node: Node) -> Piece:
        """Return whether a value holds another."""
        return Held(node.shape, self.operand(node.parts["left"]), self.operand(node.parts["right"]))

    def known(self, node: Node) -> Piece:
        """Return whether a value is known, or unknown."""
        return Known(self.operand(node.parts["left"]), known=node.shape == "known")

    def distance(self, node: Node) -> Piece:
        """Return a comparison with a distance from now."""
        left, right = self.operand(node.parts["left"]), node.node("right")
        length = self.duration(right.node("length"))
        if right.shape == "ago":
            strict, yes = AGO[node.shape]
            return Past(left, span_of(left, length, 1), strict=strict, yes=yes)
        if length[1] in WORKING:
            now, written = Clock(DATETIME), Written(DURATION, length)
            ahead = Reckoned(DATETIME, instant_plus, now, written, local=True)
            return compared(node.shape.removesuffix("_ago"), left, ahead)
        strict, yes = FROM_NOW[node.shape]
        return Past(left, span_of(left, length, -1), strict=strict, yes=yes)

    def in_segment(self, node: Node) -> Piece:
        """Return whether the person is in a segment."""
        segment = self.text(node.parts["segment"])
        self.wants.segments.add(segment)
        return InSegment(segment)

    def qualified(self, node: Node) -> Piece:
        """Return whether the person has a label."""
        label = self.text(node.parts["label"])
        self.wants.labels.add(label)
        return Labelled(label)

    def agrees(self, node: Node) -> Piece:
        """Return whether the person agrees to a purpose."""
        purpose = self.text(node.parts["purpose"])
        self.wants.purposes.add(purpose)
        channel = self.cell(node.parts["channel"]) if node.has("channel") else None
        by = channel_of(channel) if isinstance(channel, Word) else ""
        topic = self.text(node.parts["topic"]) if node.has("topic") else ""
        found = Agrees(purpose, by, topic)
        return found if node.shape == "agrees" else Not(found)

    def silent(self, node: Node) -> Piece:
        """Return whether the person gave no sign of life."""
        self.wants.life = True
        return Silent(Span(self.duration(node.node("length"))))

    def had(self, node: Node) -> Piece:
        """Return whether something happened to the person, or did not."""
        moment = self.names.moment(self.text(node.parts["moment"]))
        number = int(number_of(self.text(node.parts["number"]))) if node.has("number") else 1
        span = Span(self.duration(node.node("length"))) if node.has("length") else None
        self.wants.moments[moment] = max(number, self.wants.moments.get(moment, 0))
        found = Had(moment, number, span)
        return found if node.shape == "had" else Not(found)

    def operand(self, part: Part) -> Operand:
        """Return a value."""
        part = self.cell(unbracketed(part))
        if isinstance(part, Word):
            return self.word(part)
        if part.shape == "money":
            currency = part.text("currency")
            amount = Decimal(number_of(self.text(part.parts["number"])))
            return Written(Kind("money", currency=currency), (amount, currency))
        if part.shape == "duration":
            return Written(DURATION, self.duration(part))
        if part.shape in ("sum", "product"):
            return self.chain(part)
        return Decided(self.condition(part))

    def chain(self, node: Node) -> Operand:
        """Return a sum or a product."""
        terms = node.items("terms")
        found = self.operand(terms[0])
        for at in range(1, len(terms), 2):
            sign, right = terms[at], self.operand(terms[at + 1])
            assert isinstance(sign, Word)
            written = terms[at + 1] if right.kind is DURATION else terms[at - 1]
            found = reckoned(found, sign.kind, right, whole_days=whole_days(self.cell(written)))
        return found

    def word(self, word: Word) -> Operand:
        """Return the value of one word."""
        if word.kind == "NAME":
            return self.name(word.text)
        if word.kind in ("TODAY", "NOW"):
            return Clock(DATE if word.kind == "TODAY" else DATETIME)
        return Written(*literal(word))

    def name(self, name: str) -> Operand:
        """Return what a data word stands for."""
        self.wants.fields.add(name)
        meant, where = self.names.find(name), self.names.where
        score = self.names.scores[name] if meant.of == "score" and where != MOMENT else None
        if score is not None and (where == PERSON or not meant.carried):
            return Points(score)
        return Named(meant, where, score)

    def cell(self, part: Part) -> Word | Node:
        """Return a part of the sentence, or what stands for it where it is a placeholder."""
        assert not isinstance(part, tuple), "a list is no value"
        if isinstance(part, Word) and part.kind == "PLACEHOLDER":
            found = self.cells.get(folded(part.text))
            assert found is not None, (
                f"check lets no scenario through without a column for <{part.text}>"
            )
            return found
        return part

    def text(self, part: Part) -> str:
        """Return the text of a word."""
        word = self.cell(part)
        assert isinstance(word, Word)
        return word.text

    def duration(self, node: Node) -> Duration:
        """Return a written duration."""
        number = number_of(self.text(node.parts["number"]))
        return number, UNITS[node.word("unit").kind]


def span_of(left: Operand, length: Duration, sign: int) -> Span | DaySpan:
    """Return a distance from a value: from a date, days and longer units lead to another date."""
    if left.kind.name == "date" and length[1] in DAYS_LEAST:
        return DaySpan(length, sign)
    return Span(length, sign)


CONDITIONS: Mapping[str, Callable[[Builder, Node], Piece]] = {
    "and_": Builder.joined,
    "or_": Builder.joined,
    "not_": Builder.opposite,
    **dict.fromkeys(SIGNS, Builder.comparison),
    **dict.fromkeys(AGO, Builder.distance),
    "between": Builder.between,
    "one_of": Builder.one_of,
    "contains": Builder.held,
    "starts_with": Builder.held,
    "known": Builder.known,
    "is_unknown": Builder.known,
    "in_segment": Builder.in_segment,
    "qualified": Builder.qualified,
    "agrees": Builder.agrees,
    "not_agrees": Builder.agrees,
    "silent": Builder.silent,
    "had": Builder.had,
    "had_no": Builder.had,
}
