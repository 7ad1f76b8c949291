"""People who turned out to be one. Rule: the stricter answer of the two, until the one person is asked anew.

What was said about one address is one history, whoever of the two said it. What somebody said for themselves, without an
address, is lifted only by that one, or by the person after the merge.
"""

from __future__ import annotations

from verbline.interpreter.guard.consent import NO, SUBJECT
from verbline.interpreter.guard.fold import ABSENT, DENIED, GRANTED, State, folded
from verbline.interpreter.guard.heard import heard, is_personal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from verbline.interpreter.guard.consent import Consent
    from verbline.interpreter.guard.heard import Asked


def state_of_merged(
    asked: Asked, consents: Sequence[Consent], at: int, known: int | None = None
) -> State:
    """Return what is on record for a person who was several."""
    events = heard(asked, consents, at, known)
    if asked.contact is None:
        return _of_all(asked, events, at)
    found = folded(asked, events, at)
    if found.name == DENIED:
        return found
    for place in range(len(events) - 1, -1, -1):
        no = events[place]
        if is_personal(asked, no) and not _is_lifted(asked, no, events[place + 1 :]):
            return folded(asked, [no], at)
    return found


def _is_lifted(asked: Asked, no: Consent, later: Sequence[Consent]) -> bool:
    """Return whether the one who said ``no`` said yes afterwards, or the one person did since the merge."""
    return any(
        one.act == "grant"
        and one.actor == SUBJECT
        and one.complete
        and one.basis == "consent"
        and (one.person == no.person or one.seq > asked.one_since(one.person, no.person))
        for one in later
    )


def _of_all(asked: Asked, events: Sequence[Consent], at: int) -> State:
    """Return the strictest of what each of the people said for themselves."""
    assert asked.merged is not None
    parts = [
        folded(asked, [one for one in events if _is_said_by(asked, one, person)], at)
        for person in (asked.person, *asked.merged)
    ]
    denied = next((part for part in parts if part.name == DENIED), None)
    if denied is not None:
        return denied
    granted = [part for part in parts if part.name == GRANTED]
    is_proved = all(is_exclusive for _seq, is_exclusive in asked.merged.values())
    if granted and (len(granted) == len(parts) or is_proved):
        return granted[0]
    return next((part for part in parts if part.name not in (GRANTED, ABSENT)), State(None))


def _is_said_by(asked: Asked, one: Consent, person: str) -> bool:
    """Return whether ``person`` said it, or the one person since the merge; a no of somebody else counts for each."""
    if one.act in NO and not asked.is_of(one.person):
        return True
    return one.person == person or one.seq > asked.one_since(person, one.person)
