"""The page that explains a person: whole in itself, and whatever a log says in it is only shown."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.browser import NEEDED, opened
from tests.clubs import WELCOME, club
from tests.known import event
from tests.tree import ROOT
from verbline import cli
from verbline.interpreter.reasons import table

MOBILITY = ROOT / "journeys" / "mobility"
SCRIPT = "<script>document.title='ran'</script>"
IMAGE = "<img src=http://leak.example/x onerror=\"document.title='ran'\">"
STYLE = "</style><style>@import url(http://leak.example/y)</style>"
HOSTILE = f"\"'>{SCRIPT}{IMAGE}{STYLE}<svg onload=alert(1)><a href=javascript:alert(1)>\u202e&lt;"


def page(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return the page."""
    assert cli.run(["explain", *arguments, "--format", "html"]) == 0
    return capsys.readouterr().out


def hostile(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Return the page of somebody about whom everything in the log is hostile."""
    who = {"member-number": f"M-1{HOSTILE}", "email": "a@mail.example", "first-name": HOSTILE}
    consent = [{"purpose": "offers", "channel": "email", "act": "grant", "actor": "subject", "words": HOSTILE, "source": HOSTILE}]  # fmt: skip
    events: list[dict[str, Any]] = [
        event(2, data=who, id=f"e{HOSTILE}"),
        event(3, f"odd{HOSTILE}", f"src{HOSTILE}", data=who, consent=consent),
    ]
    club(folder, *events, journey=WELCOME.replace("Welcome", f"W {SCRIPT.replace(chr(34), '')}"))
    return page(capsys, str(folder), "P1", "--log", str(folder / "log"), "--why", HOSTILE) + page(
        capsys, str(folder), "P1", "--log", str(folder / "log")
    )


def test_nothing_of_a_log_becomes_markup(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """Names, ids, sources, types, values, words and journeys that are markup are shown as the signs they are."""
    made = hostile(tmp_path, capsys)
    assert "&lt;script&gt;" in made
    for bad in ("<script", "<img", "<a ", "javascript:alert(1)>", "@import url(http://leak.example/y)</style>", "\u202e"):  # fmt: skip
        assert bad not in made
    assert made.count("<style>") == 2


def test_the_policy_lets_nothing_in(capsys: pytest.CaptureFixture[str]) -> None:
    """The page has one style sheet, named by its hash, no script, and no address that anything is loaded from."""
    made = page(capsys, str(MOBILITY), "P1", "--log", str(MOBILITY / "log"))
    assert "default-src 'none'; style-src 'sha256-" in made
    assert "unsafe-inline" not in made
    assert re.findall(r"(?:src|href|action|url\()=?[\"']?(?:https?:)?//", made) == []
    assert " style=" not in made
    assert page(capsys, str(MOBILITY), "P1", "--log", str(MOBILITY / "log")) == made


def test_the_path_is_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    """Each visit has a picture in which the steps it went through are numbered, and the box where it stands."""
    made = page(capsys, str(MOBILITY), "P1", "--log", str(MOBILITY / "log"))
    assert made.count("<svg") == 2
    first, second = made.split("<svg")[1:]
    assert "url(#strong)" in first
    assert ">1</text>" in second
    assert ">9</text>" in second or ">8</text>" in second


def test_an_answer_has_the_path_of_its_visit(capsys: pytest.CaptureFixture[str]) -> None:
    """Beside the records of an answer stands the journey that they belong to, and no other."""
    asked = (str(MOBILITY), "P1", "--log", str(MOBILITY / "log"))
    made = page(capsys, *asked, "--why", "How to prepare for your course")
    assert made.count("<svg") == 2
    assert page(capsys, *asked, "--why-not", "Your course in one line").count("<svg") == 0


@NEEDED
def test_a_browser_shows_it_and_asks_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    """The page is not empty, and nothing is asked for."""
    found = opened(page(capsys, str(MOBILITY), "P1", "--log", str(MOBILITY / "log")))
    assert found.colours > 30
    assert found.requests == []
    assert "svg" in found.elements


@NEEDED
def test_what_is_hostile_does_nothing_in_a_browser(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """No script ran, nothing was loaded, and no element came of a text."""
    found = opened(hostile(tmp_path, capsys))
    assert found.requests == []
    assert "<title>ran" not in found.document
    assert found.elements.isdisjoint({"script", "img", "a", "iframe", "object", "link", "form"})
    assert not {name for name in found.attributes if name.startswith("on")}


@NEEDED
def test_a_page_that_leaks_is_noticed() -> None:
    """A page that loads and runs is told apart from one that does not."""
    found = opened(f"<!doctype html><meta charset=utf-8>{IMAGE}{SCRIPT}")
    assert found.requests == ["http://leak.example/x"]
    assert "<title>ran" in found.document
    assert {"script", "img"} <= found.elements
    assert opened("<!doctype html><meta charset=utf-8>").colours < 10


def test_every_sentence_is_there_in_both_languages() -> None:
    """Each sentence of pages/explained.toml has the same gaps in English and in Slovenian, and somebody says it."""
    sources = "".join(
        path.read_text("utf-8")
        for folder in ("runtime/explain", "cli")
        for path in (ROOT / folder).glob("*.py")
    )
    stems = set(re.findall(r'f"([a-z]+)-\{', sources))
    for key, wordings in table("explained").items():
        assert wordings.keys() == {"en", "sl"}, key
        gaps = [set(re.findall(r"\{(\w+)\}", text)) for text in wordings.values()]
        assert gaps[0] == gaps[1], key
        assert re.search(rf"""["']{key}["']""", sources) or key.split("-")[0] in stems, (
            f"nobody says {key}"
        )


def test_no_text_commands_a_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What would move the cursor or change the colours of a terminal is marked, in a timeline and in an answer."""
    steering = "\x1b[2J\x9b31m\r\nforged line"
    who = {"member-number": f"M-1{steering}", "email": "a@mail.example"}
    club(tmp_path, event(2, f"odd{steering}", f"src{steering}", data=who, id=f"e{steering}"))
    for more in ((), ("--why-not", "Offer")):
        assert cli.run(["explain", str(tmp_path), "P1", "--log", str(tmp_path / "log"), *more]) == 0
        shown = capsys.readouterr().out
        assert not set(shown) & {"\x1b", "\x9b", "\r"}
        assert "\nforged line" not in shown
