"""Where somebody stands: what is on record for each purpose, channel and address, and what the guard says. Rule: the guard is asked, nobody else.

Two instants are asked about, ``at`` and how far the ledger went; so what was true then, and what was known of it, are two answers.
"""

from __future__ import annotations

from typing import NamedTuple

from verbline.interpreter.guard.agree import states
from verbline.interpreter.guard.consent import KIND_OF_CHANNEL, MERGE, Consent
from verbline.interpreter.guard.decide import decide
from verbline.interpreter.guard.question import Question, Sending
from verbline.interpreter.guard.regimes import RECOGNITION
from verbline.interpreter.person.record import Contact, Person, put
from verbline.interpreter.program.whereabouts import quiet_zones
from verbline.runtime.consent.notes import one_with

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from verbline.interpreter.guard.purpose import Purpose
    from verbline.interpreter.program.program import Program
    from verbline.runtime.consent.ledger import Ledger


class Somebody(NamedTuple):
    """Who is asked about: the id they bear, every id they have had, the addresses they hold as (kind, value), and what is
    known of them that a country or a zone is told by.
    """

    id: str
    ids: Sequence[str]
    contacts: Sequence[tuple[str, str]]
    values: Mapping[str, object]
    erased: bool = False


class Standing(NamedTuple):
    """One purpose, channel, address and topic: what is on record, what the guard says about a message, and why.

    ``evidence`` are places in the ledger, ``until`` is when to ask again.
    """

    purpose: str
    channel: str
    contact: str
    topic: str
    state: str
    verdict: str
    reason: str
    evidence: tuple[int, ...]
    until: int | None

    @property
    def subject(self) -> tuple[str, str, str, str]:
        """What is asked about, whatever the answer."""
        return self[:4]


def standings(
    program: Program, ledger: Ledger, who: Somebody, at: int, known: int | None = None
) -> list[Standing]:
    """Return where ``who`` stood at ``at``, as far as the ledger went at ``known`` (None: all of it).

    Raises NoKeyError where addresses were erased and the ledger was opened without their key.
    """
    person = person_of(ledger, who, known)
    return [
        standing(program, person, Sending(purpose, topic), (channel, contact, at, known))
        for purpose in program.purposes.values()
        for channel in purpose.channels
        for contact in addresses(person, purpose, channel)
        for topic in topics_of(person, purpose)
    ]


def topics_of(person: Person, purpose: Purpose) -> list[str]:
    """Return the purpose as a whole, nothing, and the topics of it that somebody spoke about."""
    spoken = {one.topic for one in person.consents if one.purpose == purpose.key}
    return ["", *(name for key, name in purpose.topics.items() if key in spoken)]


def addresses(person: Person, purpose: Purpose, channel: str) -> Iterator[str]:
    """Yield the addresses that a channel can use, nothing once where none is asked, or none is there."""
    kind = KIND_OF_CHANNEL[channel]
    found = [one.key for one in person.contacts if one.kind == kind]
    yield from found if found and purpose.cls != RECOGNITION else ("",)


def standing(
    program: Program, person: Person, sending: Sending, asked: tuple[str, str, int, int | None]
) -> Standing:
    """Return where a person stands with a message to one address; ``asked`` is the channel, the address, the instant and how far."""
    channel, contact, at, known = asked
    zones = quiet_zones(program, person)
    question = Question(sending, channel, at, program.country_of(person), zones)
    question.contact, question.known = contact, known
    state = next(states(question, person, program.policy), None)
    decision = decide(question, person, program.policy)
    name = state.name if state is not None else ""
    evidence = decision.evidence or (state.evidence if state is not None else ())
    return Standing(
        sending.purpose.name, channel, contact, sending.purpose.topics.get(sending.topic or "", ""), name,
        decision.verdict, decision.reason, evidence, decision.until,
    )  # fmt: skip


def person_of(ledger: Ledger, who: Somebody, known: int | None) -> Person:
    """Return the record of ``who`` as the guard reads one."""
    person = Person(who.id)
    person.erased = who.erased
    for number, (kind, address) in enumerate(who.contacts):
        person.contacts.append(Contact(kind, address, number))
    for field, value in who.values.items():
        put(person, "values", field, value)
    joined = one_with(ledger, who.id, who.ids, known)
    person.merged = tuple(sorted(joined, key=joined.__getitem__))
    keys = [one.key for one in person.contacts]
    person.consents = ledger.consents_of((who.id, *joined), keys)
    person.consents += [union(one, seq, proved=proved) for one, (seq, proved) in joined.items()]
    return person


def union(person: str, seq: int, *, proved: bool) -> Consent:
    """Return that ``person`` is a part of another since the place ``seq``, whomever they were joined with before."""
    return Consent(
        seq=seq, at=0, known=0, act=MERGE, actor="", person=person,
        basis="exclusive" if proved else "contact",
    )  # fmt: skip
