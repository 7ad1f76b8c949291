"""Ledgers for tests. Rule: what is not said is a yes of one person, by email, to offers, with its evidence."""

from __future__ import annotations

import sqlite3
from typing import Any

from tests.guarded import HOME, POLICY
from verbline.interpreter.guard.consent import Consent
from verbline.interpreter.guard.heard import Asked
from verbline.interpreter.guard.purpose import Purpose
from verbline.interpreter.zones import DAY
from verbline.runtime.consent.ledger import Ledger
from verbline.runtime.consent.recent import settle
from verbline.runtime.consent.rows import Said

START = 1_767_265_200_000
KEY = b"sixteen bytes or more"
PLAIN: dict[str, Any] = {
    "act": "grant", "actor": "subject", "source": "shop", "person": "P1", "contact": "email:tina@mail.example",
    "channel": "email", "purpose": "offers", "complete": True,
}  # fmt: skip


def salts(count: int) -> bytes:
    """Return salts that are the same every time."""
    return bytes(count)


def said(day: int = 0, *, known: int | None = None, notice: str = "", record: str = "", **fields: Any) -> Said:  # fmt: skip
    """Return an event of a day, recorded on that day or another."""
    recorded = START + (day if known is None else known) * DAY
    return Said(Consent(at=START + day * DAY, known=recorded, **{**PLAIN, **fields}), notice, record)  # fmt: skip


def asked(person: str = "P1", contact: str | None = "email:tina@mail.example", confirm: bool = False) -> Asked:  # noqa: FBT001, FBT002 - a wish of the case # fmt: skip
    """Return the question whether a person may be sent offers."""
    purpose = Purpose("offers", "marketing", "consent", ("email", "sms"))
    found = Asked(person, contact, "email", purpose, HOME, POLICY.row("SI", "email"))
    found.confirm = (28, "day") if confirm else None
    return found


def ledger(*events: Said, path: str = ":memory:", key: bytes | None = KEY) -> Ledger:
    """Return a ledger that holds ``events``."""
    found = Ledger(path, key=key, salts=salts)
    found.append(events)
    return found


def cut_off(connection: sqlite3.Connection, last: int) -> None:
    """Cut off what stands behind an entry, so well that the rest knows nothing of it."""
    connection.execute("delete from entry where seq > ?", (last,))
    settle(connection)
    connection.execute("delete from head")
    connection.execute(
        "insert into head select number, max(seq) from (select contact as number, seq from entry union all"
        " select person, seq from entry) where number > 0 group by number"
    )


def made_earlier(connection: sqlite3.Connection) -> None:
    """Let the ledger behind ``connection`` be one of the form before, with all that it holds."""
    settle(connection)
    for table in ("recent_head", "recent_contact", "recent_person"):
        connection.execute(f"drop table {table}")
    connection.execute("delete from _sqlite_migrations where migration_set = 'consent' and name = '2'")  # fmt: skip
    connection.execute("update setting set value = 2 where name = 'form'")
