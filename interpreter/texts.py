"""The words that go out, and the fields in them. Rule: a field stands in braces, and every brace keeps its exact place.

    Hello {first-name or dear member}, we meet on {course-date}.

A token is a data word, then optionally `or` and the words that stand in for it where it is unknown.
"""

from __future__ import annotations

import re

from verbline.interpreter.source import Span, composed, span_of
from verbline.interpreter.words import lettered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from verbline.interpreter.names import Names
    from verbline.interpreter.nodes import Sentence, Word
    from verbline.interpreter.parse import File
    from verbline.interpreter.project import Project
    from verbline.interpreter.words import Language

    Row: TypeAlias = tuple[int, int, str]  # line number, column of the first letter, letters

BRACE = re.compile(r"[{}]")
WORD = re.compile(r"\s*([^\W\d_][\w-]*)\s*")
# What other tools write between a field and its stand-in.
OTHER_SIGNS = re.compile(r"\s*(?:\|\|?|,|:|\?\??)\s*(?:default\s*:?)?\s*")


class Token:
    """A field in a text: ``field`` is its name in the tree, ``fallback`` what stands in for it, None where nothing does."""

    __slots__ = ("fallback", "field", "span", "written")

    def __init__(self, field: str, written: str, fallback: str | None, span: Span) -> None:
        self.field = field
        self.written = written
        self.fallback = fallback
        self.span = span


class Flaw:
    """Braces that hold no token: ``kind`` is a wording of M409, ``written`` what stands there, ``suggestion`` what may be meant."""

    __slots__ = ("kind", "span", "suggestion", "written")

    def __init__(self, kind: str, written: str, span: Span, suggestion: str = "") -> None:
        self.kind = kind
        self.written = written
        self.span = span
        self.suggestion = suggestion


class Text:
    """One piece of words: a subject, a body or a question.

    ``message`` is the sentence it belongs to (``message`` or ``confirm``), ``host`` the variant it stands in, ``sentence``
    the line that brings it; where a text block brings it, that is the host. ``code`` is its language, ``path`` its file;
    ``is_missing`` is true where there is no such file.
    """

    __slots__ = (
        "code",
        "flaws",
        "host",
        "is_missing",
        "message",
        "part",
        "path",
        "rows",
        "sentence",
        "tokens",
    )

    def __init__(
        self, message: Sentence, host: Sentence, sentence: Sentence, part: str, code: str, path: str
    ) -> None:
        self.message = message
        self.host = host
        self.sentence = sentence
        self.part = part
        self.code = code
        self.path = path
        self.is_missing = False
        self.rows: list[Row] = []
        self.tokens: list[Token] = []
        self.flaws: list[Flaw] = []

    @property
    def content(self) -> str:
        """The words, line by line."""
        return "\n".join(letters for _number, _column, letters in self.rows)

    @property
    def is_file(self) -> bool:
        """Whether the words stand in a file of their own."""
        return self.sentence.shape == "text_from"


def texts_of(names: Names, project: Project, folder: str) -> list[Text]:
    """Return the texts that a file brings; ``folder`` is the project's, as findings write it."""
    found: list[Text] = []
    file = names.file
    for message in names.of("message"):
        found += texts_of_message(message, file, project, folder)
    for step in names.of("confirm"):
        if step.node is not None and not step.misplaced:
            text = Text(step, step, step, "question", file.language.code, file.path)
            text.rows = [row_of(step, step.node.word("question"), file)]
            found.append(text)
    for text in found:
        languages = [file.language]
        if text.code != file.language.code and text.code in project.grammar.languages():
            languages.append(project.grammar.language(text.code))
        read_tokens(text, languages)
        if text.flaws and text.is_file:
            # The journey may have been translated since the text was written.
            others = map(project.grammar.language, project.grammar.languages())
            text.tokens, text.flaws = [], []
            read_tokens(text, [languages[0], *others, languages[-1]])
    return found


def texts_of_message(
    message: Sentence, file: File, project: Project, folder: str
) -> Iterator[Text]:
    """Yield the texts of one message, variant by variant."""
    for host in (message, *message.of("in_lang")):
        code = host.node.text("code") if host.node and host is not message else file.language.code
        for inner in host.of("subject", "says", "text_from"):
            node = inner.node
            assert node is not None, "only understood lines are asked for"
            if inner.shape == "text_from":
                content = project.text(node.text("file"))
                text = Text(message, host, inner, "body", code, folder + node.text("file"))
                text.is_missing = content is None
                text.rows = rows_of(content or "")
            else:
                part = "subject" if inner.shape == "subject" else "body"
                text = Text(message, host, inner, part, code, file.path)
                text.rows = [row_of(inner, node.word("text"), file)]
            yield text
        if host.text is not None:
            text = Text(message, host, host, "body", code, file.path)
            text.rows = list(rows_of_block(host, file))
            yield text


def row_of(sentence: Sentence, word: Word, file: File) -> Row:
    """Return the letters between the quotes of ``word``."""
    span = span_of(sentence, word)
    letters = file.source.lines[span.line - 1][span.column : span.end_column - 2]
    return span.line, span.column + 1, letters


def rows_of(content: str) -> list[Row]:
    """Return the lines of a text file."""
    lines = content.removeprefix("\ufeff").splitlines()
    return [(number, 1, line) for number, line in enumerate(lines, 1)]


def rows_of_block(host: Sentence, file: File) -> Iterator[Row]:
    """Yield the lines of a text block, as they stand in the file."""
    block = host.text
    assert block is not None, "the caller has seen the block"
    first, lines = block.first, file.source.lines
    # The block's text begins with its first line that is not blank.
    while first <= len(lines) and not lines[first - 1].strip():
        first += 1
    for number in range(first, min(first + block.text.count("\n"), len(lines)) + 1):
        letters = lines[number - 1]
        yield number, len(letters) - len(letters.lstrip()) + 1, letters.strip()


def read_tokens(text: Text, languages: list[Language]) -> None:
    """Find the tokens and flaws of ``text``; the first of ``languages`` is the file's, the last the text's own."""
    ors = {form for language in languages for form in language.forms["OR"]}
    for number, column, letters in text.rows:
        if "{" not in letters and "}" not in letters:
            continue
        for start, end, inner, kind in braces(letters):
            span = Span(number, column + start, number, column + end)
            found = read_token(inner, ors, span, languages) if not kind else None
            if isinstance(found, Token):
                text.tokens.append(found)
            else:
                text.flaws.append(found or Flaw(kind, letters[start:end], span, inner))


def braces(letters: str) -> Iterator[tuple[int, int, str, str]]:
    """Yield each pair of braces in one line: start, end, what is inside, and what is wrong with the pair itself."""
    at = 0
    while (match := BRACE.search(letters, at)) is not None:
        start = match.start()
        behind = BRACE.search(letters, start + 1)
        if match[0] == "}":
            yield start, start + 1, "", "close"
            at = start + 1
        elif behind is None:
            yield start, len(letters), "", "open"
            return
        elif behind[0] == "}":
            at = behind.end()
            yield start, at, letters[start + 1 : at - 1], ""
        else:
            at = closing(letters, start)
            doubled = letters.startswith("{{", start) and letters.startswith("}}", at - 2)
            inside = letters[start + 2 : at - 2].strip()
            yield start, at, f"{{{inside}}}" if doubled else "", "double" if doubled else "nested"


def closing(letters: str, start: int) -> int:
    """Return the place behind the brace that closes the one at ``start``, or behind the line's last closing brace."""
    depth = 0
    for place in range(start, len(letters)):
        depth += {"{": 1, "}": -1}.get(letters[place], 0)
        if depth == 0:
            return place + 1
    last = letters.rfind("}") + 1
    return last if last > start else len(letters)


def read_token(inner: str, ors: set[str], span: Span, languages: list[Language]) -> Token | Flaw:
    """Return the token that stands between braces, or what is wrong with it."""
    inner = composed(inner)
    written = f"{{{inner}}}"
    match = WORD.match(lettered(inner))
    if not inner.strip() or (match and match[1].lower() in ors):
        return Flaw("empty", written, span)
    if match is None:
        return Flaw("words", written, span)
    word, rest = inner[match.start(1) : match.end(1)], inner[match.end() :].strip()
    first, _, fallback = rest.partition(" ")
    if not rest:
        return Token(field_of(word, languages), word, None, span)
    if first.lower() in ors:
        fallback = fallback.strip()
        if not fallback:
            return Flaw("nothing", written, span, f"{{{word} {first} …}}")
        return Token(field_of(word, languages), word, fallback, span)
    return Flaw("words", written, span, meant(inner, ors, languages[-1]))


def field_of(word: str, languages: list[Language]) -> str:
    """Return the name that a data word has in the tree."""
    word = word.lower()
    for language in languages:
        if language.data_word(word) != word:
            return language.data_word(word)
    return word


def meant(inner: str, ors: set[str], language: Language) -> str:
    """Return the token that broken words in braces may have been meant as, or nothing."""
    join = language.forms["OR"][0]
    words = inner.split()
    at = next((place for place, word in enumerate(words) if word.lower() in ors), len(words))
    name, fallback = "-".join(words[:at]), " ".join(words[at + 1 :])
    sign = OTHER_SIGNS.search(inner)
    if sign and at == len(words):
        name, fallback = inner[: sign.start()].strip(), inner[sign.end() :].strip(" \"'“”‘’")
        name = "-".join(name.split())
    if WORD.fullmatch(lettered(name)) is None:
        return ""
    return f"{{{name} {join} {fallback}}}" if fallback else f"{{{name}}}"
