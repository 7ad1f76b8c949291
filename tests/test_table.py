"""The saved parse table: it is what the grammar and the words say, and it is read the quick way."""

import json
from pathlib import Path

import pytest

from verbline.grammar import table as saved
from verbline.grammar.build import build
from verbline.interpreter.sentence import grammar
from verbline.interpreter.words import tokens_of


def test_the_saved_table_is_the_grammar() -> None:
    """A change of the grammar or of the words comes with a new table: `make table`."""
    table = json.loads(Path(saved.SAVED).read_text("utf-8"))
    assert table["checksum"] == saved.checksum()
    assert build() == table


@pytest.mark.parametrize("code", grammar().languages())
def test_a_phrase_is_found_word_by_word(code: str) -> None:
    """Each form of each meaning is found as the tokens of a line would spell it."""
    language = grammar().language(code)
    for words in (language.forms, language.read):
        for meaning, forms in words.items():
            for form in forms:
                tokens = tokens_of(form)
                signs = sum(map(form.count, ",:")) + form.startswith("-")
                assert len(tokens) == form.count(" ") + 1 + signs
                behind, terminals = language.matches(tokens, 0)[0]
                assert behind == len(tokens)
                assert grammar().number[meaning] in terminals
