"""How each kind of step is written in a stretch. Rule: a step that is not known here, or not in this form, is left to itself.

What stands here is what `Step.enter` of each kind does, without what cannot happen where it stands.
"""

from __future__ import annotations

from verbline.interpreter.guard.plain import terms_of
from verbline.interpreter.guard.question import Question
from verbline.interpreter.program.reckoning import milliseconds
from verbline.interpreter.step.asking import said_by
from verbline.interpreter.step.choices import WORDS, If
from verbline.interpreter.step.deeds import Finish, GoOn
from verbline.interpreter.step.sending import Notify
from verbline.interpreter.step.waits import Wait, WaitFor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from verbline.interpreter.guard.plain import Terms
    from verbline.interpreter.step.spelling import Spelling
    from verbline.interpreter.step.steps import Next, Step

EVER = "person"


def go_on(spelling: Spelling, step: Next) -> None:
    """Write what comes next, up to where the person stays or the visit ends."""
    if step is None:
        over(spelling, None, "finished")
        return
    spell = SPELLED.get(type(step))
    if spell is None or step in spelling.seen or len(spelling.seen) >= spelling.most:
        way = "walk" if spell is None else "go"
        spelling.add(f"{way}(turn, visit, {spelling.step(step)})")
        spelling.leave()
        return
    spelling.seen.add(step)
    spelling.last = step
    spell(spelling, step)


def left_to_itself(spelling: Spelling, step: Step) -> None:
    """Write, one level in, that a step does what it does for whatever is unusual."""
    spelling.add(f"    walk(turn, visit, {spelling.step(step)})")
    spelling.leave(inside=1)


def passed(spelling: Spelling) -> None:
    """Write that a wait further on does not look back over this step."""
    spelling.add("if visit.anchor:", "    visit.anchor = 0")


def arrived(spelling: Spelling) -> None:
    """Write that the person has reached a step at which they may have to stay."""
    spelling.add("visit.at = now", "visit.order = person.order")


def over(spelling: Spelling, step: Step | None, outcome: str) -> None:
    """Write the end of the visit."""
    once = spelling.journey.once
    key = (spelling.journey.name, "")
    run = spelling.name("run", key)
    if once and once != EVER:
        run = f"({spelling.name('name', spelling.journey.name)}, visit.correlation)"
    spelling.add(
        "visits = person.visits",
        "person.visits = [] if len(visits) == 1 else [one for one in visits if one is not visit]",
        "if person.timers:",
        "    person.drop_timers(visit.serial)",
        f"person.runs[{run}].ended = now",
    )
    where = step if step is not None else spelling.last
    more = f'{{"outcome": {spelling.name("outcome", outcome)}}}'
    spelling.record(where, "outcome", "taken", "", outcome, more)
    spelling.leave()


def finish(spelling: Spelling, step: Finish) -> None:
    """Write ``finish``."""
    over(spelling, step, step.outcome)


def nothing(spelling: Spelling, step: Step) -> None:
    """Write ``go on``."""
    go_on(spelling, step.next)


def until(spelling: Spelling, step: Step, length: tuple[Any, str]) -> None:
    """Write that the person stays at ``step`` for ``length``."""
    number, unit = length
    if unit in ("hour", "minute"):
        spelling.add(f"due = now + {spelling.name('length', milliseconds(number, unit))}")
    else:
        later = f"turn.program.later(turn, now, {spelling.name('length', length)})"
        if unit == "day" and number.__class__ is int:
            days = spelling.name("days", int(number))
            spelling.add(
                f"due = (person.zone or turn.zone).after_days(now, {days})",
                "if due is None:",
                f"    due = {later}",
            )
        else:
            spelling.add(f"due = {later}")
    spelling.add(
        "person.serial = serial = person.serial + 1",
        "timers = person.timers",
        "timer = due, serial, 'step', visit.serial",
        "if timers:",
        "    insort(timers, timer)",
        "else:",
        "    timers.append(timer)",
        f"visit.step = {spelling.step(step)}",
    )
    spelling.record(step, "wait", "held", "", "", '{"until": due}')
    spelling.leave()


def wait(spelling: Spelling, step: Wait) -> None:
    """Write ``wait`` for a length."""
    arrived(spelling)
    until(spelling, step, step.length)


def wait_for(spelling: Spelling, step: WaitFor) -> None:
    """Write ``wait for`` moments; where it may look back, it does so itself."""
    if spelling.journey.awaits:
        spelling.add("if visit.past:")
        left_to_itself(spelling, step)
    arrived(spelling)
    until(spelling, step, step.limit)


def resumed(spelling: Spelling, step: Step) -> None:
    """Write that the visit goes on from ``step``, at which it stood."""
    spelling.last = step
    spelling.add("if visit.hold:", "    visit.hold = NONE")
    passed(spelling)


def time_passed(spelling: Spelling, step: Wait) -> None:
    """Write the end of a length that was waited for."""
    spelling.record(step, "wait", "taken", "time_passed", "", "{}")
    resumed(spelling, step)
    go_on(spelling, step.next)


def ran_out(spelling: Spelling, step: WaitFor) -> None:
    """Write that time is up."""
    spelling.record(step, "wait", "taken", "ran_out", "", "{}")
    resumed(spelling, step)
    go_on(spelling, step.never)


def happened(spelling: Spelling, step: WaitFor, moment: str) -> None:
    """Write that a moment happened that was waited for."""
    name = spelling.name("moment", moment)
    if not step.fits.always:
        spelling.add(
            f"if not {spelling.name('fits', step.fits)}.test(turn, visit, {name}, fields):"
        )
        spelling.leave(inside=1)
    way = step.ways[moment]
    if type(way) is not Finish:
        spelling.add("visit.fields = {**visit.fields, **fields}")
    spelling.add("visit.cause = turn.cause")
    spelling.record(step, "wait", "taken", "happened", "", f'{{"moment": {name}}}')
    resumed(spelling, step)
    spelling.add(
        "serial = visit.serial",
        "for timer in person.timers:",
        "    if timer[3] == serial and timer[2] == 'step':",
        "        person.timers.remove(timer)",
        "        break",
    )
    go_on(spelling, way)


def choose(spelling: Spelling, step: If) -> None:
    """Write ``if``."""
    spelling.asks = True
    spelling.add(
        "turn.visit, turn.fields = visit, visit.fields",
        f"answer = {spelling.name('condition', step.condition)}.test(turn)",
    )
    ways = ((True, "if answer:", step.next), (False, "elif answer is False:", step.no), (None, "else:", step.unknown))  # fmt: skip
    for answer, head, way in ways:
        word = WORDS[answer]
        spelling.add(head)
        spelling.inner()
        spelling.last = step
        spelling.record(step, "branch", "taken", "", word, f'{{"answer": "{word}"}}')
        go_on(spelling, way)
        spelling.outer()


def notify(spelling: Spelling, step: Notify) -> None:
    """Write ``notify``: the plain case is decided here by the guard's own terms, every other by the step."""
    terms = plain_terms(spelling, step)
    at = spelling.step(step)
    spelling.add("if visit.unusual.spent:")
    left_to_itself(spelling, step)
    arrived(spelling)
    spelling.add("if visit.hold:", "    visit.hold = NONE")
    if terms is None:
        spelling.add(f"became = attempted(turn, visit, {at})")
        held(spelling, step)
    else:
        spelling.add(
            f"said = stated({spelling.name('terms', terms)}, person, now)", "if said is None:"
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
    passed(spelling)
    if step.sent is step.nothing:
        go_on(spelling, step.sent)
        return
    for head, way in (("if became == 'sent':", step.sent), ("else:", step.nothing)):
        spelling.add(head)
        spelling.inner()
        spelling.last = step
        go_on(spelling, way)
        spelling.outer()


def held(spelling: Spelling, step: Notify) -> None:
    """Write that a message that is held keeps the person where they are."""
    spelling.add("if became == 'held':", f"    visit.step = {spelling.step(step)}")
    spelling.leave(inside=1)


def plain_terms(spelling: Spelling, step: Notify) -> Terms | None:
    """Return what decides about a message in the plain case; None where the step has to look itself."""
    program, journey = spelling.program, spelling.journey
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


# What is written of the timers that steps set.
DUE: Mapping[type[Step], Callable[[Spelling, Any], None]] = {Wait: time_passed, WaitFor: ran_out}
SPELLED: Mapping[type[Step], Callable[[Spelling, Any], None]] = {
    Finish: finish,
    GoOn: nothing,
    If: choose,
    Notify: notify,
    Wait: wait,
    WaitFor: wait_for,
}
