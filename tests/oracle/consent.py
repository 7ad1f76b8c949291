"""May this person be written to? Rule: the answer is folded anew from every consent event, each time it is asked."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tests.oracle import values
from tests.oracle.book import REACHED_BY, Book, country_row, length_in, node_of
from tests.oracle.history import Line, Person, View

if TYPE_CHECKING:
    from tests.oracle.questions import Questions

DENIALS = ("withdraw", "deny", "object")
LINK_HOLDS = (Decimal(28), "day")
# What a state other than granted means where a yes is needed.
WITHOUT_A_YES = {
    "none": "no_consent",
    "pending": "pending_confirmation",
    "no_evidence": "no_evidence",
    "soft": "soft_opt_in_not_applicable",
    "expired": "expired",
}


@dataclass(frozen=True)
class Asked:
    """A question to the ledger: one address, channel, purpose and topic (empty where there is none)."""

    contact: str
    channel: str
    purpose: str
    topic: str


@dataclass(frozen=True)
class State:
    """What the ledger says: ``name`` is a row of the matrix, ``reason`` why it is a no, ``at`` since when, ``source`` who said it."""

    name: str
    reason: str = ""
    at: int = 0
    source: str = ""


class Consents:
    """The ledger, read from the histories of all ``people``."""

    def __init__(self, book: Book, questions: Questions) -> None:
        self.book = book
        self.questions = questions
        self.people: list[Person] = []

    def contacts(self, person: Person, channel: str) -> list[str]:
        """Return the addresses at which a channel reaches a person: all are as old, so the one known first comes first."""
        kind = REACHED_BY.get(channel, channel)
        return [value for found, value in person.contacts if found == kind]

    def agrees(self, view: View, purpose: str, topic: str, channel: str) -> bool:
        """Return whether the person has said yes and it still holds, by the channel or by any."""
        return any(
            self.state(view, Asked(contact, by, purpose, topic)).name == "granted"
            for by in ([channel] if channel else self.book.covered(purpose))
            for contact in self.contacts(view.person, by)
        )

    def permitted(self, view: View, asked: Asked, *, offer: bool) -> tuple[bool, str]:
        """Return whether a message may go, and the reason: rows 0 to 9 and 12 of the order of checks."""
        if asked.channel not in self.book.covered(asked.purpose):
            return False, "invalid_request"
        kind = "marketing" if offer else self.book.purpose_class(asked.purpose)
        if kind in ("transactional", "legal"):
            return True, "transactional" if kind == "transactional" else "legal_duty"
        state = self.state(view, asked)
        if state.name == "denied":
            return False, state.reason
        basis = self.book.basis(asked.purpose)
        if kind == "service" and basis != "consent":
            return self.by_objection(
                state, "legitimate_interest" if basis == "legit" else "contract"
            )
        row = country_row(self.questions.country(view.person))[asked.channel]
        if kind == "marketing" and basis != "consent" and row["regime"] == "opt_out":
            return self.by_objection(state, "")
        if state.name == "granted":
            return True, "consent"
        if state.name == "soft" and kind == "marketing" and "sale" in row["soft"]:
            return True, "soft_opt_in"
        return False, WITHOUT_A_YES[state.name]

    def by_objection(self, state: State, reason: str) -> tuple[bool, str]:
        """Return the answer where only a no closes the way; a yes still waiting for its link does too."""
        if state.name == "pending":
            return False, "pending_confirmation"
        return True, reason or ("consent" if state.name == "granted" else "not_opted_out")

    def state(self, view: View, asked: Asked) -> State:
        """Return the state of one address for one purpose: every event that covers the question, one after another."""
        state = State("none")
        merged = max((line.number for line in view.lines("merged")), default=0)
        open_noes: dict[str, State] = {}
        for person, line in self.covering(view, asked):
            state = self.lapsed(view, state, asked, line.at)
            if line.what == "moment":
                if state.name in ("none", "soft", "expired"):
                    state = State("soft", "", line.at)
            elif line["act"] in DENIALS:
                reason = "objected" if line["act"] == "object" else "opted_out"
                state = State("denied", reason, line.at, line["source"])
                if not line["contact"] or (line["act"] == "object" and person is view.person):
                    open_noes.pop(line["speaker"], None)
                    open_noes[line["speaker"]] = state
            elif person is view.person:
                state = self.said_yes(view, state, asked, line)
                if state.name != "denied" and line.number > merged:
                    open_noes.clear()
                elif state.name != "denied":
                    open_noes.pop(line["speaker"], None)
        if open_noes and state.name != "denied":
            # Of two who are one, the no of one outlives what the other had agreed to before.
            return list(open_noes.values())[-1]
        return self.lapsed(view, state, asked, view.now)

    def said_yes(self, view: View, state: State, asked: Asked, line: Line) -> State:
        """Return the state after a grant or a confirmation."""
        if line["act"] == "confirm":
            length = self.link(asked.purpose) or LINK_HOLDS
            zone = self.questions.zone(view.person)
            last = values.shifted(state.at, length, zone, self.book.work)
            pending = state.name == "pending" and line.at <= last
            return State("granted", "", line.at, line["source"]) if pending else state
        denied = state.name == "denied"
        if line["actor"] != "subject" and denied:
            return State("denied", "grant_not_from_subject", state.at, state.source)
        if denied and state.at == line.at and state.source != line["source"]:
            return state
        if not line["evidence"]:
            return state if denied else State("no_evidence", "", line.at, line["source"])
        name = "pending" if self.asks_twice(view, asked) else "granted"
        return State(name, "", line.at, line["source"])

    def lapsed(self, view: View, state: State, asked: Asked, now: int) -> State:
        """Return the state at ``now``: a yes may have lapsed."""
        length = length_in(self.book.of("purpose", asked.purpose), "lapses")
        if state.name != "granted" or length is None:
            return state
        zone = self.questions.zone(view.person)
        end = values.shifted(state.at, length, zone, self.book.work)
        return State("expired", "", end) if now >= end else state

    def link(self, purpose: str) -> values.Length | None:
        """Return how long the link of a double opt-in holds, or None where the purpose has none."""
        return length_in(self.book.of("purpose", purpose), "confirmed_by_link")

    def asks_twice(self, view: View, asked: Asked) -> bool:
        """Return whether a yes stays pending until its link is used."""
        row = country_row(self.questions.country(view.person))
        marketing = self.book.purpose_class(asked.purpose) == "marketing"
        by_law = marketing and asked.channel == "email" and row["double_opt_in"]
        return by_law or self.link(asked.purpose) is not None

    def covering(self, view: View, asked: Asked) -> list[tuple[Person, Line]]:
        """Return what was said about the question, by this person and by others who hold the address, in order."""
        sale = self.book.of("purpose", asked.purpose).of("also_rests_on")
        sales = {self.book.moment(node_of(one).text("moment")) for one in sale}
        found: list[tuple[Person, Line]] = []
        for person in self.people:
            for line in View(person, view.now, until=view.until).lines("consent"):
                own = person is view.person
                if covers(line, asked) and (
                    line["contact"] == asked.contact or (own and alone(line))
                ):
                    found.append((person, line))
        found += [
            (view.person, line)
            for line in view.lines("moment")
            if line["moment"] in sales and asked.contact in line["held"]
        ]
        return sorted(found, key=lambda one: (one[1].at, one[1].number))


def covers(line: Line, asked: Asked) -> bool:
    """Return whether a consent event speaks about the purpose, channel and topic."""
    return (
        line["purpose"] in (asked.purpose, "*")
        and (line["channel"] or "*") in (asked.channel, "*")
        and (line["topic"] or "*") in (asked.topic, "*")
    )


def alone(line: Line) -> bool:
    """Return whether an event counts at every address: a no that names none, an objection, a yes on paper."""
    if line["act"] == "object":
        return True
    return not line["contact"] and (line["act"] in DENIALS or line["channel"] == "post")


def said(**given: Any) -> dict[str, Any]:
    """Return the data of a consent event with what is usual where nothing is given."""
    usual = {"channel": "", "topic": "", "contact": "", "actor": "subject", "source": "form"}
    return (
        usual
        | {"evidence": True}
        | {key: value for key, value in given.items() if value is not None}
    )
