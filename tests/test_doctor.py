"""`verbline doctor`: what stands in the way of a run. Rule: each fault is planted once and found; what is well is told too."""

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from verbline import cli
from verbline.runtime import doctor
from verbline.runtime.follow.inotify import Inotify
from verbline.runtime.follow.observed import Observed
from verbline.runtime.store.journal import FIRST

JOURNEYS = Path(__file__).parent.parent / "journeys"
SMTP = '[channels.email]\nadapter = "smtp"\nhost = "mail.example"\nfrom = "club@club.example"\npassword = { env = "NO_SUCH_PASSWORD" }\n'
OWN = '[channels.email]\nadapter = "no.such.module:Provider"\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder, with two example projects in it."""
    for name in ("mobility", "beverages"):
        shutil.copytree(JOURNEYS / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VERBLINE_CACHE", "off")
    return tmp_path


def settings(project: str, *, old: str, new: str) -> None:
    """Change the settings of a project."""
    path = Path(project, "verbline.toml")
    text = path.read_text("utf-8")
    assert old in text, "there is something to change"
    path.write_text(text.replace(old, new), "utf-8")


def looked(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, dict[str, str]]:
    """Return the exit code, and by what it is about, the level and the sentence of each look."""
    code = cli.run(["doctor", *arguments, "--format", "json"])
    told = json.loads(capsys.readouterr().out)["looks"]
    return code, {one["about"]: f"{one['level']}: {one['sentence']}" for one in told}


def test_all_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    """What was looked at is told, and the exit code is 0."""
    assert cli.run(["doctor", "mobility", "--log", "mobility/log", "--store", "new.db"]) == 0
    out = capsys.readouterr().out
    assert out.endswith("0 errors, 2 warnings\n")
    for about in ("Python", "SQLite", "time zones", "templates", "links", "log", "store"):
        assert f"  {about} " in out or f"    {about} " in out
    assert not Path("new.db").exists(), "nothing is made"


@pytest.mark.parametrize(
    ("project", "old", "new", "about", "told"),
    [
        ("mobility", '[channels.email]\nadapter = "file"\nfrom = "The club <club@club.example>"\n', SMTP, "secrets and adapters", "error: The environment has no variable NO_SUCH_PASSWORD"),
        ("mobility", '[channels.email]\nadapter = "file"\nfrom = "The club <club@club.example>"\n', OWN, "secrets and adapters", "error: The adapter no.such.module:Provider"),
        ("mobility", '[channels.sms]\nadapter = "file"\n', "", "channel sms", "warning: No settings: what would be sent goes into outbox/sms.jsonl."),
        ("mobility", '[desks."Member data"]\nemail = "data@club.example"\n', "", "desk Member data", "warning: No settings"),
        ("beverages", 'base = "https://drinks.example/v"', "", "links", "error: [links] names no base"),
        ("mobility", 'adapter = "file"\nfrom', 'adapter = "file"\nrate = "many"\nfrom', "mobility/verbline.toml:35", "error: "),
    ],
)  # fmt: skip
def test_a_fault_of_the_settings_is_found(
    project: str, old: str, new: str, about: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Errors end in 1, warnings do not."""
    settings(project, old=old, new=new)
    code, found = looked(capsys, project)
    assert found[about].startswith(told), found
    assert code == told.startswith("error")


def test_a_project_with_errors_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """The machine is looked at all the same."""
    Path("mobility/journeys/broken.journey").write_text("language: en\nfly away\n", "utf-8")
    code, found = looked(capsys, "mobility")
    assert (code, found["project"]) == (1, "error: It has errors: `verbline check` tells them.")
    assert "Python" in found


def test_an_environment_that_is_not_there_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """It ends in 2 with what there is."""
    assert cli.run(["doctor", "mobility", "--environment", "tset"]) == 2
    assert 'no environment "tset"' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "is empty: that is no store"), (b"no database" * 100, "is damaged: file is not")],
)
def test_a_store_that_is_none_is_found(
    content: bytes, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty file, and one that something else wrote."""
    Path("bad.db").write_bytes(content)
    code, found = looked(capsys, "mobility", "--store", "bad.db")
    assert code == 1
    assert told in found["store"]
    assert Path("bad.db").read_bytes() == content


def test_a_damaged_page_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    """One page of noise in the middle of a store."""
    with sqlite3.connect("torn.db") as connection:
        connection.execute("create table record (number integer primary key, body blob)")
        connection.executemany("insert into record (body) values (?)", [(b"x" * 500,)] * 400)
    connection.close()
    assert "whole" in looked(capsys, "mobility", "--store", "torn.db")[1]["store"]
    content = bytearray(Path("torn.db").read_bytes())
    content[20 * 4096 : 21 * 4096] = b"\xff" * 4096
    Path("torn.db").write_bytes(content)
    code, found = looked(capsys, "mobility", "--store", "torn.db")
    assert code == 1
    assert "is damaged" in found["store"]


def test_what_makes_no_sense_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    """A page that is whole, with a record in it that nobody has written; and a store under two names."""
    with sqlite3.connect("strange.db") as connection:
        for statement in FIRST:
            connection.execute(statement)
        connection.execute("insert into record values (0, ?)", (b"\xc1",))
    connection.close()
    code, found = looked(capsys, "mobility", "--store", "strange.db")
    assert code == 1
    assert "is damaged: what stands in it is not what was written there" in found["store"]
    Path("other.db").hardlink_to("strange.db")
    assert "hard links" in looked(capsys, "mobility", "--store", "other.db")[1]["store"]


def test_a_log_that_is_not_there_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    """The sentence names it."""
    code, found = looked(capsys, "mobility", "--log", "no-such")
    assert code == 1
    assert "no-such" in found["log"]


def test_that_nobody_watches_is_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the system has no watch left, the clock goes on, and that is a warning."""

    def no_watch(*_given: object) -> None:
        raise OSError(24, "inotify instance limit reached")

    for kind in (Inotify, Observed):
        monkeypatch.setattr(kind, "__init__", no_watch)
    code, found = looked(capsys, "mobility", "--log", "mobility/log")
    assert (code, found["watching the log"][:8]) == (0, "warning:")


@pytest.mark.parametrize(
    ("version", "level"),
    [((3, 6, 23), "ok"), ((3, 7, 0), "note"), ((3, 51, 2), "note"), ((3, 51, 3), "ok")],
)
def test_versions_of_sqlite_with_the_fault_are_named(
    version: tuple[int, int, int], level: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the first to the last that has it."""
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    assert [one.level for one in doctor.of_machine()][2] == level


def test_a_store_is_found_under_any_name(capsys: pytest.CaptureFixture[str]) -> None:
    """Signs that mean something in an address of SQLite's are letters of a name: no other file is looked at, or made."""
    name = "a?b#c%20.db"
    Path(name).write_bytes(b"no database" * 100)
    assert "is damaged" in looked(capsys, "mobility", "--store", name)[1]["store"]
    assert not Path("a").exists()
