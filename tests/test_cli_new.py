"""`verbline new`: a project that passes every check, in a folder that was empty."""

import json
import os
from datetime import datetime
from pathlib import Path

import pytest

from verbline import cli
from verbline.cli.new import LANGUAGES
from verbline.interpreter.settings import settings_of


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder, which is empty."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_project_has_no_findings(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Under the strictest preset, in its one true form, its scenarios kept: whatever is found later is the author's own."""
    assert cli.run(["new", "club", "--language", language]) == 0
    assert capsys.readouterr().out.startswith("Made club with 9 files:\n")
    assert cli.run(["check", "club"]) == 0
    assert cli.run(["lint", "--preset", "strict", "club"]) == 0
    assert capsys.readouterr().out == "4 files, no findings\n" * 2
    assert cli.run(["fmt", "--check", "club"]) == 0
    capsys.readouterr()
    assert cli.run(["test", "-q", "club"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_project_holds_what_a_project_needs(language: str) -> None:
    """Settings in the language asked for, a journey with scenarios, a text, and a README that names each file."""
    cli.run(["new", "club", "--language", language])
    settings = settings_of("verbline.toml", Path("club/verbline.toml").read_bytes())
    assert (settings.name, settings.language, settings.problems) == ("club", language, ())
    assert settings.people
    readme = Path("club/README.md").read_text("utf-8")
    files = [path for path in Path("club").rglob("*") if path.is_file()]
    for path in files:
        name = path.relative_to("club").as_posix()
        assert f"`{name}`" in readme or name in ("README.md", ".gitignore")
        assert "{{" not in path.read_text("utf-8")
    (journey,) = Path("club/journeys").iterdir()
    text = journey.read_text("utf-8")
    assert text.startswith(f"language: {language}\n")
    assert text.count('\nscenario "') + text.count('\npreizkus "') >= 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_events_are_the_moments_of_the_journey(language: str) -> None:
    """Each line of the log is a CloudEvents record of a moment that is declared, in the order of time."""
    cli.run(["new", "club", "--language", language])
    moments = Path("club/vocabulary/moments.journey").read_text("utf-8")
    lines = Path("club/log.jsonl").read_text("utf-8").splitlines()
    events = [json.loads(line) for line in lines]
    assert len({event["id"] for event in events}) == len(events) >= 3
    for event in events:
        assert event["specversion"] == "1.0"
        assert f'"{event["type"]}"' in moments
        assert f'"{event["source"]}"' in Path("club/verbline.toml").read_text("utf-8")
        assert isinstance(event["data"], dict)
    times = [datetime.fromisoformat(event["time"]) for event in events]
    assert times == sorted(times)
    assert all(time.tzinfo for time in times)


@pytest.mark.parametrize("name", ["my club", 'a "club"', "klub č", "back\\slash"])
def test_any_name_of_a_folder_is_a_name_of_a_project(name: str) -> None:
    """Quotes, blanks and other letters in the folder's name arrive in the settings."""
    if os.name == "nt" and set(name) & set('"\\'):
        pytest.skip("no name of a folder there")
    assert cli.run(["new", name]) == 0
    assert settings_of("x", Path(name, "verbline.toml").read_bytes()).name == name


def test_an_empty_folder_will_do() -> None:
    """The working folder, too, and one that only version control has touched."""
    Path(".git").mkdir()
    assert cli.run(["new", "."]) == 0
    assert Path("verbline.toml").is_file()


@pytest.mark.parametrize("there", ["notes.txt", ".hidden", "inner/"])
def test_a_folder_that_holds_something_is_refused(
    there: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is written beside other people's files."""
    Path("club").mkdir()
    place = Path("club", there)
    place.mkdir() if there.endswith("/") else place.touch()
    assert cli.run(["new", "club"]) == 2
    assert list(Path("club").iterdir()) == [place]
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "is not empty" in shown.err


def test_a_file_in_the_way_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """A file is no folder, and no crash."""
    Path("club").touch()
    assert cli.run(["new", "club"]) == 2
    assert 'Error: "club" cannot be made' in capsys.readouterr().err
