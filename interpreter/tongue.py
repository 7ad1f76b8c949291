"""Which language a file is written in. Rule: ``language: xx`` decides; where it is wrong or missing, the words of the file decide, and that is said."""

from __future__ import annotations

import re

from verbline.interpreter.nearness import distance
from verbline.interpreter.source import Span
from verbline.interpreter.words import tokens_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.interpreter.sentence import Grammar
    from verbline.interpreter.source import Source

LANGUAGE_LINE = re.compile(r"\s*(?P<word>[^\W\d]+)\s*:\s*(?P<code>[\w-]*)\s*\.?\s*(?:#.*)?")
FALLBACK = "en"
LINES_SEEN = 40


class Tongue:
    """The language of a file: its ``code``, and what is wrong with how the file says it (an empty ``wrong``: nothing)."""

    __slots__ = ("code", "span", "values", "variant", "wrong")

    def __init__(
        self,
        code: str,
        wrong: str = "",
        variant: str = "",
        span: Span | None = None,
        /,
        **values: str | int,
    ) -> None:
        self.code = code
        self.wrong = wrong
        self.variant = variant
        self.span = span or Span(1, 1, 1, 1)
        self.values = values


def tongue_of(source: Source, grammar: Grammar, default: str) -> Tongue:
    """Return the language of ``source``; ``default`` is the project's."""
    languages = grammar.languages()
    default = default if default in languages else FALLBACK
    spoken = spoken_lines(source)
    number, first = next(spoken, (0, ""))
    match = LANGUAGE_LINE.fullmatch(first)
    if match and match["word"].lower() == "language":
        return declared(source, grammar, default, number, match)
    if match and match["code"].lower() in languages:
        span = Span(number, match.start("word") + 1, number, match.end("word") + 1)
        return Tongue(match["code"].lower(), "S005", "word", span, words=match["word"])
    late = next((found for _, line in spoken if (found := language_in(line)) in languages), "")
    if late:
        return Tongue(late)
    if first and not begins(grammar, default, first):
        likely = likeliest(source, grammar)
        if likely and likely != default:
            span = Span(number, 1, number, len(first) + 1)
            return Tongue(likely, "S004", "file", span, tongue=likely)
    return Tongue(default)


def declared(
    source: Source, grammar: Grammar, default: str, number: int, match: re.Match[str]
) -> Tongue:
    """Return the language that a file's first line names."""
    languages = grammar.languages()
    code = match["code"].lower()
    if code in languages:
        return Tongue(code)
    listed = ", ".join(languages)
    column = match.start("code") + 1
    likely = likeliest(source, grammar)
    if not code:
        column = max(column, len(match[0].rstrip()) + 1)
        span = Span(number, column, number, column + 1)
        return Tongue(likely or default, "S005", "none", span, listed=listed)
    meant = likely or named(grammar, code)
    return Tongue(
        meant or default,
        "S005",
        "" if meant else "far",
        Span(number, column, number, column + len(code)),
        written=match["code"],
        near=meant,
        name=grammar.language(meant or default).table["native"],
        listed=listed,
    )


def named(grammar: Grammar, code: str) -> str:
    """Return the language that is nearly called ``code``, or nothing."""
    for one in grammar.languages():
        table = grammar.language(one).table
        names = (one, table["name"].lower(), table["native"].lower())
        if any(distance(code, name, 1) <= 1 for name in names):
            return one
    return ""


def language_in(line: str) -> str:
    """Return the code that a line ``language: xx`` names, or nothing."""
    match = LANGUAGE_LINE.fullmatch(line) if line[:1] in "lL" else None
    return match["code"].lower() if match and match["word"].lower() == "language" else ""


def spoken_lines(source: Source) -> Iterator[tuple[int, str]]:
    """Yield the lines that are neither blank nor comments, with their numbers."""
    for number, line in enumerate(source.lines, 1):
        body = line.strip("\ufeff \t")
        if body and body[0] != "#":
            yield number, line.lstrip("\ufeff")


def begins(grammar: Grammar, code: str, line: str) -> bool:
    """Return whether ``line`` begins with a phrase of language ``code``."""
    return bool(grammar.language(code).matches(tokens_of(line[:200]), 0))


def likeliest(source: Source, grammar: Grammar) -> str:
    """Return the language in whose words most of the first lines begin, or nothing where none is far ahead."""
    lines = [line for (_, line), _ in zip(spoken_lines(source), range(LINES_SEEN), strict=False)]
    counts = [
        (sum(begins(grammar, code, line) for line in lines), code) for code in grammar.languages()
    ]
    (most, best), *others = sorted(counts, reverse=True)
    return best if most > 2 * max((count for count, _ in others), default=0) + 1 else ""
