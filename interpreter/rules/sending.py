"""Rules about what goes out under which purpose. Rule: a purpose nobody has declared is told elsewhere, never here."""

from __future__ import annotations

from verbline.interpreter.problems import Edit, Term
from verbline.interpreter.rules.selling import selling_words
from verbline.interpreter.source import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.interpreter.nodes import Node, Sentence, Word
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.rules import Rule
    from verbline.interpreter.sendings import Purpose, Sending
    from verbline.interpreter.texts import Text
    from verbline.interpreter.view import View

# Classes under which nothing may be sold.
NECESSARY = ("service", "transactional", "legal")
SENDING = ("notify", "ask", "confirm", "offer", "offer_best")
LEAVING = "leave-link"
# A line that shows the way out, before the token.
WAY_OUT = {
    "en": "You can stop these messages at any time:",
    "sl": "Od teh sporočil se lahko kadar koli odjavite:",
}


def purpose_of(view: View, node: Node) -> tuple[Purpose | None, Word | None]:
    """Return the purpose that a step names, with the word that names it."""
    if not node.has("purpose"):
        return None, None
    word = node.word("purpose")
    return view.project.overview.purposes.get(word.text), word


def service_sells(view: View) -> Iterator[Problem]:
    """Yield offers made under a purpose that is no marketing."""
    for step in view.of("offer", "offer_best"):
        if step.node is None:
            continue
        purpose, word = purpose_of(view, step.node)
        if purpose is None or purpose.kind in ("", "marketing"):
            continue
        wide = view.project.overview.purposes.values()
        fitting = [one.name for one in wide if one.kind == "marketing"]
        yield view.problem(
            "C204",
            step,
            word,
            variant="" if fitting else "none",
            purpose=purpose.name,
            kind=Term(f"class-{purpose.kind}"),
            fitting=", ".join(f'"{name}"' for name in fitting),
        )


def channel_not_covered(view: View) -> Iterator[Problem]:
    """Yield channels of a step that its purpose does not cover."""
    for step in view.of(*SENDING):
        if step.node is None:
            continue
        purpose, _word = purpose_of(view, step.node)
        if purpose is None or purpose.channels is None:
            continue
        for channel in step.node.words("channels"):
            if channel.kind != "PLACEHOLDER" and channel.kind not in purpose.channels:
                covers = sorted(purpose.channels)
                yield view.problem(
                    "C208",
                    step,
                    channel,
                    related=((purpose.file.path, purpose.sentence.number),),
                    channel=channel.text,
                    purpose=purpose.name,
                    covered=", ".join(view.language.write(kind) for kind in covers),
                )


def service_words_sell(view: View) -> Iterator[Problem]:
    """Yield words that sell, and messages of offers, under a purpose that is no marketing."""
    overview = view.project.overview
    for step in view.of("notify"):
        if step.node is None:
            continue
        purpose, _word = purpose_of(view, step.node)
        message = step.node.word("message")
        if purpose is None or purpose.kind not in NECESSARY:
            continue
        if message.text in overview.offered:
            yield view.problem(
                "C205",
                step,
                message,
                variant="offer",
                message=message.text,
                purpose=purpose.name,
                kind=Term(f"class-{purpose.kind}"),
            )
    for text in overview.texts(view.name):
        purpose = next(iter(purposes_of(view, text, NECESSARY)), None)
        found = selling_words(text) if purpose else None
        if found is not None and purpose is not None:
            words, span = found
            yield in_text(
                view,
                text,
                "C205",
                span,
                words=words,
                purpose=purpose.name,
                kind=Term(f"class-{purpose.kind}"),
            )


def purposes_of(view: View, text: Text, kinds: tuple[str, ...]) -> Iterator[Purpose]:
    """Yield the purposes of these classes under which a text goes out."""
    purposes = view.project.overview.purposes
    for sending in sendings_of(view, text):
        purpose = purposes.get(sending.purpose)
        if purpose is not None and purpose.kind in kinds:
            yield purpose


def sendings_of(view: View, text: Text) -> list[Sending]:
    """Return the steps that send a text; a question sends itself."""
    assert text.message.node is not None, "only understood lines bring texts"
    if text.part == "question":
        return [view.project.overview.asking(view.file, text.message)]
    return view.project.overview.sendings.get(text.message.node.text("name"), [])


def in_text(
    view: View,
    text: Text,
    code: str,
    span: Span,
    *,
    variant: str = "",
    suggestion: str = "",
    edits: tuple[Edit, ...] = (),
    related: tuple[tuple[str, int], ...] = (),
    **values: str | int | Term,
) -> Problem:
    """Return a problem in the words of a message; one in a text file also names the line that brings the file."""
    if text.is_file:
        related = ((view.path, text.sentence.number), *related)
    problem = view.problem(
        code,
        text.sentence,
        span,
        variant=variant,
        suggestion=suggestion,
        edits=edits,
        related=related,
        **values,
    )
    problem.path = text.path
    return problem


def no_way_out(view: View) -> Iterator[Problem]:
    """Yield marketing messages without a way to stop them."""
    for text in view.project.overview.texts(view.name):
        if text.part != "body" or text.is_missing:
            continue
        if any(token.field == LEAVING for token in text.tokens) or text.flaws:
            continue
        purpose = next(iter(purposes_of(view, text, ("marketing",))), None)
        if purpose is not None:
            yield way_out_problem(view, text, purpose)


def way_out_problem(view: View, text: Text, purpose: Purpose) -> Problem:
    """Return the finding for a text without a way out, with the line that shows one."""
    code = text.code if text.code in WAY_OUT else "en"
    line = f"{WAY_OUT[code]} {{{leave_word(view)}}}"
    host: Sentence = text.sentence
    assert host.node is not None, "only understood lines bring texts"
    edits: tuple[Edit, ...] = ()
    if host.text is not None and text.rows and text.sentence is text.host:
        number, column, letters = text.rows[-1]
        end = column + len(letters)
        indent = " " * (min(row[1] for row in text.rows if row[2]) - 1)
        edits = (Edit(Span(number, end, number, end), f"\n\n{indent}{line}"),)
    return view.problem(
        "C213",
        host,
        host.node if text.sentence is not text.host else host.node.word(NAMED[host.shape]),
        variant="file" if text.is_file else "",
        suggestion=line,
        edits=edits,
        purpose=purpose.name,
        path=text.path,
    )


NAMED = {"message": "name", "in_lang": "code"}


def leave_word(view: View) -> str:
    """Return the data word of the way out in the language of the file."""
    words = (word for word, name in view.language.data.items() if name == LEAVING)
    return next(words, LEAVING)


RULES: Mapping[str, Rule] = {
    "C204": service_sells,
    "C205": service_words_sell,
    "C208": channel_not_covered,
    "C213": no_way_out,
}
