"""Experiments in reports: who drew an arm counts in it, whatever they got, and against those who were left alone."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from verbline import cli
from verbline.interpreter.step.choices import drawn
from verbline.runtime.report.estimate import newcombe

PROJECT = """\
person member
  known by member-number
  also known by email

purpose "news"
  is service
  rests on contract
  covers email

moment "member joins"
  comes from "desk" as "joined"

moment "member comes"
  comes from "desk" as "came"
  carries spent as money

message "Come"
  subject "Come"
  says "Come."

moment "deal is opened"
  comes from "desk" as "opened"
  carries deal-number as text

moment "deal is signed"
  comes from "desk" as "signed"
  carries deal-number as text
  carries deal-value as money

moment "deal is dropped"
  comes from "desk" as "dropped"
  carries deal-number as text

metric "members who come"
  owned by "Ana Kos"
  counts people who had "member comes" within 30 days after "member joins"
  compared over 90 days
  should be at least 50%

metric "what is spent"
  owned by "Ana Kos"
  sums spent of "member comes"
  compared over 90 days
  should be at least 100 EUR

journey "Welcome"
  owned by "Ana Kos"
  because "A letter helps"
  aims for "{metric}"
  starts when "member joins"
  starts even if the profile is incomplete
  runs once per person

  experiment "letter" judged by "{metric}" after 30 days
    50% of people get "letter"
      notify the member by email with "Come" for "news"
    50% of people get "alone"
      {alone}
  finish as "told"
"""
PEOPLE = 200
IDLE = 'finish as "left alone"'


def event(number: int, kind: str, time: str, **fields: object) -> str:
    """Return a line of a log."""
    data = {"member-number": f"M-{number}", **fields}
    return (
        json.dumps(
            {"id": f"{kind}-{number}", "source": "desk", "type": kind, "time": time, "data": data}
        )
        + "\n"
    )


def arm_of(number: int) -> str:
    """Return which arm the person with a number draws."""
    return "letter" if drawn("letter", f"P{number}") / 2**64 < 0.5 else "alone"


def comes(number: int) -> bool:
    """Return whether somebody comes: of those who drew the letter two of three, of the others one of three."""
    return number % 3 != 0 if arm_of(number) == "letter" else number % 3 == 0


@pytest.fixture
def club(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a log of two hundred members the working folder's; half of them have no address, so they get no letter."""
    monkeypatch.chdir(tmp_path)
    lines = []
    for number in range(1, PEOPLE + 1):
        address = {"email": f"m{number}@mail.example"} if number % 2 else {}
        lines.append(event(number, "joined", "2026-01-01T08:00:00Z", **address))
    lines += [
        event(number, "came", "2026-01-10T08:00:00Z", spent=f"{number % 7} EUR")
        for number in range(1, PEOPLE + 1)
        if comes(number)
    ]
    lines += [
        event(999, "joined", "2026-03-01T08:00:00Z"),
        event(998, "other", "2026-03-02T08:00:00Z"),
    ]
    Path("log.jsonl").write_text("".join(lines), "utf-8")
    return tmp_path


def told(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    *,
    metric: str = "members who come",
    alone: str = IDLE,
) -> list[dict[str, Any]]:
    """Return the figures of the experiment."""
    (folder / "verbline.toml").write_text('[project]\nzone = "UTC"\ncountry = "SI"\n', "utf-8")
    (folder / "a.journey").write_text(
        PROJECT.replace("{metric}", metric).replace("{alone}", alone), "utf-8"
    )
    assert cli.run(shlex.split("report --log log.jsonl --format json")) == 0
    whole = json.loads(capsys.readouterr().out)
    (section,) = [one for one in whole["sections"] if one["key"] == "experiment/letter"]
    found: list[dict[str, Any]] = section["figures"]
    return found


def figure(figures: list[dict[str, Any]], key: str, arm: str) -> dict[str, Any]:
    """Return one figure of an arm."""
    return next(one for one in figures if one["key"] == key and one["group"].get("arm") == arm)


def test_the_effect_is_by_the_arm_that_was_drawn(
    club: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also those without an address count in the arm of the letter, and the interval is Newcombe's."""
    figures = told(club, capsys)
    arms = Counter(arm_of(number) for number in range(1, PEOPLE + 1))
    hits = Counter(arm_of(number) for number in range(1, PEOPLE + 1) if comes(number))
    for arm, size in arms.items():
        found = figure(figures, "arm", arm)
        assert (found["of"], found["value"]) == (size, pytest.approx(hits[arm] / size))
    lift = figure(figures, "lift", "letter")
    expected = newcombe(hits["letter"], arms["letter"], hits["alone"], arms["alone"])
    assert (lift["value"], lift["low"], lift["high"]) == pytest.approx(tuple(expected))
    assert lift["low"] > 0
    assert lift["note"] == "by the arm that was drawn; the interval leaves out 0"
    (by_email,) = [one for one in figures if one["key"] == "channel"]
    lucky = [number for number in range(1, PEOPLE + 1, 2) if arm_of(number) == "letter"]
    reached = newcombe(sum(map(comes, lucky)), len(lucky), hits["alone"], arms["alone"])
    assert (by_email["of"], by_email["value"]) == (len(lucky), pytest.approx(reached.value))
    assert "association, not effect" in by_email["note"]
    late = [one for one in figures if one["key"] == "ripening"]
    assert [one["value"] for one in late] == [1]


def test_without_an_arm_that_leaves_people_alone_nothing_is_called_an_effect(
    club: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two arms that both write are held against each other, and it is said what that means."""
    both = 'notify the member by email with "Come" for "news"'
    lift = figure(told(club, capsys, alone=both), "lift", "alone")
    assert lift["note"].startswith(
        "no arm leaves people alone: which is better, not what the journey does"
    )


def test_sums_are_told_for_each_person_with_bounds_by_drawing_again(
    club: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What an arm brought is a mean over all who drew it, and the difference has an interval around it."""
    figures = told(club, capsys, metric="what is spent")
    spent = Counter({"letter": 0.0, "alone": 0.0})
    sizes: Counter[str] = Counter()
    for number in range(1, PEOPLE + 1):
        sizes[arm_of(number)] += 1
        spent[arm_of(number)] += number % 7 if comes(number) else 0
    means = {arm: spent[arm] / sizes[arm] for arm in sizes}
    assert figure(figures, "arm", "letter")["value"] == pytest.approx(means["letter"])
    lift = figure(figures, "lift", "letter")
    assert lift["unit"] == "EUR"
    assert lift["value"] == pytest.approx(means["letter"] - means["alone"])
    assert lift["low"] < lift["value"] < lift["high"]


def test_arms_that_were_not_drawn_as_they_should_be_are_told(
    club: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nearly all get one of two equal arms, nothing is to be judged by them."""
    fair = next(one for one in told(club, capsys) if one["key"] == "ratio")
    assert fair["note"] == "as they should be"
    monkeypatch.setattr(
        "verbline.interpreter.step.choices.drawn",
        lambda _name, person: 0 if int(person[1:]) % 10 else 2**64 - 1,
    )
    crooked = next(one for one in told(club, capsys) if one["key"] == "ratio")
    assert crooked["value"] < 0.001
    assert "were not drawn as they should be" in crooked["note"]


PIPELINE = """
[report.pipeline]
created = "deal is opened"
won = "deal is signed"
lost = "deal is dropped"
amount = "deal-value"
case = "deal-number"
stale-after = "200 days"
"""


def end_of(number: int) -> str:
    """Return what becomes of a member's deal: of those who drew the letter every fourth signs, of the others every eighth."""
    won = number % 4 == 0 if arm_of(number) == "letter" else number % 8 == 0
    return "signed" if won else {0: "dropped", 1: "dropped", 2: "open"}.get(number % 4, "")


def test_the_effect_on_velocity_is_for_a_thousand_people(
    club: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The difference is that of N x W x A / L of all who drew each arm, by how many they are, within its bounds."""
    ends: dict[str, Counter[str]] = {"letter": Counter(), "alone": Counter()}
    ends[arm_of(PEOPLE + 1)]["none"] = 1  # who joined last
    lines = []
    for number in range(1, PEOPLE + 1):
        end = end_of(number)
        ends[arm_of(number)][end] += 1
        if end:
            deal = {"deal-number": f"D-{number}"}
            lines.append(event(number, "opened", "2026-01-11T08:00:00Z", **deal))
            more = {"deal-value": "100 EUR"} if end == "signed" else {}
            lines += [event(number, end, "2026-01-21T08:00:00Z", **deal, **more)] * (end != "open")
    lines.sort(key=lambda line: str(json.loads(line)["time"]))
    log = club / "log.jsonl"
    before = [
        line for line in log.read_text("utf-8").splitlines(keepends=True) if '"came-' not in line
    ]
    log.write_text("".join([*before[:PEOPLE], *lines, *before[PEOPLE:]]), "utf-8")
    told(club, capsys)
    settings = club / "verbline.toml"
    settings.write_text(settings.read_text("utf-8") + PIPELINE, "utf-8")
    assert cli.run(shlex.split("report --log log.jsonl --format json")) == 0
    whole = json.loads(capsys.readouterr().out)
    (section,) = [one for one in whole["sections"] if one["key"] == "pipeline"]
    effect = next(one for one in section["figures"] if one["key"] == "effect")

    def velocity(one: Counter[str]) -> float:
        share = one["signed"] / (one["signed"] + one["dropped"])
        return one["open"] * share * 100 / 10 * 1000 / sum(one.values())

    assert effect["value"] == pytest.approx(velocity(ends["letter"]) - velocity(ends["alone"]))
    assert effect["low"] < effect["value"] < effect["high"]
    assert effect["unit"] == "EUR a day"
    assert effect["of"] == PEOPLE + 1
