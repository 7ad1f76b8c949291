"""A store whose tables have another form than this program writes is refused with the way out, or becomes one of this form."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.ledgers import made_earlier
from tests.run_club import club, joins
from tests.test_run_once import once
from verbline import cli


@pytest.mark.parametrize(("form", "told"), [(1, "an older Verbline (form 1;"), (99, "a newer Verbline (form 99;")])  # fmt: skip
def test_a_store_of_another_form_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], form: int, told: str
) -> None:
    """By whoever writes it and whoever looks into it, with the way out and without a word of SQLite's."""
    project, log = club(tmp_path)
    joins(log, 1)
    once(project, log)
    with closing(sqlite3.connect(tmp_path / "s.db")) as connection, connection:
        connection.execute("update known set value = ? where name = 'form'", (form,))
        connection.execute("drop table record")
    where = ("--log", str(log), "--store", str(tmp_path / "s.db"))
    for command in (
        ("run", str(project), *where, "--once"),
        ("outbox", str(project), *where[2:]),
        ("explain", str(project), "P1", *where[2:]),
    ):
        assert cli.run(list(command)) in (1, 2)
        assert told in capsys.readouterr().err, command


def test_a_store_of_the_form_before_is_read_and_gone_on_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Explaining leaves it as it is and tells the same; a run brings it up to date, and no older Verbline takes it then."""
    project, log = club(tmp_path)
    joins(log, 1)
    once(project, log)
    store = tmp_path / "s.db"
    asked = ["explain", str(project), "P1", "--store", str(store)]
    assert cli.run(asked) == 0
    told = capsys.readouterr().out
    with closing(sqlite3.connect(store, isolation_level=None)) as connection:
        made_earlier(connection)
        connection.execute("update known set value = 3 where name = 'form'")
        connection.execute("pragma wal_checkpoint(truncate)")
    before = store.read_bytes()
    assert cli.run(asked) == 0
    assert capsys.readouterr().out == told
    assert store.read_bytes() == before
    joins(log, 2)
    once(project, log)
    with closing(sqlite3.connect(store)) as connection:
        assert connection.execute("select value from known where name = 'form'").fetchone() == (4,)
        assert connection.execute("select value from setting where name = 'form'").fetchone() == (3,)  # fmt: skip
    capsys.readouterr()
    assert cli.run(asked) == 0
    assert capsys.readouterr().out == told
