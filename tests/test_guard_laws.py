"""What holds for every history of yes and no."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.guarded import HOME, POLICY
from verbline.interpreter.guard.consent import NO, Consent
from verbline.interpreter.guard.decide import Decision, decide
from verbline.interpreter.guard.purpose import Purpose
from verbline.interpreter.guard.question import Question, Sending
from verbline.interpreter.person.record import Contact, Person
from verbline.interpreter.zones import DAY, HOUR

# Noon, when it is quiet nowhere.
START = 1_767_265_200_000
CHANNELS = ("email", "sms", "whatsapp", "post")
KINDS = {"email": "email", "sms": "phone", "whatsapp": "phone", "post": "post"}
PLACES = ("email:a", "email:b", "phone:1", "post:x")
DAYS = st.integers(1, 14)


def purpose(cls: str, basis: str, extra: str) -> Purpose:
    """Return a purpose."""
    found = Purpose("p", cls, basis, CHANNELS)
    found.topics = {"t": "t"}
    found.soft = extra == "soft"
    found.confirm = (3, "day") if extra == "confirmed" else None
    found.lapses = (6, "day") if extra == "lapses" else None
    return found


PURPOSES = st.builds(
    purpose,
    st.sampled_from(("marketing", "service", "tracking", "recognition", "transactional")),
    st.sampled_from(("consent", "legitimate", "contract")),
    st.sampled_from(("", "soft", "confirmed", "lapses")),
)
# An event is a yes to what is asked about, but for its act, its day, and one or two things that are unusual.
PLAIN: dict[str, Any] = {
    "lag": 0, "actor": "subject", "source": "a", "person": "P1", "contact": "email:a", "channel": "email", "purpose": "p",
    "topic": None, "basis": "consent", "complete": True, "token": "k", "until": None, "corrects": None, "epoch": 0,
}  # fmt: skip
UNUSUAL: dict[str, tuple[Any, ...]] = {
    "lag": (2,), "actor": ("staff:1", "system:s", "import:1"), "source": ("b",), "person": ("P2", None),
    "contact": (None, "email:b", "phone:1", "post:x"), "channel": ("*", "sms", "post"), "purpose": ("q", "*"),
    "topic": ("t",), "basis": ("soft:sale", "implied:purchase", "implied:inquiry", "bounced", "complained", "pause"),
    "complete": (False,), "token": ("", "l"), "until": (9,), "corrects": (1, 2), "epoch": (1,),
}  # fmt: skip
ACTS = ("grant",) * 5 + ("confirm", "confirm", "withdraw", "withdraw", "deny", "object", "erase", "reassign", "suppress", "unsuppress", "bounce", "bounce", "bounce")  # fmt: skip
ODDITIES = [(name, value) for name, values in UNUSUAL.items() for value in values]


def made_of(act: str, day: int, odd: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an event."""
    return {**PLAIN, **dict(odd), "act": act, "day": day}


EVENTS = st.builds(
    made_of, st.sampled_from(ACTS), DAYS, st.lists(st.sampled_from(ODDITIES), max_size=2)
)
HISTORIES = st.lists(EVENTS, max_size=6)
# Who turned out to be the person.
ALIASES = st.sampled_from(((), ("P2",)))
ASKS = st.fixed_dictionaries(
    {
        "country": st.sampled_from(("SI", "DE", "US", "CA", "ZZ")),
        "channel": st.sampled_from(("email", "email", "email", "sms", "post")),
        "day": st.integers(1, 16),
        "purpose": PURPOSES,
        "topic": st.sampled_from(("", "", "t")),
    }
)


def recorded(made: Sequence[dict[str, Any]], first: int = 1) -> list[Consent]:
    """Return the ledger that holds ``made``, in this order of recording."""
    return [event(one, seq) for seq, one in enumerate(made, first)]


def event(made: dict[str, Any], seq: int) -> Consent:
    """Return one event of the ledger."""
    told = {name: value for name, value in made.items() if name not in ("day", "lag", "until")}
    at = START + made["day"] * DAY
    until = None if made["until"] is None else START + made["until"] * DAY
    return Consent(seq=seq, at=at, known=at + made["lag"] * DAY, until=until, **told)


def person(consents: Sequence[Consent], *places: str, identity: str = "P1") -> Person:
    """Return somebody who holds the addresses ``places``."""
    found = Person(identity)
    for number, place in enumerate(places or PLACES):
        kind, _colon, value = str(place).partition(":")
        found.contacts.append(Contact(kind, value, START + number * HOUR))
    found.consents = list(consents)
    return found


def asked(
    ask: dict[str, Any], somebody: Person, contact: str = "", known: int | None = None
) -> Decision:
    """Return the guard's answer."""
    sending = Sending(ask["purpose"], ask["topic"])
    at = START + ask["day"] * DAY
    question = Question(sending, ask["channel"], at, ask["country"], (HOME,))
    question.contact, question.known = contact, known
    return decide(question, somebody, POLICY)


def told(decision: Decision) -> tuple[object, ...]:
    """Return all that a decision says."""
    place = decision.contact.value if decision.contact else ""
    return (
        decision.verdict,
        decision.reason,
        decision.until,
        place,
        decision.state,
        decision.evidence,
    )


@given(HISTORIES, EVENTS, st.sampled_from(("withdraw", "deny", "object")), st.integers(0, 7), ASKS)
def test_one_more_no_never_opens_anything(
    made: list[dict[str, Any]], no: dict[str, Any], act: str, place: int, ask: dict[str, Any]
) -> None:
    """A withdrawal of the person, wherever it stands in the history, turns no refusal into a yes."""
    no = {**no, "act": act, "actor": "subject", "person": "P1"}
    before = asked(ask, person(recorded(made)))
    fresh = event(no, 0)
    consents = recorded(made)
    fresh.seq = place * 10 + 5
    for one in consents:
        one.seq *= 10
        one.corrects = one.corrects and one.corrects * 10
    after = asked(ask, person([*consents, fresh]))
    assert not (before.verdict == "deny" and after.verdict != "deny"), (before, after)


@given(HISTORIES, EVENTS, ASKS)
def test_nobody_but_the_person_lifts_a_no(
    made: list[dict[str, Any]], yes: dict[str, Any], ask: dict[str, Any]
) -> None:
    """What is denied stays denied, whatever staff, a system or an import add."""
    yes = {**yes, "act": "grant", "actor": "import:2", "corrects": None}
    before = asked(ask, person(recorded(made)), "email:a")
    after = asked(ask, person(recorded([*made, yes])), "email:a")
    assert not (before.state == "denied" and after.verdict != "deny"), (before, after)


@given(HISTORIES, HISTORIES, ASKS, ALIASES)
def test_what_comes_later_changes_no_earlier_answer(
    made: list[dict[str, Any]],
    later: list[dict[str, Any]],
    ask: dict[str, Any],
    merged: tuple[str, ...],
) -> None:
    """With `known` the ledger is read as far as it went then."""
    before, after = person(recorded(made)), person(recorded([*made, *later]))
    before.merged = after.merged = tuple(merged)
    assert told(asked(ask, before)) == told(asked(ask, after, known=len(made)))


@given(HISTORIES, ASKS, st.randoms(use_true_random=False), ALIASES)
def test_the_order_of_storage_plays_no_part(
    made: list[dict[str, Any]], ask: dict[str, Any], dice: Any, merged: tuple[str, ...]
) -> None:
    """Only when something happened, and when it was recorded, counts."""
    consents = recorded(made)
    mixed = list(consents)
    dice.shuffle(mixed)
    before, after = person(consents), person(mixed)
    before.merged = after.merged = tuple(merged)
    assert told(asked(ask, before)) == told(asked(ask, after))


@given(HISTORIES, EVENTS, ASKS, st.sampled_from(("channel", "contact", "purpose", "topic")))
def test_no_yes_leaks(
    made: list[dict[str, Any]], yes: dict[str, Any], ask: dict[str, Any], what: str
) -> None:
    """A yes by another channel, at another address, to another purpose or topic changes nothing."""
    other = {"channel": "whatsapp", "contact": "phone:9", "purpose": "r", "topic": "u"}[what]
    yes = {**yes, "act": "grant" if yes["act"] in NO else yes["act"], what: other, "corrects": None}
    if yes["act"] not in ("grant", "confirm") or (
        what == "contact" and ask["purpose"].cls == "recognition"
    ):
        return
    # A confirmed yes to anything takes back that an address is forgotten, and nothing more.
    before = asked(ask, person(recorded(made)))
    after = asked(ask, person(recorded([*made, yes])))
    is_back = any(one["act"] == "erase" for one in made)
    assert told(before) == told(after) or is_back


def record_of(ledger: Sequence[Consent], identity: str, places: Sequence[str]) -> list[Consent]:
    """Return what concerns a person: what they said, and what anybody said at their addresses."""
    return [one for one in ledger if one.person == identity or one.contact in places]


@given(HISTORIES, ASKS, st.sampled_from(("exclusive", "shared")))
def test_a_merge_opens_nothing_and_a_split_restores(
    made: list[dict[str, Any]], ask: dict[str, Any], basis: str
) -> None:
    """An address that neither could be written to stays closed; two people again, each has the old answer."""
    ledger = recorded(made)
    # Whoever speaks for an address holds it.
    places = {
        identity: [
            place
            for place in PLACES
            if (any(one.person == identity and one.contact == place for one in ledger) or place[0] == mark)
        ]
        for identity, mark in (("P1", "e"), ("P2", "p"))
    }  # fmt: skip
    apart = {
        who: person(record_of(ledger, who, held), *held, identity=who)
        for who, held in places.items()
    }
    merge = Consent(
        seq=99, at=START, known=START, act="merge", actor="system:x", person="P2", basis=basis
    )
    both = sorted({*places["P1"], *places["P2"]})
    one = person([*ledger, merge], *both)
    one.merged = ("P2",)
    for place in both:
        if asked(ask, one, place).verdict != "deny" and ask["purpose"].cls != "recognition":
            assert any(asked(ask, each, place).verdict != "deny" for each in apart.values()), place
    if ask["purpose"].cls == "recognition" and asked(ask, one).verdict != "deny":
        assert any(asked(ask, each).verdict != "deny" for each in apart.values())
    for who, held in places.items():
        again = person(record_of([*ledger, merge], who, held), *held, identity=who)
        assert told(asked(ask, again)) == told(asked(ask, apart[who]))
