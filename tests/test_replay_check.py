"""`verbline replay --check`: recorded decisions come out again, or the first that does not is shown."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.planned import PAIRS
from verbline import cli
from verbline.runtime.plan import recorded

LONGER = next(one for one in PAIRS if one.path.stem == "longer-wait")
MORE = {"id": "z1", "source": "site", "type": "visited", "time": "2026-05-02T09:00:00Z", "data": {"member-number": "M-1"}}  # fmt: skip


class Place(NamedTuple):
    """A project, its log, and a store in which the log happened."""

    project: Path
    log: Path
    store: Path

    @property
    def is_live(self) -> bool:
        """Whether the store is that of a live run."""
        return "verbline.receipt" in "".join(one.read_text("utf-8") for one in self.log.iterdir())

    def run(self, *words: str) -> int:
        """Let the log happen in the store."""
        return cli.run(["run", str(self.project), "--log", str(self.log), "--store", str(self.store), *words])  # fmt: skip

    def check(
        self, capsys: pytest.CaptureFixture[str], project: Path | None = None
    ) -> tuple[int, str]:
        """Return the exit code of a check and what it says."""
        capsys.readouterr()
        project = project or self.project
        code = cli.run(["replay", "--check", str(project), "--log", str(self.log), "--store", str(self.store)])  # fmt: skip
        shown = capsys.readouterr()
        assert shown.err == ""
        return code, shown.out

    def marks(self) -> list[bytes]:
        """Return what nothing may have changed."""
        files = [self.store, *sorted(self.log.iterdir())]
        return [sha256(path.read_bytes()).digest() for path in files]


@pytest.fixture(scope="module", params=["--rehearse", "--once"])
def ready(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Return a store of either kind; it is copied by whoever changes it."""
    old, _new, log = LONGER.write(tmp_path_factory.mktemp("replay"))
    place = Place(old, log, old.parent / "s.db")
    assert place.run(request.param) == 0
    return place


@pytest.fixture
def place(ready: Place, tmp_path: Path) -> Place:
    """Return a copy of a store, with its log and project."""
    shutil.copytree(ready.project.parent, tmp_path / "copy")
    folder = tmp_path / "copy"
    return Place(folder / "old", folder / "log", folder / "s.db")


def test_decisions_come_out_again(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Byte for byte, and nothing is changed by looking."""
    before = place.marks()
    code, told = place.check(capsys)
    assert code == 0
    assert told.endswith("records come out again, byte for byte.\n")
    assert int(told.split(" ", maxsplit=1)[0]) > 30
    assert place.marks() == before


def test_the_first_difference_is_shown_behind_what_is_another(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """The wait of the new version ends later: the wait itself comes out again, until its deadline stands there."""
    path = place.project / "course.journey"
    path.write_text(path.read_text("utf-8").replace("up to 7 days", "up to 8 days"), "utf-8")
    code, told = place.check(capsys)
    assert code == 1
    head, *_, old, new = told.splitlines()
    if place.is_live:
        assert head.startswith("Another version ran then: Course ")
    else:
        assert head == "0 records come out again. Number 1 does not:"
    recorded_row, now = (json.loads(one.partition("{")[1] + one.partition("{")[2]) for one in (old, new))  # fmt: skip
    assert recorded_row.pop("version") != now.pop("version")
    assert recorded_row == now


@pytest.mark.parametrize("at", [0, 7, -1])
@pytest.mark.parametrize("what", ["changed", "dropped"])
def test_one_record_that_is_another_is_caught(
    at: int, what: str, place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:  # fmt: skip
    """Wherever it stands: the first, one in the middle, and the last, which nothing follows."""
    whole = recorded.Recorded.records

    def planted(self: recorded.Recorded) -> Any:
        rows = list(whole(self))
        if self.notes["tz"] == "recorded":
            if what == "changed":
                rows[at] = {**rows[at], "verdict": "planted"}
            else:
                del rows[at]
        return iter(rows)

    noted(place, "tz", "recorded")
    monkeypatch.setattr(recorded.Recorded, "records", planted)
    code, told = place.check(capsys)
    assert code == 1
    assert ("planted" in told) == (what == "changed")
    assert ("recorded  nothing more" in told) == (what == "dropped" and at == -1)


def test_who_is_erased_is_left_out(place: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """Once the log does not say any more what they did, what was decided about them cannot come out again; the others' is held to."""
    monkeypatch.setenv("VERBLINE_CONSENT_KEY", "sixteen bytes or more")
    erase = ["consent", "erase", "P1", "--project", str(place.project), "--log", str(place.log), "--overwrite"]  # fmt: skip
    assert cli.run(erase) == 0
    kind = "--once" if place.is_live else "--rehearse"
    assert place.run(kind) == 0
    code, told = place.check(capsys)
    assert code == 0
    first, last = told.splitlines()
    assert first.startswith("Left out: ")
    assert last.endswith("records come out again, byte for byte.")
    with closing(sqlite3.connect(place.store)) as connection, connection:
        connection.execute("delete from oplog where what = 'forget'")
    assert place.check(capsys)[0] == 1


def noted(place: Place, name: str, value: str) -> None:
    """Note in the store that it was written with something else."""
    with closing(sqlite3.connect(place.store)) as connection, connection:
        changed = connection.execute("update known set value = ? where name = ?", (value, name))
        assert changed.rowcount == 1


@pytest.mark.parametrize(
    ("name", "words"),
    [("tz", "time zones (tzdata)"), ("policy", "country table"), ("program", "Verbline")],
)
def test_what_decisions_rest_on_is_named_first(
    name: str, words: str, place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another table is named also where every decision comes out again."""
    noted(place, name, "1999")
    code, told = place.check(capsys)
    assert code == 0
    assert told.startswith(f"Another {words}: 1999 then, ")


def test_a_log_that_has_grown_since_is_no_difference(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was recorded comes out again, whatever was decided later."""
    kind = "--once" if (place.log / "verbline.runtime.jsonl").exists() else "--rehearse"
    with (place.log / "events.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(MORE) + "\n")
    earlier = place.store.with_name("earlier.db")
    with closing(sqlite3.connect(place.store)) as connection, closing(sqlite3.connect(earlier)) as copy:  # fmt: skip
        connection.backup(copy)
    if kind == "--once":
        assert place.run(kind) == 0
        assert place.check(capsys)[0] == 0
    assert place._replace(store=earlier).check(capsys)[0] == 0


def test_wrong_usage(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """A replay is asked for with --check, and of a store."""
    words = [str(place.project), "--log", str(place.log), "--store"]
    assert cli.run(["replay", *words, str(place.store)]) == 2
    assert "--check" in capsys.readouterr().err
    assert cli.run(["replay", "--check", *words, str(place.project / "course.journey")]) == 1
    assert "course.journey" in capsys.readouterr().err


def test_the_answer_as_json(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    """Programs read the same."""
    words = [str(place.project), "--log", str(place.log), "--store", str(place.store)]
    assert cli.run(["replay", "--check", *words, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["same"] is True
    assert found["first"] is None
    assert found["others"] == found["versions"] == []
    assert found["kind"] in ("live", "rehearsal")
