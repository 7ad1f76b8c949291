"""The grammar: it has no conflict, every alternative makes a sentence, and lark's own parser reads what ours reads."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lark import Lark, Token
from lark.lexer import Lexer

from tests.sentences import is_readable, sentence, walk, worded
from tests.test_format import FILES
from tests.tree import ROOT
from verbline.grammar import table as saved
from verbline.grammar.build import lark_of, terminals_of
from verbline.interpreter.format import format_file
from verbline.interpreter.nodes import KEEP_TEXT, Node, Word, meaning
from verbline.interpreter.parse import DECLARING, File, parse
from verbline.interpreter.reading import Parsed
from verbline.interpreter.sentence import Grammar, grammar
from verbline.interpreter.source import Source
from verbline.interpreter.words import Language

GRAMMAR = Path(saved.GRAMMAR).read_text("utf-8")
LANGUAGES = grammar().languages()


def read(start: str, text: str, code: str) -> Node:
    """Return the node of one line."""
    parsed = grammar().sentence(text, grammar().language(code), start)
    assert isinstance(parsed, Parsed), text
    return parsed.node


def file_with(start: str, text: str, code: str) -> File:
    """Return the file that holds one line; a condition stands under a line that lists conditions."""
    language = grammar().language(code)
    above = (
        f"{language.write('IF')} {language.write('ALL_TRUE')}\n  " if start == "condition" else ""
    )
    return parse(Source.of_text("a.journey", f"language: {code}\n{above}{text}"), grammar())


def test_the_grammar_has_no_conflict() -> None:
    """Lark builds the table in its strict way, in which a conflict is an error."""
    lark_of(GRAMMAR, strict=True)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_alternative_makes_a_sentence(code: str) -> None:
    """Some sentence uses each alternative, and is read as the meanings it was made of."""
    language = grammar().language(code)
    absent = language.table.get("absent", ())
    for number, alternative in enumerate(walk().alternatives):
        made = 0
        for seed in range(6):
            random = Random(seed)  # noqa: S311 - the same sentences in every run
            start_and_words = walk().with_alternative(number, random)
            assert start_and_words is not None, alternative
            start, words = start_and_words
            if is_readable(words):
                made += 1
                parsed = grammar().sentence(worded(words, language, random), language, start)
                assert isinstance(parsed, Parsed), words
                spoken = [word for word in words if word not in absent]
                assert [word.kind for word in parsed.words] == spoken
        assert made, alternative


def begins_declaration(text: str, language: Language) -> bool:
    """Return whether a line begins with the word of a declaration."""
    return any(
        text.casefold().startswith(form) for kind in DECLARING for form in language.forms[kind]
    )


@settings(max_examples=600, deadline=None)
@given(
    st.sampled_from(LANGUAGES),
    st.sampled_from(["line", "line", "condition"]),
    st.randoms(use_true_random=True),
)
def test_a_written_sentence_says_the_same(code: str, start: str, random: Random) -> None:
    """Read, written and read again: the node is the same, and what was written stays."""
    language = grammar().language(code)
    spoken = worded(sentence(start, random), language, random)
    # In a list, where no `if` stands before it, a condition about a field called person begins as a declaration does.
    assume(start == "line" or not begins_declaration(spoken, language))
    text = format_file(file_with(start, spoken, code))
    assert isinstance(text, str), spoken
    again = parse(Source.of_text("a.journey", text), grammar())
    found = again.walk()[-1].node
    assert found is not None, text
    assert meaning(found) == meaning(read(start, spoken, code))
    assert format_file(again) == text


class Given(Lexer):
    """Gives lark the words that our own reading has found."""

    def __init__(self, lexer_conf: object) -> None:
        pass

    def lex(self, words: Any) -> Iterator[Token]:  # type: ignore[override] # lark wraps this older form
        """Yield the words as lark's tokens."""
        for word in words:
            yield Token(word.kind, word.text, start_pos=word.start, end_pos=word.end)


# Rules that only hand on the one value they hold, though a sentence of their name exists.
HANDS_ON = frozenset(("or_", "and_", "not_", "sum", "product"))


def lark_with_words() -> Lark:
    """Return lark's own parser of the grammar, fed with words."""
    declared = f"{GRAMMAR}\n%declare {' '.join(terminals_of(GRAMMAR))}\n"
    return Lark(declared, parser="lalr", start=["line", "condition"], lexer=Given, strict=True)


def ours(part: Node | Word) -> Any:
    """Return a node as its shape and what it holds, in the order of the text."""
    if isinstance(part, Word):
        return part.kind, part.start
    inner = [
        one
        for value in part.parts.values()
        for one in (value if isinstance(value, tuple) else (value,))
    ]
    return part.shape, [ours(one) for one in sorted(inner, key=lambda one: one.start)]


def theirs(tree: Any, kept: set[int]) -> list[Any]:
    """Return lark's tree in the same form: rules that are no sentences give what they hold to the one around them."""
    if isinstance(tree, Token):
        is_kept = tree.type in KEEP_TEXT or tree.start_pos in kept
        return [(tree.type, tree.start_pos)] if is_kept else []
    inner = [one for child in tree.children for one in theirs(child, kept)]
    hands_on = tree.data in HANDS_ON and len(tree.children) == 1
    return inner if hands_on or tree.data not in grammar().shapes else [(str(tree.data), inner)]


def test_lark_reads_what_we_read() -> None:
    """Lark's own loop over the grammar, given the same words, finds the same nodes with the same parts."""
    lark, seen = lark_with_words(), 0
    for path in FILES:
        for sentence_ in parse(Source.of_bytes(str(path), path.read_bytes()), grammar()).walk():
            assert sentence_.node is not None, sentence_
            start = "condition" if sentence_.shape == "condition" else "line"
            kept = {part.start for part in sentence_.node.walk() if isinstance(part, Word)}
            tree = lark.parse(sentence_.words, start=start)
            assert theirs(tree, kept) == [ours(sentence_.node)], sentence_
            seen += 1
    assert seen > 500


def damage(text: str) -> Iterator[bytes]:
    """Yield what may stand where the saved table should."""
    table = json.loads(text)
    yield b""
    yield text[: len(text) // 2].encode()
    yield b"\x80\x04\x95."
    yield b"[]"
    yield b"null"
    yield json.dumps({**table, "checksum": table["checksum"] + 1}).encode()


@pytest.mark.parametrize("number", range(6))
def test_a_damaged_table_is_built_anew(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table that is torn, foreign or old is left aside, and left where it is."""
    good = Path(saved.SAVED).read_text("utf-8")
    bad = list(damage(good))[number]
    path = tmp_path / "table.json"
    path.write_bytes(bad)
    monkeypatch.setattr(saved, "SAVED", str(path))
    assert saved.load() == json.loads(good)
    assert path.read_bytes() == bad


def test_a_change_of_grammar_or_words_needs_no_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever edits the grammar or a word table sees it at once: the table is built anew where it is old."""
    grammar_file, words = tmp_path / "journey.lark", tmp_path / "words"
    grammar_file.write_text(GRAMMAR.replace("KEEP_STRICTEST     ", "KEEP_STRICTEST NAME"), "utf-8")
    words.mkdir()
    for path in saved.word_files():
        text = Path(path).read_text("utf-8").replace('"obvesti"', '"povej"')
        (words / Path(path).name).write_text(text, "utf-8")
    monkeypatch.setattr(saved, "FOLDER", str(tmp_path))
    monkeypatch.setattr(saved, "GRAMMAR", str(grammar_file))
    monkeypatch.setattr("verbline.grammar.build.GRAMMAR", str(grammar_file))
    changed = Grammar(saved.load())
    slovenian = changed.language("sl")
    told = changed.sentence(
        'povej članu po e-pošti s sporočilom "M" za namen "p"', slovenian, "line"
    )
    assert isinstance(told, Parsed)


def test_nothing_is_unpickled() -> None:
    """The saved table is plain data: whoever can write to its folder cannot run code with it."""
    modules = [
        path
        for folder in ("grammar", "interpreter", "cli")
        for path in (ROOT / folder).rglob("*.py")
    ]
    imported = {
        name.name if isinstance(node, ast.Import) else node.module
        for path in modules
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    assert "json" in imported
    assert imported.isdisjoint({"pickle", "marshal", "shelve", "dill"})
