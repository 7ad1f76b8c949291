"""Cases of the consent guard, told in lines. Rule: a line says what is unusual; the rest is one customer and one purpose.

    # A title: what the case claims.
    purpose marketing consent          its class and basis; then channels=email,sms topics=sale soft confirm=28day lapses=24month
    holds email:a@b                    an address of the person; then verified, since=DAY, epoch=1, health=bounced
    is erased                          or disputed
    joins P2                           who turned out to be this person: `exclusive` where an id proved it
    cap 2 in 7day                      then journey, purpose or marketing
    sent 3                             a message that was released on day 3; then journey=NAME purpose=NAME
    message promotion                  or relaxed, quiet=20:00-08:00, similar=no, topic=sale
    1 grant                            on day 1; then actor= person= contact= channel= purpose= topic= basis= token= until=
                                       known= source= epoch= corrects= basis=, and `bare` where there is no evidence
    ask 2 SI email -> allow consent    then, before the arrow, known= contact= address= zones=A,B fresh= latest= wishes=,
                                       and after the reason until= contact= regime= state= evidence=1,2

A day is `3` (noon of the third of January 2026 in Ljubljana) or `3@21:30`. `-` is nothing. Events are numbered from 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from verbline.interpreter.guard.caps import Cap
from verbline.interpreter.guard.consent import Consent
from verbline.interpreter.guard.decide import Decision, decide
from verbline.interpreter.guard.policy import Policy, standard_policy
from verbline.interpreter.guard.purpose import Purpose
from verbline.interpreter.guard.question import Question, Sending
from verbline.interpreter.person.record import Contact, Person
from verbline.interpreter.zones import Zone, zone

POLICY = standard_policy()
CHANNELS = ("email", "sms", "phone", "whatsapp", "push", "app", "post")
FIRST = datetime(2025, 12, 31)  # noqa: DTZ001 - a wall-clock time


def there(name: str) -> Zone:
    """Return a zone that must exist."""
    found = zone(name)
    assert found is not None, name
    return found


HOME = there("Europe/Ljubljana")


def instant(text: str) -> int:
    """Return the instant that `3` or `3@21:30` says."""
    day, _at, clock = text.partition("@")
    start = datetime.combine(FIRST.date(), time.fromisoformat(clock or "12:00"))
    return HOME.instant(start + timedelta(days=int(day)))


def length(text: str) -> tuple[int, str]:
    """Return the length that `24month` says."""
    number = text.rstrip("abcdefghijklmnopqrstuvwxyz")
    return int(number), text[len(number) :]


def span(text: str) -> tuple[time, time]:
    """Return the span that `20:00-08:00` says."""
    start, end = text.split("-")
    return time.fromisoformat(start), time.fromisoformat(end)


def options(words: list[str]) -> dict[str, str]:
    """Return ``name=value`` words; a bare word is yes, `-` is nothing."""
    pairs = (word.partition("=") for word in words)
    return {name: ("" if value == "-" else value) if eq else "yes" for name, eq, value in pairs}


class Case:
    """One case: the person and the message it makes, and the questions with what is expected."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.purpose = Purpose("Offers", "marketing", "consent", CHANNELS)
        self.person = Person("P1")
        self.caps: list[Cap] = []
        self.message: dict[str, str] = {}
        self.asks: list[tuple[list[str], list[str]]] = []
        self.seq = 0

    def __str__(self) -> str:
        return self.title

    def take(self, words: list[str]) -> None:
        """Take a line."""
        first, rest = words[0], words[1:]
        if first == "purpose":
            self.purpose = purpose(rest)
        elif first == "holds":
            self.person.contacts.append(contact(rest))
        elif first == "is":
            setattr(self.person, rest[0], True)
        elif first == "joins":
            self.join(rest)
        elif first == "cap":
            self.caps.append(cap(rest))
        elif first == "sent":
            told = options(rest[1:])
            journey, for_ = told.get("journey", "J"), told.get("purpose", "Offers")
            self.person.accepted += ((instant(rest[0]), journey, for_, ""),)
        elif first == "message":
            self.message = options(rest)
        elif first == "ask":
            arrow = rest.index("->")
            self.asks.append((rest[:arrow], rest[arrow + 1 :]))
        else:
            self.said(first, rest[0], options(rest[1:]))

    def join(self, words: list[str]) -> None:
        """Let somebody turn out to be this person."""
        self.seq += 1
        self.person.merged += (words[0],)
        basis = "exclusive" if "exclusive" in words else "shared"
        merge = Consent(
            seq=self.seq, at=0, known=0, act="merge", actor="system:x", person=words[0], basis=basis
        )
        if "unrecorded" not in words:
            self.person.consents.append(merge)

    def said(self, day: str, act: str, told: dict[str, str]) -> None:
        """Add an event to the ledger."""
        self.seq += 1
        at = instant(day)
        self.person.consents.append(
            Consent(
                seq=self.seq,
                at=at,
                known=instant(told["known"]) if "known" in told else at,
                act=act,
                actor=told.get("actor", "subject"),
                source=told.get("source", "form"),
                person=told.get("person", "P1") or None,
                contact=told.get("contact", "email:a@b") or None,
                channel=told.get("channel", "email"),
                purpose=told.get("purpose", "Offers"),
                topic=told.get("topic") or None,
                basis=told.get("basis", "consent"),
                complete="bare" not in told,
                until=instant(told["until"]) if "until" in told else None,
                token=told.get("token", ""),
                corrects=int(told["corrects"]) if "corrects" in told else None,
                epoch=int(told.get("epoch", "0")),
            )
        )

    def decide(self, words: list[str], policy: Policy = POLICY) -> Decision:
        """Return the answer to a question."""
        told = options(words[3:])
        zones = (
            tuple(there(one) for one in told["zones"].split(",")) if "zones" in told else (HOME,)
        )
        question = Question(self.sending(), words[2], instant(words[0]), words[1], zones)
        question.known = int(told["known"]) if "known" in told else None
        question.contact = told.get("contact", "")
        question.address = told.get("address", "")
        question.wishes = (span(told["wishes"]),) if "wishes" in told else ()
        question.fresh_until = instant(told["fresh"]) if "fresh" in told else None
        question.fresh_in_quiet = "lenient" not in told
        question.latest = instant(told["latest"]) if "latest" in told else None
        return decide(question, self.person, policy)

    def sending(self) -> Sending:
        """Return the message."""
        told = self.message
        return Sending(
            self.purpose,
            told.get("topic", ""),
            caps=self.caps,
            quiet=(span(told["quiet"]),) if "quiet" in told else (),
            relaxed="relaxed" in told,
            promotion="promotion" in told,
            similar=told["similar"] == "yes" if "similar" in told else None,
        )


def purpose(words: list[str]) -> Purpose:
    """Return the purpose that a line describes."""
    told = options(words[2:])
    channels = tuple(told["channels"].split(",")) if "channels" in told else CHANNELS
    found = Purpose("Offers", words[0], words[1], channels)
    found.soft = "soft" in told
    found.confirm = length(told["confirm"]) if "confirm" in told else None
    found.lapses = length(told["lapses"]) if "lapses" in told else None
    found.topics = {one.casefold(): one for one in told.get("topics", "").split(",") if one}
    return found


def contact(words: list[str]) -> Contact:
    """Return the address that a line describes."""
    kind, _colon, value = words[0].partition(":")
    told = options(words[1:])
    return Contact(
        kind,
        value,
        instant(told.get("since", "1")),
        verified="verified" in told,
        health=told.get("health", ""),
        epoch=int(told.get("epoch", "0")),
    )


def cap(words: list[str]) -> Cap:
    """Return the cap that a line describes."""
    number, size, of = int(words[0]), length(words[2]), words[3]
    if of == "journey":
        return Cap(number, size, journey="J")
    return Cap(number, size, purposes=("Offers",), only="marketing" if of == "marketing" else "")


def shown(decision: Decision, name: str) -> Any:
    """Return what a decision says about ``name``, as it is written in a case."""
    value = getattr(decision, name)
    if name == "contact":
        return f"{value.kind}:{value.value}" if value else ""
    if name == "evidence":
        return ",".join(str(seq) for seq in value)
    return value.replace(" ", "_") if isinstance(value, str) else value


def read_cases(text: str) -> Iterator[Case]:
    """Yield the cases of a file; an empty line ends one."""
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if line.strip()]
        if not lines or all(line.startswith("##") for line in lines):
            continue
        titles = [line.lstrip("# ") for line in lines if line.startswith("#")]
        case = Case(titles[-1])
        for line in lines:
            if not line.startswith("#"):
                case.take(line.split())
        yield case
