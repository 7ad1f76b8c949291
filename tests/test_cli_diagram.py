"""`verbline diagram`: which journeys are drawn, and in which language of drawings."""

from pathlib import Path

import pytest

from verbline import cli

TWO = """\
language: en

journey "First"
  finish as "done"

journey "Second"
  wait 2 days
  finish as "late č"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder, with a file of two journeys and one without any."""
    monkeypatch.chdir(tmp_path)
    Path("two.journey").write_text(TWO, "utf-8")
    Path("none.journey").write_text("person guest\n", "utf-8")
    return tmp_path


def drawn(capsysbinary: pytest.CaptureFixture[bytes], *arguments: str) -> str:
    """Return the drawing."""
    assert cli.run(["diagram", *arguments]) == 0
    shown = capsysbinary.readouterr()
    assert shown.err == b""
    return shown.out.decode("utf-8")


def test_all_journeys_are_drawn(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """By default a file is one Mermaid flowchart with a frame for each journey."""
    text = drawn(capsysbinary, "two.journey")
    assert text.startswith("flowchart TD\n")
    assert [text.count(word) for word in ("subgraph ", "First", "Second")] == [2, 1, 1]


@pytest.mark.parametrize("form", ["mermaid", "dot"])
def test_one_journey_can_be_drawn_alone(
    form: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    """--journey leaves the others out, in either language."""
    text = drawn(capsysbinary, "two.journey", "--journey", "Second", "--format", form)
    assert text.startswith("flowchart TD\n" if form == "mermaid" else "digraph ")
    assert "First" not in text
    assert text.count("Second") == 1
    assert "late č" in text.replace("#34;", "")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["two.journey", "--journey", "Third"], 'There are: "First", "Second".'),
        (["none.journey"], "There is no journey in this file"),
        (["two.journey", "--format", "png"], "'png' is not one of"),
        (["."], "is a folder"),
    ],
)
def test_what_cannot_be_drawn_is_said(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong usage names what there is instead."""
    assert cli.run(["diagram", *arguments]) == 2
    shown = capsys.readouterr()
    assert sentence in shown.err
    assert shown.out == ""
