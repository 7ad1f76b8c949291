"""After a backup was put back. Rule: nobody is answered about before every no and every erasure since then is known again.

The last anchor, kept elsewhere, shows that a ledger ends too early. What was said since stands in a list that is kept elsewhere
too: the runtime's own events, and every no. Whoever replays the list says how far it went, and that is as good as the anchor.
"""

from __future__ import annotations

import json

from verbline.interpreter.guard.consent import NO
from verbline.interpreter.step.records import instant_text
from verbline.runtime.consent.chain import anchor_in
from verbline.runtime.consent.reading import Reading
from verbline.runtime.consent.recording import Heard, event_key
from verbline.runtime.own import SOURCE, own_event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import Any

    from verbline.runtime.consent.ledger import Ledger
    from verbline.runtime.consent.rows import Said

REPLAYED = "verbline.replayed"
SETTING = "replayed"


def behind(ledger: Ledger, line: str) -> str:
    """Return what speaks against the anchor ``line``, though a list was replayed; nothing where nothing does."""
    why = ledger.check(line)
    anchor = anchor_in(line)
    return "" if anchor is not None and anchor.seq <= replayed(ledger) else why


def replayed(ledger: Ledger) -> int:
    """Return up to which place of the ledger that was lost everything was replayed."""
    row = ledger.connection.execute("select value from setting where name = ?", (SETTING,)).fetchone()  # fmt: skip
    return int(row[0]) if row else 0


def take_replayed(ledger: Ledger, line: str) -> None:
    """Note that everything was replayed up to the anchor ``line``."""
    anchor = anchor_in(line)
    if anchor is not None and anchor.seq > replayed(ledger):
        with ledger.writing() as connection:
            connection.execute(
                "insert or replace into setting values (?, ?)", (SETTING, anchor.seq)
            )


def noes(
    ledger: Ledger, since: int, signs: Callable[[str], Mapping[str, str]]
) -> Iterator[dict[str, Any]]:
    """Yield every no that was recorded since an instant, as events of the runtime's own; not those that are some.

    ``signs`` gives what a person is known by, as the fields of an event.
    """
    for said in Reading(ledger.connection).since(since):
        if said.consent.act in NO and said.consent.act != "erase" and said.sender != SOURCE:
            yield no_event(ledger, said, signs)


def no_event(
    ledger: Ledger, said: Said, signs: Callable[[str], Mapping[str, str]]
) -> dict[str, Any]:
    """Return a no as an event of the runtime's own that names the event it came with."""
    one = said.consent
    (hashed,) = ledger.connection.execute("select hash from entry where seq = ?", (one.seq,)).fetchone()  # fmt: skip
    told = {
        "purpose": one.purpose, "channel": one.channel, "topic": one.topic, "contact": one.contact, "actor": one.actor,
        "at": instant_text(one.at), "sender": said.sender, "event": said.event,
    }  # fmt: skip
    data = {name: value for name, value in told.items() if value}
    if one.person is not None:
        data |= signs(one.person)
    key = f"replay/{one.seq}/{hashed.hex()[:12]}"
    return own_event(f"verbline.consent.{one.act}", one.known, data, key)


def own_lines(file: Path, since: int) -> Iterator[dict[str, Any]]:
    """Yield the runtime's own events since an instant."""
    if file.is_file():
        first = instant_text(since)
        for line in file.read_text("utf-8").splitlines():
            event = json.loads(line) if line.strip() else None
            if event is not None and event["time"] >= first:
                yield event


def end_event(ledger: Ledger, now: int) -> dict[str, Any]:
    """Return the event that says how far a list goes."""
    return own_event(REPLAYED, now, {"anchor": str(ledger.last())})


def missing(
    ledger: Ledger, listed: Iterable[Mapping[str, Any]], there: Path
) -> list[dict[str, Any]]:
    """Return those events of a list that are not in the log: neither they themselves nor what they tell again."""
    own = {event["id"] for event in own_lines(there, 0)} if there.is_file() else set()
    found = []
    for event in listed:
        data = event["data"]
        first = event_key(Heard(data.get("sender", ""), data.get("event", ""), ()))
        row = ledger.connection.execute("select 1 from taken where event = ?", (first,)).fetchone()
        if event["id"] not in own and row is None:
            found.append(dict(event))
    return found
