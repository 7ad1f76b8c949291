"""Findings that somebody has accepted, with a reason. Rule: no reason, no acceptance; a locked rule has none at all.

An acceptance is a comment on the line above the sentence, or behind it:

    # accept F308 because "the desk is staffed round the clock"
    # accept C206, O106 because "asked again every spring" until 2027-03-01
"""

from __future__ import annotations

import re
from functools import cache

from verbline.interpreter.problems import Edit, Problem, codes
from verbline.interpreter.source import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from verbline.interpreter.lines import Line
    from verbline.interpreter.parse import File
    from verbline.interpreter.view import View

# The words of every language may stand in every file: a comment is no sentence of the language.
WORDS = ("accept", "sprejmi")
BEGINS = r"(?:accept|sprejmi)\s+(?=[A-Z]\d{3}\b)"
CODES = r"[A-Z]\d{3}\b(?:\s*(?:,|\band\b|\bin\b)\s*[A-Z]\d{3}\b)*"
CODE = r"[A-Z]\d{3}"
REASON = r"""\s*(?:because|ker)\s*["“”„«»]([^"“”„«»]*)["“”„«»]"""
UNTIL = r"\s*(?:until|do)\s+(\d{4}-\d\d-\d\d)\s*\.?$"


@cache
def pattern(text: str) -> re.Pattern[str]:
    """Return one of the patterns above; most files accept nothing and need none of them."""
    return re.compile(text, re.IGNORECASE)


class Acceptance:
    """One accepting comment: which codes, for which line, until when. ``raw`` is its whole line, ``sign`` the place of its #."""

    __slots__ = ("codes", "number", "raw", "reason", "sign", "span", "target", "until", "used")

    def __init__(self, raw: str, comment: str, number: int, target: int) -> None:
        self.raw = raw
        self.sign = comment_sign(raw, comment)
        self.number = number
        self.target = target
        start = len(raw) - len(raw[self.sign + 1 :].lstrip())
        self.span = Span(number, start + 1, number, len(raw.rstrip()) + 1)
        self.used: set[str] = set()
        begin = pattern(BEGINS).match(comment)
        found = pattern(CODES).match(comment, begin.end() if begin else 0)
        assert found is not None, "the caller has seen a code"
        self.codes = [code.upper() for code in pattern(CODE).findall(found[0])]
        reason = pattern(REASON).match(comment, found.end())
        self.reason = " ".join(reason[1].split()) if reason else ""
        until = pattern(UNTIL).match(comment, reason.end()) if reason else None
        self.until = until[1] if until else ""
        if reason and not until and comment[reason.end() :].strip(" ."):
            self.until = "?"


def acceptances(file: File) -> list[Acceptance]:
    """Return the accepting comments of a file, in its order."""
    found = []
    for line in file.comments:
        comment = line.comment or ""
        if comment.casefold().startswith(WORDS) and pattern(BEGINS).match(comment):
            raw = file.source.lines[line.number - 1]
            found.append(Acceptance(raw, comment, line.number, target_of(file, line)))
    return found


def comment_sign(raw: str, comment: str) -> int:
    """Return the place of the # before ``comment`` in its line, as the line was typed."""
    return len(raw.rsplit("#", comment.count("#") + 1)[0])


def target_of(file: File, line: Line) -> int:
    """Return the number of the line that a comment speaks about: its own, or the next one that is no comment."""
    if line.text:
        return line.number
    lines = file.source.lines
    for number in range(line.number, len(lines)):
        body = lines[number].lstrip()
        if body and not body.startswith("#"):
            return number + 1
    return 0


def without_accepted(
    view: View, problems: list[Problem], is_locked: Callable[[str], bool], today: str
) -> Iterator[Problem]:
    """Yield the problems that nobody accepted, and what is wrong with the acceptances. ``today`` is a date, or nothing."""
    accepting = [one for one in acceptances(view.file) if one.target]
    if not accepting:
        yield from problems
        return
    for problem in problems:
        # All of them are asked, so that each acceptance knows whether it was needed.
        answers = [is_accepted(view, problem, one, is_locked, today) for one in accepting]
        if True not in answers:
            yield problem
    broken = {sentence.number for sentence in view.file.walk() if sentence.node is None}
    for one in accepting:
        yield from judge(view, one, is_locked, today, told=one.target not in broken)


def is_accepted(
    view: View, problem: Problem, one: Acceptance, is_locked: Callable[[str], bool], today: str
) -> bool:
    """Return whether ``one`` accepts ``problem``, and note that it was needed."""
    if problem.code not in one.codes or one.target not in places(view, problem):
        return False
    one.used.add(problem.code)
    return bool(one.reason) and not is_over(one, today) and not is_locked(problem.code)


def is_over(one: Acceptance, today: str) -> bool:
    """Return whether the acceptance has run out, or says an end that is no date."""
    return one.until == "?" or bool(one.until and today and today >= one.until)


def places(view: View, problem: Problem) -> set[int]:
    """Return the lines above which a problem can be accepted: its own, and that of the message whose text it is in."""
    if problem.path != view.path:
        return {line for path, line in problem.related if path == view.path}
    found = {problem.span.line}
    for sentence in view.of("message", "in_lang"):
        text = sentence.text
        if text is not None and text.first <= problem.span.line <= text.first + text.text.count(
            "\n"
        ):
            found |= {sentence.number, text.first - 1}
    return found


def judge(
    view: View,
    one: Acceptance,
    is_locked: Callable[[str], bool],
    today: str,
    *,
    told: bool,
) -> Iterator[Problem]:
    """Yield what is wrong with one acceptance; ``told`` is false where its line was not understood."""
    unknown = [code for code in one.codes if code not in codes()]
    locked = [code for code in one.codes if code not in unknown and is_locked(code)]
    for code in locked:
        yield found(view, "S822", one, rule=code)
    if not one.reason or one.until == "?":
        yield unfinished(view, one)
        return
    unused = [code for code in one.codes if code not in one.used and code not in locked]
    if is_over(one, today) and one.used:
        yield found(view, "S807", one, "over", until=one.until)
    elif unused and told:
        problem = found(
            view, "S807", one, "unknown" if unknown == unused else "", codes=", ".join(unused)
        )
        problem.edits = (without(one, unused),)
        yield problem


def found(
    view: View, code: str, one: Acceptance, variant: str = "", **values: str | int
) -> Problem:
    """Return a finding about an acceptance."""
    return Problem(
        code, view.path, one.span, variant=variant, language=view.language.code, values=values
    )


def unfinished(view: View, one: Acceptance) -> Problem:
    """Return the finding for an acceptance without a reason, or with an end that is no date."""
    because = view.language.write("BECAUSE")
    suggestion = f'# accept {", ".join(one.codes)} {because} "{one.reason or "…"}"'
    problem = found(view, "S821", one, "date" if one.reason else "", codes=", ".join(one.codes))
    problem.suggested = f"{suggestion} until 2027-03-01" if one.reason else suggestion
    return problem


def without(one: Acceptance, unused: list[str]) -> Edit:
    """Return the edit that takes ``unused`` codes out of an acceptance, or the whole comment."""
    kept = [code for code in one.codes if code not in unused]
    if kept:
        codes_found = pattern(CODES).search(one.raw, one.span.column - 1)
        assert codes_found is not None, "the codes were read from this line"
        start, end = codes_found.span()
        return Edit(Span(one.number, start + 1, one.number, end + 1), ", ".join(kept))
    before = one.raw[: one.sign].rstrip()
    if before:
        return Edit(Span(one.number, len(before) + 1, one.number, len(one.raw) + 1), "")
    return Edit(Span(one.number, 1, one.number + 1, 1), "")
