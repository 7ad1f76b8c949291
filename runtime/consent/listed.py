"""Rows of a list as events of the runtime's own log. Rule: the same list twice is the same events, and no name tells whose they are.

An event is named by its batch, a hash of the whole list, and the line. It happened when it is written down; the day that the
row tells stands in it, so that nobody takes for known then what came with a list years later.
"""

from __future__ import annotations

from hashlib import sha256

from verbline.interpreter.step.records import instant_text
from verbline.runtime.consent.recording import Heard, event_key
from verbline.runtime.own import SOURCE, own_event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from verbline.runtime.consent.ledger import Ledger
    from verbline.runtime.consent.lists import Taken

OWN = "verbline.consent."
PRINT = 12


def list_name(batch: str, content: bytes) -> str:
    """Return how the events of a list are named, but for the line."""
    return f"{batch}/{sha256(content).hexdigest()[:PRINT]}"


def events(
    rows: Iterable[Taken], name: str, fields: Mapping[str, str], key: str, now: int
) -> Iterator[dict[str, Any]]:
    """Yield rows as events of the runtime's own.

    ``fields`` says which field of an event holds an address of a kind, ``key`` which one holds the id of a list's person.
    """
    for row in rows:
        one = row.said.consent
        told = {
            "purpose": one.purpose, "channel": one.channel, "topic": one.topic, "contact": one.contact, "actor": one.actor,
            "source": one.source, "at": instant_text(one.at), "words": row.words, "record": row.said.record, "lacks": row.lacks,
        }  # fmt: skip
        data = {part: value for part, value in told.items() if value}
        if one.contact is not None:
            kind, _colon, value = one.contact.partition(":")
            if kind in fields:
                data[fields[kind]] = value
        if one.person is not None and key:
            data[key] = one.person
        yield own_event(f"{OWN}{one.act}", now, data, f"{name}/{row.line}")


def is_taken(ledger: Ledger, event: Mapping[str, Any]) -> bool:
    """Return whether an event of the runtime's own was recorded before."""
    key = event_key(Heard(SOURCE, event["id"], ()))
    row = ledger.connection.execute("select 1 from taken where event = ?", (key,)).fetchone()
    return row is not None
