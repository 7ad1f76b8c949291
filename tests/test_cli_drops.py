"""`verbline test --coverage` and `--drop-lines`: what no scenario passes through, and what none would miss."""

import json
from pathlib import Path

import pytest

from tests.club import FAILS, LEAVES, WORDS, made
from verbline import cli

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def club(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder: a project whose scenarios pass."""
    monkeypatch.chdir(tmp_path)
    return made(tmp_path)


def test_what_nobody_passes_through_is_listed(club: Path, capsys: Capture) -> None:
    """`--coverage` names the sentences that no scenario passes through."""
    (club / "club.journey").write_text(WORDS)
    assert cli.run(["test", "--coverage"]) == 0
    told = capsys.readouterr().out
    assert told.startswith(
        'No scenario passes through:\n  club.journey:34  stops when "member leaves" as "left"\n\n'
    )
    assert told.endswith("they pass through 4 of 5 sentences\n")


def test_what_nobody_misses_is_listed(club: Path, capsys: Capture) -> None:
    """`--drop-lines` takes out each sentence in turn; what no scenario promises is named, and nothing else."""
    assert cli.run(["test", "-q", "--drop-lines"]) == 0
    assert capsys.readouterr().out == (
        "No scenario misses:\n"
        "  club.journey:35  keeps quiet from 20:00 to 08:00\n"
        "  club.journey:36  gives up after 60 days\n"
        "  club.journey:40  wait 2 days\n\n"
        "7 sentences taken out: 4 missed by a scenario, 3 by none;"
        " 0 more cannot be left out without an error\n"
    )
    promised = LEAVES.replace("leave", "stay").replace(
        'when "member stays" happens', "when 25 hours pass"
    )
    promised = promised.replace('finishes as "left"', "is waiting").replace("stayss", "stays")
    (club / "club.journey").write_text(WORDS + LEAVES + promised)
    assert cli.run(["test", "-q", "--drop-lines", "--format", "json"]) == 0
    dropped = json.loads(capsys.readouterr().out)["dropped"]
    caught = {one["line"]: one["missed_by"] for one in dropped if one["became"] == "fails"}
    assert caught[40] == "who leaves is left alone".replace("leave", "stay")
    assert 35 not in caught


def test_what_check_or_lint_would_tell_needs_no_scenario(club: Path, capsys: Capture) -> None:
    """A sentence without which the project has an error is counted, and not held against the scenarios."""
    steps = """\
  confirm "All well?" by sms within 12 hours for "service"
    if yes
      finish as "well"
    if no
      finish as "not well"
    if there is no answer
      go on
  if first-name is "Max"
    wait 1 day
  otherwise
    wait 2 days
"""
    assert "  wait 2 days\n" in WORDS
    (club / "club.journey").write_text(WORDS.replace("  wait 2 days\n", steps) + LEAVES)
    assert cli.run(["test", "-q", "--drop-lines", "--format", "json"]) == 1
    capsys.readouterr()
    longer = WORDS.replace("  wait 2 days\n", steps).replace("3 days pass", "4 days pass")
    (club / "club.journey").write_text(longer + LEAVES)
    assert cli.run(["test", "-q", "--drop-lines", "--format", "json"]) == 0
    dropped = json.loads(capsys.readouterr().out)["dropped"]
    became = {one["text"]: one["became"] for one in dropped}
    assert became["if no"] == "unchecked"  # lint: a question without one of its answers
    assert became['if first-name is "Max"'] == "unchecked"  # check: an otherwise without its if
    assert became["keeps quiet from 20:00 to 08:00"] == "unmissed"
    assert became['finish as "done"'] == "fails"


def test_nothing_is_taken_out_while_scenarios_fail(club: Path, capsys: Capture) -> None:
    """A failing scenario would seem to miss everything."""
    (club / "club.journey").write_text(WORDS + FAILS)
    assert cli.run(["test", "--drop-lines"]) == 1
    assert "No sentence was taken out" in capsys.readouterr().out


@pytest.mark.usefixtures("club")
def test_progress_is_for_a_terminal(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Taking sentences out is silent when piped, and counts on a terminal."""
    cli.run(["test", "-q", "--drop-lines"])
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    cli.run(["test", "-q", "--drop-lines"])
    told = capsys.readouterr().err
    assert told.startswith("\r1 of 7 sentences")
    assert told.endswith("\r\x1b[K")


def test_what_only_says_how_soon_is_not_taken_out(club: Path, capsys: Capture) -> None:
    """In virtual time nothing queues. `reacts within` is taken out where a message could get stale by it."""
    notify = '  notify the member by email with "Hello" for "service"\n'
    hasty = WORDS.replace("  gives up", "  reacts within 5 minutes\n  gives up")
    hasty = hasty.replace(notify, notify + "    goes out at once\n") + LEAVES

    def taken_out(text: str) -> list[str]:
        (club / "club.journey").write_text(text)
        assert cli.run(["test", "-q", "--drop-lines", "--format", "json"]) == 0
        return [one["text"] for one in json.loads(capsys.readouterr().out)["dropped"]]

    assert "goes out at once" not in taken_out(hasty)
    assert "reacts within 5 minutes" in taken_out(hasty)
    silent = hasty.replace(notify + "    goes out at once\n", "")
    silent = silent.replace('  then the member gets "Hello" by email at 2026-03-03 09:00\n', "")
    assert "reacts within 5 minutes" not in taken_out(silent)
