"""Rules about names and size, for files that people read aloud. Rule: what a reader stumbles over is told once."""

from __future__ import annotations

import re
import unicodedata

from verbline.interpreter.accept import comment_sign
from verbline.interpreter.names import DECLARES
from verbline.interpreter.overview import alike
from verbline.interpreter.places import BRANCHES, STEPS
from verbline.interpreter.problems import Edit, Problem, Term
from verbline.interpreter.source import Span, composed, has_heap

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.rules import Rule
    from verbline.interpreter.view import View

# Signs that a name comes from a program: underscores, dots without blanks, words of the trade.
TECHNICAL = re.compile(
    r"\w+_\w+|^\w+(?:\.\w+)+$|(?<!\w)(?:webhook|api|json|xml|sql|cron|uuid|payload|endpoint|http|https|v\d+)(?!\w)",
    re.IGNORECASE,
)
NAMED = tuple(shape for shape in DECLARES if shape not in ("person", "score", "scenario"))
DEPTH_MAX = 3
STEPS_MAX = 40
NOTE = re.compile(r"\b(?:TO[D]O|FIX[M]E|XX[X]|TBD)\b", re.IGNORECASE)
HARD_BLANKS = re.compile("[\u00a0\u2007\u202f]")
# A letter and the marks that belong to it, written one after the other.
PARTS = re.compile("[^\u0300-\u036f][\u0300-\u036f]+")
QUOTED = re.compile('["“„«»”][^"“”„«»]*["“”«»]')


def technical_name(view: View) -> Iterator[Problem]:
    """Yield names that only a programmer understands."""
    for sentence in view.of(*NAMED):
        assert sentence.node is not None, "only understood lines are asked for"
        name = sentence.node.word("name")
        match = TECHNICAL.search(name.text)
        if match is not None:
            yield view.problem("S802", sentence, name, name=name.text, sign=match[0].strip())


def too_deep(view: View) -> Iterator[Problem]:
    """Yield branches inside more than three others."""
    for sentence in view.of(*BRANCHES, "if_nobody"):
        depth = depth_of(sentence)
        if depth == DEPTH_MAX + 1:
            yield view.problem("S803", sentence, sentence.node, depth=depth, most=DEPTH_MAX)


def depth_of(sentence: Sentence) -> int:
    """Return how many branches a line is in, itself included."""
    depth = 0
    inner: Sentence | None = sentence
    while inner is not None:
        depth += inner.shape in BRANCHES or inner.shape == "if_nobody"
        inner = inner.parent
    return depth


def too_long(view: View) -> Iterator[Problem]:
    """Yield journeys of more than forty steps."""
    for journey in view.of("journey"):
        assert journey.node is not None, "only understood lines are asked for"
        steps = sum(
            inner.shape in STEPS and inner.shape not in BRANCHES for inner in journey.walk()
        )
        if steps > STEPS_MAX:
            yield view.problem(
                "S804", journey, journey.node.word("name"), steps=steps, most=STEPS_MAX
            )


def left_over_note(view: View) -> Iterator[Problem]:
    """Yield notes to oneself in comments."""
    for line in view.file.comments:
        match = NOTE.search(line.comment or "")
        if match is None:
            continue
        raw = view.file.source.lines[line.number - 1]
        sign = comment_sign(raw, line.comment or "")
        start = len(raw) - len(raw[sign + 1 :].lstrip()) + match.start() + 1
        span = Span(line.number, start, line.number, start + len(match[0]))
        values = {"note": match[0]}
        yield Problem("S806", view.path, span, language=view.language.code, values=values)


def near_equal_names(view: View) -> Iterator[Problem]:
    """Yield names that differ from another only in capitals, blanks or signs."""
    overview = view.project.overview
    for kind, ones in view.names.declared.items():
        for name, one in ones.items():
            first = overview.alike[kind, alike(name)]
            if first.name == name or first.sentence is one.sentence or one.sentence.node is None:
                continue
            yield view.problem(
                "S809",
                one.sentence,
                one.sentence.node.word("name"),
                related=((first.file.path, first.sentence.number),),
                kind=Term(kind),
                name=name,
                other=first.name,
                place=f"{first.file.path}:{first.sentence.number}",
            )


def mixed_encodings(view: View) -> Iterator[Problem]:
    """Yield the first letter of a file that is written in parts, or the first hard blank outside of words to people."""
    edits: list[Edit] = []
    text = "\n".join(view.file.source.lines)
    whole = text.isascii() or has_heap(text) or unicodedata.is_normalized("NFC", text)
    if whole and not HARD_BLANKS.search(text):
        return
    for number, line in enumerate(view.file.source.lines, 1):
        if line.isascii():
            continue
        for start, end, letters in mended(line, in_words=in_words(view, number)):
            edits.append(Edit(Span(number, start + 1, number, end + 1), letters))
    if edits:
        hard = HARD_BLANKS.match(
            view.file.source.lines[edits[0].span.line - 1], edits[0].span.column - 1
        )
        yield Problem(
            "S811",
            view.path,
            edits[0].span,
            variant="blank" if hard else "",
            language=view.language.code,
            edits=tuple(edits),
            values={"count": len(edits), "letter": edits[0].text},
        )


def in_words(view: View, number: int) -> bool:
    """Return whether a line stands in a text block, where a hard blank may be wanted."""
    return any(
        sentence.text.first <= number <= sentence.text.first + sentence.text.text.count("\n")
        for sentence in view.of("message", "in_lang")
        if sentence.text is not None
    )


def mended(line: str, *, in_words: bool) -> Iterator[tuple[int, int, str]]:
    """Yield what to write anew in a line: (start, end, letters)."""
    for match in PARTS.finditer(line):
        whole = composed(match[0])
        if whole != match[0]:
            yield match.start(), match.end(), whole
    if not in_words:
        for blank in HARD_BLANKS.finditer(QUOTED.sub(lambda found: "x" * len(found[0]), line)):
            yield blank.start(), blank.end(), " "


RULES: Mapping[str, Rule] = {
    "S802": technical_name,
    "S803": too_deep,
    "S804": too_long,
    "S806": left_over_note,
    "S809": near_equal_names,
    "S811": mixed_encodings,
}
