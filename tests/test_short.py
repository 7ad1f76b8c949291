"""Answers in the short form are worked out once for each kind, and are what each of them would be by itself."""

from __future__ import annotations

from typing import Any

import pytest

from verbline.interpreter.guard.consent import Consent
from verbline.interpreter.guard.said import Occasion, consents_of_event
from verbline.interpreter.guard.short import ShortAnswers

FORM = frozenset((("offers", "email"), ("news", "")))
ADDRESSES = {"email": "email:a@mail.si", "phone": "phone:+38631234567"}
ENTRIES = [
    {"purpose": purpose, "channel": channel, "act": act, "short": True}
    for purpose in ("offers", " News", "unheard of")
    for channel in ("email", "sms", "post")
    for act in ("grant", "deny")
]


def occasion_of(
    person: str, at: int, form: Any, addresses: dict[str, str], system: str = "shop"
) -> Occasion:
    """Return an occasion."""
    found = Occasion({}, system, person, at, at + 5)
    found.form = form
    found.addresses = addresses
    return found


def slots(one: Consent) -> dict[str, Any]:
    """Return all that is recorded of an answer."""
    return {name: getattr(one, name) for name in Consent.__slots__ if name != "seq"}


@pytest.mark.parametrize(
    "entry", ENTRIES, ids=lambda one: f"{one['purpose']} {one['channel']} {one['act']}"
)
def test_a_short_answer_is_what_it_would_be_by_itself(entry: dict[str, Any]) -> None:
    """Whatever was answered before: person, instant, address and evidence are those of this answer."""
    short = ShortAnswers()
    occasions = [
        occasion_of("P1", 10, FORM, ADDRESSES),
        occasion_of("P2", 20, FORM, {"email": "email:b@mail.si"}),
        occasion_of("P3", 30, None, ADDRESSES),
        occasion_of("P4", 40, FORM, {}),
        occasion_of("P5", 50, FORM, ADDRESSES, system="website"),
    ]
    for occasion in occasions:
        taken, _refused = consents_of_event("signup", {"consent": [entry]}, occasion)
        found = short.take([entry], occasion)
        assert found is not None
        assert [slots(one) for one in found] == [slots(one) for one in taken]


@pytest.mark.parametrize(
    "entry",
    [
        {"purpose": "offers", "channel": "email", "act": "grant"},
        {"purpose": "offers", "channel": "email", "act": "grant", "contact": "c@mail.si"},
        {"purpose": "offers", "channel": "email", "act": "grant", "short": True, "contact": "x"},
        {"purpose": "*", "channel": "email", "act": "grant", "short": True},
        {"purpose": "offers", "channel": "pigeon", "act": "grant", "short": True},
        {"purpose": "offers", "channel": "email", "act": "", "short": True},
        {"purpose": ["offers"], "channel": "email", "act": "grant", "short": True},
    ],
    ids=repr,
)
def test_what_is_not_short_is_looked_at_with_care(entry: dict[str, Any]) -> None:
    """An entry that says more, or that is refused, is left to the careful way, with all that stands beside it."""
    short = ShortAnswers()
    both = [{"purpose": "offers", "channel": "email", "act": "deny", "short": True}, entry]
    assert short.take(both, occasion_of("P1", 10, FORM, ADDRESSES)) is None
