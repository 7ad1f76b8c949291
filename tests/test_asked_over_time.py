"""Compiled conditions against a walk along the clock, around days on which clocks are set."""

from __future__ import annotations

import re
from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from tests.asking import Asked, asked, compiled, person_with, there
from tests.trials import tries
from verbline.interpreter.person.record import Person, put
from verbline.interpreter.program.conditions import Condition
from verbline.interpreter.program.spans import EARLIEST, LATEST
from verbline.interpreter.zones import DAY, HOUR, MINUTE, Zone

LENGTHS = [
    "90 minutes",
    "1 hour",
    "26 hours",
    "1 day",
    "2 days",
    "1 week",
    "1 month",
    "2 months",
    "1 year",
]
MOVING = [
    *(f"{name} is {how} {length} {side}"
      for name in ("seen", "due-date")
      for how, length, side in (
          ("more than", "1 day", "ago"), ("at least", "1 month", "ago"), ("less than", "26 hours", "ago"),
          ("at most", "2 days", "from now"), ("more than", "1 week", "from now"), ("less than", "1 month", "from now"),
          ("at least", "90 minutes", "from now"), ("at most", "2 working hours", "ago"),
          ("less than", "1 working day", "from now"), ("more than", "3 working hours", "from now"),
      )),
    *(f'the member had "order is placed" at least {n} times in the last {length}' for n in (1, 2, 3) for length in LENGTHS),
    *(f'the member had no "order is placed" in the last {length}' for length in LENGTHS),
    *(f"the member was silent for {length}" for length in LENGTHS),
    "seen is after now", "seen is at most now", "now is seen", "seen is not now", "seen is before today",
    "due-date is after today", "due-date is today", "today is more than due-date", "due-date is at least today",
    "due-date is not today", "due-date + 2 days is before today", "due-date is before today - 1 week",
    "due-date is after today + 1 month", "due-date is at most today - 1 month", "due-date is today - 1 month",
    "due-date is today + 1 month",
    "seen - 1 working day is before now", "due-date - 3 working hours is after now", "seen is after now - 1 working day",
    "heat * 2 + 3 is at most 30", "10 - heat is more than count", "(heat - 5) * (heat - 6) is at least 20",
    "100 / (heat - 5) is at least 7", "heat * count is at least 100",
    "seen is before now - 26 hours", "seen is after now - 1 day", "seen is at most now + 1 month",
    "seen is more than now - 1 month", "now - 1 month is now - 4 weeks", "seen + 1 month is less than now",
    "now is after today + 9 hours", "today + 9 hours is at most now + 1 day", "seen is before now + notice",
    "seen is after now + 2 * notice", "seen is after today - 1 month", "today + 1 day is after now",
    "heat is at least 20", "heat is more than 20", "heat is 20", "heat is not 20", "heat is less than 0.001",
    "20 is more than heat", "heat is between 5 and 20", "heat is at least count", "heat + 5 is at least 25",
    "heat * heat is more than 400", "100 / heat is more than 5", "heat + chill is at least 15", "heat / 0 is 1",
    "chill is more than 0 - 5", "0 - 5 is less than chill", "chill is at most 0 - 4", "chill is at least 0",
    "chill is 0 - 5", "heat is heat", "heat is known", "glad is yes and heat is at least 20",
    "glad or seen is more than 1 day ago", "not (sure and the member was silent for 2 days)",
    "(today is due-date) is glad",
    'the member had no "order is placed" in the last 26 hours and the member had no "order is placed" in the last 1 week',
    'the member had "order is placed" in the last 1 day or seen is at most 2 days ago or heat is at least 20',
    'the member is in segment "regulars" and seen is after now',
]  # fmt: skip
# Asked more often: what months, clocks that are set and working time make uneven, and what several terms decide.
UNEVEN = re.compile("today|month|working|heat.*[-+*/]|and|or ")
PLACES = [
    # Where clocks were set, in the middle of the day and of the night, by an hour, half an hour, a day.
    ("Europe/Ljubljana", "2026-03-29 02:00"), ("Europe/Ljubljana", "2026-10-25 02:00"),
    ("America/St_Johns", "2010-11-07 00:01"), ("America/St_Johns", "2011-03-13 00:01"),
    ("America/Sao_Paulo", "2018-11-04 00:00"), ("America/Sao_Paulo", "2018-02-18 00:00"),
    ("America/Havana", "2026-11-01 01:00"), ("America/Santiago", "2026-09-06 00:00"),
    ("Australia/Lord_Howe", "2026-10-04 02:00"), ("Australia/Lord_Howe", "2026-04-05 02:00"),
    ("Pacific/Apia", "2011-12-30 00:00"), ("Pacific/Kwajalein", "1993-08-21 00:00"),
    ("Africa/Casablanca", "2026-02-15 03:00"), ("UTC", "2024-02-29 00:00"), ("UTC", "2026-03-31 00:00"),
]  # fmt: skip
_made: list[tuple[list[Condition], Asked]] = []


def moving() -> tuple[list[Condition], Asked]:
    """Return the conditions that time moves, compiled once, and a turn to ask them in."""
    if not _made:
        _made.append((compiled(MOVING), asked()))
    return _made[0]


def away(draw: st.DrawFn, now: int) -> int:
    """Draw an instant at some usual distance from ``now``, give or take three days."""
    far = draw(
        st.sampled_from(
            [0, HOUR, 26 * HOUR, DAY, 7 * DAY, 28 * DAY, 30 * DAY, 31 * DAY, 60 * DAY, 365 * DAY]
        )
    )
    near = draw(st.integers(-3 * DAY // MINUTE, 3 * DAY // MINUTE)) * MINUTE
    return now + draw(st.sampled_from([-1, 1])) * far + near


@st.composite
def scenes(draw: st.DrawFn) -> tuple[int, Zone, int, Person]:
    """Draw a condition that time moves, a place, an instant near one at which clocks are set there, and a person."""
    name, local = draw(st.sampled_from(PLACES))
    where = there(name)
    around = where.instant(datetime.fromisoformat(local))
    now = (
        around
        + draw(st.integers(-4 * DAY // MINUTE, DAY // MINUTE)) * MINUTE
        + draw(st.sampled_from([0, 0, 1, 999]))
    )
    person = person_with(
        seen=away(draw, now),
        glad=draw(st.booleans()),
        count=draw(st.integers(0, 30)),
        notice=draw(st.sampled_from([(26, "hour"), (1, "day"), (1, "month"), (3, "whour")])),
    )
    put(person, "values", "due-date", (where.local(away(draw, now)).date()))
    past = sorted(min(away(draw, now), now) for _ in range(3))
    put(person, "history", "order is placed", past)
    person.life = past[-1]
    put(person, "scores", "heat", (draw(st.integers(0, 80_000)), past[0]))
    put(person, "scores", "chill", (draw(st.integers(-40_000, 0)), past[2]))
    every, often = range(len(MOVING)), [at for at, text in enumerate(MOVING) if UNEVEN.search(text)]
    return draw(st.sampled_from([*every, *often, *often])), where, now, person


@tries(150)
@given(scene=scenes(), step=st.integers(7, 40), offset=st.sampled_from([0, 1, MINUTE - 1]))
def test_whoever_asks_when_told_never_has_an_old_answer(
    scene: tuple[int, Zone, int, Person], step: int, offset: int
) -> None:
    """Asked again at each instant that the condition names, the answer is the one of every instant in between."""
    conditions, turn = moving()
    at, where, now, person = scene
    condition, text = conditions[at], MOVING[at]
    turn.zone, turn.person, turn.now = where, person, now
    answer, wake = condition.test(turn.turn), condition.next_change(turn.turn)
    asked_again = 0
    for instant in range(now + offset, now + 4 * DAY, step * MINUTE):
        while wake is not None and wake <= instant:
            assert wake > turn.now, f"{text}: asking again makes no progress"
            turn.now = wake
            answer, wake = condition.test(turn.turn), condition.next_change(turn.turn)
            asked_again += 1
        turn.now = instant
        assert condition.test(turn.turn) is answer, f"{text} at {where.local(instant)} in {where}"
        turn.now = max(turn.now, now)
    assert asked_again < 200_000


def test_the_ends_of_the_calendar_are_no_edge() -> None:
    """Dates in the years 1 and 9999, and thousands of years from now, are compared like any other."""
    conditions, turn = moving()
    for seen, day in ((EARLIEST, date.min), (LATEST, date.max)):
        for notice in ((9999, "year"), (-9999, "year"), (9999, "wday"), (10**9, "whour")):
            turn.person = person_with(
                **{"seen": seen, "due-date": day, "notice": notice, "count": 0}
            )
            turn.now, turn.zone = (
                there("UTC").instant(datetime.fromisoformat("2026-03-10")),
                there("Pacific/Apia"),
            )
            for condition, text in zip(conditions, MOVING, strict=True):
                assert condition.test(turn.turn) in (True, False, None)
                change = condition.next_change(turn.turn)
                assert change is None or change > turn.now, text
