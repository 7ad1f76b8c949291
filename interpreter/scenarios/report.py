"""A missed expectation as text for people. Rule: the expectation's line stands on top of what happened instead.

course.journey:99 scenario "a cancelled course …"                  T900 expectation not met
  104 |   then the member gets nothing
          but on Mon 2026-03-09 09:00 "How to prepare" went out by email (line 65).
  Why: the journey was still running; nothing stops it when "member cancels the course" happens (line 102).
  Perhaps missing in the journey:  stops when "member cancels the course" as "cancelled"
"""

from __future__ import annotations

from verbline.interpreter.problems import term
from verbline.interpreter.render import (
    BOLD,
    COLORS,
    FAINT,
    GREEN,
    INDENT,
    MOST,
    WIDTH,
    columns,
    painted,
    visible,
    window,
)
from verbline.interpreter.sentence import grammar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from verbline.interpreter.problems import Problem

WIDE = 110


def missed_all(
    problems: Sequence[Problem], lines: Mapping[str, Sequence[str]], *, color: bool = False
) -> Iterator[str]:
    """Yield the first `MOST` of ``problems`` as text, then how many more there are; ``lines`` are by path.

    Of two expectations of a scenario that are missed for one reason, the second does not say it again.
    """
    told: set[tuple[object, str]] = set()
    for problem in problems[:MOST]:
        key = (problem.related[0], str(problem.values["why"]))
        yield missed(problem, lines[problem.path], color=color, again=key in told)
        told.add(key)
    more = len(problems) - MOST
    if more > 0:
        yield f"{term('more', problems[0].language).format(count=more)}\n"


def missed(
    problem: Problem, lines: Sequence[str], *, color: bool = False, again: bool = False
) -> str:
    """Return a missed expectation as text; ``lines`` are those of its file. ``again``: the reason was told before."""
    tint = COLORS["error"] if color else ""
    number = problem.span.line
    raw = lines[number - 1] if number <= len(lines) else ""
    shown = [head(problem, tint), numbered(number, raw, color=color)]
    shown += [numbered(row, lines[row - 1], color=color) for _path, row in problem.related[1:]]
    instead, *rest = problem.message.splitlines()
    margin = " " * (len(gutter(number)) + len(raw) - len(raw.lstrip()))
    shown += [painted(line, tint) for line in folded(instead, margin)]
    if not (again and problem.values["why"]):
        shown += because(rest, problem.suggestion, color=color)
    return "\n".join(shown) + "\n"


def because(rest: Sequence[str], suggestion: str, *, color: bool) -> Iterator[str]:
    """Yield the reason, and on one line the sentence that may be missing with what says where."""
    for line in rest[:-1] if suggestion else rest:
        yield from folded(line, INDENT)
    if suggestion:
        yield f"{INDENT}{rest[-1]}  {painted(suggestion, GREEN if color else '')}"


def gutter(number: int) -> str:
    """Return what stands before a line of the file."""
    return f"{INDENT}{number} | "


def numbered(number: int, raw: str, *, color: bool) -> str:
    """Return a line of the file with its number."""
    shown, _start, _end = window(raw, 0, 1)
    return painted(gutter(number), FAINT if color else "") + visible(shown)


def head(problem: Problem, tint: str) -> str:
    """Return the first line: the scenario on the left, the code on the right."""
    word = grammar().language(problem.language).write("SCENARIO")
    path, line = problem.related[0]
    place = f"{path}:{line}"
    left, right = (
        f'{place} {word} "{problem.values["scenario"]}"',
        f"{problem.code} {problem.title}",
    )
    gap = max(2, WIDTH - columns(left) - columns(right))
    left = left.replace(place, painted(place, BOLD), 1) if tint else left
    return left + " " * gap + painted(right, tint)


def folded(text: str, margin: str) -> Iterable[str]:
    """Yield ``text`` in lines that are not too long, each behind ``margin``."""
    line = margin
    for word in text.split(" "):
        if line != margin and columns(line) + 1 + columns(word) > WIDE:
            yield line
            line = margin
        line += word if line == margin else f" {word}"
    yield line
