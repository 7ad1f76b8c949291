"""Plain TOML is read as the standard reader reads it, or not at all."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tree import ROOT, files
from verbline.interpreter.plain import plain_tables

SETTINGS = [path for path in files(".") if path.name == "verbline.toml"]
KEYS = st.sampled_from(["a", "b-1", "1", '"Maja Kos"', '"a"', '"ž"', "'a'", '""', "a.b", "č"])
TEXTS = st.sampled_from(
    ['"x"', '""', '"a # b"', '"a\\"b"', "'x'", '"""', "'''", "'a\"b'", '"č, = ]}"']
)
VALUES = st.one_of(
    TEXTS,
    st.sampled_from(["1", "01", "0", "true", "True", "1.5", "2026-03-14", "[]", "{}", "[1]", "{a.b=1}"]),
    st.lists(TEXTS, max_size=3).map(lambda texts: f"[ {', '.join(texts)} ]"),
    st.lists(st.tuples(KEYS, TEXTS), max_size=3).map(
        lambda pairs: "{" + ", ".join(f"{key} = {text}" for key, text in pairs) + "}"
    ),
)  # fmt: skip
LINES = st.one_of(
    st.tuples(KEYS, VALUES).map(lambda pair: f"{pair[0]} = {pair[1]}"),
    st.lists(KEYS, min_size=1, max_size=3).map(lambda keys: f"[{'.'.join(keys)}]"),
    st.sampled_from(["", "# a comment", "  ", "[[a]]", "a", 'a = "x" # why', "\ta = 1", "a = 1\u00a0"]),
)  # fmt: skip


@given(st.lists(LINES, max_size=9).map("\n".join))
def test_what_is_read_is_what_the_standard_reader_reads(text: str) -> None:
    """Whatever the lines are: the same tables, or nothing; never tables where the standard reader refuses."""
    found = plain_tables(text)
    if found is not None:
        assert found == tomllib.loads(text)


@given(st.text("ab\"'=[]{},.#\\\n 1", max_size=30))
def test_any_signs_are_read_the_same_or_not_at_all(text: str) -> None:
    """The same for signs in any order."""
    found = plain_tables(text)
    if found is not None:
        assert found == tomllib.loads(text)


@pytest.mark.parametrize("path", SETTINGS, ids=lambda path: str(path.relative_to(ROOT)))
def test_settings_as_people_write_them_are_plain(path: str) -> None:
    """The settings of every example project are read the quick way."""
    text = (ROOT / path).read_text("utf-8")
    assert plain_tables(text) == tomllib.loads(text)
