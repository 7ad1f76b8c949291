"""`verbline parked`: what was set aside is listed, and what somebody decides is done once, also when the store is made again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.run_club import SENT, club, joins, live, own_events
from tests.test_run_once import Failing, once
from verbline import cli
from verbline.runtime.clock import now
from verbline.runtime.decode import Decoder
from verbline.runtime.events import Event, Fault, Parked
from verbline.runtime.feed import Feed
from verbline.runtime.own import append, own_event

BAD = '{"id": "x", "type": "member.joined", "data": {"email": "m9@mail.example"}}'


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Return a club and a log of which the second line made the engine fail; the third is no event."""
    project, log = club(tmp_path)
    joins(log, 1)
    joins(log, 2)
    with (log / "desk.jsonl").open("a") as file:
        file.write(BAD + "\n")
    with monkeypatch.context() as patch:
        patch.setattr(Feed, "happen", Failing(Feed.happen, lambda event, *_: event.id == "member.joined-2"))  # fmt: skip
        once(project, log)
    assert [one.address for one in SENT] == ["m1@mail.example"]
    return project, log


class Shell:
    """The command about the store beside a log."""

    def __init__(self, log: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.log, self.capsys = log, capsys
        self.error = ""

    def text(self, *more: str, code: int = 0) -> str:
        """Return what the command writes for people."""
        line = ["parked", "--store", str(self.log.parent / "s.db"), "--log", str(self.log), *more]
        assert cli.run(line) == code
        shown = self.capsys.readouterr()
        self.error = shown.err
        return shown.out

    def json(self, *more: str) -> dict[str, Any]:
        """Return what it writes as JSON."""
        found: dict[str, Any] = json.loads(self.text(*more, "--format", "json"))
        return found

    def places(self) -> dict[str, str]:
        """Return the places of the open lines by reason."""
        return {one["reason"]: f"{one['file']}:{one['offset']}" for one in self.json()["lines"]}


@pytest.fixture
def shell(place: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> Shell:
    """Return the command."""
    return Shell(place[1], capsys)


def rebuilt(place: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> str:
    """Make the store again, and return what replay says of it."""
    project, log = place
    store = log.parent / "s.db"
    assert cli.run(["rebuild", str(project), "--log", str(log), "--store", str(store)]) == 0
    capsys.readouterr()
    code = cli.run(["replay", str(project), "--check", "--log", str(log), "--store", str(store)])
    assert code == 0
    return capsys.readouterr().out


def test_what_is_set_aside_is_listed(shell: Shell) -> None:
    """By reason, with its place; the line itself is shown where somebody asks for it."""
    told = shell.json()
    assert told["counts"] == {"bad_time": 1, "engine_failed": 1}
    first = (shell.log / "desk.jsonl").read_bytes().index(b"\n") + 1
    (failed,) = (one for one in told["lines"] if one["reason"] == "engine_failed")
    assert (failed["file"], failed["offset"]) == ("desk.jsonl", first)
    assert "mail.example" not in shell.text()
    assert "mail.example" in shell.text("--show", "--reason", "engine_failed")
    assert [one["reason"] for one in shell.json("--reason", "engine_failed")["lines"]] == ["engine_failed"]  # fmt: skip


def test_a_line_is_taken_again_as_if_it_came_now(
    place: tuple[Path, Path], shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once: it is open no more, whoever says it again; a store that is made again meets the same."""
    project, log = place
    where = shell.places()["engine_failed"]
    assert "the runtime does it" in shell.text("--retry", where, "--by", "ana", "--why", "mended")
    assert where in shell.places().values(), "the runtime has not read it yet"
    (word,) = own_events(log, "verbline.decided")
    assert word["data"]["by"] == "staff:ana"
    known: list[int] = []
    before, plain = now(), Feed.happen

    def noted(self: Feed, event: Event, *more: Any) -> None:
        known.append(event.known)
        plain(self, event, *more)

    with monkeypatch.context() as patch:
        patch.setattr(Feed, "happen", noted)
        once(project, log)
    (at,) = known
    assert at > before - 60_000, "when the word was known, not the line"
    assert [one.address for one in SENT] == ["m1@mail.example", "m2@mail.example"]
    assert where not in shell.places().values()
    assert shell.json()["decided"] == 1
    shell.text("--retry", where, code=1)
    assert "No open line" in shell.error
    append(log / "verbline.runtime.jsonl", [{**word, "id": "again"}])
    found = once(project, log)
    assert len(SENT) == 2
    assert sum(one["kind"] == "entry" and one["verdict"] == "taken" for one in found) == 2
    rebuilt(place, shell.capsys)
    assert where not in shell.places().values()
    assert once(project, log) == found
    assert len(SENT) == 2


def test_what_is_dropped_is_open_no_more(place: tuple[Path, Path], shell: Shell) -> None:
    """Nothing comes of it, nor when somebody wants it again, nor when the store is made again."""
    places = shell.places()
    wanted = [word for one in places.values() for word in ("--drop", one)]
    shell.text(*wanted)
    found = once(*place)
    assert shell.json()["lines"] == []
    assert shell.json()["decided"] == 2
    assert "No line is parked that waits" in shell.text()
    append(place[1] / "verbline.runtime.jsonl", [own_event("verbline.decided", now(), {
        "about": "line", "what": "retry", "file": "desk.jsonl", "offset": int(places["engine_failed"].rpartition(":")[2]), "reason": "engine_failed",
    })])  # fmt: skip
    assert once(*place) == found
    rebuilt(place, shell.capsys)
    assert shell.json()["lines"] == []
    assert len(SENT) == 1


def test_what_is_still_no_event_is_not_taken_again(shell: Shell) -> None:
    """It is said why, and nothing is written down."""
    (where,) = (one for reason, one in shell.places().items() if reason != "engine_failed")
    shell.text("--retry", where, code=1)
    assert "still no event" in shell.error
    assert not own_events(shell.log, "verbline.decided")


def test_a_line_that_is_understood_by_now_is_taken_again(
    place: tuple[Path, Path], shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer Verbline may read what an older one did not; a store made again by it meets the order that there was."""
    project, log = place
    plain, offset = Decoder.events, (log / "desk.jsonl").stat().st_size
    joins(log, 3, kind="member.left")
    joins(log, 3)

    def older(self: Decoder, text: bytes, file: str, at: int) -> Any:
        found = plain(self, text, file, at)
        return [
            Parked(Fault("too_new", ""), file, one.offset, len(text[one.offset - at :].split(b"\n")[0]))
            if file == "desk.jsonl" and one.offset == offset
            else one
            for one in found
        ]  # fmt: skip

    with monkeypatch.context() as patch:
        patch.setattr(Decoder, "events", older)
        once(project, log)
        assert "too_new" in shell.places()
        assert len(SENT) == 2
        shell.text("--retry", shell.places()["too_new"], code=1)
    shell.text("--retry", shell.places()["too_new"])
    found = once(project, log)
    assert [one["outcome"] for one in found if one["kind"] == "outcome"] == ["left"]
    rebuilt(place, shell.capsys)
    assert once(project, log) == found
    assert "too_new" not in shell.places()


def test_a_line_that_fails_again_stays_open(
    place: tuple[Path, Path], shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The word is set aside then, and can be said again."""
    where = shell.places()["engine_failed"]
    shell.text("--retry", where, "--why", "hope")
    with monkeypatch.context() as patch:
        patch.setattr(Feed, "happen", Failing(Feed.happen, lambda event, *_: event.id == "member.joined-2"))  # fmt: skip
        once(*place)
    lines = [(one["file"], one["reason"]) for one in shell.json()["lines"]]
    assert ("desk.jsonl", "engine_failed") in lines
    assert ("verbline.runtime.jsonl", "engine_failed") in lines
    shell.text("--retry", where, "--why", "mended")
    once(*place)
    assert len(SENT) == 2


def test_a_line_is_found_under_the_new_name_of_its_file(place: tuple[Path, Path], shell: Shell) -> None:  # fmt: skip
    """The file was rotated since; another one bears its name, with a line of another length there."""
    project, log = place
    where = shell.places()["engine_failed"]
    (log / "desk.jsonl").rename(log / "desk.1.jsonl")
    joins(log, 1, kind="member.left")
    shell.text("--retry", where)
    once(project, log)
    assert [one.address for one in SENT] == ["m1@mail.example", "m2@mail.example"]
    rebuilt(place, shell.capsys)
    assert where not in shell.places().values()


def test_two_files_of_one_name_have_lines_of_their_own(place: tuple[Path, Path], shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """A line at the same place of a file that took over the name is set aside too, and each is decided about once, the older first."""
    project, log = place
    first = (log / "desk.jsonl").read_bytes()
    where = shell.places()["engine_failed"]
    (log / "desk.jsonl").rename(log / "desk.1.jsonl")
    (log / "desk.jsonl").write_bytes(first.replace(b"joined-1", b"joined-3").replace(b"joined-2", b"joined-4").replace(b"m2@", b"m4@").replace(b"m1@", b"m3@").replace(b"M-2", b"M-4").replace(b"M-1", b"M-3"))  # fmt: skip
    with monkeypatch.context() as patch:
        patch.setattr(Feed, "happen", Failing(Feed.happen, lambda event, *_: event.id == "member.joined-4"))  # fmt: skip
        once(project, log)
    assert [f"{one['file']}:{one['offset']}" for one in shell.json()["lines"]].count(where) == 2
    assert len(shell.json()["lines"]) == 4
    sent = len(SENT)
    for address in ("m2@mail.example", "m4@mail.example"):
        shell.text("--retry", where)
        once(project, log)
        assert [one.address for one in SENT[sent:]] == [address]
        sent = len(SENT)
    assert where not in shell.places().values()
    assert len(shell.json()["lines"]) == 2
    rebuilt(place, shell.capsys)
    assert where not in shell.places().values()


@pytest.mark.parametrize(
    "data",
    [
        {"about": "line"},
        {"about": "line", "file": 7, "offset": 0, "what": "drop"},
        {"about": "line", "file": "desk.jsonl", "offset": (1 << 63) - 1, "what": "drop"},
        {"about": "line", "file": "desk.jsonl", "offset": True, "what": "drop"},
        {"about": "line", "file": "desk.jsonl", "offset": "OPEN", "what": "burn"},
        {"about": "line", "file": "desk.jsonl", "offset": "OPEN", "what": None},
    ],
)
def test_a_word_that_says_nothing_does_nothing(
    place: tuple[Path, Path], shell: Shell, data: dict[str, Any]
) -> None:
    """It is counted, and neither fails nor is parked."""
    before = shell.json()
    if data.get("offset") == "OPEN":
        data = {**data, "offset": int(shell.places()["engine_failed"].rpartition(":")[2])}
    append(place[1] / "verbline.runtime.jsonl", [own_event("verbline.decided", now(), data)])
    with live(*place) as found:
        found.begin()
        assert found.engine.counts["vain"] == 1
    assert shell.json() == before


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--retry", "desk.jsonl"], "is no place"),
        (["--retry", "desk.jsonl:x"], "is no place"),
        (["--retry", "d:1", "--drop", "d:1"], "Name each FILE:OFFSET once"),
        (["--retry", "d:1", "--show"], "are for the list"),
        (["--show", "--log", "nowhere"], "there is no such log"),
    ],
)
def test_wrong_usage_is_told(shell: Shell, more: list[str], sentence: str) -> None:
    """It ends in 2."""
    shell.text(*more, code=2)
    assert sentence in shell.error


def test_the_log_is_needed_for_what_stands_there(
    shell: Shell, capsys: pytest.CaptureFixture[str]
) -> None:
    """To show a line, and to write down a word."""
    store = str(shell.log.parent / "s.db")
    for more in (["--show"], ["--drop", "desk.jsonl:0"]):
        assert cli.run(["parked", "--store", store, *more]) == 2
        assert "Name the log with --log" in capsys.readouterr().err
    assert cli.run(["parked", "--store", store]) == 0
