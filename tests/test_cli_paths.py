"""From paths to projects: which files are read, under which name, and whose findings are asked for."""

import io
import os
import sys
from pathlib import Path

import pytest

from verbline.cli import WrongUsageError
from verbline.cli.folders import below, project_folder
from verbline.cli.paths import readings
from verbline.cli.project import Reading

SETTINGS = '[project]\nzone = "UTC"\ncountry = "SI"\n'


def write(folder: Path, *paths: str) -> None:
    """Make files; ``verbline.toml`` gets settings, every other file a comment with its own path."""
    for path in paths:
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(SETTINGS if place.name == "verbline.toml" else f"# {path}\n", "utf-8")


def told(found: list[Reading]) -> list[tuple[str, list[str], list[str]]]:
    """Return of each project its folder's name, the names it knows and the names asked for."""
    return [(Path(one.folder).name, list(one.contents), one.asked) for one in found]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder: a project called "club" with three files."""
    folder = tmp_path / "club"
    write(folder, "verbline.toml", "a.journey", "b/c.journey", "b/d.journey")
    monkeypatch.chdir(folder)
    return folder


ALL = ["a", "b/c", "b/d"]


@pytest.mark.parametrize(
    ("paths", "asked"),
    [
        ([], ALL),
        (["."], ALL),
        (["verbline.toml"], ALL),
        (["b"], ["b/c", "b/d"]),
        (["b/"], ["b/c", "b/d"]),
        (["a.journey"], ["a"]),
        (["./b/../b/c.journey"], ["b/c"]),
        (["a.journey", "a.journey", "b/d.journey"], ["a", "b/d"]),
        (["b", "."], ALL),
    ],
)
def test_a_path_limits_what_is_asked_and_not_what_is_known(
    here: Path, paths: list[str], asked: list[str]
) -> None:
    """Whatever path is given inside a project, every name of the project is known."""
    assert told(readings(paths)) == [(here.name, ALL, asked)]


def test_the_project_is_found_from_a_folder_inside(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a path the project around the working folder is meant, all of it."""
    monkeypatch.chdir(here / "b")
    (reading,) = readings([])
    assert reading.asked == ALL
    assert reading.shown == {"a": "../a.journey", "b/c": "c.journey", "b/d": "d.journey"}
    assert reading.settings_shown == "../verbline.toml"


def test_paths_are_shown_from_the_working_folder(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From above, a path leads down to the file; from elsewhere it is whole."""
    monkeypatch.chdir(here.parent)
    assert readings(["club"])[0].shown["b/c"] == str(Path("club/b/c.journey"))
    (here.parent / "elsewhere").mkdir()
    monkeypatch.chdir(here.parent / "elsewhere")
    assert readings([str(here)])[0].shown["b/c"] == str(here / "b" / "c.journey")


def test_several_projects_are_kept_apart(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One call may ask about several projects, and about files that belong to none."""
    write(here.parent, "trade/verbline.toml", "trade/a.journey", "alone.journey", "README.md")
    monkeypatch.chdir(here.parent)
    apart = [("club", ALL, ALL), ("trade", ["a"], ["a"])]
    alone = (here.parent.name, ["alone"], ["alone"])
    assert told(readings(["club", "trade"])) == apart
    assert told(readings(["trade/a.journey", "club/a.journey"])) == [
        ("trade", ["a"], ["a"]),
        ("club", ALL, ["a"]),
    ]
    assert told(readings(["."])) == told(readings([])) == [alone, *apart]


def test_a_project_inside_a_project_is_no_part_of_it(here: Path) -> None:
    """The inner project has its own names; from outside it is left out, asked for it is found."""
    write(here, "inner/verbline.toml", "inner/e.journey")
    assert told(readings([])) == [("club", ALL, ALL)]
    assert told(readings(["inner"])) == [("inner", ["e"], ["e"])]
    assert told(readings(["inner/e.journey"])) == [("inner", ["e"], ["e"])]


def test_what_others_brought_along_is_left_out(here: Path) -> None:
    """Hidden files and folders, packages and virtual environments are no part of a project."""
    write(
        here,
        ".hidden/e.journey",
        ".e.journey",
        ".venv/e.journey",
        "node_modules/e.journey",
        "deep/node_modules/e.journey",
        "env/pyvenv.cfg",
        "env/e.journey",
        "site-packages/e.journey",
        "e.journey.bak",
        "ejourney",
    )
    (here / "folder.journey").mkdir()
    assert told(readings([])) == [("club", ALL, ALL)]


def test_a_file_asked_for_by_name_is_read_wherever_it_lies(here: Path) -> None:
    """A file in a folder that is left out is a project of its own when it is asked for."""
    write(here, ".hidden/e.journey")
    assert told(readings([".hidden/e.journey", "a.journey"])) == [
        ("club", ALL, ["a"]),
        (".hidden", ["e"], ["e"]),
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_links_are_followed_once(here: Path) -> None:
    """A link that leads back ends nothing; what is reached in two ways is read once, under its real name."""
    (here / "loop").symlink_to(here)
    (here / "b" / "up").symlink_to("..")
    (here / "again.journey").symlink_to("a.journey")
    (here / "nowhere.journey").symlink_to("no-such-file")
    outside = here.parent / "outside"
    write(outside, "e.journey")
    (outside / "back").symlink_to(here)
    (outside / "self").symlink_to(outside)
    (here / "linked").symlink_to(outside)
    assert told(readings([])) == [("club", [*ALL, "linked/e"], [*ALL, "linked/e"])]
    assert told(readings(["again.journey"])) == [("club", [*ALL, "linked/e"], ["a"])]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_link_that_is_gone_meanwhile_is_left_out(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link that nobody can follow any more takes nothing else along."""
    (here / "gone").symlink_to(here)
    follow = os.path.realpath

    def gone(path: str) -> str:
        if path.endswith("gone"):
            raise FileNotFoundError(path)
        return follow(path)

    monkeypatch.setattr(os.path, "realpath", gone)
    assert told(readings([])) == [("club", ALL, ALL)]


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in folders there")
def test_what_is_no_file_is_not_opened(here: Path) -> None:
    """A pipe that bears the name of a journey would never end."""
    os.mkfifo(here / "pipe.journey")
    assert told(readings([])) == [("club", ALL, ALL)]


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() == 0, reason="nothing is closed to this user"
)
def test_what_may_not_be_read_is_told(here: Path) -> None:
    """A closed file and a closed folder are findings, and the rest is read."""
    (here / "a.journey").chmod(0)
    (here / "b").chmod(0)
    (reading,) = readings([])
    (here / "b").chmod(0o700)
    assert sorted(reading.unread) == ["a.journey", "b"]


@pytest.mark.parametrize(
    ("paths", "sentence"),
    [
        (["no-such"], 'There is no file or folder "no-such".'),
        (["empty"], 'There is no journey in "empty"'),
        (["empty/notes.txt"], 'There is no journey in "empty/notes.txt"'),
        (["-", "a.journey"], '"-" (standard input) stands alone'),
    ],
)
def test_what_cannot_be_asked_is_said(here: Path, paths: list[str], sentence: str) -> None:
    """A path that leads to nothing is wrong usage, never a clean bill."""
    write(here.parent, "empty/notes.txt")
    os.chdir(here.parent)
    with pytest.raises(WrongUsageError) as caught:
        readings(paths)
    assert str(caught.value).startswith(sentence)


def test_other_files_beside_journeys_are_left_out_aloud(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """``verbline check *`` works, and says what it did not look at."""
    write(here, "README.md")
    assert told(readings(["README.md", "a.journey"])) == [("club", ALL, ["a"])]
    assert "README.md" in capsys.readouterr().err


def test_a_working_folder_that_is_gone_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A removed working folder is wrong usage, not a crash."""

    def gone() -> str:
        raise FileNotFoundError

    monkeypatch.setattr(os, "getcwd", gone)
    with pytest.raises(WrongUsageError, match="working folder is gone"):
        readings([])


def stdin(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    """Put ``content`` into standard input."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("name", "known", "asked"),
    [("a.journey", ALL, "a"), ("b/new.journey", [*ALL, "b/new"], "b/new")],
)
def test_standard_input_takes_the_place_of_a_file(
    monkeypatch: pytest.MonkeyPatch, name: str, known: list[str], asked: str
) -> None:
    """An editor's text is looked at as the file it will be, saved or not."""
    stdin(monkeypatch, b"# typed\n")
    (reading,) = readings(["-"], name)
    assert (sorted(reading.contents), reading.asked) == (known, [asked])
    assert reading.contents[asked] == b"# typed\n"
    assert reading.shown[asked] == str(Path(name))


def test_standard_input_alone_is_a_project_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a file name nothing else is known."""
    monkeypatch.chdir(tmp_path)
    stdin(monkeypatch, b"# typed\n")
    assert told(readings(["-"])) == [(tmp_path.name, ["<stdin>"], ["<stdin>"])]
    stdin(monkeypatch, b"# typed\n")
    assert told(readings(["-"], "x.journey")) == [(tmp_path.name, ["x"], ["x"])]


def test_the_order_is_that_of_the_names(tmp_path: Path) -> None:
    """The same folder gives the same order on every machine."""
    names = ["b/a", "a", "Z", "č", "b", "a-b", "a/z", "a/b/c"]
    write(tmp_path, *(f"{name}.journey" for name in names))
    assert list(below(str(tmp_path)).files) == sorted(names)


def test_decomposed_names_are_composed(tmp_path: Path) -> None:
    """A name is what `use` says, however the disk spells its letters."""
    write(tmp_path, "c\u030c.journey")
    assert list(below(str(tmp_path)).files) == ["č"]


def test_there_is_no_project_around_the_root() -> None:
    """The search upwards ends."""
    assert project_folder(Path.cwd().anchor) is None
