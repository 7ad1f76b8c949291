"""What the ledger alone knows. Rule: it is an entry of the chain like any other, and no answer about being written to reads it.

A hold says that nothing about a person may be deleted, a release that it may again. A split says that two people who were
one are two; that they became one is an event that answers read, `MERGE`.
"""

from __future__ import annotations

from verbline.interpreter.guard.consent import MERGE
from verbline.runtime.consent.chain import content_of
from verbline.runtime.consent.reading import ACT, SEQ, Reading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from verbline.runtime.consent.ledger import Ledger

HOLD, RELEASE, SPLIT = "hold", "release", "split"


def note(ledger: Ledger, act: str, person: str, actor: str, at: int, record: str) -> int:
    """Record something about ``person``, and return its place."""
    content = own_content(actor, 0, record)
    with ledger.writing():
        known = max(at, ledger.last_known())
        return ledger.add([(None, person, at, known, act, "*", "*", None, content)])


def own_content(actor: str, epoch: int, record: str) -> bytes:
    """Return the content of an entry of the ledger's own."""
    return content_of((actor, "", "consent", False, "", "", ""), (record, epoch, None, "", None))


def hold(ledger: Ledger, person: str, actor: str, at: int, why: str) -> int:
    """Record that nothing about ``person`` may be deleted, and return the place."""
    return note(ledger, HOLD, person, actor, at, why)


def release(ledger: Ledger, person: str, actor: str, at: int, why: str) -> int:
    """Record the end of a hold, and return the place."""
    return note(ledger, RELEASE, person, actor, at, why)


def is_held(ledger: Ledger, person: str) -> bool:
    """Return whether nothing about ``person`` may be deleted."""
    acts = [row[ACT] for row in Reading(ledger.connection).about((), (person,))]
    return next((act == HOLD for act in reversed(acts) if act in (HOLD, RELEASE)), False)


def one_with(
    ledger: Ledger, person: str, candidates: Iterable[str], known: int | None = None
) -> dict[str, tuple[int, bool]]:
    """Return those of ``candidates`` who were known to be ``person``, as far as the ledger went at ``known`` (None: all of it).

    Beside each stands since which place they were, and whether an id that only one person has proved it.
    """
    into: dict[str, tuple[str, int, bool]] = {}
    reading = Reading(ledger.connection)
    for one in candidates:
        for row in reading.about((), (one,)):
            seq, act = row[SEQ], row[ACT]
            if act in (MERGE, SPLIT) and (known is None or seq <= known):
                said = reading.said(row)
                into.pop(one, None)
                if act == MERGE:
                    into[one] = said.record, seq, said.consent.basis == "exclusive"
    found = {}
    for one in candidates:
        here, since, proved, steps = one, 0, True, 0
        while here in into and steps <= len(into):
            here, seq, sure = into[here]
            since, proved, steps = max(since, seq), proved and sure, steps + 1
        if here == person and one != person:
            found[one] = since, proved
    return found
