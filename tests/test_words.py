"""Every word table passes these; a new language needs its two files, words and hidden readings, and no Python."""

import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cases import CASES
from tests.viable import Phrases
from verbline.grammar.build import LITERALS, SIGNS, terminals_of
from verbline.grammar.table import GRAMMAR
from verbline.interpreter.sentence import grammar
from verbline.interpreter.words import Language, tokens_of

LANGUAGES = grammar().languages()
each_language = pytest.mark.parametrize("code", LANGUAGES)


def language(code: str) -> Language:
    """Return one language."""
    return grammar().language(code)


def keywords() -> set[str]:
    """Return the meanings that need words: what the grammar names, without literals and signs."""
    return set(terminals_of(Path(GRAMMAR).read_text("utf-8"))) - set(LITERALS) - set(SIGNS)


def forms(table: Any) -> Iterator[tuple[str, str]]:
    """Yield (meaning, form) of a section."""
    for name, several in table.items():
        for form in several:
            yield name, form


@each_language
def test_every_meaning_has_words(code: str) -> None:
    """A meaning has words in each language, or the table says that the language does without."""
    table = language(code).table
    absent = set(table.get("absent", ()))
    assert set(table["words"]) == keywords() - absent
    assert absent <= keywords()
    assert set(table.get("read", ())) <= set(table["words"])
    assert set(table["data"]) == set(language("en").table["data"])


@each_language
def test_forms_are_tidy(code: str) -> None:
    """A form is written as the parser compares it: composed small letters, single blanks, once."""
    table = language(code).table
    for section in (table["words"], table.get("read", {}), table["data"]):
        for name, form in forms(section):
            assert form == unicodedata.normalize("NFC", " ".join(form.lower().split())), name
            assert all(kind in ("WORD", "SIGN") for kind, *_ in tokens_of(form)), name
        assert len(set(forms(section))) == len(list(forms(section)))
    assert not set(forms(table["words"])) & set(forms(table.get("read", {})))
    data = [form for _name, form in forms(table["data"])]
    assert len(set(data)) == len(data)


@each_language
def test_no_word_has_two_meanings_in_one_place(code: str) -> None:
    """Whatever stands before a phrase, the parser can take at most one of its meanings."""
    assert list(Phrases(grammar(), language(code)).ambiguous()) == []


def test_two_meanings_in_one_place_are_seen() -> None:
    """The test above would notice a word with two meanings, also where only the stack tells them apart."""
    english = language("en").table
    words = {**english["words"], "WITHDRAWS": ["agrees to"]}
    twice = Language("en", {**english, "words": words}, grammar().number)
    found = set(Phrases(grammar(), twice).ambiguous())
    assert {phrase for phrase, _one, _other in found} == {"agrees to"}


@each_language
def test_what_a_longer_phrase_hides_has_a_reason(code: str) -> None:
    """The longest phrase wins; where its words have another reading, the list says why nobody needs that."""
    listed = tomllib.loads((CASES / "words" / f"{code}.toml").read_text("utf-8"))["hidden"]
    hidden = dict(Phrases(grammar(), language(code)).hidden())
    assert set(hidden) == set(listed)
    assert all(listed.values())


@each_language
def test_no_keyword_bites_into_a_data_word(code: str) -> None:
    """``if-score`` is a data word, though ``if`` is a keyword."""
    spoken = language(code)
    for _meaning, form in forms(spoken.forms):
        for key in (key for kind, key, *_ in tokens_of(form) if kind == "WORD"):
            for word in (f"{key}-score", f"score-{key}", f"{key}2"):
                assert [kind for kind, *_ in tokens_of(word)] == ["WORD"], word
                assert not spoken.matches(tokens_of(word), 0), word
