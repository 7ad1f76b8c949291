"""How a finding looks: its marks stand under what it is about, whatever letters stand before it."""

from __future__ import annotations

import pytest

from verbline.interpreter.problems import Problem, codes
from verbline.interpreter.render import WIDTH, columns, compact, pretty, pretty_all
from verbline.interpreter.source import Span


def problem(
    line: int, column: int, end: int, code: str = "S009", variant: str = "", **values: str | int
) -> Problem:
    """Return a finding on one line of a file."""
    span = Span(line, column, line, end)
    return Problem(code, "a.journey", span, variant=variant, values=values)


def marked(raw: str, column: int, end: int) -> tuple[str, str]:
    """Return the line as shown, and what stands above the marks, by columns of a terminal."""
    _, shown, marks, *_ = pretty(problem(1, column, end), [raw]).splitlines()
    left, right = len(marks) - len(marks.lstrip()), len(marks)
    above, at = "", 0
    for letter in shown:
        if left <= at < right:
            above += letter
        at += columns(letter)
    return shown, above


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        ('  finish as "done" now', "now"),
        ("  obvesti člana zdaj", "zdaj"),
        ("  c\u030clana zdaj", "zdaj"),
        ('  finish as "日本" now', "now"),
        ('  finish as "日本" now', '"日本"'),
        ('  finish as "🎉" now', "now"),
        ("\tfinish now", "now"),
        ("\t\tfinish\tnow", "now"),
        ("  finish as \u200bnow", "now"),
    ],
)
def test_marks_stand_under_the_word(raw: str, word: str) -> None:
    """Wide letters take two columns, marks on letters none, a tab one, and the marks know it."""
    column = raw.index(word) + 1
    assert marked(raw, column, column + len(word))[1] == word


def test_tabs_are_arrows_and_hidden_signs_are_seen() -> None:
    """What a terminal would not show, or would act upon, is shown as a sign."""
    shown, _ = marked("\tfinish\x00 as\x1b now", 1, 2)
    assert shown == "  1 | →finish· as· now"


def test_a_place_behind_the_line_has_its_mark() -> None:
    """Where something is missing at the end, the mark stands behind the last letter."""
    text = pretty(problem(7, 9, 10, "F304"), [""] * 6 + ["wait for"])
    assert text.splitlines()[1:3] == [
        "  7 | wait for",
        "              ^ the sentence stops too early",
    ]


@pytest.mark.parametrize("column", [1, 200, 4_990, 9_990])
def test_a_long_line_is_cut_around_the_place(column: int) -> None:
    """However long a line is, the place and its surroundings are shown on one line of a terminal."""
    raw = "".join(f"<{number:04}>" for number in range(1_700))
    shown, above = marked(raw, column, column + 6)
    assert above == raw[column - 1 : column + 5]
    assert columns(shown) < 140


def test_a_line_that_is_not_there() -> None:
    """A place in a file that is not at hand is told without its line."""
    assert pretty(problem(3, 1, 2), []).splitlines()[1] == "  3 | "


def test_the_head_has_the_place_on_the_left_and_the_code_on_the_right() -> None:
    """An editor finds the place at the beginning of the line, a reader the code at its end; a warning says that it is one."""
    error, warning = pretty(problem(3, 5, 6), []), pretty(problem(3, 1, 2, "S011"), [])
    assert error.startswith("a.journey:3:5  ")
    assert columns(error.splitlines()[0]) == WIDTH
    assert error.splitlines()[0].endswith("  S009 too much")
    assert warning.splitlines()[0].endswith("  warning S011 tab")


def test_colour_changes_nothing_but_colour() -> None:
    """With the colours taken out the text is the same."""
    import re

    one = problem(1, 3, 6, "S003", name="Ana")
    plain, colored = pretty(one, ["by Ana"]), pretty(one, ["by Ana"], color=True)
    assert colored != plain
    assert re.sub(r"\x1b\[\d*m", "", colored) == plain


def test_what_was_said_is_not_said_again() -> None:
    """The second finding of a code shows what is new, and only that; the first and every other code is told in full."""
    said = "Move this line there."
    several = [
        Problem("S027", "a.journey", Span(2, 1, 2, 9), suggestion="language: sl"),
        Problem("S027", "b.journey", Span(2, 1, 2, 9), suggestion="language: sl"),
        problem(3, 1, 2),
        problem(4, 1, 2),
    ]
    text = pretty_all(several, {"a.journey": ["", "language"], "b.journey": ["", "language"]})
    assert text.count(said) == 1
    assert text.count("language: sl") == 2
    # Where nothing else would be left to read, it is said again.
    assert text.count("This is too much here.") == 2


def test_ten_findings_then_a_count() -> None:
    """More than ten findings are counted, so that the first one is not out of sight."""
    text = pretty_all([problem(number, 1, 2) for number in range(1, 15)], {})
    assert text.count("a.journey:") == 10
    assert text.endswith("\n… and 4 more\n")
    assert "more" not in pretty_all([problem(1, 1, 2)], {})


def test_compact_is_one_line() -> None:
    """Other programs read one line a finding, however many lines the message has."""
    one = problem(3, 5, 6, "S012", "first", words="otherwise")
    assert compact(one) == (
        'a.journey:3:5: error S012 No line stands before it at this depth. Move "otherwise" under its "if", or remove it.\n'
    )


@pytest.mark.parametrize("code", codes())
def test_every_code_has_a_title_in_slovenian(code: str) -> None:
    """In a Slovenian file the head of a finding is Slovenian, too."""
    title = Problem(code, "a.journey", Span(1, 1, 1, 2), language="sl").title
    assert title != Problem(code, "a.journey", Span(1, 1, 1, 2)).title
