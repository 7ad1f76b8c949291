"""What events and purposes say, and whether somebody agrees."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from tests.cases import CASES, project_of
from tests.guarded import HOME, POLICY, instant, read_cases
from verbline.interpreter.guard.agree import states
from verbline.interpreter.guard.consent import Consent, concerns
from verbline.interpreter.guard.fold import GRANTED
from verbline.interpreter.guard.purpose import Purpose, purpose_of
from verbline.interpreter.guard.question import Question, Sending
from verbline.interpreter.guard.said import Occasion, consents_of_event

TABLE: dict[str, Any] = tomllib.loads((CASES / "guard" / "said.toml").read_text("utf-8"))


def purposes() -> dict[str, Purpose]:
    """Return the purposes of the cases by key."""
    offers = Purpose("Offers", "marketing", "consent", ("email", "sms"))
    care = Purpose("Care", "service", "contract", ("email",))
    offers.keeper, care.keeper = "preferencecentre", "crm"
    return {
        "offers": offers,
        "care": care,
        "bare": Purpose("Bare", "service", "contract", ("email",)),
    }


@pytest.mark.parametrize("case", TABLE["case"], ids=lambda case: case["name"])
def test_what_an_event_says(case: dict[str, Any]) -> None:
    """Each answer of an event becomes an event of the ledger, or is refused with a sentence."""
    person = case.get("person", "P1") or None
    occasion = Occasion(purposes(), case.get("system", "shop"), person, 10, 20)
    occasion.seq = 7
    occasion.addresses = case.get("addresses", {})
    occasion.notices = case.get("notices", ())
    occasion.epochs = case.get("epochs", {})
    occasion.normal = lambda kind, value: value.replace(" ", "").lower() if kind else ""
    if "form" in case:
        occasion.form = {tuple(one) for one in case["form"]}
    taken, refused = consents_of_event(case.get("type", "booked"), case["data"], occasion)
    assert refused == case.get("refused", [])
    assert len(taken) == len(case["taken"])
    for one, expected in zip(taken, case["taken"], strict=True):
        told = {name: None if value == "" else value for name, value in expected.items()}
        assert {name: getattr(one, name) for name in expected} == told
    assert [one.seq for one in taken] == list(range(7, 7 + len(taken)))


def test_no_answer_is_none() -> None:
    """A form that was left open says neither yes nor no, and an address is taken as it was written."""
    occasion = Occasion(purposes(), "shop", "P1", 10, 20)
    data = {
        "agrees": {"Offers": {"email": None, "sms": False}},
        "consent": [{"act": "deny", "contact": "A@b"}],
    }
    taken, refused = consents_of_event("booked", data, occasion)
    assert [(one.act, one.channel, one.contact) for one in taken] == [
        ("deny", "*", "email:A@b"),
        ("deny", "sms", None),
    ]
    assert refused == []


DECLARED = """
purpose "Fit Offers"
  is marketing
  rests on consent
  also rests on a sale of similar goods when "somebody buys"
  covers email, sms asked separately
  about "sale", "Big events"
  confirmed by a link within 14 days with "Please confirm"
  lapses after 24 months
  sends at most 2 messages in 7 days
  asked with "Yes, please."
  kept in "preference-centre"

purpose "bare"
  covers post
"""


def test_a_purpose_is_what_its_clauses_say() -> None:
    """Every clause of a purpose has its place; what is not said is the strictest."""
    file = project_of({"a.journey": DECLARED}).files["a"]
    told, bare = (purpose_of(sentence) for sentence in file.sentences)
    assert (told.name, told.key, told.cls, told.basis) == (
        "Fit Offers",
        "fit offers",
        "marketing",
        "consent",
    )
    assert (told.channels, told.separately) == (("email", "sms"), True)
    assert told.topics == {"sale": "sale", "big events": "Big events"}
    assert (told.soft, told.soft_moment) == (True, "somebody buys")
    assert (told.confirm, told.lapses, told.cap) == ((14, "day"), (24, "month"), (2, (7, "day")))
    assert (told.wording, told.kept_in, told.keeper) == (
        "Yes, please.",
        "preference-centre",
        "preferencecentre",
    )
    assert (bare.cls, bare.basis, bare.channels, bare.soft) == (
        "marketing",
        "consent",
        ("post",),
        False,
    )
    assert told.confirm_message == "Please confirm"
    assert (bare.separately, bare.keeper, bare.wording) == (False, "", "")
    assert (bare.confirm, bare.lapses, bare.cap, bare.topics) == (None, None, None, {})


@pytest.mark.parametrize(
    ("clause", "cls", "basis"),
    [
        ("is service\n  rests on contract", "service", "contract"),
        ("is transactional\n  rests on contract", "transactional", "contract"),
        ("is legal\n  rests on legal duty", "legal", "duty"),
        ("is tracking\n  rests on consent", "tracking", "consent"),
        ("is recognition\n  rests on consent", "recognition", "consent"),
        ("is marketing\n  rests on legitimate interest", "marketing", "legitimate"),
    ],
)
def test_the_class_and_the_basis_of_a_purpose(clause: str, cls: str, basis: str) -> None:
    """Each class and each basis of the language is one of the guard's."""
    text = f'purpose "p"\n  {clause}\n  covers email\n'
    found = purpose_of(project_of({"a.journey": text}).files["a"].sentences[0])
    assert (found.cls, found.basis) == (cls, basis)


AGREES = """
# a yes
holds email:a@b
1 grant
ask 2 SI email -> yes

# never asked
holds email:a@b
ask 2 SI email -> no

# a yes that waits
holds email:a@b
1 grant token=t
ask 2 DE email -> no

# a sale is no yes
purpose marketing consent soft
holds email:a@b
1 grant actor=system:shop basis=soft:sale
ask 2 SI email -> no

# where everything goes out before a no, never asked is no
purpose marketing legitimate
holds post:x
ask 2 US post -> no

# a yes of somebody who is in dispute, or forgotten
holds email:a@b
is disputed
1 grant
ask 2 SI email -> no

# forgotten
holds email:a@b
is erased
1 grant
ask 2 SI email -> no

# a channel that the purpose does not cover
purpose marketing consent channels=sms
holds email:a@b
1 grant
ask 2 SI email -> no

# a yes to be recognised needs no address
purpose recognition consent
1 grant
ask 2 SI email -> yes

# a yes to an address that the person holds no more
1 grant
ask 2 SI email -> no

# nobody is recognised whose identity is in dispute
purpose recognition consent
is disputed
1 grant
ask 2 SI email -> no

# after a merge, the stricter of the two
holds email:a@b
1 withdraw person=P2 contact=-
2 grant
joins P2
ask 3 SI email -> no
"""


@pytest.mark.parametrize("case", list(read_cases(AGREES)), ids=str)
def test_whether_somebody_agrees(case: Any) -> None:
    """Only a yes with evidence that still holds is one."""
    ((words, expected),) = case.asks
    question = Question(case.sending(), words[2], instant(words[0]), words[1], (HOME,))
    found = any(one.name == GRANTED for one in states(question, case.person, POLICY))
    assert found is (expected == ["yes"])


def test_a_yes_says_when_it_lapses() -> None:
    """The earlier of what the yes and what the purpose says; nothing where neither says anything."""
    (case,) = read_cases(
        "# x\nholds email:a@b\nholds phone:1\npurpose marketing consent lapses=1month\n"
        "30 grant\n1 grant contact=phone:1 channel=sms until=9\n"
    )
    ends = []
    for channel in ("email", "sms", "post"):
        question = Question(Sending(case.purpose), channel, instant("31"), "SI", (HOME,))
        ends += [one.end() for one in states(question, case.person, POLICY)]
    assert ends == [instant("59"), None]
    question = Question(Sending(case.purpose), "sms", instant("2"), "SI", (HOME,))
    assert [one.end() for one in states(question, case.person, POLICY)] == [instant("9")]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, True),
        ({"purpose": "*"}, True),
        ({"purpose": "Other"}, False),
        ({"topic": "sale"}, True),
        ({"topic": "events"}, False),
        ({"channel": "*"}, True),
        ({"channel": "sms"}, False),
        ({"act": "deny"}, True),
        ({"act": "grant"}, False),
        ({"act": "suppress"}, False),
    ],
)
def test_what_a_no_is_about(told: dict[str, str], expected: bool) -> None:  # noqa: FBT001 - a case
    """A journey that stops when somebody withdraws stops for a no to its purpose, topic and channel."""
    given = {"act": "withdraw", "purpose": "offers", "channel": "email", **told}
    no = Consent(at=1, known=1, actor="subject", **given)  # type: ignore[arg-type]
    assert concerns(no, "Offers", "Sale", "email") is expected


def test_a_no_to_a_topic_concerns_whoever_asks_about_all_of_them() -> None:
    """Without a topic or a channel any no to the purpose is meant."""
    no = Consent(
        at=1, known=1, act="deny", actor="subject", purpose="offers", topic="sale", channel="sms"
    )
    assert concerns(no, "offers", None, "")
