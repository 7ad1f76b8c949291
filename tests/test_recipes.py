"""Lines of one form share a recipe: what they become must be what each would become alone."""

import pytest

from tests.tree import ROOT, files
from verbline.grammar import table as saved
from verbline.interpreter.lines import SENTENCE, lines_of
from verbline.interpreter.nodes import Node, Word
from verbline.interpreter.reading import Parsed, Stuck
from verbline.interpreter.sentence import Grammar, grammar
from verbline.interpreter.source import Source
from verbline.interpreter.words import Language


def sentences() -> list[str]:
    """Return every sentence of the example projects and the standard library that are in English, each once."""
    paths = [*files("journeys"), *files("stdlib")]
    sources = [
        Source.of_bytes(path.name, path.read_bytes())
        for path in paths
        if path.suffix == ".journey" and "-sl" not in str(path.relative_to(ROOT))
    ]
    lines = (line for source in sources for line in lines_of(source, lambda _text: False))
    return sorted({line.text for line in lines if line.kind == SENTENCE})


def whole(part: object) -> object:
    """Return ``part`` with every place and every letter, to compare two trees."""
    if isinstance(part, Node):
        inner = [(name, whole(value)) for name, value in part.parts.items()]
        return part.shape, part.start, part.end, inner
    if isinstance(part, Word):
        return part.kind, part.text, part.start, part.end
    return [whole(one) for one in part] if isinstance(part, tuple) else part


def result(found: Parsed | Stuck) -> object:
    """Return what came out of a line, to compare it."""
    if isinstance(found, Parsed):
        return whole(found.node), whole(found.words)
    return found.at, found.states, whole(found.words)


def alone(text: str, start: str, english: Language) -> object:
    """Return what ``text`` becomes where no line was read before."""
    table = grammar()
    kept = table.known, table.recipes
    table.known, table.recipes = {}, {}
    try:
        return result(table.sentence(text, english, start))
    finally:
        table.known, table.recipes = kept


@pytest.mark.parametrize("start", ["line", "condition"])
def test_a_recipe_changes_nothing(start: str) -> None:
    """With and without the recipes of all lines before it, a line becomes the same, letter by letter, or stops in the same place."""
    english = grammar().language("en")
    texts = sentences()
    assert len(texts) > 500
    for text in texts:
        grammar().sentence(text, english, start)
    for text in texts:
        assert result(grammar().sentence(text, english, start)) == alone(text, start, english)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("learn that a is b + 1", "learn that a is b - 1"),
        ("learn that a is b + 1", "learn that a is 1 + b"),
        ("should be at least 3 EUR", "should be at least 3 eur"),
        ("should be at least 3 EUR", "should be at least 3 days"),
        ('finish as "a"', "finish as a"),
        ("if a is b", "if a is b_c"),
        ("if a is b", "if a is yes"),
    ],
)
def test_lines_of_other_forms_share_none(first: str, second: str) -> None:
    """A sign, a currency, a word of the language or a strange letter makes another form."""
    english = grammar().language("en")
    grammar().sentence(first, english, "line")
    read = grammar().sentence(second, english, "line")
    assert result(read) == alone(second, "line", english)


def test_the_table_is_asked_once_for_each_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another name, another number: the recipe of the line before does."""
    fresh = Grammar(saved.load())
    english = fresh.language("en")
    first = fresh.sentence('wait for "order is late" up to 3 days', english, "line")
    monkeypatch.setattr(fresh, "choose", None)
    second = fresh.sentence('wait for "order is there" up to 20 days', english, "line")
    assert isinstance(first, Parsed)
    assert isinstance(second, Parsed)
    assert [word.text for word in second.node.words("moments")] == ["order is there"]
