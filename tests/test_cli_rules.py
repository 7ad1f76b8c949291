"""`verbline rules`: the list of all pages, and one page."""

import json

import pytest

from verbline import cli
from verbline.cli.rules import FAMILIES, family
from verbline.interpreter.problems import codes, page


def test_the_list_holds_every_code_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Every code stands in its family, with its name and level, and whether it can be mended."""
    assert cli.run(["rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = {line.split()[0]: line.split() for line in lines if line.startswith("  ")}
    assert sorted(rows) == codes()
    for code, row in rows.items():
        assert row[1] == page(code)["name"]
        assert row[2].rstrip(",") == page(code)["level"]
        assert ("locked" in row) == bool(page(code).get("locked"))
        assert ("--fix" in row) == (page(code)["fix"] == "safe")
    titles = [line for line in lines if line and not line.startswith(" ")]
    assert titles == [title for title in FAMILIES.values() if title in titles]


@pytest.mark.parametrize("code", codes())
def test_every_code_has_a_family(code: str) -> None:
    """A code of an unknown family would be listed nowhere."""
    assert family(code) in FAMILIES


@pytest.mark.parametrize("wanted", ["P002", "p002", "setting-unknown", "Setting-Unknown"])
def test_a_page_is_found_by_code_and_by_name(
    wanted: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The page says why, and shows the bad and the good example."""
    assert cli.run(["rules", wanted]) == 0
    told = capsys.readouterr().out
    assert told.startswith("P002  setting-unknown\nerror; locked")
    assert "A setting that nobody reads changes nothing." in told
    assert "\nBad\n" in told
    assert '\n    timezone = "Europe/Ljubljana"\n' in told
    assert "\n\nGood\n" in told
    assert "```" not in told


def test_a_page_is_there_for_programs(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """JSON holds the page, its messages and why; Markdown is the page itself."""
    assert cli.run(["rules", "P002", "--format", "json"]) == 0
    told = json.loads(capsysbinary.readouterr().out)
    assert told["format"] == 1
    assert told["rule"]["code"] == "P002"
    assert told["rule"]["family"] == "Files and settings"
    assert told["rule"]["message"]["en"].startswith("There is no setting")
    assert cli.run(["rules", "P002", "--format", "markdown"]) == 0
    text = capsysbinary.readouterr().out.decode()
    assert text.startswith("# P002 setting-unknown\n\nA setting")
    assert "```journey" in text


def test_the_list_is_there_for_programs(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """JSON lists every code with what a table needs; Markdown is such a table."""
    assert cli.run(["rules", "--format", "json"]) == 0
    told = json.loads(capsysbinary.readouterr().out)
    assert sorted(one["code"] for one in told["rules"]) == codes()
    keys = {"code", "name", "family", "level", "fix", "locked", "since", "why"}
    assert all(set(one) == keys and one["why"] for one in told["rules"])
    assert cli.run(["rules", "--format", "markdown"]) == 0
    text = capsysbinary.readouterr().out.decode()
    assert "| P002 | setting-unknown | error, locked |" in text


@pytest.mark.parametrize(
    ("wanted", "hint"), [("P0002", 'Did you mean "P00'), ("seting-unknown", "setting-unknown")]
)
def test_an_unknown_rule_is_wrong_usage(
    wanted: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The nearest one is offered."""
    assert cli.run(["rules", wanted]) == 2
    shown = capsys.readouterr()
    assert f'There is no rule "{wanted}"' in shown.err
    assert hint in shown.err
    assert shown.out == ""
