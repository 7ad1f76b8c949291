"""Builders of the steps that write to the person."""

from __future__ import annotations

from verbline.interpreter.guard.purpose import channel_of
from verbline.interpreter.program.building import node_of
from verbline.interpreter.program.lengths import time_in
from verbline.interpreter.program.meanings import duration_of
from verbline.interpreter.program.words import question_of
from verbline.interpreter.step.questions import Ask, Confirm
from verbline.interpreter.step.sending import MakeOffer, Notify

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.program.blocks import Blocks, Build
    from verbline.interpreter.step.sending import Sending
    from verbline.interpreter.step.steps import Next, Step


def take_common(blocks: Blocks, step: Sending, line: Sentence) -> None:
    """Take what all sentences say that write to the person, and the lines about this one message."""
    node = node_of(line)
    step.channels = tuple(channel_of(word) for word in node.words("channels"))
    step.purpose = blocks.program.purposes[node.text("purpose")]
    topics = line.first("topics")
    words = topics.words("topics") if topics else []
    step.topic = node.text("topic") or (words[0].text if words else "")
    step.at_once = bool(line.of("goes_at_once"))
    window = line.first("goes_between")
    step.window = None
    if window is not None:
        start, end = time_in(window, "start"), time_in(window, "end")
        step.window = (start, end, window.has("next"))
    late = line.first("late_at_most")
    step.late = duration_of(late.node("length")) if late else None
    step.similar = False
    step.said = None
    blocks.keep(step)


def notify(blocks: Blocks, group: list[Sentence], following: Next) -> Step:
    """Return a message."""
    line = group[0]
    step = Notify(*blocks.plain(line), following)
    take_common(blocks, step, line)
    step.message = blocks.program.messages[node_of(line).text("message")]
    step.sent = blocks.answer(line, following, "if_sent")
    step.nothing = blocks.answer(line, following, "if_nothing_sent")
    return step


def offer(blocks: Blocks, group: list[Sentence], following: Next) -> Step:
    """Return an offer, or the best of several."""
    line = group[0]
    node = node_of(line)
    step = MakeOffer(*blocks.plain(line), following)
    take_common(blocks, step, line)
    words = node.words("offers") if node.has("offers") else [node.word("offer")]
    step.offers = tuple(blocks.program.offers[word.text] for word in words)
    step.similar = True
    step.sent = blocks.answer(line, following, "if_sent")
    step.unfit = blocks.answer(line, following, "if_nothing_fits")
    # Where every channel refused and nothing is said about that, the best that fits could not be offered either.
    refused = line.of("if_nothing_sent")
    step.nothing = blocks.under(refused[0], following) if refused else step.unfit
    return step


def confirm(blocks: Blocks, group: list[Sentence], following: Next) -> Step:
    """Return a question."""
    line = group[0]
    node = node_of(line)
    step = Confirm(*blocks.plain(line), following)
    take_common(blocks, step, line)
    step.question = node.text("question")
    step.wording = question_of(step.question, blocks.scope.file.language)
    step.limit = duration_of(node.node("within"))
    step.yes = blocks.answer(line, following, "if_yes")
    step.no = blocks.answer(line, following, "if_no")
    step.silence = blocks.answer(line, following, "if_no_answer")
    return step


def ask(blocks: Blocks, group: list[Sentence], following: Next) -> Step:
    """Return a link to the form that asks for fields."""
    line = group[0]
    node = node_of(line)
    step = Ask(*blocks.plain(line), following)
    take_common(blocks, step, line)
    step.fields = tuple(word.text for word in node.words("fields"))
    step.message = blocks.program.messages[node.text("message")]
    step.limit = duration_of(node.node("limit"))
    step.awaits = frozenset(blocks.compiler.submissions(step.fields))
    step.answer = blocks.answer(line, following, "if_answered")
    step.silence = blocks.answer(line, following, "if_no_answer")
    return step


WRITERS: Mapping[str, Build] = {
    "notify": notify,
    "offer": offer,
    "offer_best": offer,
    "confirm": confirm,
    "ask": ask,
}
