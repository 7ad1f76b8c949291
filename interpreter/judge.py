"""What a condition comes to, where a scenario says all it needs. Rule: what the text alone does not decide stays open.

Four answers: ``yes``, ``no``, ``unknown``, and nothing for "open".
"""

from __future__ import annotations

from verbline.interpreter.nodes import Node, Word, unbracketed
from verbline.interpreter.places import conditions_under, lists_conditions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from verbline.interpreter.nodes import Part, Sentence

OPEN = ""
OPPOSITE = {"yes": "no", "no": "yes", "unknown": "unknown", OPEN: OPEN}
COMPARES: Mapping[str, Callable[[float | str, float | str], bool]] = {
    "eq": lambda left, right: left == right,
    "ne": lambda left, right: left != right,
    "ge": lambda left, right: float(left) >= float(right),
    "le": lambda left, right: float(left) <= float(right),
    "gt": lambda left, right: float(left) > float(right),
    "lt": lambda left, right: float(left) < float(right),
}
ORDERED = ("ge", "le", "gt", "lt")


class Facts:
    """What a scenario has said so far: ``values`` of fields, and for each purpose whether the person ``agrees``."""

    def __init__(self, agrees: Callable[[Node], str]) -> None:
        self.values: dict[str, Word | None] = {}
        self.agrees = agrees

    def learn(self, assigns: Iterable[Word | Node]) -> None:
        """Take the values behind a "with"; a list or a computed value stays open."""
        last = ""
        for one in assigns:
            if isinstance(one, Node) and one.shape == "assign":
                last = one.text("field")
                value = one.parts["value"]
                self.values[last] = value if isinstance(value, Word) else None
            else:
                self.values[last] = None

    def value(self, part: Part) -> Word | None:
        """Return the literal that ``part`` is or stands for, or None where that is open."""
        part = unbracketed(part)
        if not isinstance(part, Word):
            return None
        word = self.values.get(part.text) if part.kind == "NAME" else part
        return word if word is not None and word.kind in LITERALS else None


LITERALS = ("STRING", "NUMBER", "YES", "NO", "UNKNOWN", "DATE")


def judge(sentence: Sentence, facts: Facts) -> str:
    """Return what the condition of ``sentence`` comes to."""
    if sentence.node is None or not sentence.node.has("condition"):
        return "yes" if sentence.node else OPEN
    if lists_conditions(sentence):
        answers = [answer(condition, facts) for condition in conditions_under(sentence)]
        every = sentence.node.word("condition").kind == "ALL_TRUE"
        return joined(answers, "no" if every else "yes")
    return answer(sentence.node.parts["condition"], facts)


def answer(condition: Part, facts: Facts) -> str:
    """Return what ``condition`` comes to."""
    condition = unbracketed(condition)
    if not isinstance(condition, Node):
        return OPEN
    shape = condition.shape
    if shape == "condition":
        return answer(condition.parts["condition"], facts)
    if shape == "not_":
        return OPPOSITE[answer(condition.parts["inner"], facts)]
    if shape in ("and_", "or_"):
        answers = [answer(term, facts) for term in condition.items("terms")]
        return joined(answers, "no" if shape == "and_" else "yes")
    if shape == "agrees":
        return facts.agrees(condition)
    if shape == "not_agrees":
        return OPPOSITE[facts.agrees(condition)]
    if shape == "one_of":
        return among(facts.value(condition.parts["left"]), condition.words("values"))
    if shape in COMPARES:
        left, right = facts.value(condition.parts["left"]), facts.value(condition.parts["right"])
        return compared(shape, left, right)
    return OPEN


def joined(answers: list[str], wins: str) -> str:
    """Return what "and" (``wins`` is no) or "or" (``wins`` is yes) makes of ``answers``."""
    for found in (wins, OPEN, "unknown"):
        if found in answers:
            return found
    return OPPOSITE[wins]


def compared(shape: str, left: Word | None, right: Word | None) -> str:
    """Return what a comparison of two literals comes to."""
    if left is None or right is None:
        return OPEN
    if "UNKNOWN" in (left.kind, right.kind):
        return "unknown"
    kinds = {left.kind, right.kind}
    if kinds == {"NUMBER"}:
        return "yes" if COMPARES[shape](float(left.text), float(right.text)) else "no"
    if shape in ORDERED or (len(kinds) > 1 and kinds != {"YES", "NO"}):
        return OPEN
    return "yes" if COMPARES[shape](folded(left), folded(right)) else "no"


def among(value: Word | None, words: list[Word]) -> str:
    """Return whether ``value`` is one of ``words``."""
    if value is None or value.kind == "UNKNOWN":
        return OPEN if value is None else "unknown"
    return "yes" if folded(value) in {folded(word) for word in words} else "no"


def folded(word: Word) -> str:
    """Return what counts when texts are compared; yes and no are meanings, not texts."""
    return word.kind if word.kind in ("YES", "NO") else " ".join(word.text.casefold().split())
