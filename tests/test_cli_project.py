"""What is read of a project: files, texts, the library; and what is said about what cannot be read."""

import os
import sys
from pathlib import Path

import pytest

from verbline.cli.folders import below, readable, shown_below
from verbline.cli.paths import readings
from verbline.cli.project import READ_MAX, library


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder: a project with three files."""
    folder = tmp_path / "club"
    (folder / "b").mkdir(parents=True)
    (folder / "verbline.toml").write_text('[project]\nzone = "UTC"\ncountry = "SI"\n', "utf-8")
    for name in ("a.journey", "b/c.journey", "b/d.journey"):
        (folder / name).write_text("# a comment\n", "utf-8")
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.usefixtures("here")
def test_a_file_that_cannot_be_read_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason is told at the file, and the other files are read."""

    def refuse(path: str) -> bytes:
        if path.endswith("a.journey"):
            raise PermissionError(13, "Permission denied")
        if path.endswith("d.journey"):
            raise OSError(5, "Input/output error")
        return Path(path).read_bytes()

    monkeypatch.setattr("verbline.cli.project.content_of", refuse)
    (reading,) = readings([])
    first, second = reading.problems()
    assert (reading.asked, first.code, first.path) == (["b/c"], "P005", "a.journey")
    assert first.message.startswith('You are not allowed to read "a.journey".')
    assert second.message.startswith(f'"{Path("b/d.journey")}" cannot be read: Input')


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
@pytest.mark.parametrize("what", ["folder", "dead link", "link to itself", "pipe"])
def test_settings_that_are_no_file_are_told(here: Path, what: str) -> None:
    """A project whose ``verbline.toml`` cannot be read is still one, and never one without settings."""
    path = here / "verbline.toml"
    path.unlink()
    if what == "folder":
        path.mkdir()
    elif what == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to("nowhere.toml" if what == "dead link" else path)
    os.chdir(here / "b")
    (reading,) = readings([])
    assert sorted(reading.contents) == ["a", "b/c", "b/d"]
    (problem,) = reading.problems()
    assert (problem.code, problem.path) == ("P005", str(Path("../verbline.toml")))


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in folders there")
def test_a_pipe_asked_for_by_name_is_told(here: Path) -> None:
    """Nobody waits for a writer that never comes."""
    os.mkfifo(here / "pipe.journey")
    problems = [problem for one in readings(["pipe.journey"]) for problem in one.problems()]
    assert [problem.path for problem in problems] == ["pipe.journey"]
    assert "not an ordinary file" in problems[0].message


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("messages/m.md", "tekst"),
        ("messages/../messages/m.md", "tekst"),
        ("messages/none.md", None),
        ("messages", None),
        ("../secret.md", None),
        ("messages/out.md", None),
        ("/etc/passwd", None),
        ("messages\\m.md", None),
        ("", None),
        ("\0", None),
    ],
)
def test_a_text_file_lies_inside_the_project(here: Path, path: str, content: str | None) -> None:
    """``text from`` never leads out of the project's folder, be it by dots, by a link or from the root."""
    (here / "messages").mkdir()
    (here / "messages" / "m.md").write_bytes(b"\xef\xbb\xbftekst")
    (here.parent / "secret.md").write_text("secret", "utf-8")
    (here / "messages" / "out.md").symlink_to(here.parent / "secret.md")
    (reading,) = readings([])
    assert reading.text(path) == content
    assert list(reading.texts) == [path]


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("standard/consent", True),
        ("standard/working-time", True),
        ("standard/none", False),
        ("standard/../cli/app", False),
        ("standard/", False),
        ("consent/../consent", False),
    ],
)
def test_the_library_is_read_from_the_package(name: str, *, there: bool) -> None:
    """A library file is found by its name, and nothing but a library file is."""
    source = library(name)
    assert (source is not None) == there
    assert source is None or (source.path == name and source.lines)


def test_a_long_file_is_read_only_as_far_as_it_is_looked_at(here: Path) -> None:
    """A file of any size costs no more memory than the largest that is accepted, and one byte."""
    (here / "a.journey").write_bytes(b"#" * (READ_MAX + 5))
    assert len(readings([])[0].contents["a"]) == READ_MAX


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names are text there")
def test_names_that_are_no_text_can_be_shown(tmp_path: Path) -> None:
    """A name with a byte that is no UTF-8 is read, and shown with a mark in its place."""
    path = os.fsencode(tmp_path) + b"/caf\xe9.journey"
    Path(os.fsdecode(path)).write_bytes(b"# x\n")
    ((name, place),) = below(str(tmp_path)).files.items()
    assert place.encode("utf-8", "surrogateescape") == path
    assert readable(name) == "caf\ufffd"
    assert shown_below(str(tmp_path), str(tmp_path))(place) == "caf\ufffd.journey"


def test_no_name_of_a_file_commands_the_terminal() -> None:
    """A path with an escape in it is shown with a mark in its place."""
    assert readable("a\x1b[31m\n\x9b.journey") == "a\ufffd[31m\ufffd\ufffd.journey"
