"""What a plan says of one person: records in words, in the order in which they came."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verbline.cli.plan_words import record
from verbline.runtime.plan.differing import only_in

AT = "2026-03-02T08:00:00Z"
RECORDS: list[tuple[dict[str, Any], str]] = [
    ({"kind": "message", "verdict": "sent", "message": "M", "channel": "sms", "reason": "consent"}, "gets “M” by sms (consent)"),
    ({"kind": "message", "verdict": "refused", "message": "M", "reason": "opted_out"}, "does not get “M” (opted out)"),
    ({"kind": "message", "verdict": "held", "message": "M", "reason": "quiet_hours", "until": AT}, "“M” is held (quiet hours) until 2026-03-02 08:00"),
    ({"kind": "wait", "verdict": "held", "until": AT}, "waits until 2026-03-02 08:00"),
    ({"kind": "wait", "verdict": "taken", "reason": "happened", "moment": "it rains"}, "“it rains” happens"),
    ({"kind": "wait", "verdict": "taken", "reason": "answered", "desk": "D", "answer": "yes"}, "“D” answers “yes”"),
    ({"kind": "wait", "verdict": "taken", "reason": "answered", "answer": "yes"}, "answers “yes”"),
    ({"kind": "wait", "verdict": "taken", "reason": "ran_out", "desk": "D"}, "“D” does not answer in time"),
    ({"kind": "wait", "verdict": "taken", "reason": "ran_out"}, "the time runs out"),
    ({"kind": "wait", "verdict": "taken", "reason": "other_reason"}, "wait taken (other reason)"),
    ({"kind": "branch", "verdict": "taken", "answer": "{no}"}, "the answer is “{no}”"),
    ({"kind": "outcome", "verdict": "taken", "outcome": "came", "reason": "stopped"}, "ends as “came” (stopped)"),
    ({"kind": "task", "verdict": "taken", "desk": "D", "until": AT}, "a task for “D” until 2026-03-02 08:00"),
    ({"kind": "message", "verdict": "sent", "message": "M"}, "message sent “M”"),
    ({"kind": "label", "verdict": "taken"}, "label taken"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "words"), RECORDS, ids=[words for _row, words in RECORDS])
def test_a_record_in_words(row: dict[str, Any], words: str) -> None:
    """Each kind says what happens; one without words of its own says its kind and verdict."""
    assert record({"at": AT, **row}, ()) == f"2026-03-02 08:00 {words}"


DEED = st.tuples(st.integers(0, 2), st.integers(0, 3), st.just(-1), st.just(0))


@given(st.lists(DEED, max_size=12), st.lists(DEED, max_size=12))
def test_what_one_side_has_alone_stands_as_it_came(
    one: list[tuple[int, int, int, int]], other: list[tuple[int, int, int, int]]
) -> None:
    """It is the difference, each as often as it is too many; by time, and at one instant in the order of its side."""
    one.sort(key=lambda deed: deed[0])
    found = only_in(one, other)
    assert Counter(found) == Counter(one) - Counter(other)
    places = iter(one)
    assert all(deed in places for deed in found)
