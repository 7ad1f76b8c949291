"""When a message that is allowed may leave. Rule: it waits for room and for a decent hour as long as it is fresh."""

from __future__ import annotations

from verbline.interpreter.guard.caps import NEVER

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.guard.policy import Policy, Row
    from verbline.interpreter.guard.question import Person, Question
    from verbline.interpreter.guard.quiet import Quiet


def held_if_relaxed(question: Question, policy: Policy, row: Row) -> int | None:
    """Return until when a message waits that nothing holds back, unless its journey has time; None where it may go."""
    if not question.sending.relaxed:
        return None
    end = quiet_until(question, policy, row, question.at)
    if end is None or question.latest is None:
        return end
    return min(end, question.latest) if question.latest > question.at else None


def held_until(
    question: Question,
    person: Person,
    policy: Policy,
    cls: str,
    row: Row,
    wait: tuple[int | None, str],
) -> tuple[int | None, str]:
    """Return until when the message has to wait and why: None where it may go now, `NEVER` where it would be stale.

    ``wait`` is the same of what was said about the address and by the person.
    """
    at, zone = question.at, question.clock
    until, why = wait
    for cap in question.sending.caps:
        if cap.only and cap.only != cls:
            continue
        frees = cap.frees(person.accepted, at, zone)
        if frees is not None and (until is None or frees > until):
            until, why = frees, "frequency_cap"
    if until is None:
        return quiet_until(question, policy, row, at), "quiet_hours"
    if until < NEVER:
        until = quiet_until(question, policy, row, until) or until
    return (until if is_fresh(question, policy, row, until) else NEVER), why


def is_fresh(question: Question, policy: Policy, row: Row, until: int) -> bool:
    """Return whether the message is still fresh at ``until``."""
    limit = question.fresh_until
    if until >= NEVER or limit is None or until <= limit:
        return until < NEVER
    if question.fresh_in_quiet:
        return False
    quiet = quiet_of(question, policy, row)
    return quiet is not None and until - quiet.time_between(question.at, until) <= limit


def quiet_until(question: Question, policy: Policy, row: Row, at: int) -> int | None:
    """Return when the quiet at ``at`` is over; None where it is not quiet."""
    quiet = quiet_of(question, policy, row)
    return None if quiet is None else quiet.end_of(at)


def quiet_of(question: Question, policy: Policy, row: Row) -> Quiet | None:
    """Return the quiet of the country, the journey and the person together; None where nobody wants any."""
    spans = row.quiet + question.sending.quiet + question.wishes
    return policy.quiet(spans, question.zones) if spans else None
