"""`verbline report`: a log and a project in, numbers out that somebody has worked out by hand."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from tests.cases import CASES
from tests.test_simulate import case_of, log_of
from verbline import cli

CASE_FILES = sorted((CASES / "report").glob("*.case"))


def cases() -> list[tuple[Path, str, str]]:
    """Return each run of each case: its file, the command, and the lines that have to be there."""
    found = []
    for path in CASE_FILES:
        files = case_of(path).files
        found += [(path, name, text) for name, text in files.items() if name.startswith("report")]
    return found


def written(path: Path, folder: Path) -> None:
    """Write the files of a case into ``folder``."""
    for name, text in case_of(path).files.items():
        if not name.startswith("report"):
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(log_of(text) if name.endswith(".jsonl") else text, "utf-8")


def plain(text: str) -> list[str]:
    """Return the lines of a text with single blanks."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def missing(wanted: list[str], there: list[str]) -> str:
    """Return the first of the wanted lines that does not stand in its order; nothing where all do."""
    left = iter(there)
    return next((line for line in wanted if line not in left), "")


@pytest.mark.parametrize(
    ("path", "command", "text"), cases(), ids=[f"{path.stem} {name}" for path, name, _ in cases()]
)
def test_a_report_says_what_was_worked_out_by_hand(
    path: Path,
    command: str,
    text: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each line of the case stands in the report, in its order."""
    written(path, tmp_path)
    monkeypatch.chdir(tmp_path)
    assert cli.run([*shlex.split(command), "--log", "log"]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    assert missing(plain(text), plain(shown.out)) == "", shown.out
