"""Messages. Rule: every channel is asked again each time a message could leave, and nothing is kept of an earlier answer."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any, TypeAlias

from tests.oracle import values
from tests.oracle.book import channels_of, node_of, words_of
from tests.oracle.consent import said
from tests.oracle.guarding import Decision, Letter, decide, later, patience_of
from tests.oracle.values import length_of
from tests.oracle.visit import Answer, Pause, Walked
from verbline.interpreter.nodes import Sentence

if TYPE_CHECKING:
    from tests.oracle.walk import Walk

Sent: TypeAlias = Generator[Pause, Answer, bool]


def send(walk: Walk, letter: Letter) -> Sent:
    """Try to send a message by the channels of its sentence in order; return whether it was sent."""
    reached = walk.reached
    patience = patience_of(walk, letter)
    told = {"message": letter.message, "purpose": letter.purpose}
    for channel in channels_of(node_of(letter.step)):
        held = False
        while True:
            if letter.step.number in walk.visit.spent:
                walk.record("message", "ignored", "already_sent", **told)
                return True
            if not walk.world.still_for(walk.visit):
                walk.record("message", "refused", "segment_left", **told)
                return False
            decision = decide(walk, letter, channel, patience)
            more = told | {"channel": channel, "contact": decision.contact}
            if decision.verdict == "deny":
                walk.record("message", "refused", decision.reason, **more)
                break
            if decision.verdict != "defer":
                return leave(walk, letter, decision, more)
            if not held:
                until = decision.until
                walk.record("message", "held", decision.reason, **more, until=until)
            held = True
            patience = later(walk, patience, channel, decision)
            yield Pause("held", decision.until, told=more)
            walk.previous = reached
    return False


def leave(walk: Walk, letter: Letter, decision: Decision, more: dict[str, Any]) -> bool:
    """Send the message, or drop it because it is stale; return whether it was sent."""
    if decision.verdict == "stale":
        walk.record("message", "stale", "stale", **more)
        return False
    walk.record("message", "sent", decision.reason, **more)
    walk.visit.done.add(letter.step.number)
    walk.visit.steps += 1  # what was held has moved on
    data = {"journey": walk.visit.journey, "purpose": letter.purpose, "kind": letter.kind}
    walk.world.note(walk.visit.person, "accepted", **data, offer=letter.offer)
    return True


def letter_of(walk: Walk, step: Sentence, message: str, offer: str = "") -> Letter:
    """Return the message that a sentence sends; one that carries an offer is marketing."""
    node = node_of(step)
    purpose = node.text("purpose")
    below = step.first("topics")
    topic = node.text("topic") or (words_of(below, "topics")[0] if below else "")
    kind = "marketing" if offer else walk.book.purpose_class(purpose)
    return Letter(step, message, purpose, topic, kind, offer)


def notify(walk: Walk, step: Sentence) -> Walked:
    """Send words to the person."""
    sent = yield from send(walk, letter_of(walk, step, node_of(step).text("message")))
    return (yield from walk.under(step, "if_sent" if sent else "if_nothing_sent"))


def notify_desk(walk: Walk, step: Sentence) -> Walked:
    """Tell a desk, or the one that is responsible for the person."""
    node, route = node_of(step), walk.view.latest("route")
    desk = node.text("desk") or (route["desk"] if route else "")
    if not desk:
        return (yield from walk.under(step, "if_no_desk"))
    walk.record("message", "sent", "internal", desk=desk, message=node.text("message"))
    return None


def stop_writing(walk: Walk, step: Sentence) -> Walked:
    """Suppress a purpose for the person, at every address."""
    node = node_of(step)
    more = said(act="deny", purpose=node.text("purpose"), topic=node.text("topic"), source="engine")
    walk.world.note(walk.visit.person, "consent", **more)
    walk.world.changed(walk.visit.person)
    yield from ()
    return None


def confirm(walk: Walk, step: Sentence) -> Walked:
    """Ask a question; the time for the answer runs from the sending."""
    node, reached = node_of(step), walk.reached
    sent = yield from send(walk, letter_of(walk, step, node.text("question")))
    text = None
    if sent:
        due = walk.questions.on(walk.view, length_of(node.node("within")))
        text = (yield Pause("question", due)).text
        walk.previous = reached
    answers = {"yes": "if_yes", "no": "if_no", None: "if_no_answer"}
    return (yield from walk.under(step, answers[text]))


def ask(walk: Walk, step: Sentence) -> Walked:
    """Ask for fields that are not known yet; the answer is the submission of a form that asks them."""
    node, reached = node_of(step), walk.reached
    fields = words_of(node, "fields")
    known = (
        walk.questions.of_person,
        walk.questions.lookup,
    )  # the person has it, or this visit brought it
    if all(any(one(walk.view, name) is not None for one in known) for name in fields):
        return (yield from walk.under(step, "if_answered"))
    sent = yield from send(walk, letter_of(walk, step, node.text("message")))
    if not sent:
        return (yield from walk.under(step, "if_no_answer"))
    forms = walk.book.forms(fields)
    due = walk.questions.on(walk.view, length_of(node.node("limit")))
    answer = yield Pause("form", due, lambda line: line["moment"] in forms, walk.world.count)
    walk.previous = reached
    if answer.line is None:
        return (yield from walk.under(step, "if_no_answer"))
    walk.visit.moments.append(answer.line)
    return (yield from walk.under(step, "if_answered"))


def offer(walk: Walk, step: Sentence) -> Walked:
    """Propose the offer of the highest rank among those that suit and have rested."""
    node = node_of(step)
    names = words_of(node, "offers") or [node.text("offer")]
    fitting = [name for name in names if suits(walk, name)]
    if not fitting:
        return (yield from walk.under(step, "if_nothing_fits"))
    best = max(fitting, key=lambda name: rank(walk, name))
    sent = yield from send(walk, letter_of(walk, step, best, best))
    if sent:
        return (yield from walk.under(step, "if_sent"))
    if step.of("if_nothing_sent"):
        return (yield from walk.under(step, "if_nothing_sent"))
    return (yield from walk.under(step, "if_nothing_fits"))


def suits(walk: Walk, name: str) -> bool:
    """Return whether an offer suits the person and was not sent too recently."""
    sentence = walk.book.of("offer", name)
    if not all(walk.questions.holds(walk.view, one) for one in sentence.of("suits")):
        return False
    rest = sentence.first("not_again")
    last = walk.view.latest("accepted", offer=name)
    if rest is None or last is None:
        return True
    zone = walk.questions.zone(walk.visit.person)
    length = length_of(rest.node("length"))
    return values.shifted(last.at, length, zone, walk.book.work) <= walk.world.now


def rank(walk: Walk, name: str) -> tuple[bool, Any]:
    """Return what offers are ordered by: an unknown rank comes last."""
    ranked = walk.book.of("offer", name).first("ranked_by")
    found = walk.questions.value(walk.view, ranked.parts["rank"]) if ranked else None
    return found is not None, found if found is not None else 0


STEPS: dict[str, Callable[[Walk, Sentence], Walked]] = {
    "notify": notify,
    "notify_desk": notify_desk,
    "notify_routed": notify_desk,
    "stop_writing": stop_writing,
    "confirm": confirm,
    "ask": ask,
    "offer": offer,
    "offer_best": offer,
}
