"""Every word table passes these; a new language needs its two files, words and hidden readings, and no Python."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.cases import CASES
from tests.sentences import walk
from tests.viable import Phrases
from verbline.grammar import table as saved
from verbline.grammar.build import LITERALS, SIGNS, terminals_of
from verbline.grammar.table import GRAMMAR
from verbline.interpreter.inflect import Inflection
from verbline.interpreter.nodes import Word
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


@each_language
def test_the_rules_of_a_table_name_what_there_is(code: str) -> None:
    """A rule about forms speaks of meanings and forms of this table, of marks that are known, of patterns that can be read."""
    choices = saved.choices(grammar().table, code)
    words = language(code).forms
    phrases = {*words, *SIGNS, *(form for several in words.values() for form in several)}
    cases = {name: named for name, named in choices["cases"].items() if name != "before"}
    governing = [*cases.values(), *choices["cases"].get("before", {}).values()]
    assert {phrase for named in governing for phrase in named} <= phrases
    listed = [phrase for named in cases.values() for phrase in named]
    assert len(set(listed)) == len(listed)
    for forms in choices["inflected"].values():
        assert forms.get("gender", "m") in ("m", "f", "n")
        assert set(forms) - {"gender", "also", "nominative"} <= set(cases)
    categories = {*choices["plural"], "other"}
    for forms in choices["agrees"].values():
        assert "else" in forms
        for mark in (mark for condition in forms for mark in condition.split()):
            _side, _, pattern = mark.partition(":")
            known = mark in {*categories, "m", "f", "n", "else", "also"} or mark[:7] == "listed="
            assert re.compile(pattern) if pattern else known, mark


@each_language
def test_every_noun_has_its_case(code: str) -> None:
    """Wherever the grammar lets a word stand that has cases, a phrase before or behind it says which."""
    inflection = Inflection(language(code))
    absent = language(code).table.get("absent", ())
    seen = 0
    for number in range(len(walk().alternatives)):
        for seed in range(4):
            random = Random(seed)  # noqa: S311 - the same sentences in every run
            found = walk().with_alternative(number, random)
            assert found is not None, number
            words = [Word(kind, "", 0, 0) for kind in found[1] if kind not in absent]
            for at, word in enumerate(words):
                if at and word.kind in inflection.inflected:
                    seen += 1
                    forms = [language(code).forms.get(one.kind, [""])[0] for one in words]
                    assert inflection.case(at, words, forms), (word, words)
    assert bool(seen) is bool(inflection.inflected)
