"""The page about faults. Rule: all forty stand there once, and each test and sweep that it names is there."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.sweeps.__main__ import SWEEPS
from tests.tree import ROOT

PAGE = (ROOT / "docs/reliability.md").read_text("utf-8")
FAULTS = re.findall(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)
NAMED = re.compile(r"`(tests/[a-z_]+\.py)::(\w+)`")


@cache
def functions_of(file: str) -> set[str]:
    """Return the names of the tests in a file; none where there is no such file."""
    path = ROOT / file
    if not path.exists():
        return set()
    return {one.name for one in ast.parse(path.read_text("utf-8")).body if isinstance(one, ast.FunctionDef)}  # fmt: skip


def missing(text: str) -> set[tuple[str, str]]:
    """Return the tests that a text names and that are not there."""
    return {(file, test) for file, test in NAMED.findall(text) if test not in functions_of(file)}


def test_all_forty_are_there() -> None:
    """Each once, in their order."""
    assert [int(number) for number, *_ in FAULTS] == list(range(1, 41))


def test_what_the_page_names_is_there() -> None:
    """No test was renamed or taken away without the page."""
    assert missing(PAGE) == set()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault[0])
def test_each_has_a_test_or_says_why_not(fault: tuple[str, str, str, str]) -> None:
    """A test by its name, or the words "not yet" with the reason."""
    _, _, what, tested = fault
    assert NAMED.search(tested) or "not yet: " in what


def test_each_sweep_is_a_command() -> None:
    """Those of the table can be asked for, and none is left out."""
    rows = re.findall(r"^\| `(\w+)[^`]*`: ", PAGE, re.MULTILINE)
    named = {*rows, *re.findall(r"`(\w+)`", " ".join(tested for *_, tested in FAULTS))}
    assert named == set(SWEEPS)


def test_a_test_that_is_gone_would_be_seen() -> None:
    """A file that is not there, and a test that is not in one."""
    gone = {("tests/test_gone.py", "test_a"), ("tests/test_store.py", "test_gone")}
    assert missing("".join(f"`{file}::{test}`" for file, test in gone)) == gone
