"""What an operator's word would change, found out by saying it. Rule: nothing of it stays: the ledger is put back, the graph is let go.

So whoever tries asks nothing more of the same `Known` afterwards.
"""

from __future__ import annotations

from typing import NamedTuple

from verbline.runtime.decode import Decoder
from verbline.runtime.events import Event
from verbline.runtime.own import line_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any, TypeAlias

    from verbline.runtime.consent.standing import Standing
    from verbline.runtime.identity.graph import Identity
    from verbline.runtime.identity.stated import Change
    from verbline.runtime.known import Known

    # What stands for each person by number.
    Answers: TypeAlias = Mapping[int, Sequence[Standing]]
    Standings: TypeAlias = Callable[[int], Sequence[Standing]]

# An answer about nobody's address tells nothing.
SILENT = "no_contact_point"


class Tried(NamedTuple):
    """What would come of an operator's word: the changes, and the answers about writing before and after it."""

    changes: tuple[Change, ...]
    before: Answers
    after: Answers


def tried(known: Known, event: Mapping[str, Any], people: Iterable[int], ask: Standings) -> Tried:
    """Return what ``event``, as JSON has it, would change; ``ask`` says what stands for somebody, ``people`` whom it is about."""
    (said,) = Decoder().events(line_of(event).rstrip(), "trial", 0)
    assert isinstance(said, Event), "our own event is one"
    said.known = said.happened
    before = {one: ask(one) for one in people}
    connection = known.ledger.connection
    connection.execute("begin")
    try:
        told = len(known.changes)
        known.take([said])
        changes = tuple(change for _at, change in known.changes[told:])
        now = {known.identity.now(one) for change in changes for one in (change.one, change.other) if one}  # fmt: skip
        after = {one: ask(one) for one in sorted(now)}
    finally:
        connection.execute("rollback")
        known.ledger.forget()
    return Tried(changes, before, after)


def differences(before: Answers, after: Answers) -> Iterator[dict[str, Any]]:
    """Yield each purpose, channel and address whose answer changes for somebody, with the answers by person."""
    then, now = by_subject(before), by_subject(after)
    for subject in sorted({*then, *now}):
        one, other = then.get(subject, {}), now.get(subject, {})
        if set(one.values()) != set(other.values()):
            purpose, channel, contact, topic = subject
            yield {
                "purpose": purpose,
                "channel": channel,
                "contact": contact or None,
                "topic": topic or None,
                "before": {person: list(answer) for person, answer in one.items()},
                "after": {person: list(answer) for person, answer in other.items()},
            }


def by_subject(answers: Answers) -> dict[tuple[str, str, str, str], dict[str, tuple[str, str]]]:
    """Return verdict and reason by what is asked about, and by person."""
    found: dict[tuple[str, str, str, str], dict[str, tuple[str, str]]] = {}
    for number, standings in answers.items():
        for one in standings:
            if one.reason != SILENT:
                found.setdefault(one.subject, {})[f"P{number}"] = one.verdict, one.reason
    return found


def named(identity: Identity, numbers: Iterable[int]) -> dict[str, list[str]]:
    """Return for each number something that its person brought and alone holds, so that they are found under other rules too.

    Keys come first.
    """
    found = {}
    keys, telling = identity.links.keys, identity.links.telling | identity.links.weak
    for number in numbers:
        person = identity.now(number)
        alone = [
            (row.number, *identity.store.ident(row.ident))
            for row in identity.store.rows_held(person)
            if row.origin == number and identity.store.holders(row.ident) == (person,)
        ]
        told = [(kind not in keys, at, kind, value) for at, kind, value in alone if kind in telling]
        if told:
            *_, kind, value = min(told)
            found[f"P{number}"] = [kind, value]
    return found
