"""The data sets with a log: the same bytes everywhere, right effects found by brute force, and a program written by hand that agrees."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks import crowd, effects, logs
from benchmarks.crowd import DAY, MORNING, Shopper
from benchmarks.dice import Dice
from benchmarks.effects import Effect
from benchmarks.events import Clock, email
from tests.limits import LONGEST
from tests.tree import ROOT
from verbline.cli.paths import readings
from verbline.interpreter.lint import lint

SMALL = ["cart", "consent", "journeys-10", "matching-3", "guards", "timers", "burst", "waiting"]
BY_HAND = ROOT / "benchmarks" / "written_by_hand.py"


@pytest.mark.parametrize("name", logs.MAKERS)
def test_the_same_seed_gives_the_same_log(name: str) -> None:
    """A figure can be compared with last year's, because it was measured on the same events, with the same answer."""
    made, sums = logs.make(name, "s"), logs.expected()
    assert made.sha256 == sums["log"][f"{name} s"]
    assert effects.checksum(made.effects()) == sums["effects"][f"{name} s"]


def test_every_log_has_its_checksums() -> None:
    """A data set without a checksum could change unseen."""
    known = [f"{name} {size}" for name in logs.MAKERS for size in logs.SIZES]
    assert [list(table) for table in logs.expected().values()] == [known, known]


@pytest.mark.parametrize("name", SMALL)
def test_the_journeys_of_a_log_are_right(name: str, tmp_path: Path) -> None:
    """The projects that are measured are written as people should write them, but for an upper limit."""
    logs.make(name, "s").write(tmp_path)
    [reading] = readings([str(tmp_path)])
    assert [one for one in lint(reading.project()) if one.level == "error"] == []


@pytest.mark.parametrize("name", SMALL)
def test_events_come_in_order_and_are_of_one_length(name: str) -> None:
    """The unit decodes lines of 310 bytes; a log in any other order would be another data set."""
    lines = list(logs.make(name, "s").lines())
    read = [json.loads(line) for line in lines]
    times = [one["time"] for one in read]
    assert times == sorted(times)
    assert len({(one["source"], one["id"]) for one in read}) == len(lines)
    lengths = Counter(map(len, lines))
    assert lengths[310] >= 0.95 * len(lines)
    assert max(lengths) <= 350


def test_a_cart_log_holds_what_it_says() -> None:
    """One sign-up a shopper, orders for some 60 %, a yes for some 70 %, and as many events as asked for."""
    read = [json.loads(line) for line in logs.make("cart", "s").lines()]
    kinds = Counter(one["type"] for one in read)
    assert kinds["signup"] == 1_000
    assert 550 <= kinds["order"] <= 650
    assert kinds.total() == 3_000
    agreed = Counter(
        one.get("agrees", {}).get("offers", {}).get("email")
        for one in read
        if one["type"] == "signup"
    )
    assert set(agreed) == {True, False, None}
    assert 650 <= agreed[True] <= 750


def test_half_of_the_events_are_nobodys() -> None:
    """What no journey listens to is half of the log of many journeys."""
    read = [json.loads(line)["type"] for line in logs.make("journeys-100", "s").lines()]
    assert 0.48 <= read.count("page.viewed") / len(read) <= 0.52
    assert len(set(read)) > 150


SIGNED_UP = Shopper(4, 0, 1_000, agrees=True, orders=None, changes=())
DUE = 1_000 + DAY


@pytest.mark.parametrize(
    ("one", "comes"),
    [
        (SIGNED_UP, ("sent", "consent")),
        (SIGNED_UP._replace(agrees=False), ("refused", "opted_out")),
        (SIGNED_UP._replace(agrees=None), ("refused", "no_consent")),
        (SIGNED_UP._replace(orders=DUE), None),
        (SIGNED_UP._replace(orders=DUE + 1), ("sent", "consent")),
        (SIGNED_UP._replace(changes=((DUE, False),)), ("refused", "opted_out")),
        (SIGNED_UP._replace(changes=((DUE + 1, False),)), ("sent", "consent")),
        (SIGNED_UP._replace(changes=((5_000, False), (DUE, True))), ("sent", "consent")),
        (SIGNED_UP._replace(changes=((5_000, False), (DUE + 1, True))), ("refused", "opted_out")),
    ],
)
def test_the_right_effects_of_one_shopper(one: Shopper, comes: tuple[str, str] | None) -> None:
    """An order and a word on consent count when they come at the wait's last instant, and not a millisecond later."""
    found = list(effects.reminders([one], effects.after(DAY), lambda _one: ["Cart"]))
    assert found == ([Effect(DUE, email(4), "Cart", "Still there", *comes)] if comes else [])


def test_withdrawals_come_at_the_very_end_too() -> None:
    """The log of changed minds holds the close calls that it promises: before, at and after the end of the wait."""
    sides = {
        (at > one.signs_up + DAY) - (at < one.signs_up + DAY)
        for one in crowd.fickle("13", 3_000)
        for at, _yes in one.changes
        if abs(at - one.signs_up - DAY) <= 1_000
    }
    assert sides == {-1, 0, 1}


def test_all_waits_of_the_burst_end_at_once() -> None:
    """The whole burst is due at nine in the morning."""
    made = logs.make("burst", "s")
    assert {one.at for one in made.effects()} == {MORNING}
    assert Clock().text(MORNING) == "2026-03-10T08:00:00.000Z"


def test_the_exponential_numbers_have_their_mean() -> None:
    """Orders come after 14 hours on average, and one in 5.5 takes longer than a day."""
    dice = Dice("mean")
    drawn = [dice.waiting(14) for _time in range(20_000)]
    assert abs(sum(drawn) / len(drawn) - 14) < 0.3
    assert abs(sum(one > 24 for one in drawn) / len(drawn) - 0.18) < 0.01


def test_a_checksum_of_effects_asks_for_no_order() -> None:
    """Two runs that do the same agree, in whatever order they tell it; a doubled effect is another answer."""
    made = [Effect(at, "a@mail.example", "Cart", "Still there", "sent", "consent") for at in (1, 2)]
    assert effects.checksum(made) == effects.checksum(made[::-1])
    assert effects.checksum(made) != effects.checksum([*made, made[0]])


def test_the_program_written_by_hand_is_right(tmp_path: Path) -> None:
    """What Verbline is compared with gives the right answer: a wrong one could be as fast as it likes."""
    made = logs.make("cart", "s")
    made.write(tmp_path)
    subprocess.run([sys.executable, BY_HAND, "log.jsonl", "effects"], cwd=tmp_path, check=True, capture_output=True, timeout=LONGEST)  # fmt: skip
    told = [json.loads(line) for line in (tmp_path / "effects").read_text("utf-8").splitlines()]
    right = {(one.contact, Clock().text(one.at), one.verdict, one.reason) for one in made.effects()}
    found = {
        (one["contact"], one["at"].replace("+00:00", "Z"), one["verdict"], one["reason"])
        for one in told
    }
    assert found == right
    assert len(told) == len(right) > 400
