"""What somebody said about being written to. Rule: a yes is narrow, a no is wide, and neither is ever changed.

A yes names its purpose, its channel and, but for post, the address it is for. A no may leave each of them out.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

# What a message by a channel is sent to.
KIND_OF_CHANNEL = {
    "email": "email", "sms": "phone", "phone": "phone", "whatsapp": "phone", "push": "push", "app": "push",
    "post": "post",
}  # fmt: skip
# `erase` says no for everything at its address; it is lifted by a yes that was confirmed after it.
NO = frozenset(("withdraw", "deny", "object", "erase"))
YES = frozenset(("grant", "confirm"))
# About the address itself: what a provider said, or that it belongs to somebody else from now on. `bounce` is one message
# that came back though the address is not dead.
OF_ADDRESS = frozenset(("suppress", "unsuppress", "reassign", "bounce"))
# Two people turned out to be one: `person` is the other's id, `basis` is `exclusive` where an id proved it.
MERGE = "merge"
ACTS = NO | YES | OF_ADDRESS | {MERGE}
SUBJECT = "subject"
EVERY = "*"


def key_of(name: str) -> str:
    """Return how the name of a purpose or a topic is compared: without case and without double blanks."""
    return " ".join(name.casefold().split())


class Said(list["Consent"]):
    """A long ledger of one person, with what it came to so far: ``folds`` by what was asked. It is only ever added to.

    What is added at its end is taken into what is known, so that the hundredth question does not read all of it again.
    ``addressed`` are the first of its events that are about an address itself, among the first ``looked``.
    """

    __slots__ = ("addressed", "folds", "looked")

    def __init__(self, consents: Iterable[Consent]) -> None:
        super().__init__(consents)
        self.folds: dict[object, Any] = {}
        self.addressed: list[Consent] = []
        self.looked = 0


# From so many events on a ledger is long.
LONG = 32


def with_word(consents: list[Consent], one: Consent) -> list[Consent]:
    """Return the ledger of a person with one more event at its end; it is the same one, until it is a long one."""
    consents.append(one)
    return Said(consents) if len(consents) >= LONG and type(consents) is list else consents


class Consent:
    """One event of the ledger.

    ``seq`` is its place in the order of recording, ``at`` when it happened, ``known`` when it was recorded; ``when`` is
    the earlier of the two, by which it counts. ``actor`` is ``subject``, ``staff:ID``, ``system:NAME`` or
    ``import:BATCH``; ``person`` the id of whom it speaks for, None before somebody logged in. ``contact`` is an address
    such as ``email:a@b.example`` and ``epoch`` which holder's it was; None: every address of the person. ``channel`` and
    ``purpose`` are ``*`` where all are meant, ``topic`` is None where the whole purpose is meant. ``basis`` is
    ``consent``, ``soft:KIND`` or ``implied:KIND``; of `suppress` it is why: ``bounced``, ``invalid``, ``complained``, or
    ``pause`` for a pause that the person wished. ``complete`` says that there is evidence. ``token`` joins a yes and the
    confirmation of it. ``corrects`` is the ``seq`` of a yes that this yes replaces.
    """

    __slots__ = (
        "act",
        "actor",
        "at",
        "basis",
        "channel",
        "complete",
        "contact",
        "corrects",
        "epoch",
        "known",
        "person",
        "purpose",
        "seq",
        "source",
        "token",
        "topic",
        "until",
        "when",
    )

    def __init__(  # noqa: PLR0913 - one for each thing that is recorded, all by name
        self,
        *,
        at: int,
        known: int,
        act: str,
        actor: str,
        seq: int = 0,
        source: str = "",
        person: str | None = None,
        contact: str | None = None,
        channel: str = EVERY,
        purpose: str = EVERY,
        topic: str | None = None,
        basis: str = "consent",
        complete: bool = False,
        until: int | None = None,
        token: str = "",
        corrects: int | None = None,
        epoch: int = 0,
    ) -> None:
        assert act in ACTS, act
        self.seq = seq
        self.at = at
        self.known = known
        self.when = min(at, known)
        self.act = act
        self.actor = actor
        self.source = source
        self.person = person
        self.contact = contact
        self.channel = channel
        self.purpose = key_of(purpose)
        self.topic = None if topic is None or topic == EVERY else key_of(topic)
        self.basis = basis
        self.complete = complete
        self.until = until
        self.token = token
        self.corrects = corrects
        self.epoch = epoch

    def again(
        self, at: int, known: int, person: str | None, contact: str | None, epoch: int
    ) -> Consent:
        """Return the same said by ``person`` at another time, for another address; its place in the ledger is open."""
        other = Consent.__new__(Consent)
        other.seq = 0
        other.at = at
        other.known = known
        other.when = min(known, at)
        other.act = self.act
        other.actor = self.actor
        other.source = self.source
        other.person = person
        other.contact = contact
        other.channel = self.channel
        other.purpose = self.purpose
        other.topic = self.topic
        other.basis = self.basis
        other.complete = self.complete
        other.until = self.until
        other.token = self.token
        other.corrects = self.corrects
        other.epoch = epoch
        return other

    @staticmethod
    def known_as(told: Iterable[Any]) -> Consent:
        """Return the event of which everything is ``told``, in the order of the names."""
        one = Consent.__new__(Consent)
        (
            one.act, one.actor, one.at, one.basis, one.channel, one.complete, one.contact, one.corrects, one.epoch, one.known,
            one.person, one.purpose, one.seq, one.source, one.token, one.topic, one.until, one.when,
        ) = told  # fmt: skip
        return one

    def __repr__(self) -> str:
        what = f"{self.act} {self.purpose}/{self.topic or EVERY} {self.channel} {self.contact}"
        return f"Consent({self.seq}: {what} by {self.actor} for {self.person} at {self.when})"


def same_word(event: Consent) -> tuple[object, ...]:
    """Return what two records of one event have in common: whoever holds the address has one."""
    return (
        event.seq,
        event.when,
        event.act,
        event.actor,
        event.person,
        event.purpose,
        event.topic,
        event.channel,
        event.contact,
    )


def ordered(events: Iterable[Consent]) -> list[Consent]:
    """Return ``events`` in the order in which they happened; of one instant, as they were recorded."""
    return sorted(events, key=lambda one: (one.when, one.seq))


def concerns(event: Consent, purpose: str, topic: str | None, channel: str) -> bool:
    """Return whether a no is about ``purpose``, ``topic`` (None: the whole purpose) and ``channel`` (nothing: any).

    What a journey that `stops when the … withdraws` asks.
    """
    return (
        event.act in NO
        and event.purpose in (EVERY, key_of(purpose))
        and (event.topic is None or topic is None or event.topic == key_of(topic))
        and (not channel or event.channel in (EVERY, channel))
    )
