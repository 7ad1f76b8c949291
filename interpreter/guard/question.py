"""What the guard is asked, and what it answers. Rule: everything that a decision may depend on stands in the question."""

from __future__ import annotations

from verbline.interpreter.guard.consent import key_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Protocol

    from verbline.interpreter.guard.caps import Accepted, Cap
    from verbline.interpreter.guard.consent import Consent
    from verbline.interpreter.guard.plain import Terms
    from verbline.interpreter.guard.policy import Policy, Span
    from verbline.interpreter.guard.purpose import Purpose
    from verbline.interpreter.zones import Zone

    class Contact(Protocol):
        """An address as the guard reads it; ``health`` is nothing where it takes messages."""

        @property
        def kind(self) -> str:
            """``email``, ``phone``, ``push`` or ``post``."""

        @property
        def value(self) -> str:
            """The address itself."""

        @property
        def verified(self) -> bool:
            """Whether the person showed that it is theirs."""

        @property
        def since(self) -> int:
            """When it became known."""

        @property
        def epoch(self) -> int:
            """Which holder's address it is."""

        @property
        def health(self) -> str:
            """``bounced``, ``complained``, ``invalid`` or nothing."""

    class Person(Protocol):
        """A person as the guard reads one: see `verbline.interpreter.person.record.Person`."""

        @property
        def id(self) -> str:
            """Such as ``P1``."""

        @property
        def merged(self) -> Sequence[str]:
            """The ids of those who turned out to be this person."""

        @property
        def contacts(self) -> Sequence[Contact]:
            """The addresses that the person holds."""

        @property
        def consents(self) -> Sequence[Consent]:
            """What the person said, and what others said at an address that they share."""

        @property
        def accepted(self) -> Sequence[Accepted]:
            """The messages that count for caps."""

        @property
        def disputed(self) -> bool:
            """Whether it is open who the person is."""

        @property
        def erased(self) -> bool:
            """Whether the person is to be forgotten."""


class Address:
    """An address that stood in an event and need not be known yet."""

    __slots__ = ("epoch", "health", "kind", "since", "value", "verified")

    def __init__(self, kind: str, value: str) -> None:
        self.kind = kind
        self.value = value
        self.verified = False
        self.since = 0
        self.epoch = 0
        self.health = ""


class Sending:
    """What is known of a message before anybody gets it; made once for a step.

    ``caps`` are those of the journey, the purpose and the project. ``quiet`` are the journey's quiet hours; ``relaxed`` is
    true where the journey says `may wait until … at the latest`. ``promotion`` is true where a message carries an offer,
    whatever its purpose is called; ``similar`` where what it offers is like what was bought.
    """

    __slots__ = ("caps", "promotion", "purpose", "quiet", "relaxed", "similar", "terms", "topic")

    def __init__(
        self,
        purpose: Purpose,
        topic: str = "",
        *,
        caps: Sequence[Cap] = (),
        quiet: Sequence[Span] = (),
        relaxed: bool = False,
        promotion: bool = False,
        similar: bool | None = None,
    ) -> None:
        self.purpose = purpose
        self.topic = key_of(topic) or None
        self.caps = tuple(caps)
        self.quiet = tuple(quiet)
        self.relaxed = relaxed
        self.promotion = promotion
        self.similar = purpose.soft if similar is None else similar
        # By country, channel and table: what plain cases come to, kept since it is asked for again and again.
        self.terms: dict[tuple[str, str, Policy], Terms | None] = {}


class Question:
    """May this message go out now? ``zones`` are those the person may be in, ``clock`` the one by which days are counted.

    To be set where there is something to set: ``known``, how far the ledger is read; ``contact``, the one address that is
    asked about; ``address``, the one in the event that caused the message (such as ``email:a@b.example``); ``wishes``, the
    person's own quiet hours; ``fresh_until``, after which the message is stale, None where it never is, and
    ``fresh_in_quiet``, whether that time runs on in quiet hours; ``latest``, until when it may be made to wait.
    """

    __slots__ = (
        "address", "at", "channel", "clock", "contact", "country", "fresh_in_quiet", "fresh_until", "known", "latest", "sending",
        "wishes", "zones",
    )  # fmt: skip

    def __init__(
        self, sending: Sending, channel: str, at: int, country: str, zones: tuple[Zone, ...]
    ) -> None:
        self.sending = sending
        self.channel = channel
        self.at = at
        self.country = country
        self.zones = zones
        self.clock = zones[0]
        self.known: int | None = None
        self.contact = ""
        self.address = ""
        self.wishes: tuple[Span, ...] = ()
        self.fresh_until: int | None = None
        self.fresh_in_quiet = True
        self.latest: int | None = None
