"""What the guard answers in the plain case is what it answers in full."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from tests.guarded import HOME, POLICY
from tests.test_guard_laws import (
    ACTS,
    KINDS,
    ODDITIES,
    PLAIN,
    START,
    person,
    purpose,
    recorded,
    told,
)
from verbline.interpreter.guard.caps import Cap
from verbline.interpreter.guard.decide import decide, decide_in_full
from verbline.interpreter.guard.plain import plainly
from verbline.interpreter.guard.purpose import Purpose
from verbline.interpreter.guard.question import Question, Sending
from verbline.interpreter.person.record import Contact, Person
from verbline.interpreter.zones import DAY, HOUR

YES = {**PLAIN, "act": "grant", "day": 1}
CLASSES = ("marketing", "service", "tracking", "recognition", "transactional")
BASES = ("consent", "legitimate")
EXTRAS = ("", "soft", "confirmed", "lapses")
PLACES = (("US", "email"), ("SI", "email"), ("FR", "sms"), ("ZZ", "post"))
# One thing that is unusual about the person, the message or the question.
ABOUT_PERSON = (
    "",
    "erased",
    "disputed",
    "merged",
    "bounced",
    "epoch",
    "two addresses",
    "no address",
    "another's",
)
ABOUT_MESSAGE = ("", "cap", "cap of another class", "promotion", "quiet", "topic", "strange topic")
ABOUT_QUESTION = ("", "known", "contact", "wishes", "early", "strange channel", "late", "at night")


def somebody(said: list[dict[str, Any]], about: str) -> Person:
    """Return a person with one address, of whom one thing is unusual."""
    found = person(recorded(said), "email:a")
    if about in {"erased", "disputed"}:
        setattr(found, about, True)
    elif about == "merged":
        found.merged = ("P2",)
    elif about == "bounced":
        found.contacts[0].health = "bounced"
    elif about == "epoch":
        found.contacts[0].epoch = 1
    elif about == "two addresses":
        found.contacts.append(Contact("email", "b", START + DAY))
    elif about == "no address":
        found.contacts = []
    elif about == "another's":
        found.contacts[0].value = "b"
    return found


def sending(what: Purpose, about: str) -> Sending:
    """Return a message for a purpose, of which one thing is unusual."""
    only = "legal" if about == "cap of another class" else ""
    return Sending(
        what,
        {"topic": "t", "strange topic": "u"}.get(about, ""),
        caps=[Cap(0, (1, "day"), purposes=("p",), only=only)] if "cap" in about else (),
        quiet=POLICY.row("FR", "sms").quiet if about == "quiet" else (),
        promotion=about == "promotion",
    )


def question(message: Sending, country: str, channel: str, about: str) -> Question:
    """Return a question, of which one thing is unusual: when it is asked, or what it is about."""
    days = {"early": 0, "late": 12}.get(about, 3)
    hours = 11 if about in {"at night", "wishes", "quiet"} else 0
    if about == "strange channel":
        channel = "push"
    found = Question(message, channel, START + days * DAY + hours * HOUR, country, (HOME,))
    found.known = 0 if about == "known" else None
    found.contact = "email:b" if about == "contact" else ""
    found.wishes = POLICY.row("FR", "sms").quiet if about == "wishes" else ()
    return found


def unusual() -> list[list[dict[str, Any]]]:
    """Return ledgers with nothing, with a yes of which up to one thing is unusual, and with one more event."""
    odd: list[dict[str, Any]] = [{**YES, **dict([one])} for one in ODDITIES]
    acts = [{**YES, "act": act} for act in dict.fromkeys(ACTS)]
    twice = [[YES, {**one, "day": 2}] for one in acts]
    return [[], [YES], *([one] for one in (*odd, *acts)), *twice]


def agree(said: list[dict[str, Any]], who: str, message: Sending, ask: Question) -> None:
    """Raise unless the two ways say the same, down to the regime and the evidence, where all is said for the channel asked."""
    address = f"{KINDS.get(ask.channel, 'email')}:a"
    here = {"contact": {"email:a": address}, "channel": {"email": ask.channel}}
    said = [
        {**one, **{name: like.get(one[name], one[name]) for name, like in here.items()}}
        for one in said
    ]
    known = somebody(said, who)
    if known.contacts:
        known.contacts[0].kind = address.partition(":")[0]
    short, full = decide(ask, known, POLICY), decide_in_full(ask, known, POLICY)
    assert told(short) == told(full), (said, who, message.purpose, ask.country, ask.channel)
    assert (short.regime, short.policy) == (full.regime, full.policy)


@pytest.mark.parametrize("cls", CLASSES)
def test_a_plain_case_is_answered_as_in_full(cls: str) -> None:
    """Whatever one thing is unusual, the answers agree for every class, basis and country."""
    for basis, extra, (country, channel) in product(BASES, EXTRAS, PLACES):
        what = purpose(cls, basis, extra)
        for about in ABOUT_MESSAGE:
            message = sending(what, about)
            for said in unusual() if not about else ([], [YES], [{**YES, "topic": "t"}]):
                agree(said, "", message, question(message, country, channel, about))
        message = sending(what, "")
        for who, ask, said in product(
            ABOUT_PERSON, ABOUT_QUESTION, ([], [YES], [{**YES, "until": 9}])
        ):
            agree(said, who, message, question(message, country, channel, ask))


@pytest.mark.parametrize("said", [[], [YES]])
def test_most_cases_are_plain(said: list[dict[str, Any]]) -> None:
    """Somebody with one address who said yes, or nothing, is a plain case."""
    message = Sending(Purpose("p", "marketing", "consent", ("email",)))
    ask = question(message, "US", "email", "")
    assert plainly(ask, somebody(said, ""), POLICY) is not None
    assert decide(ask, somebody(said, ""), POLICY).verdict == ("allow" if said else "deny")
