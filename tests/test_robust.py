"""Whatever bytes arrive: problems at places that exist, or none, and soon."""

from __future__ import annotations

import time
from random import Random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.cases import library
from tests.tree import ROOT
from tests.trials import tries
from verbline.interpreter.check import check
from verbline.interpreter.mistakes import EXPLAINED_MAX
from verbline.interpreter.problems import Problem
from verbline.interpreter.project import Project, Settings
from verbline.interpreter.render import pretty
from verbline.interpreter.sentence import grammar
from verbline.interpreter.source import BYTES_MAX, DEPTH_MAX, LINE_MAX, Source

MEGABYTE = 1_000_000
# Time of the processor; twice what a busy machine has needed, and far below what a cost that grows with the square comes to.
SECONDS_A_MEGABYTE = 6
ODD = [
    *('"', '"""', "“", "'", "(", ")", ",", ":", "#", "|", ".", "<x>", "<", ">=", "&&", "=", "%", "€", "_", "-"),
    *("12", "12,5", "1.000.000", "3.3.2026", "2026-02-30", "9:00", "25:61", "12 EUR", "30%", "a_b", "first-name"),
    *("\t", "\u00a0", "\u200b", "\u202e", "\x00", "\ufeff", "č", "c\u030c", "日本", "🎉", "x" * 300),
]  # fmt: skip


def phrases() -> list[str]:
    """Return every phrase of every language, and much that is none."""
    languages = [grammar().language(code) for code in grammar().languages()]
    return ODD + [form for one in languages for forms in one.forms.values() for form in forms]


WORDS = phrases()
LINES = st.builds(
    lambda width, words, end: " " * width + " ".join(words) + end,
    st.integers(0, 9),
    st.lists(st.sampled_from(WORDS), max_size=12),
    st.sampled_from(["\n", "\n", "\n", "\r\n", "\r", "\n\n"]),
)


def found(content: bytes | str) -> tuple[Source, list[Problem]]:
    """Return a file and what is found in it."""
    of = Source.of_bytes if isinstance(content, bytes) else Source.of_text
    source = of("a.journey", content)  # type: ignore[arg-type]
    return source, check(Project({"a": source}, Settings(), library, lambda _path: None))


def assert_located(source: Source, problems: list[Problem]) -> None:
    """Assert that every problem stands at a place that exists, says something, and can be shown."""
    for problem in problems:
        span = problem.span
        assert 1 <= span.line <= len(source.lines), problem
        assert 1 <= span.column <= len(source.lines[span.line - 1]) + 1, problem
        assert (span.line, span.column) < (span.end_line, span.end_column), problem
        assert problem.message, problem
        shown = pretty(problem, source.lines)
        assert len(shown.splitlines()) <= 9, shown


@tries(60)
@given(st.binary(max_size=400))
@example(b"\xff\xfej\x00o\x00u\x00r\x00")
@example(b"\xef\xbb\xbflanguage: sl\r\n\xc4")
@example(b'journey "\xed\xa0\x80"')
def test_any_bytes(content: bytes) -> None:
    """Any bytes are a file: what is wrong with it has a place."""
    assert_located(*found(content))


@tries(60)
@given(st.text(st.characters(codec=None), max_size=400))
@example("\ud800")
@example('trenutek "' + "c\u030c" * 5)
def test_any_text(content: str) -> None:
    """Any text, too, with half letters, marks that join, and signs from anywhere."""
    assert_located(*found(content))


@tries(60)
@given(st.lists(LINES, max_size=12).map("".join))
def test_any_soup_of_words(content: str) -> None:
    """Words of the language in any order and number give problems with places, never anything else."""
    assert_located(*found(content))


def soup(seed: int, size: int) -> str:
    """Return ``size`` letters of words in no order."""
    random = Random(seed)  # noqa: S311 - the same soup in every run
    lines, length = [], 0
    while length < size:
        words = random.choices(WORDS, k=random.randrange(1, 30))
        lines.append(" " * random.randrange(8) + " ".join(words))
        length += len(lines[-1]) + 1
    return "\n".join(lines)


CONDITION = " and ".join(["a is 1"] * 900)
LONG = "".join(Random(3).choices("abcdefgh ", k=3_000))  # noqa: S311 - the same in every run
LARGE: dict[str, str | bytes] = {
    "words in no order": soup(1, MEGABYTE),
    "bytes in no order": Random(2).randbytes(MEGABYTE),  # noqa: S311 - the same in every run
    "one line of five megabytes": "wait for " * 600_000,
    "five megabytes of quotes": '"' * 5 * MEGABYTE,
    "a hundred thousand nested lines": "".join(
        " " * min(at, 3000) + "if a is 1\n" for at in range(100_000)
    )[: 5 * MEGABYTE],
    "nested lines up and down": "".join(" " * (at % 99) + "if a is 1\n" for at in range(20_000)),
    "NULs": "\0" * MEGABYTE,
    "a NUL in every line": "wait\0 3 days\n" * 20_000,
    "half letters": "\ud800\n" * 50_000,
    "texts that are never closed": 'message "x"\n  """\n' * 10_000,
    "texts and nothing else": '"""\n' * 50_000,
    "ten thousand brackets": 'journey "x"\n  if ' + "(" * 10_000 + "\n",
    "brackets in every line": ("  if " + "(" * 9_900 + "\n") * 50,
    "one mistake, often": 'journey "x"\n' + "  wiat 3 days\n" * 30_000,
    "one sentence, often": 'journey "x"\n' + "  gives up after 3 days\n" * 30_000,
    "steps outside": "wait 3 days\n" * 30_000,
    "otherwise, often": 'journey "x"\n' + "  otherwise\n" * 30_000,
    "conditions after steps": 'journey "x"\n  if all of these are true\n'
    + "    a is 1\n    wait 3 days\n" * 15_000,
    "long conditions": f"  if {CONDITION} foo bar\n" * 100,
    "signs": ("  if " + "< " * 4_900 + "\n") * 50,
    "quotes that do not match": ('  wait for "a" "b" „c “d” "e\n') * 15_000,
    "letters with marks": ('  wait for "' + "c\u030c" * 3_000 + '" up to 3 day s\n') * 50,
    "heaps of marks": ('  wait for "' + "c" + "\u0301\u0316" * 2_400 + '" up to 3 day s\n') * 200,
    "heaps of marks in a text": 'message "m"\n  """\n' + ("  c" + "\u0301\u0316" * 2_400 + "\n") * 200 + '  """\n',
    "very long names": "".join(f'moment "{LONG}{at}"\n' for at in range(60)) + 'journey "x"\n' + f'  starts when "{LONG}x"\n' * 60,
    "steps with conditions": 'moment "y"\n  carries n as number\njourney "x"\n  starts when "y"\n\n'
    + '  wait for "y" up to 3 days\n  if n is 1\n    wait 3 days\n  otherwise if n is 2\n    wait 2 days\n' * 7_000,
    "names that nobody knows": ("segment \"x\"\n  people where " + " and ".join(f"a{at} is 1" for at in range(700)) + "\n") * 80,
    "a wide table": 'scenario "x"\n  examples\n    |' + " a |" * 2_000 + "\n" + ("    |" + " 3 |" * 2_000 + "\n") * 50,
}  # fmt: skip


@pytest.mark.parametrize("name", LARGE)
def test_large_files_take_no_longer_than_their_size(name: str) -> None:
    """A file of any kind is checked in a time that grows with its size, and its problems have places."""
    content = LARGE[name]
    grammar().known.clear()
    started = time.process_time()
    source, problems = found(content)
    taken = time.process_time() - started
    # Files of tiny lines cost more by their lines than by their size: the first megabyte counts whole.
    read = max(min(len(content), BYTES_MAX) / MEGABYTE, 1)
    print(f"{name}: {taken / read:.2f} s a megabyte, {len(problems)} findings")  # noqa: T201 - what was measured, for pytest -s
    assert taken / read < SECONDS_A_MEGABYTE
    assert_located(source, problems[:200])


def test_limits_are_told() -> None:
    """A file that is too large, a line that is too long, a line that is nested too deep: each is told once, where it begins."""
    large = "# a comment\n" * (BYTES_MAX // 10)
    assert ("S032", 1) in {(one.code, one.span.column) for one in found(large)[1]}
    long = f'moment "{"x" * LINE_MAX}"\nmoment "y"\n'
    assert [(one.code, one.span.line) for one in found(long)[1]] == [("S033", 1)]
    deep = 'journey "x"\n' + "".join(" " * at + "if a is 1\n" for at in range(1, 99))
    told = [one.span.line for one in found(deep)[1] if one.code == "S034"]
    assert told == [DEPTH_MAX + 1]


def test_hundreds_of_broken_lines_are_counted() -> None:
    """The first broken lines are explained one by one, the rest is one message with their number."""
    problems = found('journey "x"\n' + "  wiat 3 days\n" * (EXPLAINED_MAX + 30))[1]
    assert [one.code for one in problems] == ["S001"] * EXPLAINED_MAX + ["S035"]
    assert problems[-1].values["count"] == 30


@pytest.mark.parametrize("project", ["mobility", "mobility-sl"])
def test_a_half_saved_file(project: str) -> None:
    """Every beginning of a file, cut anywhere, is a file: an editor may save at any moment."""
    for path in sorted((ROOT / "journeys" / project).rglob("*.journey")):
        text = path.read_text("utf-8")
        for end in range(0, len(text), 71):
            assert_located(*found(text[:end]))
