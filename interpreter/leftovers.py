"""What stands in a line beside its sentence: a word too much, a rest, a second sentence. Rule: a word that may say something is
never called superfluous.
"""

from __future__ import annotations

from verbline.interpreter.completion import LIMIT_DAYS
from verbline.interpreter.mistake import Mistake
from verbline.interpreter.places import STEPS
from verbline.interpreter.reading import Parsed
from verbline.interpreter.words import SIGNS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.trail import Trail

SIGN_NAMES = frozenset(SIGNS.values())
DISPENSABLE_SIGNS = (",", ":", ")")


def left_out(trail: Trail) -> Mistake | None:
    """Return the mistake that a word is too much: a sign, or a word that can be left out without a loss."""
    at = trail.at
    for start, end in ((at, at + 1), (at - 1, at)):
        if start < 0 or not dispensable(trail, start):
            continue
        text = trail.changed(start, end, "")
        if text and trail.is_sentence(text):
            return Mistake("S009", trail.start(start), trail.end(end), "", text, whole=True)
    return None


def dispensable(trail: Trail, at: int) -> bool:
    """Return whether token ``at`` is a sign, one of the words that say little, or the word before it once more."""
    kind, key, _, _ = trail.tokens[at]
    if key in DISPENSABLE_SIGNS or key in trail.hints.fillers:
        return True
    return kind == "WORD" and at > 0 and key == trail.tokens[at - 1][1]


def rest_left_out(trail: Trail) -> Mistake | None:
    """Return the mistake that the line goes on where its sentence is complete."""
    at = trail.at
    if not trail.may_end(trail.here) or not at:
        return None
    start, end = trail.start(at), len(trail.text)
    step = next_sentence(trail)
    if step:
        text = f"{trail.text[: trail.end(at)]}\n  {step}"
        return Mistake("S009", trail.text.index(step, start), end, "line", text, whole=True)
    words = [trail.grammar.terminals[one] for one in trail.expected(trail.here)]
    if any(word in trail.language.forms or word in SIGN_NAMES for word in words):
        return None
    if trail.first == "IF_NO" and not is_answered(trail):
        return absent(trail, start, end)
    return Mistake("S009", start, end, "rest", said=trail.slice(0, at))


def is_answered(trail: Trail) -> bool:
    """Return whether the line stands under a step that is answered by yes or no."""
    parent = trail.sentence.parent
    return parent is not None and parent.may_be("confirm")


def absent(trail: Trail, start: int, end: int) -> Mistake:
    """Return the mistake that "if no …" asks whether something did not happen, which a wait tells."""
    language, hints = trail.language, trail.hints
    limit = f"{LIMIT_DAYS} {hints.days}"
    for at in range(trail.at, len(trail.tokens) - 1):
        unit = next(iter(language.matches(trail.tokens, at + 1)), None)
        words = [trail.grammar.terminals[one] for one in unit[1]] if unit else []
        if unit and trail.tokens[at][0] == "NUMBER" and words[0].startswith("U_"):
            number = trail.slice(at, at + 1)
            by_day = "U_DAY" in words and number != "1"
            limit = f"{number} {hints.days}" if by_day else trail.slice(at, unit[0])
    first = f'{language.write("WAIT_FOR")} "…" {language.write("UP_TO")} {limit}'
    branch = language.write("IF_NOT_HAPPENS")
    said = trail.slice(0, trail.at)
    return Mistake("S009", start, end, "absent", f"{first}\n  {branch}", said=said, branch=branch)


def next_sentence(trail: Trail) -> str:
    """Return the sentence that the rest of the line is, without a filler or a sign before it; nothing where it is none."""
    start = trail.at
    while start < len(trail.tokens) - 1 and dispensable(trail, start):
        start += 1
    text = trail.text[trail.start(start) :]
    found = trail.grammar.sentence(text, trail.language, "line")
    return text if isinstance(found, Parsed) and found.node.shape in STEPS else ""
