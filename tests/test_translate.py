"""The translator. A case holds one file in two languages, each the translation of the other, or where there is none."""

import re
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cases import CASES
from tests.sentences import sentence, worded
from tests.test_format import FILES, SECTION, name
from verbline.interpreter.format import Unwritten
from verbline.interpreter.inflect import category
from verbline.interpreter.parse import File, parse
from verbline.interpreter.sameness import same_tree
from verbline.interpreter.sentence import grammar
from verbline.interpreter.source import Source
from verbline.interpreter.translate import translate

LANGUAGES = grammar().languages()
TITLE = re.compile(r"(?P<code>\w\w)(?: refused (?P<line>\d+):(?P<column>\d+) (?P<reason>\S+))?")


def read(text: str) -> File:
    """Return the parsed file."""
    return parse(Source.of_text("a.journey", text), grammar())


def translated(text: str, to: str) -> str:
    """Return the text in another language."""
    found = translate(read(text), to)
    assert isinstance(found, str), (found, found.message)
    return found


def pairs(path: Path) -> list[tuple[str, str, str, str]]:
    """Return the pairs of a case: title and text of one file, title and text of its translation."""
    _comment, *parts = SECTION.split(path.read_text("utf-8"))
    sections = list(zip(parts[::2], parts[1::2], strict=True))
    return [(*one, *other) for one, other in zip(sections[::2], sections[1::2], strict=True)]


@pytest.mark.parametrize("path", sorted((CASES / "translate").glob("*.case")), ids=name)
def test_each_half_of_a_case_is_the_translation_of_the_other(path: Path) -> None:
    """A pair of files translates both ways to the same bytes; where a word stands in the way, its place is told."""
    for one, text, other, translation in pairs(path):
        wanted = TITLE.fullmatch(other)
        assert wanted is not None, other
        found = translate(read(text), wanted["code"])
        if wanted["reason"]:
            assert isinstance(found, Unwritten), found
            place = f"{found.span.line}:{found.span.column}"
            assert (place, found.reason) == (
                f"{wanted['line']}:{wanted['column']}",
                wanted["reason"],
            )
            assert found.message
        else:
            assert found == translation
            assert translated(translation, one) == text


@pytest.mark.parametrize("path", FILES, ids=name)
@pytest.mark.parametrize("code", LANGUAGES)
def test_there_and_back_again(path: Path, code: str) -> None:
    """Our own files come back from another language as they were: the English ones byte for byte, all in meaning."""
    text = path.read_text("utf-8")
    there = translated(text, code)
    home = read(text).language.code
    again = translated(there, home)
    assert read(there).language.code == code
    assert not read(there).broken
    if home == "en" and text.startswith("language: en\n"):
        assert again == text
    assert translated(again, code) == there


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(LANGUAGES), st.sampled_from(LANGUAGES), st.randoms(use_true_random=True))
def test_every_sentence_has_a_translation(code: str, to: str, random: Random) -> None:
    """Any sentence can be said in any language, and comes back: the second time to the same bytes."""
    spoken = grammar().language(code)
    rows = [row for row in (sentence("line", random) for _ in range(6)) if row[0] != "LANGUAGE"]
    lines = [worded(row, spoken, random) for row in rows]
    text = "\n".join([f"language: {code}", *lines, ""])
    there = translated(text, to)
    again = translated(there, code)
    assert translated(again, to) == there
    assert same_tree(read(text), read(there))
    assert same_tree(read(text), read(again))


def test_a_file_without_a_language_line_gets_one() -> None:
    """A translation says its language, whatever the project's is."""
    assert translated('use "a"\n', "sl") == 'language: sl\nuporabi "a"\n'


def test_its_own_language_is_only_formatted() -> None:
    """An inflection that the author chose stays where nothing is to be translated."""
    assert translated("language: sl\npot “a”\n  odneha po 3 dni\n", "sl") == (
        'language: sl\n\npot "a"\n  odneha po 3 dni\n'
    )


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("0", "other other"),
        ("1", "one one"),
        ("2", "other two"),
        ("3", "other few"),
        ("4", "other few"),
        ("5", "other other"),
        ("11", "other other"),
        ("21", "other other"),
        ("101", "other one"),
        ("102", "other two"),
        ("103", "other few"),
        ("1.0", "other few"),
        ("1.5", "other few"),
        ("n", "other other"),
    ],
)
def test_numbers_have_the_categories_of_their_language(number: str, expected: str) -> None:
    """The plural rules of English and Slovenian are those of Unicode CLDR."""
    from verbline.grammar import table as saved

    rules = [saved.choices(grammar().table, code)["plural"] for code in ("en", "sl")]
    assert " ".join(category(number, one) for one in rules) == expected


def test_every_order_of_words_is_known_in_every_language() -> None:
    """A sentence whose words stand in another order in one language has its order in each table."""
    orders = [set(grammar().language(code).order) for code in LANGUAGES]
    assert all(one == other for one, other in pairwise(orders))
