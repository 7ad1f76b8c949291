"""Answers given before: never a stale one, never one that somebody else could have put there."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from verbline.cli import answers, findings
from verbline.cli.answers import Answers
from verbline.cli.findings import Options, answer
from verbline.cli.paths import readings
from verbline.cli.project import Reading

QUESTION = ("lint", "pretty")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder where answers are kept; the working folder is a project."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("VERBLINE_CACHE", "")
    folder = tmp_path / "club"
    (folder / "messages").mkdir(parents=True)
    (folder / "verbline.toml").write_text('[project]\nzone = "UTC"\ncountry = "SI"\n', "utf-8")
    (folder / "a.journey").write_text("# one\n", "utf-8")
    (folder / "b.journey").write_text("# two\n", "utf-8")
    (folder / "messages" / "m.md").write_text("Hello", "utf-8")
    monkeypatch.chdir(folder)
    return tmp_path / "cache" / "verbline" / "answers"


def read(paths: tuple[str, ...] = ()) -> list[Reading]:
    """Return the project, with the text files that a lint would ask for."""
    found = readings(paths)
    found[0].text("messages/m.md")
    found[0].text("messages/none.md")
    return found


def keep() -> None:
    """Keep an answer to `QUESTION`."""
    Answers(QUESTION, read()).keep(1, "text ž\n")


def known(paths: tuple[str, ...] = ()) -> tuple[int, str] | None:
    """Return the kept answer; nothing has been asked for by then."""
    return Answers(QUESTION, readings(paths)).find()


@pytest.mark.usefixtures("cache")
def test_an_unchanged_project_has_its_answer() -> None:
    """What was kept comes back, code and text, and keeping it again changes nothing."""
    assert known() is None
    keep()
    assert known() == (1, "text ž\n")
    keep()
    assert known() == (1, "text ž\n")


def same_size(path: str) -> None:
    """Change a letter of a file and put all its times back."""
    place = Path(path)
    status = place.stat()
    content = place.read_bytes()
    place.write_bytes(content[:-2] + b"X" + content[-1:])
    os.utime(place, ns=(status.st_atime_ns, status.st_mtime_ns))


CHANGES: dict[str, Callable[[], object]] = {
    "a letter, with the old time": lambda: same_size("a.journey"),
    "a letter of a text file": lambda: same_size("messages/m.md"),
    "a letter of the settings": lambda: same_size("verbline.toml"),
    "a file more": lambda: Path("c.journey").touch(),
    "a file less": lambda: Path("b.journey").unlink(),
    "a file renamed": lambda: Path("b.journey").rename("c.journey"),
    "two files swapped": lambda: (
        Path("a.journey").write_text("# two\n", "utf-8"),
        Path("b.journey").write_text("# one\n", "utf-8"),
    ),
    "a text file that was missing": lambda: Path("messages/none.md").touch(),
    "a text file less": lambda: Path("messages/m.md").unlink(),
    "no settings": lambda: Path("verbline.toml").unlink(),
}


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_the_old_answer_is_not_given(change: Callable[[], object]) -> None:
    """Each thing that an answer can depend on makes it another question, though no time or size changes."""
    keep()
    change()
    assert known() is None


@pytest.mark.usefixtures("cache")
def test_another_question_has_another_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Options, paths, the place of the project and the version of Verbline belong to the question."""
    keep()
    assert Answers(("lint", "json"), readings(())).find() is None
    assert known(("a.journey",)) is None
    Path.cwd().rename(Path.cwd().parent / "moved")
    monkeypatch.chdir(Path.cwd().parent / "moved")
    assert known() is None
    keep()
    assert known() is not None
    monkeypatch.setattr(answers, "own_state", lambda: "another")
    assert known() is None


@pytest.mark.usefixtures("cache")
def test_a_path_shown_otherwise_is_another_question(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer names paths from the working folder, so another working folder has another answer."""
    keep()
    monkeypatch.chdir("messages")
    assert Answers(QUESTION, readings((".." ,))).find() is None  # fmt: skip


def test_our_own_files_are_part_of_the_state(tmp_path: Path) -> None:
    """A changed page, table or module is noticed by its size and times; compiled files do not count."""
    (tmp_path / "page.md").write_text("one", "utf-8")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a.py").write_text("one", "utf-8")
    before = sorted(answers.states(str(tmp_path)))
    assert len(before) == 2
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_text("one", "utf-8")
    assert sorted(answers.states(str(tmp_path))) == before
    (tmp_path / "inner" / "a.py").write_text("two!", "utf-8")
    assert sorted(answers.states(str(tmp_path))) != before
    state = answers.own_state()
    assert state is not None
    assert sys.version in state
    assert all(name in state for name in ("table.json", "consent.journey", "P001.md", "answers.py"))


def test_without_a_state_nothing_is_kept(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where our own files cannot be told apart, as in an archive, every answer is worked out."""
    monkeypatch.setattr(answers, "PARTS", ("no-such-part",))
    assert answers.own_state() is None
    keep()
    assert known() is None
    assert list(cache.iterdir()) == []


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"format": 1, "key": 1, "texts": {}, "code": 0, "text": ""}',
    ],
)
def test_a_damaged_answer_is_none(cache: Path, damage: bytes) -> None:
    """A damaged file is no crash and no answer, and the next answer takes its place."""
    keep()
    (file,) = cache.iterdir()
    file.write_bytes(damage)
    assert known() is None
    keep()
    assert known() == (1, "text ž\n")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("format", 2),
        ("key", "other"),
        ("code", "0"),
        ("code", True),
        ("text", None),
        ("texts", []),
        ("texts", [1]),
        ("texts", [{"messages/m.md": None}]),
        ("texts", {}),
    ],
)
def test_an_answer_of_another_shape_is_none(cache: Path, key: str, value: object) -> None:
    """Every part of a kept answer is looked at before it is believed."""
    keep()
    (file,) = cache.iterdir()
    kept = json.loads(file.read_bytes())
    file.write_text(json.dumps({**kept, key: value}), "utf-8")
    assert known() is None


@pytest.mark.skipif(sys.platform == "win32", reason="rights are others there")
def test_only_this_user_can_have_written_an_answer(cache: Path) -> None:
    """What others may write is never believed: neither a file nor the folder, nor a link to one."""
    keep()
    (file,) = cache.iterdir()
    assert (file.stat().st_mode & 0o777, cache.stat().st_mode & 0o777) == (0o600, 0o700)
    file.chmod(0o666)
    assert known() is None
    file.chmod(0o600)
    assert known() is not None
    cache.chmod(0o777)
    assert known() is None
    assert answers.folder() is None
    cache.chmod(0o700)
    cache.rename(cache.parent / "elsewhere")
    cache.symlink_to("elsewhere")
    assert known() is None


@pytest.mark.skipif(sys.platform == "win32", reason="rights are others there")
def test_what_belongs_to_another_user_is_not_used(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under `sudo` the folder of the user is left alone."""
    keep()
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    assert known() is None
    keep()
    assert len(list(cache.iterdir())) == 1


def test_it_can_be_switched_off(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With VERBLINE_CACHE=off nothing is read and nothing is written."""
    keep()
    monkeypatch.setenv("VERBLINE_CACHE", "OFF")
    assert known() is None
    Path("a.journey").write_text("# three\n", "utf-8")
    keep()
    monkeypatch.setenv("VERBLINE_CACHE", "")
    Path("a.journey").write_text("# one\n", "utf-8")
    assert known() is not None
    assert len(list(cache.iterdir())) == 1


def test_a_relative_cache_folder_is_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that depends on the working folder is no place for answers."""
    monkeypatch.setenv("XDG_CACHE_HOME", "cache")
    assert Path(answers.user_cache()).is_absolute()


def test_the_number_of_answers_is_bounded(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest answers go first; the newest stays."""
    monkeypatch.setattr(answers, "KEPT_MAX", 5)
    monkeypatch.setattr(answers, "KEPT_AFTER", 3)
    for number in range(6):
        Answers(("lint", str(number)), readings(())).keep(0, str(number))
        for file in cache.iterdir():
            os.utime(file, (file.stat().st_mtime - 10,) * 2)
    kept = {json.loads(file.read_bytes())["text"] for file in cache.iterdir()}
    assert kept == {"3", "4", "5"}


def test_a_huge_answer_is_not_kept(cache: Path) -> None:
    """An answer that takes more room than it saves time is worked out again."""
    Answers(QUESTION, readings(())).keep(0, "x" * (answers.TEXT_MAX + 1))
    assert list(cache.iterdir()) == []


def test_an_answer_about_an_unread_file_is_not_kept(cache: Path) -> None:
    """Whether a file can be read may change without any change of the file."""
    found = readings(())
    found[0].unread["a.journey"] = PermissionError()
    Answers(QUESTION, found).keep(0, "text")
    assert not cache.exists()


def test_a_full_disk_costs_time_and_not_the_answer(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where an answer cannot be kept, nothing is left behind and nobody is told."""

    def full(_old: str, _new: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    keep()
    assert list(cache.iterdir()) == []


@pytest.mark.usefixtures("cache")
@pytest.mark.parametrize("form", findings.FORMATS)
def test_the_second_answer_is_the_first(
    form: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer given again is the same to the byte, and nothing is parsed for it."""
    Path("verbline.toml").write_text('[project]\nzone = "UTC"\n', "utf-8")
    assert answer(Options("check", form=form)) == 1
    first = capsys.readouterr()
    monkeypatch.setattr(findings, "report_on", None)
    assert answer(Options("check", form=form)) == 1
    assert capsys.readouterr() == first
    assert "country" in first.out


@pytest.mark.usefixtures("cache")
def test_an_acceptance_that_runs_out_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """`lint` knows the date, so yesterday's answer is not today's; `check` does not depend on it."""
    asked: list[str] = []

    def nothing(*given: object) -> list[object]:
        asked.append(str(given[3]))
        return []

    monkeypatch.setattr(findings, "failing", lambda _options: ("error",))
    monkeypatch.setattr(findings, "problems_in", nothing)
    for date in ("2027-03-01", "2027-03-01", "2027-03-02"):
        monkeypatch.setattr(findings, "today", lambda date=date: date)
        answer(Options("lint"))
        answer(Options("check"))
    assert asked == ["2027-03-01", "", "2027-03-02"]
