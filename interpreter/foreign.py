"""Finds words of another language. Rule: one language a file; a word of another one is named, never accepted."""

from __future__ import annotations

from verbline.interpreter.mistake import Mistake
from verbline.interpreter.parse import parse
from verbline.interpreter.problems import Term
from verbline.interpreter.reading import Parsed
from verbline.interpreter.source import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.interpreter.trail import Trail
    from verbline.interpreter.words import Language

LETTERS_MIN = 3
# What one translation takes, in words tried.
TRANSLATING = 200


def foreign(trail: Trail) -> Mistake | None:
    """Return the mistake that the line, or its next word, is of another language."""
    for language in others(trail):
        found = trail.grammar.sentence(trail.text, language, trail.stuck.start)
        if isinstance(found, Parsed):
            return whole_line(trail, language)
    if trail.at >= len(trail.tokens):
        return None
    for language in others(trail):
        word = one_word(trail, language)
        if word is not None:
            return word
    return None


def others(trail: Trail) -> Iterator[Language]:
    """Yield the languages that the file is not in."""
    for code in trail.grammar.languages():
        if code != trail.language.code:
            yield trail.grammar.language(code)


def whole_line(trail: Trail, language: Language) -> Mistake:
    """Return the mistake that the whole line is of ``language``."""
    text = translated(trail, language)
    return Mistake(
        "S004",
        0,
        len(trail.text),
        "line",
        text if trail.is_sentence(text) else "",
        other=Term(f"in-{language.code}"),
        own=Term(f"in-{trail.language.code}"),
        tongue=trail.language.code,
    )


def translated(trail: Trail, language: Language) -> str:
    """Return the line, which is of ``language``, in the words of its file; nothing where that says something else."""
    if trail.effort.left <= 0:
        return ""
    from verbline.interpreter.translate import translate

    trail.effort.left -= TRANSLATING
    line = Source.of_text("", f"language: {language.code}\n{trail.text}")
    found = translate(parse(line, trail.grammar), trail.language.code)
    return found.splitlines()[-1] if isinstance(found, str) else ""


def one_word(trail: Trail, language: Language) -> Mistake | None:
    """Return the mistake that a phrase of ``language`` stands where the line stopped."""
    for behind, meanings in language.matches(trail.tokens, trail.at):
        start, end = trail.start(trail.at), trail.end(behind)
        if end - start < LETTERS_MIN:
            continue
        for terminal in meanings:
            word = trail.grammar.terminals[terminal]
            fits = word in trail.language.forms and trail.grammar.accepts(
                trail.here.states, terminal
            )
            if fits:
                own = Term(f"in-{trail.language.code}")
                right = trail.language.forms[word][0]
                return Mistake(
                    "S004", start, end, "", own=own, tongue=trail.language.code, word=right
                )
    return None
