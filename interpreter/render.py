"""Findings as text for people. Rule: at most eight lines each: the place, the line, what is wrong, what to write instead.

    open-day.journey:15:3                           S001 unknown verb
      15 |   notfy the guest by email with "Tour" for "event service"
             ^^^^^
      There is no verb "notfy". Did you mean "notify"?

What was said once about a code is not said again: the findings after it show what is new.
"""

from __future__ import annotations

import unicodedata

from verbline.interpreter.problems import term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from verbline.interpreter.problems import Problem
    from verbline.interpreter.source import Span

WIDTH = 80
LINE_MAX = 120
LINES_MAX = 8
MOST = 10
INDENT, COPY = "  ", "     "
BEFORE_PLACE = 30
COLORS = {"error": "31", "warning": "33", "hint": "36"}
BOLD, FAINT, GREEN = "1", "2", "32"


def pretty(
    problem: Problem, lines: Sequence[str], *, color: bool = False, told: Collection[str] = ()
) -> str:
    """Return ``problem`` with its line; ``lines`` are those of its file. Sentences in ``told`` are left out."""
    tint = COLORS.get(problem.level, "31")
    shown = [head(problem, tint if color else "")]
    shown += excerpt(problem, lines, tint if color else "")
    words = news(problem, told)
    body = [INDENT + line for words_line in words for line in wrapped(words_line)]
    copy = [
        painted(COPY + line, GREEN if color else "") for line in problem.suggestion.splitlines()
    ]
    room = LINES_MAX - len(shown)
    if len(body) + len(copy) > room:
        copy = copy[: max(1, room - len(body))]
        body = body[: room - len(copy)]
    return "\n".join([*shown, *body, *copy]) + "\n"


def pretty_all(
    problems: Sequence[Problem],
    files: Mapping[str, Sequence[str]],
    *,
    most: int = MOST,
    color: bool = False,
) -> str:
    """Return the first ``most`` of ``problems``, then how many more there are; ``files`` maps a path to its lines."""
    told: dict[str, set[str]] = {}
    parts = []
    for problem in problems[:most]:
        said = told.setdefault(problem.code, set())
        parts.append(pretty(problem, files.get(problem.path, ()), color=color, told=said))
        said.update(problem.message.splitlines())
    more = len(problems) - most
    if more > 0:
        parts.append(f"{term('more', problems[0].language).format(count=more)}\n")
    return "\n".join(parts)


def news(problem: Problem, told: Collection[str]) -> list[str]:
    """Return the lines of the message without those in ``told``; the first one where nothing else would be left."""
    lines = problem.message.splitlines()
    new = [line for line in lines if line not in told]
    return new if new or problem.suggestion else lines[:1]


def compact(problem: Problem) -> str:
    """Return ``problem`` on one line: ``path:line:column: level CODE message``."""
    message = " ".join(problem.message.split())
    return f"{place(problem)}: {problem.level} {problem.code} {message}\n"


def place(problem: Problem) -> str:
    """Return where the problem is, as editors and terminals open it."""
    return f"{problem.path}:{problem.span.line}:{problem.span.column}"


def head(problem: Problem, tint: str) -> str:
    """Return the first line: the place on the left, the code and its title on the right."""
    level = problem.level
    named = "" if level == "error" else f"{term(f'level-{level}', problem.language)} "
    left, right = place(problem), f"{named}{problem.code} {problem.title}"
    gap = max(2, WIDTH - columns(left) - columns(right))
    return painted(left, BOLD if tint else "") + " " * gap + painted(right, tint)


def excerpt(problem: Problem, lines: Sequence[str], tint: str) -> list[str]:
    """Return the line of the problem with its number, and the marks under its place."""
    span = problem.span
    raw = lines[span.line - 1] if 0 < span.line <= len(lines) else ""
    start, end = place_in(span, raw)
    text, start, end = window(raw, start, end)
    gutter = f"{INDENT}{span.line} | "
    marks = "^" * max(1, columns(text[start:end]) + max(0, end - max(start, len(text))))
    before = " " * (len(gutter) + columns(text[:start]) + max(0, start - len(text)))
    note = problem.note
    told = f"{before}{painted(marks, tint)}{f' {note}' if note else ''}"
    return [painted(gutter, FAINT if tint else "") + visible(text), told]


def place_in(span: Span, raw: str) -> tuple[int, int]:
    """Return where the place begins and ends in its first line, counted from 0."""
    start = max(0, span.column - 1)
    end = span.end_column - 1 if span.end_line == span.line else len(raw)
    return start, max(end, start + 1)


def window(raw: str, start: int, end: int) -> tuple[str, int, int]:
    """Return the part of a long line that holds the place, and the place in it."""
    room = LINE_MAX
    if columns(raw) <= room:
        return raw, start, end
    first = max(0, start - BEFORE_PLACE) if start > room - BEFORE_PLACE else 0
    head = "…" if first else ""
    text = head + raw[first:]
    shift = len(head) - first
    while columns(text) > room:
        text = text[: max(1, len(text) - max(1, (columns(text) - room) // 2))]
    text += "…" if first - len(head) + len(text) < len(raw) else ""
    return text, start + shift, min(end + shift, max(len(text), start + shift + 1))


def wrapped(words: str) -> Iterable[str]:
    """Yield a line of a message in lines that fit."""
    line = ""
    for word in words.split(" "):
        if line and columns(line) + 1 + columns(word) > WIDTH - len(INDENT):
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


def columns(text: str) -> int:
    """Return how many columns ``text`` takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(map(width, text))


def width(letter: str) -> int:
    """Return how many columns one code point takes: none for a mark on the letter before it, two for a wide one."""
    category = unicodedata.category(letter)
    if category in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def visible(text: str) -> str:
    """Return ``text`` with an arrow for each tab and a sign for what no terminal shows."""
    if text.isprintable():
        return text
    return "".join(seen(letter) for letter in text)


def seen(letter: str) -> str:
    """Return ``letter``, or what stands for it."""
    if letter == "\t":
        return "→"
    if letter.isprintable() or letter.isspace():
        return letter if unicodedata.category(letter) != "Cc" else "·"
    return "" if unicodedata.category(letter) == "Cf" else "·"


def painted(text: str, tint: str) -> str:
    """Return ``text`` in a colour; as it is where ``tint`` is empty."""
    return f"\x1b[{tint}m{text}\x1b[0m" if tint else text
