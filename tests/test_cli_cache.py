"""Where answers are kept: in few small private files, none of which is believed unseen."""

import json
import os
import sys
from pathlib import Path

import pytest

from verbline.cli import answers
from verbline.cli.answers import Answers
from verbline.cli.paths import readings

QUESTION = ("lint", "pretty")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder where answers are kept; the working folder holds one file, which asks for one text."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("VERBLINE_CACHE", "")
    (tmp_path / "club" / "messages").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "club")
    Path("a.journey").write_text("# one\n", "utf-8")
    Path("messages/m.md").write_text("Hello", "utf-8")
    return tmp_path / "cache" / "verbline" / "answers"


def keep() -> None:
    """Keep an answer to `QUESTION`."""
    found = readings(())
    found[0].text("messages/m.md")
    Answers(QUESTION, found).keep(1, "text ž\n")


def known() -> tuple[int, str] | None:
    """Return the kept answer."""
    return Answers(QUESTION, readings(())).find()


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


def test_a_full_disk_costs_time_and_not_the_answer(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where an answer cannot be kept, nothing is left behind and nobody is told."""

    def full(_old: str, _new: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    keep()
    assert list(cache.iterdir()) == []
