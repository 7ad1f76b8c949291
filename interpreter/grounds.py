"""What may be sent in a journey and on what ground, in prose. Rule: it says what the consent guard does, whatever the steps say."""

from __future__ import annotations

from verbline.interpreter.outcomes import WRITES
from verbline.interpreter.prose import listed, quoted, told
from verbline.interpreter.tellings import SENTENCES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.interpreter.names import Declaration, Scope
    from verbline.interpreter.nodes import Sentence

CHECKS = (
    "Before anything goes out, this is asked, in this order: does the journey still run, does the purpose cover the channel, "
    "is there a usable contact, has the person said no, is there a yes where one is needed, is a cap reached, are these "
    "quiet hours? What may not be sent is not sent, and the journey goes on; what meets quiet hours waits for their end."
)

# What the class of a purpose means for the person.
CLASSES: Mapping[str, str] = {
    "is_transactional": "It goes out whatever the person has said about marketing, and neither caps nor quiet hours hold it.",
    "is_legal": "It goes out whatever the person has said, and neither caps nor quiet hours hold it.",
    "is_service": "It goes out until the person objects.",
    "is_marketing": "It goes out only where the law of the person's country allows it, and never after a no.",
    "is_tracking": "Nothing is followed before the person has said yes.",
    "is_recognition": "Nothing is joined before the person has said yes.",
}
CONSENT = "Nobody gets it without a yes of their own, given for that very channel; a no, at any time, ends it."
CONSENT_OR_SALE = (
    "Nobody gets it without a yes of their own, given for that very channel, or the sale that stands for one where the "
    "person's country allows that; a no, at any time, ends it."
)
ASKS_A_YES = ("is_service", "is_marketing")

SENT = {
    "notify": "{message} to {who} by {channels|or}",
    "ask": "the questions of {message} to {who} by {channels|or}",
    "confirm": "the question {question} by {channels|or}",
    "offer": "the offer {offer} by {channels|or}",
    "offer_best": "one of the offers {offers|or} by {channels|or}",
}


def grounds(
    journey: Sentence, scope: Scope, numbers: Mapping[int, str]
) -> Iterator[tuple[Declaration | None, str]]:
    """Yield each purpose under which ``journey`` writes, in words, with what is sent under it.

    ``numbers`` gives the step of each line.
    """
    sent: dict[str, list[str]] = {}
    for step in journey.walk():
        if step.shape in WRITES and step.node is not None:
            what = told(SENT[step.shape], step.node)
            what = what[0].lower() + what[1:]
            sent.setdefault(step.node.text("purpose"), []).append(
                f"{what} (step {numbers[step.number]})"
            )
    if sent:
        yield None, CHECKS
    for purpose, messages in sent.items():
        declared = scope.find("purpose", purpose)
        under = f"Sent under it: {listed(messages, 'and')}."
        yield declared, " ".join([*ground(purpose, declared), under])


def ground(purpose: str, declared: Declaration | None) -> Iterator[str]:
    """Yield what a purpose says about itself, and what follows for whoever is written to."""
    yield f"{quoted(purpose)}."
    if declared is None:
        yield "This purpose is declared nowhere in reach, so nothing can be sent under it."
        return
    for line in declared.sentence.block:
        if line.node is not None and line.shape in SENTENCES:
            yield told(
                SENTENCES.get(f"{line.shape} under purpose", SENTENCES[line.shape]), line.node
            )
    shapes = {line.shape for line in declared.sentence.block}
    rests = declared.sentence.first("rests_on")
    on_consent = rests is not None and rests.word("basis").kind == "B_CONSENT"
    for shape, meaning in CLASSES.items():
        if shape in shapes:
            asks = CONSENT_OR_SALE if "also_rests_on" in shapes else CONSENT
            yield asks if on_consent and shape in ASKS_A_YES else meaning
