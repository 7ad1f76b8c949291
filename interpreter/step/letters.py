"""How a message is written in a stretch. Rule: the plain case is decided by the guard's own terms, every other by the step.

No text says that a message goes out but under an answer of `stated`, or after the step has asked the guard itself.
"""

from __future__ import annotations

from verbline.interpreter.guard.plain import terms_of
from verbline.interpreter.guard.question import Question
from verbline.interpreter.step.asking import said_by

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbline.interpreter.guard.plain import Terms
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.sending import Notify
    from verbline.interpreter.step.spelling import Spelling


def notify(spelling: Spelling, step: Notify) -> None:
    """Write ``notify``: the plain case is decided here by the guard's own terms, every other by the step."""
    terms = plain_terms(spelling.program, spelling.journey, step)
    at = spelling.step(step)
    if not spelling.is_fresh:
        spelling.add("if visit.unusual.spent:")
        spelling.left_to_itself(step)
        spelling.add("if visit.hold:", "    visit.hold = NONE")
    spelling.arrived()
    if terms is None:
        spelling.add(f"became = attempted(turn, visit, {at})")
        held(spelling, step)
    else:
        spelling.add(
            "ask = plainly_stated if person.rest is ORDINARY else stated",
            f"said = ask({spelling.name('terms', terms)}, person, now)",
            "if said is None:",
        )
        spelling.inner()
        spelling.add(f"became = attempted(turn, visit, {at})")
        held(spelling, step)
        spelling.outer()
        for head, told in (("elif said:", terms.yes), ("else:", terms.bare)):
            spelling.add(head)
            spelling.inner()
            answered(spelling, step, *told)
            spelling.outer()
    spelling.passed()
    if step.sent is step.nothing:
        spelling.go_on(step.sent)
        return
    for head, way in (("if became == 'sent':", step.sent), ("else:", step.nothing)):
        spelling.add(head)
        spelling.inner()
        spelling.last = step
        spelling.go_on(way)
        spelling.outer()


def held(spelling: Spelling, step: Notify) -> None:
    """Write that a message that is held keeps the person where they are."""
    spelling.add("if became == 'held':", f"    visit.step = {spelling.step(step)}")
    spelling.leave(inside=1)


def plain_terms(program: Program, journey: Journey, step: Notify) -> Terms | None:
    """Return what decides about a message in the plain case; None where the step has to look itself."""
    if program.country_fields or len(step.channels) != 1 or not journey.everybody:
        return None
    if step.window is not None:
        return None
    if step.said is None:
        step.said = said_by(program, journey, step)
    question = Question(step.said, step.channels[0], 0, program.country, (program.zone,))
    return terms_of(question, program.policy)


def answered(spelling: Spelling, step: Notify, is_allowed: bool, reason: str) -> None:  # noqa: FBT001 - as the guard's terms have it
    """Write what becomes of a message once the guard has decided."""
    channel = step.channels[0]
    more = {
        "message": spelling.name("message", step.message.name),
        "told": '"message"',
        "channel": spelling.name("channel", channel),
    }
    purpose = spelling.name("purpose", step.purpose.name)
    if not is_allowed:
        spelling.record(step, "message", "refused", reason, channel, spelled({**more, "purpose": purpose}))  # fmt: skip
        spelling.add("became = 'nothing'")
        return
    if step.message.needs:
        spelling.asks = True
        spelling.add(
            "turn.visit, turn.fields = visit, visit.fields",
            f"lacking = {spelling.step(step)}.missing(turn, {spelling.name('words', step.message)})",
            "if lacking:",
        )
        spelling.inner()
        lacks = {"message": more["message"], "field": "lacking"}
        spelling.record(step, "message", "failed", "missing_field", "", spelled(lacks))
        spelling.add("became = 'nothing'")
        spelling.outer()
        spelling.add("else:")
        spelling.inner()
        sent(spelling, step, more, purpose, reason)
        spelling.outer()
        return
    sent(spelling, step, more, purpose, reason)


def sent(
    spelling: Spelling, step: Notify, more: Mapping[str, str], purpose: str, reason: str
) -> None:
    """Write that a message goes out."""
    identity = spelling.name("identity", step.id)
    if spelling.program.cap_span:
        spelling.add(
            f"key = visit.key({identity})",
            f"turn.program.count(turn, {spelling.name('name', spelling.journey.name)}, {purpose}, key)",
        )
    elif spelling.counted:
        spelling.add(f"visit.next_occurrence({identity})")
    else:
        spelling.add(f"key = visit.key({identity})")
    told = {**more, "contact": "person.contacts[0].value", "purpose": purpose, "key": "key"}
    spelling.record(step, "message", "sent", reason, step.channels[0], spelled(told))
    spelling.add("became = 'sent'")


def spelled(more: Mapping[str, str]) -> str:
    """Return the text of a mapping."""
    return "{" + ", ".join(f'"{name}": {value}' for name, value in more.items()) + "}"
