"""Topics of purposes. Rule: people agree to the topics that a purpose lists, and to no others."""

from __future__ import annotations

from verbline.interpreter.index import Place
from verbline.interpreter.nearness import nearest
from verbline.interpreter.nodes import Node
from verbline.interpreter.resolve import EXPRESSIONS, listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.interpreter.nodes import Sentence, Word
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.view import View

# Sentences that name a topic beside a purpose.
WITH_TOPIC = (
    "stops_withdrawn", "asks_agreement", "notify", "stop_writing", "ask", "confirm", "offer_best", "offer", "g_agrees",
    "g_disagrees", "w_agrees", "w_withdraws",
)  # fmt: skip
CONSENT = ("agrees", "not_agrees")


def check_topics(view: View) -> Iterator[Problem]:
    """Yield the topics that their purpose does not list."""
    for sentence in view.of(*WITH_TOPIC):
        if sentence.node is not None and sentence.node.has("topic"):
            topics = sentence.node.words("topic")
            yield from check_purpose(view, sentence, sentence.node.text("purpose"), topics)
    for sentence in view.of("topics"):
        above = sentence.parent.node if sentence.parent else None
        if above is not None and above.has("purpose") and sentence.node is not None:
            topics = sentence.node.words("topics")
            yield from check_purpose(view, sentence, above.text("purpose"), topics)
    for shape, part in EXPRESSIONS.items():
        for sentence in view.of(shape):
            found = sentence.node.parts.get(part) if sentence.node else None
            for node in found.walk() if isinstance(found, Node) else ():
                if isinstance(node, Node) and node.shape in CONSENT and node.has("topic"):
                    topics = node.words("topic")
                    yield from check_purpose(view, sentence, node.text("purpose"), topics)


def check_purpose(
    view: View, sentence: Sentence, name: str, topics: list[Word]
) -> Iterator[Problem]:
    """Yield those of ``topics`` that the purpose ``name`` does not list."""
    purpose = view.scope.find("purpose", name)
    if purpose is None:
        return
    known = [word.text for line in purpose.sentence.of("topics") for word in words_of(line)]
    if not purpose.sentence.lacks("topics") and not known:
        return
    for topic in topics:
        if topic.text not in known:
            near = nearest(topic.text, known)
            variant = "near" if near else "" if known else "none"
            about = f'{view.language.write("ABOUT")} "{topic.text}"'
            yield view.problem(
                "N108",
                sentence,
                topic,
                variant=variant,
                suggestion=about if variant == "none" else "",
                purpose=name,
                name=topic.text,
                near=near,
                known=listed(known),
                place=str(Place(purpose.file, purpose.sentence)),
            )


def words_of(line: Sentence) -> list[Word]:
    """Return the topics that a line lists."""
    return line.node.words("topics") if line.node else []
