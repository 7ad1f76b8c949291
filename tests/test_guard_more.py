"""What the guard is made of: lengths, quiet hours, the table of countries, decisions."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.guarded import HOME, POLICY, Case, there
from verbline.interpreter import sendings
from verbline.interpreter.guard import purpose
from verbline.interpreter.guard.consent import KIND_OF_CHANNEL, Consent
from verbline.interpreter.guard.policy import QUIET, policy_of
from verbline.interpreter.guard.question import Question, Sending
from verbline.interpreter.guard.quiet import Quiet
from verbline.interpreter.guard.spans import BOUNDS, has_passed
from verbline.interpreter.zones import DAY, HOUR, MINUTE

ZONES = [
    there(name)
    for name in ("Europe/Ljubljana", "America/New_York", "Pacific/Apia", "Asia/Kathmandu")
]
# Around the day that Apia left out, and changes of clocks.
INSTANTS = st.one_of(
    st.integers(1_325_000_000_000, 1_326_000_000_000),
    st.integers(1_700_000_000_000, 1_800_000_000_000),
)
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from((0, 30)))


@given(
    st.sampled_from(ZONES), INSTANTS, st.integers(1, 30), st.sampled_from(sorted(BOUNDS)),
    st.integers(-3 * DAY, 3 * DAY), st.sampled_from((0, 1)),
)  # fmt: skip
def test_a_length_is_over_when_the_calendar_says_so(
    zone: Any, since: int, number: int, unit: str, off: int, exact: int
) -> None:
    """What is decided in milliseconds is what the calendar would say."""
    end = zone.add(since, number, unit)
    at = end + (off if exact else off // DAY)
    assert has_passed(zone, since, (number, unit), at) is (end <= at)


@given(
    st.lists(
        st.tuples(TIMES, TIMES).filter(lambda span: span[0] != span[1]), min_size=1, max_size=3
    ),
    st.lists(st.sampled_from(ZONES), min_size=1, max_size=2),
    st.lists(INSTANTS, min_size=1, max_size=5),
)
def test_quiet_holds_while_it_holds_in_any_window_of_any_zone(
    spans: list[tuple[time, time]], zones: list[Any], instants: list[int]
) -> None:
    """Minute by minute: quiet lasts until its end and no longer; what was asked before plays no part."""
    kept = Quiet(spans, zones)
    for instant in sorted(instants):
        end = kept.end_of(instant)
        single = [Quiet([span], [zone]) for span in spans for zone in zones]
        assert (end is not None) is any(one.end_of(instant) is not None for one in single)
        if end is not None:
            assert end - instant >= 8 * DAY or all(one.end_of(end) is None for one in single)
            steps = range(instant, min(end, instant + DAY), 45 * MINUTE)
            assert all(any(one.end_of(step) is not None for one in single) for step in steps)


def test_quiet_that_is_asked_about_again_is_the_same() -> None:
    """Every minute of two days, forward and back, gives the end of its own quiet."""
    kept = Quiet([(time(20), time(8)), (time(12), time(13))], [HOME])
    start = HOME.instant(HOME.local(1_767_265_200_000).replace(hour=0, minute=0))
    minutes = [start + number * 7 * MINUTE for number in range(400)]
    for instant in [*minutes, *reversed(minutes)]:
        hour = (instant - start) % DAY / HOUR
        day = (instant - start) // DAY * DAY + start
        expected = (
            day + 8 * HOUR if hour < 8
            else day + 13 * HOUR if 12 <= hour < 13
            else day + 32 * HOUR if hour >= 20
            else None
        )  # fmt: skip
        assert kept.end_of(instant) == expected
    assert kept.time_between(start, start + 2 * DAY) == 26 * HOUR
    assert kept.time_between(start + 9 * HOUR, start + 12 * HOUR + 1) == 1


def test_the_table_of_countries_is_read_as_it_is_written() -> None:
    """A channel that is not named needs a yes, a country that says nothing confirms and is never quiet; bases are shared."""
    base = {"members": ["AA", "BB"], "email": {"regime": "opt_out"}, "double_opt_in": False}
    unknown = {
        "quiet": {"from": "20:00", "until": "09:30"},
        "sms": {"regime": "opt_out", "soft": ["sale"]},
    }
    table = {"version": "7", "bases": {"one": base}, "countries": {"unknown": unknown, "BB": {}}}
    policy = policy_of(table)
    assert policy.countries == ("AA", "BB", "unknown")
    assert policy.row("AA", "email").regime == "opt_out"
    assert not policy.row("AA", "email").confirmed
    assert policy.row("BB", "email").regime == "opt_in"
    assert policy.row("BB", "email").confirmed
    assert not policy.row("BB", "sms").confirmed
    assert policy.row("CC", "sms").country == "unknown"
    assert policy.row("CC", "sms").soft == {"sale"}
    assert policy.row("AA", "sms").quiet == ()
    for channel in KIND_OF_CHANNEL:
        expected = ((time(20), time(9, 30)),) if channel in QUIET else ()
        assert policy.row("CC", channel).quiet == expected
    assert len(list(policy.rows())) == 3 * 7
    assert policy.version == f"7/{policy.hash[:12]}"


def test_the_version_of_the_table_changes_with_what_it_says() -> None:
    """The same rows in another order are the same policy; another row is another one."""
    first: dict[str, Any] = {
        "version": "7",
        "countries": {"unknown": {}, "AA": {"sms": {"regime": "opt_out"}}},
    }
    second = {"version": "7", "countries": {"AA": {"sms": {"regime": "opt_out"}}, "unknown": {}}}
    assert policy_of(first).version == policy_of(second).version
    for changed in (
        {"sms": {"regime": "opt_in"}},
        {"sms": {"regime": "opt_out", "soft": ["sale"]}},
        {"sms": {"regime": "opt_out", "implied": [{"kind": "purchase", "months": 1}]}},
        {"sms": {"regime": "opt_out"}, "quiet": {"from": "20:00", "until": "09:00"}},
        {"sms": {"regime": "opt_out"}, "double_opt_in": False},
    ):
        other = {"version": "7", "countries": {"unknown": {}, "AA": changed}}
        assert policy_of(other).hash != policy_of(first).hash


@pytest.mark.parametrize("cell", [{"regime": "maybe"}])
def test_a_regime_that_nobody_knows_is_refused(cell: dict[str, str]) -> None:
    """A table with an unknown regime is not read."""
    with pytest.raises(AssertionError, match="maybe"):
        policy_of({"version": "1", "countries": {"unknown": {"email": cell}}})


def test_a_table_without_the_unknown_country_is_refused() -> None:
    """Somebody's country is always one that nobody knows."""
    with pytest.raises(AssertionError, match="nobody knows"):
        policy_of({"version": "1", "countries": {"SI": {}}})


def test_a_decision_names_the_table_it_stood_on() -> None:
    """Allowed, held or refused: the version of the table is there."""
    case = Case("x")
    for line in ("holds email:a@b", "1 grant", "message quiet=20:00-08:00"):
        case.take(line.split())
    asked = ("2 SI email", "2@21:00 SI email", "2 DE email", "2 SI sms", "1@11:00 SI email")
    decisions = [case.decide(words.split()) for words in asked]
    assert [one.verdict for one in decisions] == ["allow", "defer", "deny", "deny", "deny"]
    assert {one.policy for one in decisions} == {POLICY.version}


def test_quiet_hours_are_kept_for_those_who_share_them() -> None:
    """The same hours and zones are made once, and a thousand others do not stay for ever."""
    policy = policy_of({"version": "1", "countries": {"unknown": {}}})
    night = ((time(20), time(8)),)
    assert policy.quiet(night, (HOME,)) is policy.quiet(night, (HOME,))
    assert policy.quiet(night, (HOME,)) is not policy.quiet(night, (ZONES[1],))
    for number in range(1500):
        policy.quiet(
            ((time(number // 60, number % 60), time(23)),) if number < 1440 else (), (HOME,)
        )
    assert len(policy._quiet) <= 1000


def test_an_event_without_a_known_act_is_refused() -> None:
    """Nobody can put into the ledger what nobody can read."""
    with pytest.raises(AssertionError, match="love"):
        Consent(at=1, known=1, act="love", actor="subject")


def test_a_question_asks_for_no_favours() -> None:
    """Unless somebody says so nothing waits, nothing is an offer, and time in quiet hours counts."""
    purpose = Case("x").purpose
    sending = Sending(purpose)
    assert (sending.promotion, sending.relaxed, sending.similar, sending.topic) == (
        False,
        False,
        False,
        None,
    )
    question = Question(sending, "email", 0, "SI", (HOME,))
    assert question.fresh_in_quiet
    purpose.soft = True
    assert Sending(purpose).similar
    assert not Sending(purpose, similar=False).similar
    assert Sending(purpose, promotion=True, relaxed=True).relaxed


def test_what_happened_at_one_instant_is_read_as_it_was_recorded() -> None:
    """A record that holds events in another order than the ledger gives the same answer."""
    for order in ([0, 1], [1, 0]):
        case = Case("x")
        for line in ("holds email:a@b", "1 withdraw", "1 grant"):
            case.take(line.split())
        case.person.consents = [case.person.consents[place] for place in order]
        assert case.decide(["2", "SI", "email"]).verdict == "allow"


def test_a_purpose_is_of_the_same_class_for_the_guard_and_for_the_rules() -> None:
    """The guard keeps its own table, so that a certificate, which is bound to its code, is bound to that table too."""
    assert purpose.CLASSES == sendings.CLASSES
