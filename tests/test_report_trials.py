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
