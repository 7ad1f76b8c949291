"""Rules about fields that are sensitive or secret. Rule: a mark on a field's name holds wherever the name stands."""

from __future__ import annotations

from verbline.interpreter.problems import Term
from verbline.interpreter.rules.sending import in_text, sendings_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.interpreter.nodes import Sentence, Word
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.rules import Rule
    from verbline.interpreter.view import View

# Lines that declare a field, and the data of a scenario, which is invented.
DECLARING = ("carries", "has_field", "scenario")


def sensitive_in_message(view: View) -> Iterator[Problem]:
    """Yield sensitive fields in words that go to a person."""
    overview = view.project.overview
    if not overview.guards:
        return
    for text in overview.texts(view.name):
        sendings = sendings_of(view, text)
        if sendings and all(sending.how == "desk" for sending in sendings):
            continue
        for token in text.tokens:
            if overview.guards.get(token.field) == "sensitive":
                yield in_text(view, text, "C211", token.span, field=token.written)


def sensitive_on_desk(view: View) -> Iterator[Problem]:
    """Yield sensitive fields that a desk is shown."""
    overview = view.project.overview
    if not overview.guards:
        return
    for line in view.of("show"):
        if line.node is None:
            continue
        for field in line.node.words("fields"):
            if overview.guards.get(field.text) == "sensitive":
                yield view.problem("C212", line, field, field=written(line, field))
    for text in overview.texts(view.name):
        sendings = sendings_of(view, text)
        if not sendings or any(sending.how != "desk" for sending in sendings):
            continue
        for token in text.tokens:
            if overview.guards.get(token.field) == "sensitive":
                yield in_text(view, text, "C212", token.span, field=token.written)


def secret_outside(view: View) -> Iterator[Problem]:
    """Yield secret fields that stand anywhere but in a transactional message."""
    overview = view.project.overview
    if "secret" not in overview.guards.values():
        return
    for text in overview.texts(view.name):
        kinds = {
            purpose.kind
            for sending in sendings_of(view, text)
            if (purpose := overview.purposes.get(sending.purpose)) is not None
        }
        told = any(sending.how == "desk" for sending in sendings_of(view, text))
        for token in text.tokens:
            if overview.guards.get(token.field) == "secret" and (told or kinds - TRANSACTIONAL):
                yield in_text(view, text, "C216", token.span, field=token.written)
    for sentence in view.file.walk():
        for word in secret_words(view, sentence):
            yield view.problem(
                "C216",
                sentence,
                word,
                variant="sentence",
                field=written(sentence, word),
                place=Term(PLACES.get(sentence.shape, "place-sentence")),
            )


TRANSACTIONAL = {"transactional", ""}
PLACES = {"show": "place-desk", "learn": "place-memory", "signal": "place-signal"}


def secret_words(view: View, sentence: Sentence) -> Iterator[Word]:
    """Yield the secret fields that a line reads or shows."""
    top = sentence
    while top.parent is not None:
        top = top.parent
    if sentence.shape in DECLARING or top.shape == "scenario" or sentence.node is None:
        return
    for word in sentence.words:
        if word.kind == "NAME" and view.project.overview.guards.get(word.text) == "secret":
            yield word


def written(sentence: Sentence, word: Word) -> str:
    """Return a data word as the author wrote it."""
    return sentence.raw[word.start : word.end]


RULES: Mapping[str, Rule] = {
    "C211": sensitive_in_message,
    "C212": sensitive_on_desk,
    "C216": secret_outside,
}
