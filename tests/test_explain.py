"""`verbline explain`: every record names its line and what it rests on; why, and why not, for one message."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.clubs import BOR, TINA, WELCOME, YES, club
from tests.known import event
from tests.tree import ROOT
from verbline import cli
from verbline.interpreter.reasons import table

MOBILITY = ROOT / "journeys" / "mobility"
COURSE, IN_ONE_LINE = "How to prepare for your course", "Your course in one line"


def shown(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    """Return what `explain` writes; a refusal where the ``code`` is not 0."""
    assert cli.run(["explain", *arguments]) == code
    found = capsys.readouterr()
    return found.err if code else found.out


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    """Return what `explain` says as JSON."""
    return json.loads(shown(capsys, *arguments, "--format", "json"))


def of_club(capsys: pytest.CaptureFixture[str], folder: Path, *more: str) -> Any:
    """Return what is explained of P1 in a club with a log."""
    return told(capsys, str(folder), "P1", "--log", str(folder / "log"), *more)


def test_a_consent_is_shown_with_its_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """What went out under a yes names the entry: when, by whom, through which event, and the words of the form."""
    club(tmp_path, event(2, data=TINA, agrees=YES, id="s-1"), event(9, "other", data=BOR))
    answer = of_club(capsys, tmp_path, "--why", "Offer")["answers"][0]
    (record,) = answer["records"]
    (entry,) = [one for one in record["evidence"] if one["what"] == "consent"]
    assert entry["act"], entry["actor"] == ("grant", "subject")
    assert entry["words"] == "Yes, offers by email, please."
    assert entry["cause"] == {"source": "shop", "id": "s-1"}
    assert record["record"]["verdict"] == "sent"
    assert record["sentence"] == 'notify the member by email with "Offer" for "offers"'
    assert record["trigger"]["what"] == "time"


def test_a_no_that_came_late_is_told_as_known_only_now(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """A message went out rightly by what was known; that the person had said no before is told beside it."""
    consent = [{"purpose": "offers", "channel": "email", "act": "withdraw", "at": "2026-03-03T09:00:00Z"}]  # fmt: skip
    late = event(20, "preferences", "centre", data=TINA, consent=consent)
    club(tmp_path, event(2, data=TINA, agrees=YES), late)
    record = of_club(capsys, tmp_path, "--why", "Offer")["answers"][0]["records"][0]
    assert record["was_known"]["verdict"] == "allow"
    assert (record["is_known"]["verdict"], record["is_known"]["reason"]) == ("deny", "opted_out")
    assert "differs" in record
    (later,) = record["came_later"]
    assert (later["act"], later["recorded"]) == ("withdraw", "2026-03-20T09:00:00Z")


def test_why_not_says_what_refused_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a yes the refusal is named, with the channel, and that nothing was on record."""
    club(tmp_path, event(2, data=TINA), event(9, "other", data=BOR))
    answer = of_club(capsys, tmp_path, "--why-not", "Offer")["answers"][0]
    assert answer["said"][0] == "It never went out."
    assert 'there is no yes to "offers" by email on record' in answer["said"][1]
    kinds = [one["what"] for one in answer["records"][0]["evidence"]]
    assert kinds == ["line", "no entry"]


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([event(2, "other", data=TINA)], 'starts when "member signs up" happens'),
        ([event(2, data=TINA)], "the journey still stands"),
        ([event(2, data={"member-number": "M-1"})], "did not take the person in: no address"),
    ],
    ids=["not started", "waits", "not admitted"],
)
def test_a_step_that_was_never_reached_says_why(
    events: list[dict[str, Any]], expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The journey did not start, stands before it, or took the person not in."""
    club(tmp_path, *events)
    answer = of_club(capsys, tmp_path, "--why-not", "Offer")["answers"][0]
    assert answer["said"][0] == "It never went out."
    assert expected in answer["said"][1]
    assert str(tmp_path) not in " ".join(answer["said"])


def test_a_journey_that_was_stopped_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """What ended the visit before the step is named with its line."""
    stops = WELCOME.replace("  runs once", '  stops when "member buys" as "bought"\n  runs once')
    club(tmp_path, event(2, data=TINA), event(3, "bought", data=TINA), journey=stops)
    answer = of_club(capsys, tmp_path, "--why-not", "Offer")["answers"][0]
    assert 'finished as "bought"' in answer["said"][1]


def test_what_a_condition_looked_at_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """A branch says which fields it looked at, and what they were then."""
    asks = WELCOME.replace(
        "  wait 3 days", '  if first-name is "Tina"\n    finish as "it is her"\n  wait 3 days'
    )
    club(tmp_path, event(2, data=TINA), journey=asks)
    rows = [one for one in of_club(capsys, tmp_path)["timeline"] if one["what"] == "record"]
    (branch,) = [one for one in rows if one["record"]["kind"] == "branch"]
    fields = {one["field"]: one["value"] for one in branch["evidence"] if one["what"] == "field"}
    assert fields == {"first-name": None}


def test_up_to_an_instant_only_what_was_known_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """`--at` ends what is told at that instant, which is told too."""
    log = str(MOBILITY / "log")
    whole = told(capsys, str(MOBILITY), "P1", "--log", log)["timeline"]
    at = told(capsys, str(MOBILITY), "P1", "--log", log, "--at", "2026-03-09T09:00")["timeline"]
    assert at == [one for one in whole if one["at"] <= "2026-03-09T08:00:00Z"]
    assert at[-1]["record"]["verdict"] == "held"
    before = told(capsys, str(MOBILITY), "P1", "--log", log, "--at", "2026-03-01")
    assert (before["identity"]["identifiers"], before["timeline"]) == ([], [])


def test_a_message_that_another_channel_took_is_explained_twice(capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """Who has no email got the text instead; why, and why not, name the same instant."""
    log = str(MOBILITY / "log")
    found = told(capsys, str(MOBILITY), "P3", "--log", log, "--why", IN_ONE_LINE, "--why-not", COURSE)  # fmt: skip
    why, why_not = found["answers"]
    assert why["records"][0]["at"] == why_not["records"][0]["at"]
    assert "by sms" in why["said"][0]
    assert "no address is known" in why_not["said"][1]


def test_whoever_is_nobody_ends_in_1(capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody found is said on standard error."""
    log = str(MOBILITY / "log")
    assert "Nobody holds" in shown(capsys, str(MOBILITY), "email=x@y.example", "--log", log, code=1)
    assert "nobody called" in shown(capsys, str(MOBILITY), "P999", "--log", log, code=1)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((), "Name one PERSON"),
        (("P1",), "--store"),
        (("P1", "--log", str(MOBILITY / "log"), "--journey", "Prepare for the safe driving curse"), 'Did you mean "Prepare'),
    ],
)  # fmt: skip
def test_wrong_usage_says_what_to_do(
    arguments: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is missing or unknown is named."""
    given = [str(MOBILITY), *arguments] if arguments else []
    assert sentence in shown(capsys, *given, code=2)


def test_the_page_says_what_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every command in docs/explaining.md runs, and every reason whose evidence it names is one."""
    text = (ROOT / "docs" / "explaining.md").read_text("utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.splitlines()]
    (tmp_path / "journeys").symlink_to(ROOT / "journeys")
    monkeypatch.chdir(tmp_path)
    for line in lines:
        words = shlex.split(line.partition(" > ")[0])
        assert cli.run(words[1:]) == 0, line
        assert capsys.readouterr().out
    assert len(lines) >= 5
    named = set(re.findall(r"`([a-z_]+)`", text.partition("| Reason |")[2].partition("\n\n")[0]))
    assert named <= table("reasons").keys()


def test_a_project_is_told_in_its_language(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:  # fmt: skip
    """A Slovenian project is explained in Slovenian, its lines in the words that stand there."""
    project = ROOT / "journeys" / "mobility-sl"
    log = tmp_path / "log.jsonl"
    booked = {"id": "b-1", "type": "course.booked", "time": "2026-03-09T08:00:00Z"}
    who = {"member-number": "M-1", "email": "tina@mail.example", "številka-člana": "M-1"}
    log.write_text(json.dumps({**booked, "data": who}) + "\n", "utf-8")
    text = shown(capsys, str(project), "P1", "--log", str(log))
    assert "Kaj se je zgodilo" in text
    assert "znan od" in text


def test_another_way_is_named_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """Where a journey turned off before the step, the fork and its answer are told."""
    fork = '  if first-name is unknown\n    finish as "nobody we know"\n  wait 3 days'
    club(tmp_path, event(2, data=TINA), journey=WELCOME.replace("  wait 3 days", fork))
    answer = of_club(capsys, tmp_path, "--why-not", "Offer")["answers"][0]
    assert "another way was taken" in answer["said"][1]
    assert "the answer was yes" in answer["said"][1]


def test_who_turned_out_to_be_the_same_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """When, by what and through which event two people became one stands in the timeline; the older ids lead there."""
    merge = event(3, "verbline.merge", "verbline", data={"people": ["P1", "P2"], "by": "staff:Maja"}, id="o-1")  # fmt: skip
    club(tmp_path, event(2, data=TINA), event(2, "other", data=BOR), merge)
    found = told(capsys, str(tmp_path), "P2", "--log", str(tmp_path / "log"))
    assert (found["person"], found["also"]) == ("P1", ["P2"])
    (joined,) = [one for one in found["timeline"] if one["what"] == "identity"]
    assert joined["said"] == "P1 and P2 turned out to be one (somebody said so: staff:Maja)"
    assert joined["through"] == {"source": "verbline", "id": "o-1"}
    brought = {one["value"]: one["brought_by"] for one in found["identity"]["identifiers"]}
    assert brought["bor@mail.example"] == "P2"


ASKING = """
segment "buyers"
  people where the member had "member buys"

journey "Asking"
  starts when "member signs up"
  runs once per person

  if the member agrees to "offers" by email
    if the member had "member buys"
      if the member is in segment "buyers"
        qualify as "warm" if first-name is unknown
        if the member is qualified as "warm"
          finish as "asked"
  finish as "not asked"
"""


def test_a_condition_names_all_that_it_asks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """Agreement names the entry of the ledger, history its events, a segment and a label their lines, a field its value."""
    bought = event(1, "bought", data=TINA, id="b-1")
    club(tmp_path, bought, event(2, data=TINA, agrees=YES), journey=ASKING)
    rows = [one for one in of_club(capsys, tmp_path)["timeline"] if one["what"] == "record"]
    named = [
        [item["what"] for item in one["evidence"]][1:]
        for one in rows
        if one["record"]["kind"] in ("branch", "label")
    ]
    assert named == [["consent"], ["event"], ["segment"], ["field"], ["field"], ["label"]]
    said = [one["evidence"][1]["said"] for one in rows if len(one["evidence"]) > 1]
    assert "Yes, offers by email, please." in said[0]
    assert "event b-1 of shop" in said[1]
    assert 'people where the member had "member buys"' in said[2]
    assert rows[-1]["record"]["outcome"] == "asked"
