"""Values as they are written. Rule: a date is in the calendar, a duration lasts, a share is a part, a range is not empty."""

from __future__ import annotations

from verbline.interpreter.examples import place, rows_of
from verbline.interpreter.nodes import Node, Word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.source import Span
    from verbline.interpreter.view import View

DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
# Sentences that say from when to when, or from how much to how much.
RANGES = {
    "quiet": ("start", "end"),
    "goes_between": ("start", "end"),
    "open_hours": ("start", "end"),
    "stays": ("low", "high"),
}
# Numbers that count something: they are whole and at least 1.
COUNTS = ("cap", "entry_brake", "heartbeat", "repeat")
# Lengths that are counted on the calendar, where a part of one means nothing.
WHOLE_UNITS = frozenset(("U_DAY", "U_WEEK", "U_MONTH", "U_YEAR", "U_WDAY"))
PRIORITY_MAX = 100


def check_literals(view: View) -> Iterator[Problem]:
    """Yield dates and times that do not exist, durations of nothing, shares over all, and empty ranges."""
    for sentence in view.file.walk():
        if sentence.node is None:
            continue
        words = sentence.words
        for at, word in enumerate(words):
            if word.kind == "DATE" or word.kind == "TIME":
                yield from check_moment(view, sentence, word)
            elif word.kind == "NUMBER" and at + 1 < len(words):
                yield from check_length(view, sentence, word, words[at + 1])
    for scenario in view.of("scenario"):
        for row in rows_of(scenario)[1:]:
            for cell in row.cells:
                if cell.kind in ("DATE", "TIME"):
                    yield from check_moment(view, scenario, cell, place(row, cell))
    yield from check_ranges(view)
    yield from check_counts(view)
    yield from check_shares(view)


def check_moment(
    view: View, sentence: Sentence, word: Word, span: Span | None = None
) -> Iterator[Problem]:
    """Yield a date or a time of day that does not exist."""
    if word.kind == "TIME":
        hour, minute = int(word.text[:2]), int(word.text[3:])
        if hour > 23 or minute > 59:
            midnight = word.text == "24:00"
            variant = "midnight" if midnight else "time"
            yield view.problem("V009", sentence, span or word, variant=variant, value=word.text)
        return
    year, month, day = int(word.text[:4]), int(word.text[5:7]), int(word.text[8:])
    if year < 1 or not 1 <= month <= 12:
        yield view.problem("V009", sentence, span or word, variant="month", value=word.text)
    elif not 1 <= day <= days_in(year, month):
        last = f"{word.text[:8]}{days_in(year, month):02}"
        yield view.problem("V009", sentence, span or word, value=word.text, last=last)


def days_in(year: int, month: int) -> int:
    """Return how many days a month has."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and leap else DAYS[month - 1]


def check_length(view: View, sentence: Sentence, word: Word, unit: Word) -> Iterator[Problem]:
    """Yield a duration of nothing, or of a part of a day on the calendar."""
    if not unit.kind.startswith("U_"):
        return
    if not word.text.strip("0."):
        yield view.problem("V010", sentence, word, value=f"{word.text} {unit.text}")
    elif unit.kind in WHOLE_UNITS and "." in word.text and word.text.partition(".")[2].strip("0"):
        yield view.problem("V013", sentence, word, variant="part", value=f"{word.text} {unit.text}")


def check_ranges(view: View) -> Iterator[Problem]:
    """Yield ranges that end where they begin, or before."""
    for shape, (first, last) in RANGES.items():
        for sentence in view.of(shape):
            if sentence.node is None:
                continue
            low, high = sentence.node.word(first), sentence.node.word(last)
            if shape == "stays":
                empty = exact(low.text) >= exact(high.text)
            else:
                # Over midnight is fine for a night, not for a desk.
                empty = low.text >= high.text if shape == "open_hours" else low.text == high.text
            if empty:
                yield view.problem(
                    "V012", sentence, low, variant=shape, low=low.text, high=high.text
                )


def check_counts(view: View) -> Iterator[Problem]:
    """Yield counts that are no counts, points that change nothing, and priorities out of bounds."""
    for shape in COUNTS:
        for sentence in view.of(shape):
            if sentence.node is not None:
                yield from check_count(view, sentence, sentence.node.word("number"))
    for sentence in view.of("adds", "takes"):
        word = sentence.node.word("number") if sentence.node else None
        if word is not None and not word.text.strip("0."):
            yield view.problem("V013", sentence, word, variant="points", value=word.text)
    for sentence in view.of("priority"):
        word = sentence.node.word("number") if sentence.node else None
        if word is not None and (exact(word.text) > PRIORITY_MAX or "." in word.text):
            yield view.problem("V013", sentence, word, variant="priority", value=word.text)


def check_count(view: View, sentence: Sentence, word: Word) -> Iterator[Problem]:
    """Yield a number that is not whole or not at least 1."""
    if "." in word.text or not word.text.strip("0"):
        yield view.problem("V013", sentence, word, value=word.text)


def check_shares(view: View) -> Iterator[Problem]:
    """Yield shares of people that are more than all of them."""
    for sentence in view.of("arm"):
        if sentence.node is not None:
            yield from check_share(view, sentence, sentence.node.parts["share"])
    for shape in ("aims_for", "should"):
        for sentence in view.of(shape):
            target = sentence.node.parts.get("target") if sentence.node else None
            metric = sentence.parent
            if shape == "aims_for" and sentence.node is not None:
                found = view.scope.find("metric", sentence.node.text("metric"))
                metric = found.sentence if found else None
            if isinstance(target, Node) and metric is not None and metric.of("counts"):
                yield from check_share(view, sentence, target.parts["quantity"])


def check_share(view: View, sentence: Sentence, share: object) -> Iterator[Problem]:
    """Yield a share over 100%."""
    if isinstance(share, Word) and share.kind == "PERCENT" and exact(share.text[:-1]) > 100:
        yield view.problem("V011", sentence, share, value=share.text)


def exact(text: str) -> float | int:
    """Return a written number, to be compared with a small whole one."""
    return float(text) if "." in text else int(text)
