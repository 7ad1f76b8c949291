"""A file in the words of another language. Rule: the tree stays the same; names, texts and data words are the author's.

Each word is said anew in the other language, in the order and the form that its table asks for. The words that belong to
the language inside texts, such as the `or` in `{first-name or dear member}`, are translated with it.
"""

from __future__ import annotations

import re

from verbline.interpreter.cells import cell_words
from verbline.interpreter.format import Unwritten, format_file, unread
from verbline.interpreter.inflect import Inflection
from verbline.interpreter.layout import laid_out
from verbline.interpreter.nodes import Word, meaning
from verbline.interpreter.parse import parse
from verbline.interpreter.reading import Parsed
from verbline.interpreter.sameness import difference, retold
from verbline.interpreter.sentence import grammar
from verbline.interpreter.source import Source, span_of
from verbline.interpreter.texts import braces
from verbline.interpreter.variants import turned
from verbline.interpreter.words import lettered
from verbline.interpreter.write import arranged, in_order, joined, literal, written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from verbline.interpreter.lines import Line
    from verbline.interpreter.nodes import Node, Sentence
    from verbline.interpreter.parse import File
    from verbline.interpreter.words import Language

# What stands in braces: a field, then perhaps a word of the language and what stands in for the field.
TOKEN = re.compile(r"(\s*)([^\W\d_][\w-]*)(\s*)(\S*)(.*)", re.DOTALL)


def translate(file: File, to: str) -> str | Unwritten:
    """Return the text of ``file`` in the words of language ``to``, or why there is none."""
    if file.language.code == to:
        return format_file(file)
    unreadable = unread(file)
    if unreadable:
        return unreadable
    target, arranged_anew = grammar().language(to), turned(file, to)
    found = Translator(arranged_anew, target).run()
    if isinstance(found, Unwritten) and arranged_anew is not file:
        # The place has to be one of the file that the author knows.
        before = Translator(file, target).run()
        return before if isinstance(before, Unwritten) else found
    return found


class Translator:
    """One file on its way into another language."""

    def __init__(self, file: File, target: Language) -> None:
        self.file = file
        self.target = target
        self.inflection = Inflection(target)
        self.refusal: Unwritten | None = None
        self.lines = {line.number: line for line in file.lines}
        self.own_languages = own_languages(file)

    def run(self) -> str | Unwritten:
        """Return the translation, or the first place where it would say something else."""
        file, target = self.file, self.target
        text = laid_out(file, self.sentence, self.cell, self.text)
        if self.refusal is not None:
            return self.refusal
        if not any(sentence.shape == "language" for sentence in file.sentences):
            text = f"{target.write('LANGUAGE')} {target.code}\n{text}"
        again = parse(Source.of_text(file.path, text), grammar(), target.code)
        where = difference(file, again, retell=self.text)
        if where is not None:
            return Unwritten(file, where, "unwritten-line", language=target.table["native"])
        return format_file(again)

    def sentence(self, sentence: Sentence) -> str:
        """Return one sentence in the other language."""
        assert sentence.node is not None, "only what was understood is translated"
        node = retold(sentence.node, self.lines[sentence.number], self.text)
        words = [word for word in arranged(node, sentence.words) if written(word, self.target)]
        if node.shape in self.target.order:
            words = in_order(node, words, self.target.order[node.shape])
        told = {(part.start, part.kind): part for part in node.walk() if isinstance(part, Word)}
        words = [self.word(told.get((word.start, word.kind), word), node) for word in words]
        text = joined(self.spelled(words, listed(sentence)))
        self.check(sentence, node, words, text)
        return text

    def word(self, word: Word, node: Node) -> Word:
        """Return one word with the text that it has in the other language."""
        text = word.text
        if node.shape == "language":
            text = self.target.code
        elif word.kind == "NAME":
            text = data_word(text, self.target)
        return Word(word.kind, text, word.start, word.end)

    def spelled(self, words: Sequence[Word], listed: int) -> list[str]:
        """Return the forms of a sentence's words."""
        forms: list[str] = []
        for at, word in enumerate(words):
            is_keyword = word.kind in self.target.forms
            form = self.inflection.form(at, words, forms, listed) if is_keyword else literal(word)
            forms.append(form or word.text)
        return forms

    def check(self, sentence: Sentence, node: Node, words: Sequence[Word], text: str) -> None:
        """Keep the first word that would mean something else in the other language."""
        if self.refusal is not None:
            return
        start = "condition" if node.shape == "condition" else "line"
        found = grammar().sentence(text, self.target, start)
        is_code = node.shape == "language"
        if isinstance(found, Parsed) and (is_code or meaning(found.node) == meaning(node)):
            return
        native = self.target.table["native"]
        pairs = zip(words, [*found.words, *[None] * len(words)], strict=False)
        for word, heard in pairs:
            same = heard is not None and (heard.kind, heard.text) == (word.kind, word.text)
            if word.kind == "NAME" and not same:
                place = span_of(sentence, word)
                self.refusal = Unwritten(
                    self.file, place, "unwritten-word", word=word.text, language=native
                )
                return
        self.refusal = Unwritten(self.file, span_of(sentence), "unwritten-line", language=native)

    def cell(self, cell: str) -> str:
        """Return one cell of a table in the other language; as it is where it holds no value."""
        words = cell_words(cell, self.file.language, grammar().terminals)
        return joined(self.spelled(words, 0)) or " ".join(cell.split())

    def text(self, line: Line, text: str) -> str:
        """Return one line of a text with the words of the language in its braces translated."""
        if "{" not in text:
            return text
        own = self.own_languages.get(line.number)
        told, at = "", 0
        for start, end, inner, wrong in braces(text):
            if not wrong:
                told += f"{text[at:start]}{{{self.token(inner, own)}}}"
                at = end
        return told + text[at:]

    def token(self, inner: str, own: Language | None) -> str:
        """Return what stands between two braces: a field and, behind a word of the language, what stands in for it.

        A text in a language of its own keeps the words of that language.
        """
        match = TOKEN.fullmatch(lettered(inner))
        if match is None:
            return inner
        groups = (inner[slice(*match.span(at))] for at in range(1, 6))
        before, name, blank, join, stand_in = groups
        known = self.file.language.data_word(name.lower())
        spoken = own or self.target
        if known in spoken.table["data"] and name.lower() not in spoken.data:
            name = data_word(known, spoken)
        if (
            join.lower() in self.file.language.forms["OR"]
            and join.lower() not in spoken.forms["OR"]
        ):
            join = spoken.write("OR")
        return f"{before}{name}{blank}{join}{stand_in}"


def data_word(name: str, language: Language) -> str:
    """Return a data word as ``language`` spells it; most stand for themselves."""
    forms: list[str] = language.table["data"].get(name, [name])
    return forms[0]


def listed(sentence: Sentence) -> int:
    """Return how many parts the list has that a sentence introduces."""
    node, parent = sentence.node, sentence.parent
    assert node is not None, "only what was understood is translated"
    if node.shape == "open_hours":
        return 1 + node.has("last")
    if node.shape == "if_neither":
        return len(parent.node.items("moments")) if parent and parent.node else 0
    return len(node.items("topics"))


def own_languages(file: File) -> dict[int, Language]:
    """Return the language of each text that has its own, by the number of its line."""
    found: dict[int, Language] = {}
    for host in file.walk():
        code = host.node.text("code") if host.node and host.shape == "in_lang" else ""
        if code in grammar().languages():
            numbers = [inner.number for inner in host.block]
            numbers += [host.text.first - 1] if host.text else []
            found |= dict.fromkeys(numbers, grammar().language(code))
    return found
