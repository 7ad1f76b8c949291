"""Answers given before: never a stale one, never one that somebody else could have put there."""

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


def test_an_answer_about_an_unread_file_is_not_kept(cache: Path) -> None:
    """Whether a file can be read may change without any change of the file."""
    found = readings(())
    found[0].unread["a.journey"] = PermissionError()
    Answers(QUESTION, found).keep(0, "text")
    assert not cache.exists()


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
