"""Small changes that make a stuck line a sentence: a word put in, taken out, replaced, moved, joined. Rule: a change counts
only if the whole line becomes a sentence by it, and only if no other change of its kind does.
"""

from __future__ import annotations

from verbline.interpreter.completion import KINDS, in_quotes, way_to, written
from verbline.interpreter.mistake import Mistake
from verbline.interpreter.reading import Parsed
from verbline.interpreter.trail import WHOLE, Mark, Trail, own_beginnings
from verbline.interpreter.words import SIGNS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    Repair: TypeAlias = Callable[[Trail], Mistake | None]

SIGN = {name: sign for sign, name in SIGNS.items()}
# After these a text stands where a field could stand, too.
COMPARED = frozenset(("IS", "IS_NOT", "CONTAINS", "STARTS_WITH", "ONE_OF", "WHEN_IT_IS", "COMMA"))
OPERATORS = frozenset(("PLUS", "MINUS", "STAR", "SLASH", "LPAR", "RPAR", "AND", "OR", "NOT"))
COMPARISONS = frozenset(KINDS["comparison"])
OPENS_CONDITION = frozenset(
    ("IF", "OTHERWISE_IF", "AND", "OR", "NOT", "LPAR", "WHERE", "PEOPLE_WHERE", "SUITS", "WHEN")
)
# Sentences whose lists hold everything that is named: a comma, never "or".
ALL_ARE_MEANT = frozenset(("COVERS", "ALSO_KNOWN_BY"))
WORDS_MAX = 40
MOVED_MAX = 16
NAMES_MAX = 2


def in_segment(trail: Trail) -> Mistake | None:
    """Return the mistake that a journey starts or stops on a condition: that is a segment."""
    if trail.first not in ("STARTS_WHEN", "STOPS_WHEN") or len(trail.marks) < 2:
        return None
    begin, language = trail.marks[1].at, trail.language
    start, condition = trail.start(begin), trail.text[trail.start(begin) :]
    if not isinstance(trail.grammar.sentence(condition, language, "condition"), Parsed):
        return None
    enter = f'{language.write("PEOPLE_ENTER")} {language.write("SEGMENT")} "…"'
    segment = f'{language.write("SEGMENT")} "…"\n  {language.write("PEOPLE_WHERE")} {condition}'
    line = f"{trail.slice(0, begin)} {enter}"
    return Mistake("S003", start, len(trail.text), "condition", segment, whole=True, line=line)


def quoted(trail: Trail, depth: int = 0) -> Mistake | None:
    """Return the mistake that a name stands without quotes."""
    for mark in trail.near(WORDS_MAX):
        if mark.at < len(trail.tokens) and name_begins(trail, mark):
            found = name_at(trail, mark, depth)
            if found:
                return found
    return None


def name_begins(trail: Trail, mark: Mark) -> bool:
    """Return whether a name is wanted behind ``mark``, and words stand there."""
    if trail.tokens[mark.at][0] != "WORD":
        return False
    if mark.word == "NAME" or not trail.expects(mark, "STRING"):
        return False
    return mark.word in COMPARED or not trail.expects(mark, "NAME")


def name_at(trail: Trail, mark: Mark, depth: int) -> Mistake | None:
    """Return the mistake that the words behind ``mark`` lack quotes: the fewest that give a sentence, or the most."""
    best, least = 0, trail.left
    for end in range(
        max(mark.at, trail.at - 1) + 1, min(len(trail.tokens), mark.at + WORDS_MAX) + 1
    ):
        kinds = {token[0] for token in trail.tokens[mark.at : end]}
        if kinds & {"STRING", "OPEN_QUOTE"} or (mark.word in COMPARED and kinds != {"WORD"}):
            break
        text = with_quotes(trail, mark.at, end)
        left = trail.try_out(text, mark)
        if left == WHOLE or (left < len(trail.tokens) - end and quotable(trail, text, depth)):
            best, least = end, WHOLE
            break
        if left <= least:
            best, least = end, left
    if not best:
        return None
    text = with_quotes(trail, mark.at, best)
    variant = "text" if mark.word in COMPARED and trail.expects(mark, "NAME") else ""
    if variant and least != WHOLE:
        return None
    name = trail.slice(mark.at, best)
    start, whole = trail.start(mark.at), least == WHOLE
    return Mistake("S003", start, trail.end(best), variant, text, whole=whole, name=name)


def quotable(trail: Trail, text: str, depth: int) -> bool:
    """Return whether ``text`` becomes a sentence by quotes around further names."""
    if depth >= NAMES_MAX:
        return False
    rest = trail.another(text)
    found = quoted(rest, depth + 1) if rest and rest.left else None
    return found is not None and found.whole


def with_quotes(trail: Trail, start: int, end: int) -> str:
    """Return the line with quotes around the tokens from ``start`` to before ``end``."""
    return trail.changed(start, end, f'"{trail.slice(start, end)}"')


def unquoted(trail: Trail) -> Mistake | None:
    """Return the mistake that a data word stands in quotes."""
    at = trail.at
    if trail.tokens[at][0] != "STRING" or not trail.expects(trail.here, "NAME"):
        return None
    inner = trail.slice(at, at + 1)[1:-1]
    word = "-".join(inner.lower().split())
    if not word.replace("-", "").isalnum() or not word[0].isalpha():
        return None
    text = trail.changed(at, at + 1, word)
    left = trail.try_out(text, trail.here)
    if left >= trail.left:
        return None
    start, end = trail.start(at), trail.end(at + 1)
    return Mistake("S008", start, end, "", text, whole=left == WHOLE, word=word)


def joined(trail: Trail) -> Mistake | None:
    """Return the mistake that a data word has blanks in it."""
    if len(trail.marks) < 2 or trail.here.word != "NAME" or trail.tokens[trail.at][0] != "WORD":
        return None
    before = trail.marks[-2]
    if trail.expects(before, "STRING"):
        return None
    for end in range(trail.at + 1, min(trail.at + 4, len(trail.tokens) + 1)):
        words = trail.slice(before.at, end).split()
        if any("-" in word for word in words):
            return None
        text = trail.changed(before.at, end, "-".join(words))
        if trail.try_out(text, before) == WHOLE:
            start = trail.start(before.at)
            return Mistake(
                "S022", start, trail.end(end), "blank", text, whole=True, word="-".join(words)
            )
    return None


def both_awaited(trail: Trail) -> Mistake | None:
    """Return the mistake that one wait waits for all of several moments."""
    at, language = trail.at, trail.language
    if trail.first != "WAIT_FOR" or len(trail.tokens) < at + 2 or trail.here.word != "STRING":
        return None
    joins = {one for _, several in language.matches(trail.tokens, at) for one in several}
    if trail.grammar.number["AND"] not in joins or trail.tokens[at + 1][0] != "STRING":
        return None
    begin, rest = trail.slice(0, at), trail.text[trail.end(at + 2) :]
    second = f"{language.write('WAIT_FOR')} {trail.slice(at + 1, at + 2)} {language.write('SINCE_START')}"
    lines = (f"{begin}{rest}", f"{second}{rest}")
    several = [token[0] for token in trail.tokens[:at]].count("STRING") > 1
    text = "\n".join(lines) if not several and all(map(trail.is_sentence, lines)) else ""
    return Mistake("S002", trail.start(at), trail.end(at + 1), "both", text, whole=True)


def put_in(trail: Trail) -> Mistake | None:
    """Return the mistake that a word is missing where the line stopped."""
    at = trail.at
    if not at:
        return None
    found = {
        phrase: text
        for phrase in keywords(trail)
        if trail.try_out(text := trail.changed(at, at, phrase), trail.here) == WHOLE
    }
    if len(found) != 1:
        return None
    phrase, text = next(iter(found.items()))
    start, end = trail.start(at), trail.end(at + 1)
    variant = "comma" if phrase == "," else ""
    before = in_quotes(trail.slice(at, at + 1))
    return Mistake("S019", start, end, variant, text, whole=True, word=phrase, before=before)


def part_put_in(trail: Trail) -> Mistake | None:
    """Return the mistake that a part of several words is missing where the line stopped."""
    at = trail.at
    way = way_to(trail, trail.here, trail.goes_on)
    if len(way) < 2 or way[0] not in trail.language.forms:
        return None
    words = written(trail, way)
    start, end = trail.start(at), trail.end(at + 1)
    text = trail.changed(at, at, words)
    if not trail.is_sentence(text):
        return None
    before = in_quotes(trail.slice(at, at + 1))
    return Mistake("S019", start, end, "", text, whole=True, word=words, before=before)


def replaced(trail: Trail) -> Mistake | None:
    """Return the mistake that another word belongs where the line stopped."""
    at = trail.at
    for end in range(at + 1, min(at + 3, len(trail.tokens) + 1)) if at else ():
        if trail.tokens[end - 1][0] != "WORD":
            return None
        found = {
            phrase: text
            for phrase in keywords(trail)
            if trail.try_out(text := trail.changed(at, end, phrase), trail.here) == WHOLE
        }
        # Two parts of a list are joined by a comma, or by "or" where one of them is enough.
        joining = SIGN["COMMA"] if trail.first in ALL_ARE_MEANT else trail.language.write("OR")
        if found.keys() == {SIGN["COMMA"], trail.language.write("OR")}:
            found = {joining: found[joining]}
        if len(found) == 1:
            phrase, text = next(iter(found.items()))
            written = trail.slice(at, end)
            start, behind = trail.start(at), trail.end(end)
            kind = "comma" if phrase == SIGN["COMMA"] else "word"
            return Mistake(
                "S002", start, behind, kind, text, whole=True, written=written, meant=phrase
            )
    return None


def keywords(trail: Trail) -> Iterator[str]:
    """Yield the words that can stand where the line stopped, in their first form; of signs only the comma."""
    terminals, language = trail.grammar.terminals, trail.language
    own = None if trail.at else own_beginnings(trail)
    for terminal in trail.expected(trail.here):
        word = terminals[terminal]
        if own is not None and terminal not in own:
            continue
        if word == "COMMA":
            yield SIGN[word]
        elif word in language.forms and word not in OPERATORS:
            yield language.forms[word][0]


def subject_put_in(trail: Trail) -> Mistake | None:
    """Return the mistake that a comparison behind "and" or "or" does not say again what it compares."""
    marks = trail.near(WORDS_MAX)
    for mark in marks:
        if mark.word not in ("AND", "OR") or mark.at >= len(trail.tokens):
            continue
        terminals = trail.grammar.terminals
        begins = {
            terminals[one]
            for _, several in trail.language.matches(trail.tokens, mark.at)
            for one in several
        }
        subject = compared_before(trail, mark) if begins & COMPARISONS else ""
        text = trail.changed(mark.at, mark.at, subject) if subject else ""
        if subject and trail.is_sentence(text):
            start, end = trail.start(mark.at), trail.end(mark.at + 1)
            before = in_quotes(trail.slice(mark.at, mark.at + 1))
            return Mistake("S019", start, end, "", text, whole=True, word=subject, before=before)
    return None


def compared_before(trail: Trail, mark: Mark) -> str:
    """Return what the comparison before ``mark`` compares."""
    end = 0
    for earlier in reversed(trail.marks[: trail.marks.index(mark)]):
        if earlier.word in COMPARISONS:
            end = trail.marks[trail.marks.index(earlier) - 1].at
        elif end and earlier.word in OPENS_CONDITION:
            return trail.slice(earlier.at, end)
    return ""


def moved(trail: Trail) -> Mistake | None:
    """Return the mistake that the parts of the sentence stand in another order."""
    at, count = trail.at, len(trail.tokens)
    if count - at > MOVED_MAX:
        return None
    begins = [place for place in range(at, count) if trail.language.matches(trail.tokens, place)]
    for start in begins:
        if start == at:
            continue
        for end in [*(place for place in begins if place > start), count]:
            words = trail.slice(start, end)
            rest = trail.changed(start, end, "")
            text = (
                f"{trail.text[: trail.end(at)].rstrip()} {words} {rest[trail.start(at) :]}".strip()
            )
            if trail.try_out(text, trail.here) == WHOLE:
                here, behind = trail.start(at), trail.end(start)
                return Mistake("S018", here, behind, "", text, whole=True, words=words)
    return None
