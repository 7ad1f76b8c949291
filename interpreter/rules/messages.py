"""Rules about messages: what is missing in them, and what nobody sends. Rule: a message is judged by how it is sent."""

from __future__ import annotations

from verbline.interpreter.problems import Term

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.interpreter.nodes import Node, Sentence
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.rules import Rule
    from verbline.interpreter.texts import Text
    from verbline.interpreter.view import View

TEXTS = ("says", "text_from")
# Letters of the alphabet of short messages, and those that take the room of two.
PLAIN = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
DOUBLE = frozenset("\f^{}\\[~]|€")
SHORT = PLAIN | DOUBLE
PART_PLAIN, PART_OTHER = 153, 67  # letters in each part of a message of several parts
PARTS_MAX = 2


def message_never_sent(view: View) -> Iterator[Problem]:
    """Yield messages that no step sends."""
    overview = view.project.overview
    if overview.unclear:
        return
    for message in view.of("message"):
        assert message.node is not None, "only understood lines are asked for"
        name = message.node.word("name")
        if name.text not in overview.sendings and name.text not in overview.offered:
            yield view.problem("M404", message, name, message=name.text)


def language_missing(view: View) -> Iterator[Problem]:
    """Yield messages that lack a language which other messages of the project have."""
    languages = view.project.overview.message_languages
    if len(languages) < 2:
        return
    for message in view.of("message"):
        assert message.node is not None, "only understood lines are asked for"
        missing = sorted(languages - spoken(view, message))
        if missing and all(inner.node is not None for inner in message.block):
            name = message.node.word("name")
            yield view.problem(
                "M405", message, name, message=name.text, languages=", ".join(missing)
            )


def spoken(view: View, message: Sentence) -> set[str]:
    """Return the languages in which a message has words."""
    found = {inner.node.text("code") for inner in message.of("in_lang") if inner.node}
    if has_words(message):
        found.add(view.language.code)
    return found


def has_words(host: Sentence) -> bool:
    """Return whether words stand directly under a message or one of its variants."""
    return host.text is not None or not host.lacks(*TEXTS)


def no_subject(view: View) -> Iterator[Problem]:
    """Yield messages that go out by email without a subject."""
    overview = view.project.overview
    for message in view.of("message"):
        assert message.node is not None, "only understood lines are asked for"
        sendings = overview.sendings.get(message.node.text("name"), ())
        by_email = next((one for one in sendings if "C_EMAIL" in one.channels), None)
        if by_email is None:
            continue
        for host in (message, *message.of("in_lang")):
            if host.node is not None and has_words(host) and host.lacks("subject"):
                word = host.node.word("name" if host is message else "code")
                yield view.problem(
                    "M407",
                    host,
                    word,
                    variant="" if host is message else "language",
                    suggestion=f'{view.language.write("SUBJECT")} "…"',
                    related=(by_email.place,),
                    language=word.text,
                )


def too_long_for_sms(view: View) -> Iterator[Problem]:
    """Yield texts that a phone gets in more than two parts."""
    overview = view.project.overview
    for text in overview.texts(view.name):
        if text.part != "body" or text.message.node is None:
            continue
        sendings = overview.sendings.get(text.message.node.text("name"), ())
        if not any("C_SMS" in sending.channels for sending in sendings):
            continue
        length, parts, strange = parts_of(expected(text))
        if parts > PARTS_MAX:
            place, word = place_of(text)
            yield view.problem(
                "M408",
                place,
                word,
                variant="letters" if strange else "",
                length=length,
                parts=parts,
                letter=strange,
            )


def place_of(text: Text) -> tuple[Sentence, Node | None]:
    """Return the sentence that brings a text, and its part to point at."""
    return text.sentence, text.sentence.node


def expected(text: Text) -> str:
    """Return the text as it may look when it goes out: a field takes the room of its stand-in, or of its name."""
    content = text.content
    for token in text.tokens:
        written = token.written if token.fallback is None else token.fallback
        start = content.find(f"{{{token.written}")
        end = content.find("}", start)
        content = content[:start] + written + content[end + 1 :]
    return content


def parts_of(content: str) -> tuple[int, int, str]:
    """Return the length of a short message, the number of its parts, and the first letter that makes the parts smaller."""
    strange = next((letter for letter in content if letter not in SHORT), "")
    room = PART_OTHER if strange else PART_PLAIN
    length = len(content) if strange else sum(1 + (letter in DOUBLE) for letter in content)
    return length, -(-length // room), strange


def text_missing(view: View) -> Iterator[Problem]:
    """Yield messages and variants without words."""
    for host in view.of("message", "in_lang"):
        if host.node is None or has_words(host) or any(not inner.node for inner in host.block):
            continue
        if host.shape == "message" and host.of("in_lang"):
            continue
        word = host.node.word("name" if host.shape == "message" else "code")
        yield view.problem("M410", host, word, name=word.text)


def text_twice(view: View) -> Iterator[Problem]:
    """Yield second texts of one message."""
    for host in view.of("message", "in_lang"):
        texts = host.of(*TEXTS)
        surplus = texts if host.text is not None else texts[1:]
        for line in surplus:
            first = Term("text-block") if host.text is not None else texts[0].raw
            yield view.problem("M411", line, line.node, first=first)


RULES: Mapping[str, Rule] = {
    "M404": message_never_sent,
    "M405": language_missing,
    "M407": no_subject,
    "M408": too_long_for_sms,
    "M410": text_missing,
    "M411": text_twice,
}
