"""What is known after a log, kept in a file: read on from where it was, and never twice."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ledgers import made_earlier
from tests.limits import LONGEST
from tests.test_identity_kept import everything
from tests.tree import ROOT
from tests.trials import tries
from verbline.cli.programs import compiled
from verbline.runtime.consent.ledger import Ledger
from verbline.runtime.follow.place import LogChangedError
from verbline.runtime.identity.kept import Kept
from verbline.runtime.known import Known, known
from verbline.runtime.own import append, own_event, own_log
from verbline.runtime.standing import StoreError, connected

RETAIL = compiled(str(ROOT / "journeys" / "retail"))
START = 1_772_359_200_000  # 2026-03-01T10:00:00Z
# A store in which tables were made in another order, or by another process, holds the same in these.
TABLES = (
    "ident",
    "member",
    "edge",
    "oplog",
    "alias",
    "trait",
    "apart",
    "instant",
    "graph",
    "entry",
    "event_id",
)


def line(at: int, **data: Any) -> str:
    """Return an event about a shopper, so many minutes after the start."""
    name, consent = data.pop("id", f"e{at}"), data.pop("consent", None)
    event: dict[str, Any] = {
        "id": name,
        "type": data.pop("type", "seen"),
        "time": f"2026-03-{1 + at // 1440:02}T{at // 60 % 24:02}:{at % 60:02}:00Z",
        "data": data,
    }
    return json.dumps(event | ({"consent": consent} if consent else {})) + "\n"


def read(log: Path, store: Path | None, key: bytes | None = b"k" * 32) -> Known:
    """Return what is known after a log."""
    assert RETAIL is not None, "the example has no errors"
    found = known(RETAIL.project, RETAIL.program, log, store, key=key)
    if store is not None:
        found.ledger.close()
    return found


def dump(store: Path) -> dict[str, list[Any]]:
    """Return what a file holds, but for where the files of the log lie."""
    connection = sqlite3.connect(store)
    rows = {name: f"select * from {name} order by 1, 2" for name in TABLES}  # noqa: S608 - the names stand above
    found = {name: connection.execute(query).fetchall() for name, query in rows.items()}
    found["known"] = connection.execute("select * from known order by name").fetchall()
    found["place"] = connection.execute("select name, place, known, head from log_place").fetchall()
    connection.close()
    return found


@cache
def empty() -> bytes:
    """Return a file with tables and nothing in them; to make them takes a third of a second."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "known.db"
        connection = connected(path)
        Ledger(connection).connection.execute("delete from setting where name <> 'form'")
        Kept(connection)
        connection.execute("pragma journal_mode = delete")
        connection.close()
        return path.read_bytes()


WHO = st.fixed_dictionaries(
    {},
    optional={
        "loyalty-number": st.sampled_from(["L-1", "L-2", "L-3"]),
        "web-account": st.sampled_from(["W-1", "W-2"]),
        "email": st.sampled_from(["ana@mail.si", "eva@mail.si", "?"]),
        "last-name": st.sampled_from(["Kos", "Turk"]),
        "device": st.sampled_from(["d-1", "d-2"]),
    },
)
ACT = st.sampled_from(["grant", "withdraw"])
SAYING = (
    st.builds(lambda act: [{"purpose": "offers", "channel": "email", "act": act}], ACT) | st.none()
)
STATED = st.sampled_from([
    {"type": "verbline.merge", "people": ["P1", "P2"]},
    {"type": "verbline.split", "person": "P1", "apart": "P2"},
    {"type": "verbline.split", "person": "P1", "identifiers": [["email", "ana@mail.si"]]},
])  # fmt: skip
EVENT = st.tuples(WHO, SAYING) | st.tuples(STATED, st.none())
NOISE = st.sampled_from(["", "", "", "{", "\n", '{"id": 1}\n'])
# Events, what stands behind them, and whether the log is read then.
LOG = st.lists(st.tuples(EVENT, NOISE, st.integers(0, 3)), min_size=5, max_size=40)


@tries(20)
@given(events=LOG)
def test_reading_on_is_reading_at_once(tmp_path_factory: Any, events: list[Any]) -> None:
    """A log that grows and is read now and then comes to the same as the whole log read at once, in memory."""
    folder = tmp_path_factory.mktemp("known")
    log, store = folder / "log.jsonl", folder / "known.db"
    store.write_bytes(empty())
    with log.open("a") as file:
        for at, ((data, consent), noise, number) in enumerate(events):
            text = line(at, **data, consent=consent, id=f"e{at - (number == 3)}")
            half = len(text) // 2 if number == 2 else 0
            file.write(text[:half])
            file.flush()
            if half:
                read(log, store)
            file.write(text[half:] + (noise if noise.endswith("\n") else noise and noise + "\n"))
            file.flush()
            if number == 1:
                read(log, store)
    found, whole = read(log, None), read(log, store)
    again = known_again(log, store)
    assert everything(again.identity.store) == everything(found.identity.store)
    assert again.identity.ambiguous == found.identity.ambiguous
    assert again.identity.refused == found.identity.refused
    assert again.counts is not None
    assert found.counts is not None
    assert again.counts.parked == found.counts.parked
    assert again.counts.events == found.counts.events
    assert again.counts.duplicates == found.counts.duplicates
    assert (again.last, again.nobody) == (found.last, found.nobody)
    assert whole.ledger is not None
    rows = "select at, known, act, channel, purpose, topic from entry order by seq"
    assert again.ledger.connection.execute(rows).fetchall() == found.ledger.connection.execute(rows).fetchall()  # fmt: skip
    again.ledger.close()


def known_again(log: Path, store: Path) -> Known:
    """Return what a file knows, left open."""
    assert RETAIL is not None, "the example has no errors"
    return known(RETAIL.project, RETAIL.program, log, store, key=b"k" * 32)


def folder_of(tmp_path: Path) -> tuple[Path, Path]:
    """Return a log of two files, read into a store."""
    log, store = tmp_path / "log", tmp_path / "known.db"
    log.mkdir()
    mail = {"email": "ana@mail.si"}
    (log / "a.jsonl").write_text(line(0, **mail) + line(4, **{"loyalty-number": "L-1"}), "utf-8")
    (log / "b.jsonl").write_text(line(2, id="b", **{"web-account": "W-1"}), "utf-8")
    read(log, store)
    return log, store


def test_files_are_one_log(tmp_path: Path) -> None:
    """Files are read in the order of their times, and a file that comes later is known when it came."""
    log, store = folder_of(tmp_path)
    (log / "c.jsonl").write_text(line(1, id="c", **{"loyalty-number": "L-9"}), "utf-8")
    found = known_again(log, store)
    assert found.identity.holders("web-account", "W-1") == (2,)
    assert found.identity.holders("loyalty-number", "L-9") == (4,)
    row = found.identity.store.rows_of(found.identity.store.find("loyalty-number", "L-9"))[0]
    assert found.identity.store.when(row.since) == START + 4 * 60_000 - 10 * 3_600_000
    found.ledger.close()


def test_what_operators_say_is_read_with_the_log(tmp_path: Path) -> None:
    """What was appended beside the log is there at the next look."""
    log, store = folder_of(tmp_path)
    append(own_log(log), [own_event("verbline.merge", START, {"people": ["P1", "P2"]})])
    found = known_again(log, store)
    assert found.identity.now(2) == 1
    found.ledger.close()


CHANGED = {
    "cut": lambda log: (log / "a.jsonl").write_text("", "utf-8"),
    "replaced": lambda log: (log / "b.jsonl").write_text(line(3, id="other") * 2, "utf-8"),
    "gone": lambda log: (log / "b.jsonl").unlink(),
}


@pytest.mark.parametrize("reason", CHANGED)
def test_another_log_is_refused(tmp_path: Path, reason: str) -> None:
    """A log of which a file was cut, replaced or taken away is not read on, and nothing is changed."""
    log, store = folder_of(tmp_path)
    before = dump(store)
    CHANGED[reason](log)
    with pytest.raises(LogChangedError) as error:
        read(log, store)
    assert error.value.reason == reason
    assert dump(store) == before


def test_other_rules_need_another_file(tmp_path: Path) -> None:
    """A file that was made by other rules of who is who is refused."""
    log, store = folder_of(tmp_path)
    other = compiled(str(ROOT / "journeys" / "open-day"))
    assert other is not None, "the example has no errors"
    with pytest.raises(StoreError, match="other rules"):
        known(other.project, other.program, log, store)


@pytest.mark.parametrize(("form", "told"), [(None, "an older"), (1, "an older"), (99, "a newer")])
def test_a_file_of_another_form_is_made_again(tmp_path: Path, form: int | None, told: str) -> None:
    """A file whose tables are those of another Verbline is named, with what to do; nothing of it is read or changed."""
    log, store = folder_of(tmp_path)
    read(log, store)
    with closing(sqlite3.connect(store)) as connection, connection:
        connection.execute("drop table entry")  # read, it would be an error of SQLite
        connection.execute("update known set value = ? where name = 'form'", (form,))
    before = store.read_bytes()
    with pytest.raises(StoreError, match=f"made by {told} Verbline.*made again from the log"):
        read(log, store)
    assert store.read_bytes() == before
    store.unlink()
    read(log, store)


def test_a_file_of_the_form_before_is_gone_on_with(tmp_path: Path) -> None:
    """It holds what it held, and is of this form from then on."""
    log, store = folder_of(tmp_path)
    read(log, store)
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        made_earlier(connection)
        connection.execute("update known set value = 3 where name = 'form'")
    read(log, store)
    other = tmp_path / "other.db"
    read(log, other)
    read(log, other)
    assert dump(store) == dump(other)


def test_a_file_that_is_none_is_told(tmp_path: Path) -> None:
    """What is no SQLite file is not overwritten."""
    log, _store = folder_of(tmp_path)
    with pytest.raises(StoreError, match="cannot be used"):
        read(log, log / "a.jsonl")
    with pytest.raises(StoreError, match="cannot be used"):
        read(log, tmp_path)


PROGRAM = """
import sys
from pathlib import Path
from tests.test_known import read
read(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def test_another_machine_comes_to_the_same(tmp_path: Path) -> None:
    """Two processes whose hashes differ write the same people, the same identifiers and the same ledger."""
    log, _store = folder_of(tmp_path)
    said = [{"purpose": "offers", "channel": "email", "act": "grant"}]
    with (log / "c.jsonl").open("w") as file:
        for at in range(400):
            mail = {"email": f"p{at % 37}@mail.si", "last-name": f"N{at % 11}"}
            key = {"loyalty-number": f"L-{at % 53}"} if at % 3 else {"device": f"d-{at % 29}"}
            file.write(line(at, id=f"c{at}", **mail, **key, consent=said if at % 5 == 0 else None))
    found = []
    for seed in ("1", "2"):
        store = tmp_path / f"{seed}.db"
        subprocess.run(
            [sys.executable, "-c", PROGRAM, log, store],
            check=True, cwd=ROOT, env={"PYTHONHASHSEED": seed, "PATH": ""}, timeout=LONGEST,
        )  # fmt: skip
        found.append(dump(store))
    assert found[0] == found[1]
    assert len(found[0]["ident"]) > 100
