"""A night that has begun since a message was decided holds it back until it is over, whoever was slow."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.leavers import AT, HOUR, Club, opened
from tests.test_last_word import CARE, TICKET
from verbline.runtime.channels.intent import quiet_until

QUIET = "  keeps quiet from 20:00 to 08:00\n"
# AT is nine in the morning.
EVENING, NIGHT, MORNING = AT + 10 * HOUR, AT + 13 * HOUR, AT + 23 * HOUR


def decided(club: Club, at: int) -> None:
    """Let a message be decided for Tina."""
    club.member(first_name="Tina")
    club.happens("P1", "member joins", at)
    club.commit()


def test_it_leaves_in_the_morning(tmp_path: Path) -> None:
    """Until then it is ready, its order is kept, and nothing is written to the channel."""
    with opened(tmp_path, QUIET + CARE) as club:
        decided(club, EVENING)
        club.clock = NIGHT
        assert not club.send()
        assert [(one.state, one.due, one.attempts) for one in club.all()] == [("ready", MORNING, 0)]
        club.clock = MORNING - 1
        assert not club.send()
        club.clock = MORNING
        assert len(club.send()) == 1


def test_what_waits_for_nobody_leaves_at_night(tmp_path: Path) -> None:
    """Nothing holds back what a journey without quiet hours sends, nor a ticket."""
    for number, steps in enumerate((CARE, QUIET + TICKET)):
        with opened(tmp_path / str(number), steps) as club:
            decided(club, EVENING)
            club.clock = NIGHT
            assert len(club.send()) == 1


def test_by_day_it_leaves(tmp_path: Path) -> None:
    """The quiet of a night is not that of the day behind it."""
    with opened(tmp_path, QUIET + CARE) as club:
        decided(club, EVENING)
        club.clock = MORNING + HOUR
        assert len(club.send()) == 1


@pytest.mark.parametrize(("hours", "nights"), [(24, 1), (7 * 24, 7)])
def test_all_nights_are_known_in_which_it_is_fresh(tmp_path: Path, hours: int, nights: int) -> None:
    """From each its beginning and its end."""
    late = f"    at most {hours} hours late\n"
    with opened(tmp_path, QUIET + CARE.replace("\n", f"\n{late}", 1)) as club:
        decided(club, AT)
        (row,) = club.all()
        assert row.intent.asked is not None
        assert len(row.intent.asked.quiet) == nights
        begun, over = row.intent.asked.quiet[0]
        assert (begun, over) == (AT + 11 * HOUR, MORNING)
        found = [quiet_until(row.intent, at) for at in (begun - 1, begun, over - 1, over)]
        assert found == [None, over, over, None]


def test_what_may_leave_at_once_is_not_claimed_at_night(tmp_path: Path) -> None:
    """Who falls behind and decides as of the evening writes to nobody at night."""
    with opened(tmp_path, QUIET + CARE) as club:
        decided(club, EVENING)
        (row,) = club.all()
        assert not club.rows.outbox.claim(row.intent, NIGHT)
        assert club.rows.outbox.claim(row.intent, EVENING)
