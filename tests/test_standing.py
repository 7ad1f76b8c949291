"""Where somebody stands, as the guard says it of what the ledger holds."""

from __future__ import annotations

from tests.cases import project_of
from tests.guarded import HOME, POLICY
from tests.known import CLUB, SETTINGS
from tests.ledgers import KEY, START, said
from verbline.interpreter.guard.decide import decide
from verbline.interpreter.guard.purpose import Purpose
from verbline.interpreter.guard.question import Question, Sending
from verbline.interpreter.person.record import Contact, Person
from verbline.interpreter.program.compile import compile_project
from verbline.interpreter.zones import DAY
from verbline.runtime.consent.ledger import Ledger
from verbline.runtime.consent.notes import note
from verbline.runtime.consent.rows import Said
from verbline.runtime.consent.standing import Somebody, standings

TINA = "email:tina@mail.example"
NOW = START + 20 * DAY
PROGRAM = compile_project(project_of({"club.journey": CLUB, "verbline.toml": SETTINGS}))
ALL = Somebody("P1", ("P1", "P2", "P3"), [("email", "tina@mail.example")], {})


def merge(day: int, other: str, survivor: str) -> Said:
    """Return that two people turned out to be one."""
    return said(day, act="merge", person=other, contact=None, basis="exclusive", record=survivor)


def reason(ledger: Ledger, known: int | None = None) -> str:
    """Return why offers by email may be sent, or not."""
    return next(
        one.reason for one in standings(PROGRAM, ledger, ALL, NOW, known) if one.channel == "email"
    )


def chain() -> list[Said]:
    """Return a no of P3, who turns out to be P2, who turns out to be P1, who said yes in between."""
    objection = said(1, act="object", person="P3", contact=None, channel="*", purpose="*")
    return [objection, merge(2, "P3", "P2"), said(3), merge(4, "P2", "P1")]


def test_a_no_comes_along_with_whoever_brings_it() -> None:
    """What was said before the two were known to be one lifts no objection, however many people lie in between."""
    with Ledger(key=KEY) as ledger:
        ledger.append(chain())
        assert [reason(ledger, known) for known in (3, 4, None)] == [
            "consent",
            "objected",
            "objected",
        ]
        ledger.append([said(5)])
        assert reason(ledger) == "consent"


def test_the_engine_says_the_same() -> None:
    """The record of a person, in which merges stand in the order in which people came, gives that answer too."""
    person = Person("P1")
    person.contacts.append(Contact("email", "tina@mail.example", 0))
    person.consents = [one.consent for one in chain()]
    for seq, one in enumerate(person.consents, 1):
        one.seq = seq
    person.merged = ("P2", "P3")
    sending = Sending(Purpose("offers", "marketing", "consent", ("email",)))
    assert (
        decide(Question(sending, "email", NOW, "SI", (HOME,)), person, POLICY).reason == "objected"
    )


def test_a_split_is_known_from_when_it_was_said() -> None:
    """Before the split was recorded they were one, after it each is asked alone; what was known then stays."""
    with Ledger(key=KEY) as ledger:
        ledger.append(chain())
        note(ledger, "split", "P2", "staff:1", START + 5 * DAY, "P1")
        assert [reason(ledger, known) for known in (4, 5, None)] == [
            "objected",
            "consent",
            "consent",
        ]


def test_whoever_is_erased_is_not_asked_for() -> None:
    """Nobody writes to somebody who was erased, whatever stands at the address."""
    with Ledger(key=KEY) as ledger:
        ledger.append([said(1)])
        assert {
            one.reason for one in standings(PROGRAM, ledger, ALL._replace(erased=True), NOW)
        } == {"person_erased"}


def test_a_topic_is_told_apart_where_somebody_spoke_about_it() -> None:
    """A yes to a topic is a row of its own; the purpose as a whole stays closed."""
    with Ledger(key=KEY) as ledger:
        ledger.append([said(1, topic="winter", contact=TINA)])
        rows = [
            one
            for one in standings(PROGRAM, ledger, ALL, NOW)
            if one.channel == "email" and one.purpose == "offers"
        ]
        assert [(one.topic, one.reason) for one in rows] == [
            ("", "no_consent"),
            ("winter", "consent"),
        ]
