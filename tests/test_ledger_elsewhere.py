"""The ledger on another machine, and beside other tables."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.ledgers import KEY, said
from verbline.runtime.consent.ledger import Ledger
from verbline.runtime.consent.verify import verify


def test_with_a_key_the_same_events_give_the_same_hashes() -> None:
    """Two machines with one key come to one chain; another key, or none, gives other hashes."""
    events, keys = (
        [said(1), said(2, act="withdraw")],
        (KEY, KEY, b"another key of sixteen", None, None),
    )
    anchors = []
    for key in keys:
        with Ledger(key=key) as found:
            found.append(events)
            assert verify(found) == (2, None, "")
            anchors.append(str(found.last()))
    assert anchors[0] == anchors[1]
    assert len(set(anchors)) == 4


def test_a_ledger_stands_beside_other_tables(tmp_path: Path) -> None:
    """In a transaction of somebody else nothing is written before they say so; taken back, it leaves nothing."""
    connection = sqlite3.connect(tmp_path / "all.db", isolation_level=None)
    connection.execute("create table mine (number integer)")
    found = Ledger(connection, key=KEY)
    for end, expected in (("rollback", 0), ("commit", 1)):
        connection.execute("begin immediate")
        connection.execute("insert into mine values (1)")
        found.append([said(1)])
        connection.execute(end)
        found.forget()
        assert connection.execute("select count(*) from mine").fetchone() == (expected,)
        assert verify(found) == (expected, None, "")
        assert len(found.consents_of(("P1",))) == expected
    found.close()
