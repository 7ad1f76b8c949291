"""A report in each of its forms: programs can read it, spreadsheets take nothing for a formula, and no name becomes markup."""

from __future__ import annotations

import csv
import json
import re
import shlex
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.browser import NEEDED, opened
from tests.cases import CASES
from tests.test_report import written
from tests.tree import ROOT
from verbline import cli
from verbline.cli import reporting
from verbline.runtime.report.estimate import Point
from verbline.runtime.report.figures import Bars, Curves, Figure, Heat, Listing, Section
from verbline.runtime.report.metrics import NO_WINDOW
from verbline.runtime.report.page import page
from verbline.runtime.report.report import Head, Report
from verbline.runtime.report.written import as_csv, as_json, length, pivots

HOSTILE = "<img src=x onerror=alert(1)>\"'&</script><script>alert(2)</script>\x1b[31m\u202e"
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1")
HEAD = Head(
    HOSTILE,
    None,
    ("month",),
    "UTC",
    HOSTILE,
    "2026-01-01T00:00:00Z",
    "2026-02-01T00:00:00Z",
    "p",
    "i",
    "m",
    7,
    30,
)


def hostile() -> Report:
    """Return a report in which every text is hostile."""
    point = Point(86_400_000, 0.5, 0.4, 0.6, 10)
    plots = (
        Bars("b", HOSTILE, HOSTILE, ((HOSTILE, 3), ("x" * 300, 1)), funnel=True),
        Bars("b", HOSTILE, HOSTILE, ((HOSTILE, 3),)),
        Curves(
            "c", HOSTILE, HOSTILE, ((HOSTILE, (point,)), (HOSTILE, (point,))), 0.0, 5 * 86_400_000
        ),
        Heat("h", HOSTILE, HOSTILE, tuple(tuple(range(24)) for _ in range(7))),
    )
    figures = (
        Figure(HOSTILE, HOSTILE, 0.5, "share", 0.4, 0.6, 10, HOSTILE, HOSTILE, reached=False),
        Figure("k", HOSTILE, 3.0, HOSTILE, of=4, group={HOSTILE: HOSTILE}),
        Figure("k", "other", None, "count", note=HOSTILE, group={HOSTILE: "=1"}),
        Figure("g", "same", 1.0, group={"month": HOSTILE}),
    )
    lists = (Listing("l", HOSTILE, (HOSTILE,), ((HOSTILE,),), 3),)
    return Report(HEAD, (Section(HOSTILE, HOSTILE, (HOSTILE,), figures, lists, plots),))


def made(arguments: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what `verbline report` writes to standard output."""
    assert cli.run(["report", *shlex.split(arguments)]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    return shown.out


@pytest.fixture
def claims(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a project with a log of claims the working folder."""
    written(CASES / "report" / "claims.case", tmp_path)
    monkeypatch.chdir(tmp_path)


@pytest.mark.usefixtures("claims")
def test_json_holds_every_figure_of_the_text(capsys: pytest.CaptureFixture[str]) -> None:
    """The same report as JSON has the labels of the text, the values with their units, and what it was computed by."""
    told: dict[str, Any] = json.loads(made("--log log --format json --by month", capsys))
    text = made("--log log --by month", capsys)
    assert "told apart by month" in text
    assert (told["format"], told["events"], told["minimum"], told["by"]) == (1, 16, 3, ["month"])
    assert told["cut"] == "2026-02-20T07:00:00.001Z"
    assert {told["program"], told["identity"], told["metrics"]} <= set(
        re.findall(r"[0-9a-f]{16}", text)
    )
    (section,) = [one for one in told["sections"] if one["key"] == "claims"]
    figures = [one for one in section["figures"] if "group" not in one]
    cycle = next(one for one in figures if one["key"] == "median")
    assert (cycle["value"], cycle["unit"], cycle["of"]) == (40 * 86_400, "seconds", 4)
    assert all(one["label"] in text for one in figures)
    kinds = {tuple(one["group"]) for one in section["figures"] if "group" in one}
    assert kinds == {("claim-kind", "month")}
    (bars,) = [one for one in section["plots"] if one["kind"] == "bars"]
    assert [one["count"] for one in bars["bars"]] == [0, 0, 2, 0]


@pytest.mark.usefixtures("claims")
def test_csv_holds_the_figures_of_the_json(capsys: pytest.CaptureFixture[str]) -> None:
    """One line a figure, with the same values."""
    told = json.loads(made("--log log --format json", capsys))
    rows = list(csv.DictReader(made("--log log --format csv", capsys).splitlines()))
    figures = [(section["key"], one) for section in told["sections"] for one in section["figures"]]
    assert len(rows) == len(figures)
    for row, (section, one) in zip(rows, figures, strict=True):
        assert (row["section"], row["figure"], row["unit"]) == (section, one["key"], one["unit"])
        assert (float(row["value"]) if row["value"] else None) == pytest.approx(one["value"])


def test_no_text_is_a_formula() -> None:
    """What a spreadsheet would take for a formula begins with an apostrophe; numbers stay numbers."""
    figures = tuple(
        Figure(one, one, -1.0, note=one, target=one, group={one: one}) for one in FORMULAS
    )
    rows = list(csv.reader(as_csv(Report(HEAD, (Section("s", "t", (), figures),))).splitlines()))
    for row in rows[1:]:
        assert row.pop(4) == "-1"
        assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@", "\t"))]


def test_no_text_becomes_markup() -> None:
    """Every name, note and title is only shown: no element of anybody's, no attribute that runs."""
    from tests.browser import Elements

    found = Elements()
    found.feed(page(hostile(), {HOSTILE: "<svg></svg>"}))
    assert not found.kinds & {"img", "script", "iframe", "object", "link", "form"}
    assert not [name for name in found.names if name.startswith("on") or name in {"src", "style"}]


def test_the_policy_lets_nothing_in() -> None:
    """Nothing may be loaded or run, and the one style sheet is named by its hash."""
    html = page(hostile())
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    assert policy is not None
    assert style is not None
    print_of_style = b64encode(sha256(style[1].encode()).digest()).decode()
    assert policy[1].split("; ") == [
        "default-src 'none'", f"style-src 'sha256-{print_of_style}'", "base-uri 'none'", "form-action 'none'",
    ]  # fmt: skip
    assert html.count("<style>") == 1
    assert all(one.startswith("#") for one in re.findall(r'href="([^"]*)"', html))


def test_json_is_json_whatever_stands_in_it() -> None:
    """Hostile texts come back as they were."""
    assert json.loads(as_json(hostile()))["sections"][0]["title"] == HOSTILE


def test_groups_stand_side_by_side_where_they_have_the_same_figures() -> None:
    """Groups with the same figures are rows under the names of the figures; others are a row a figure."""
    alike = tuple(
        Figure(key, key, 1.0, group={"month": month}) for month in ("a", "b") for key in ("x", "y")
    )
    unlike = tuple(
        Figure("x", f"x of {month}", 1.0, group={"month": month}) for month in ("a", "b")
    )
    (pivot,) = pivots(Section("s", "t", (), alike))
    assert pivot.labels == ("x", "y")
    assert [group for group, _figures in pivot.rows] == [("a",), ("b",)]
    (pivot,) = pivots(Section("s", "t", (), unlike))
    assert pivot.labels == ()
    assert len(pivot.rows) == 2


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "0 s"), (119, "119 s"), (120, "2 minutes"), (7_200, "2.0 hours"), (172_800, "2.0 days")],
)
def test_lengths_are_told_in_the_unit_that_fits(seconds: float, told: str) -> None:
    """A length has the largest unit of which there are two."""
    assert length(seconds) == told


@pytest.mark.usefixtures("claims")
def test_the_same_log_gives_the_same_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    """Twice the same report, in every form."""
    for form in ("text", "json", "csv", "html"):
        assert made(f"--log log --format {form}", capsys) == made(
            f"--log log --format {form}", capsys
        )


@pytest.mark.usefixtures("claims")
def test_a_file_is_written_whole_or_not_at_all(capsys: pytest.CaptureFixture[str]) -> None:
    """With --out nothing goes to standard output; where it cannot be written, that is told."""
    told = made("--log log --format csv", capsys)
    assert made("--log log --format csv --out out.csv", capsys) == ""
    assert Path("out.csv").read_text("utf-8") == told
    assert cli.run(["report", "--log", "log", "--out", "nowhere/out.csv"]) == 2
    assert '"nowhere/out.csv" cannot be written' in capsys.readouterr().err
    assert not list(Path().glob("*.part"))


@pytest.mark.usefixtures("claims")
def test_what_cannot_be_written_is_told_before_the_work(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for a report that has no place to go to; a file that is there stays as it is until it is replaced."""
    monkeypatch.setattr(reporting, "computed", lambda *_given: pytest.fail("the log is read"))
    for place in ("nowhere/out.csv", "."):
        assert cli.run(["report", "--log", "log", "--out", place]) == 2
        assert f'"{place}" cannot be written' in capsys.readouterr().err
    Path("out.csv").write_text("before", "utf-8")
    with pytest.raises(pytest.fail.Exception, match="the log is read"):
        cli.run(["report", "--log", "log", "--out", "out.csv"])
    assert Path("out.csv").read_text("utf-8") == "before"
    assert not list(Path().glob("*.part"))


@pytest.mark.usefixtures("claims")
def test_a_log_without_events_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """There is no first event, and no day of 1970 stands for it in any form."""
    Path("empty.jsonl").write_text("", "utf-8")
    text = made("--log empty.jsonl", capsys)
    assert text.splitlines()[0].endswith(": no events")
    assert NO_WINDOW in text
    told = json.loads(made("--log empty.jsonl --format json", capsys))
    assert (told["first"], told["cut"], told["events"]) == (None, None, 0)
    for form in ("text", "json", "csv"):
        found = made(f"--log empty.jsonl --format {form}", capsys)
        assert "1970" not in found
        assert "1969" not in found
    html = made("--log empty.jsonl --format html", capsys)
    assert "<dt>Events</dt><dd>none</dd><dt>As known at</dt><dd>no time" in html.replace("\n", "")


@NEEDED
@pytest.mark.parametrize("form", ["hostile", "mobility"])
def test_a_browser_shows_the_page(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page is not empty, asks for nothing, runs nothing, and the style sheet counts."""
    if form == "hostile":
        html = page(hostile())
    else:
        monkeypatch.chdir(ROOT)
        out = tmp_path / "out.html"
        assert (
            cli.run(
                [
                    "report",
                    "journeys/mobility",
                    "--log",
                    "journeys/mobility/log",
                    "--format",
                    "html",
                    "--out",
                    str(out),
                ]
            )
            == 0
        )
        html = out.read_text("utf-8")
        assert "Prepare for the safe driving course" in html
        assert html.count("<svg") > 2
    seen = opened(html)
    assert seen.colours > 16
    assert seen.requests == []
    assert not seen.elements & {"img", "script"}


@pytest.mark.parametrize("form", ["text", "json", "csv", "html"])
def test_a_log_of_which_nothing_is_told_is_no_fault(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither an empty log nor one of strange events, nor a window outside of the log, ends in a crash."""
    monkeypatch.chdir(ROOT)
    strange = (
        json.dumps({"id": "1", "source": "x", "type": "y", "time": "2026-01-01T00:00:00Z"}) + "\n"
    )
    for text in ("", strange):
        (tmp_path / "log.jsonl").write_text(text, "utf-8")
        for more in ("", "--from 2030-01-01", "--until 2020-01-01", "--by desk --by week"):
            assert made(
                f"journeys/beverages --log {tmp_path / 'log.jsonl'} --format {form} {more}", capsys
            )
