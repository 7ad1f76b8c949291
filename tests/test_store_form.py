"""A store whose tables have another form than this program writes is refused by every command, with the way out."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

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
