"""The formatter. A case holds a text before and after; a sample is a file in its one true form."""

import re
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cases import CASES, STDLIB
from tests.mangle import mangled
from tests.tree import ROOT
from tests.trials import tries
from verbline.interpreter.format import Unwritten, format_file
from verbline.interpreter.parse import File, parse
from verbline.interpreter.sameness import same_tree
from verbline.interpreter.sentence import grammar
from verbline.interpreter.source import Source

SECTION = re.compile(r"^=== (.*)\n", re.MULTILINE)
FORMAT = sorted((CASES / "format").glob("*.case"))
SAMPLES = sorted((CASES / "format" / "samples").glob("*.journey"))
FILES = [
    *SAMPLES,
    *sorted((ROOT / "journeys").rglob("*.journey")),
    *sorted(STDLIB.glob("*.journey")),
]
QUICK = settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])


def read(content: bytes, path: str = "a.journey") -> File:
    """Return the parsed file."""
    return parse(Source.of_bytes(path, content), grammar())


def written(content: bytes, *, move: bool = False) -> str:
    """Return the file in its one true form."""
    text = format_file(read(content), move=move)
    assert isinstance(text, str), text
    return text


def name(path: Path) -> str:
    """Return the path as the reader of a test report knows it."""
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", FORMAT, ids=name)
def test_a_text_comes_out_as_its_case_says(path: Path) -> None:
    """Before becomes after, and after stays."""
    _comment, title, before, wanted, after = SECTION.split(path.read_bytes().decode())
    assert title == "before"
    move = wanted == "after --move"
    assert written(before.encode(), move=move) == after
    assert written(after.encode(), move=move) == after


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_tidy_file_stays_as_it_is(path: Path) -> None:
    """Samples, example projects and the standard library are in their one true form, byte for byte."""
    content = path.read_bytes()
    assert written(content).encode() == content


@tries(300, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(FILES), st.randoms(use_true_random=True))
def test_an_untidy_copy_comes_back_to_the_same_bytes(path: Path, random: Random) -> None:
    """Blanks, tabs, capitals, quotes, full stops, line ends, marks and letters do not matter."""
    text = path.read_text("utf-8")
    assert written(mangled(text, random)) == text


DAMAGE = [*" \n\t\"#|.,()-<>„“«", "\n\n", '"""', "\n# note\n", "\n    # note\n", "İ", "ß", "\u00a0", "\r"]  # fmt: skip


def damaged(text: str, random: Random) -> str:
    """Return a part of ``text`` with signs lost, signs too many and lines in other places."""
    lines = text.split("\n")[: random.randint(1, 90)]
    for _ in range(random.randint(0, 4)):
        at, to = random.randrange(len(lines)), random.randrange(len(lines))
        lines[at], lines[to] = " " * random.randint(0, 7) + lines[to].lstrip(), lines[at]
    letters = list("\n".join(lines))
    for _ in range(random.randint(0, 12)):
        at = random.randrange(len(letters) + 1)
        letters[at : at + random.choice([0, 0, 1, 4])] = random.choice(
            [[], [random.choice(DAMAGE)]]
        )
    return "".join(letters)


@settings(QUICK, deadline=None)
@given(st.sampled_from(FILES), st.randoms(use_true_random=True), st.booleans())
def test_a_broken_file_keeps_its_meaning(path: Path, random: Random, move: bool) -> None:  # noqa: FBT001 - hypothesis draws it
    """Whatever a file holds, its one true form says the same and is its own one true form."""
    file = read(damaged(path.read_text("utf-8"), random).encode())
    text = format_file(file, move=move)
    assert isinstance(text, str), text
    again = read(text.encode())
    assert same_tree(file, again, move=move)
    assert format_file(again, move=move) == text


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        (b'language: en\nuse "\xff"\n', "unwritten-bytes", 2),
        (b'language: en\n\x0cuse "a"\n', "unwritten-hidden", 2),
        (b'use "a"\n' * 300_000, "unwritten-size", 1),
    ],
)
def test_what_cannot_be_read_is_not_written(content: bytes, reason: str, line: int) -> None:
    """Bytes that were not understood are never replaced; the caller is told where and why."""
    refused = format_file(read(content))
    assert isinstance(refused, Unwritten)
    assert (refused.reason, refused.span.line) == (reason, line)
    assert refused.message


def test_a_text_with_another_meaning_is_never_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the formatter itself had a fault, the file would stay as it is."""
    monkeypatch.setattr("verbline.interpreter.write.joined", lambda pieces: " ".join(pieces)[::-1])
    refused = format_file(read(b'language: en\nuse "a"\n\nmoment "b"\n'))
    assert isinstance(refused, Unwritten)
    assert refused.reason == "unwritten-changed"
    assert refused.span.line == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ('wait 2 days', 'Wait  2 day.', True),
        ('wait 2 days', 'wait 3 days', False),
        ('wait 2 days  # a', 'wait 2 days  # b', False),
        ('notfy "a"', 'notfy "b"', False),
        ('message "m"\n  """\n  a\n  """', 'message "m"\n    """\n    a\n    """', True),
        ('message "m"\n  """\n  a\n  """', 'message "m"\n  """\n  b\n  """', False),
        ('scenario "s"\n  examples\n    | a |', 'scenario "s"\n  examples\n    |a|', True),
        ('scenario "s"\n  examples\n    | a |', 'scenario "s"\n  examples\n    | b |', False),
        ('moment "a"', 'moment "a"\nmoment "b"', False),
        ('if x is 1\n  wait 1 day', 'if x is 1\nwait 1 day', False),
    ],
)  # fmt: skip
def test_sameness_is_of_meaning(one: str, other: str, same: bool) -> None:  # noqa: FBT001 - a column of the table
    """Two files are the same where lines, texts, rows, comments and nesting say the same."""
    assert same_tree(read(one.encode()), read(other.encode())) is same
