"""Reports: what the settings may say, what channels said later, groups that add up, people who turned out to be one."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.cases import CASES
from tests.test_report import written
from tests.tree import ROOT
from verbline import cli
from verbline.runtime.own import own_event

MOBILITY = "journeys/mobility --log journeys/mobility/log"
WRONG = {
    "minimun = 3": '[report] has no setting "minimun". Did you mean minimum?',
    "minimum = 0": "[report] minimum is a whole number from 1 on",
    "minimum = true": "[report] minimum is a whole number from 1 on",
    "currency = 3": '[report] currency is a text, such as "EUR".',
    'cases = "deal"': "[report] cases is a list of fields",
    'cases = ["deal"]': '[report] cases: no moment carries "deal".',
    "pipeline = 3": "report.pipeline in verbline.toml is a table",
    'pipeline = { won = "deal is signd" }': '[report.pipeline] won: there is no moment "deal is signd". Did you mean "deal is signed"?',
    "pipeline = { won = 3 }": "[report.pipeline] won is a text: the name of a moment.",
    'pipeline = { wonn = "x" }': '[report.pipeline] has no setting "wonn". Did you mean won?',
    'pipeline = { stale-after = "soon" }': '[report.pipeline] stale-after is a length, such as "30 days".',
    "rates = 3": "report.rates in verbline.toml is a table",
    'rates = { USD = "dear" }': '[report.rates] "USD" is a number',
    'rates = { USD = "0" }': '[report.rates] "USD" is a number',
}


def figures(arguments: str, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    """Return all figures of a report, each with its section."""
    assert cli.run(["report", *shlex.split(arguments), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    return [
        {"section": one["key"], **figure} for one in told["sections"] for figure in one["figures"]
    ]


def value(found: list[dict[str, Any]], section: str, key: str) -> float:
    """Return the value of a figure that is told of everything."""
    place = section, key, False
    one = next(one for one in found if (one["section"], one["key"], "group" in one) == place)
    return float(one["value"])


@pytest.mark.parametrize("setting", WRONG)
def test_a_wrong_setting_is_told(
    setting: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A setting that cannot be followed ends in 2 with a sentence that says what it may be."""
    written(CASES / "report" / "pipeline.case", tmp_path)
    monkeypatch.chdir(tmp_path)
    head = Path("verbline.toml").read_text("utf-8").partition("[report]")[0]
    Path("verbline.toml").write_text(f"{head}[report]\n{setting}\n", "utf-8")
    assert cli.run(["report", "--log", "log"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert WRONG[setting] in shown.err


def test_a_moment_may_be_named_by_any_of_its_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A further name of a moment, and a family without its moments, are no mistake."""
    written(CASES / "report" / "pipeline.case", tmp_path)
    monkeypatch.chdir(tmp_path)
    text = (
        Path("a.journey")
        .read_text("utf-8")
        .replace('as "signed"\n', 'as "signed"\n  also called "contract is closed"\n')
    )
    Path("a.journey").write_text(text, "utf-8")
    settings = Path("verbline.toml").read_text("utf-8")
    Path("verbline.toml").write_text(
        settings.replace("deal is signed", "contract is closed"), "utf-8"
    )
    found = figures("--log log", capsys)
    assert value(found, "pipeline", "velocity") == 22.5
    assert not [one for one in found if one["section"] == "claims"]


@pytest.mark.parametrize(
    "by", ["journey", "channel", "step", "month", "week", "journey channel month"]
)
def test_groups_of_messages_and_tasks_add_up(
    by: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each message and each task is of one group, so groups add up to the whole."""
    monkeypatch.chdir(ROOT)
    found = figures(f"{MOBILITY} {' '.join(f'--by {one}' for one in by.split())}", capsys)
    for section, key in (("messages", "sent"), ("desks", "tasks"), ("journeys", "entered")):
        parts = [
            one
            for one in found
            if (one["section"], one["key"]) == (section, key) and "group" in one
        ]
        whole = value(found, section, key) if section != "journeys" else 8
        assert sum(one["value"] for one in parts) == whole > 0, (section, parts)


def test_counts_are_those_of_simulate(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a report counts of journeys, messages and desks is what a simulation of the same log counts."""
    monkeypatch.chdir(ROOT)
    assert cli.run(["simulate", *shlex.split(MOBILITY), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    found = figures(MOBILITY, capsys)
    sent = sum(
        record["count"]
        for journey in told["journeys"]
        for step in journey["steps"]
        for record in step["records"]
        if record["verdict"] == "sent"
    )
    assert value(found, "messages", "sent") == sent
    assert value(found, "people", "unique") == told["people"]
    assert value(found, "desks", "answered") == sum(desk["answered"] for desk in told["desks"])
    outcomes = Counter({one["label"]: one["value"] for one in found if one["key"] == "outcome"})
    assert outcomes == Counter(
        {
            f"ended as {name}": number
            for one in told["journeys"]
            for name, number in one["outcomes"].items()
        }
    )


def test_what_channels_said_later_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of the messages that a channel took the share that bounced is told, and how long it took until it had them."""
    written(CASES / "report" / "contradictions.case", tmp_path)
    monkeypatch.chdir(tmp_path)
    assert cli.run(["simulate", "--log", "log", "--format", "jsonl"]) == 0
    trace = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    keys = [one["key"] for one in trace if one.get("verdict") == "sent"]
    at = 1_772_434_800_000  # 2026-03-02 08:00 in Ljubljana
    events = [
        own_event("verbline.message.handed", at + late, {"key": key})
        for key, late in zip(keys, (2_000, 90_000_000), strict=True)
    ]
    events.append(
        own_event(
            "verbline.message.bounced", at + 91_000_000, {"key": keys[1], "bounce-kind": "hard"}
        )
    )
    Path("log/verbline.runtime.jsonl").write_text(
        "".join(json.dumps(one) + "\n" for one in events), "utf-8"
    )
    found = figures("--log log", capsys)
    assert value(found, "messages", "handed") == 2
    assert value(found, "messages", "bounce_rate") == 0.5
    assert value(found, "messages", "hard_bounce_rate") == 0.5
    assert value(found, "messages", "handover_relaxed_p50") == (2 + 90_000) / 2
    # The second one left an hour after the day in which it was worth sending was over.
    assert value(found, "messages", "stale_rate") == 0.5


def test_a_message_to_two_who_are_one_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same message to two people who turn out to be one is one message too many, and they are one person in every figure."""
    monkeypatch.chdir(tmp_path)
    Path("verbline.toml").write_text(
        '[project]\nzone = "UTC"\ncountry = "SI"\n\n[report]\nminimum = 1\n', "utf-8"
    )
    Path("a.journey").write_text(TWINS, "utf-8")
    lines = [
        ("joined", 1, {"customer-number": "K-1", "email": "a@mail.example"}),
        ("joined", 1, {"account": "A-1", "email": "b@mail.example"}),
        ("came", 2, {"account": "A-1"}),
        ("left", 5, {"account": "A-1"}),
    ]
    events = [
        {
            "id": f"e{number}",
            "source": "desk",
            "type": kind,
            "time": f"2026-03-{day:02}T08:00:00Z",
            "data": data,
        }
        for number, (kind, day, data) in enumerate(lines)
    ]
    Path("log.jsonl").write_text("".join(json.dumps(one) + "\n" for one in events), "utf-8")
    same = own_event(
        "verbline.merge", 1_772_611_200_000, {"people": ["P1", "P2"], "by": "staff:Maja Kos"}
    )
    Path("log.verbline.runtime.jsonl").write_text(json.dumps(same) + "\n", "utf-8")
    found = figures("--log log.jsonl --from 2026-03-01", capsys)
    assert value(found, "messages", "sent") == 2
    assert value(found, "messages", "duplicates") == 0.5
    assert value(found, "people", "unique") == 1
    assert value(found, "people", "merge") == 1
    assert value(found, "metric/members who come", "share") == 1
    assert value(found, "metric/members who come", "begun") == 1


TWINS = """\
person member
  known by customer-number
  known by account
  also known by email

purpose "news"
  is service
  rests on contract
  covers email

moment "member joins"
  comes from "desk" as "joined"

moment "member comes"
  comes from "desk" as "came"

message "Welcome"
  subject "Welcome"
  says "Welcome."

metric "members who come"
  owned by "Ana Kos"
  counts people who had "member comes" within 2 days after "member joins"
  compared over 30 days
  should be at least 50%

journey "Welcome"
  owned by "Ana Kos"
  because "Hello"
  aims for "members who come"
  starts when "member joins"
  runs once per person

  notify the member by email with "Welcome" for "news"
  finish as "told"
"""
