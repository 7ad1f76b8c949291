"""A stream of events in which people share, pass on and mistype what names them. Rule: it writes down who each one was.

The rates below are stated, not measured anywhere: what a result on this stream shows is the order of two ways to join
people, not how good either is on somebody's own log.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from benchmarks.dice import Dice

EVENTS_A_PERSON = 8
# How many live in a household, each as likely.
SIZES = (1, 1, 2, 2, 3, 4)
# Who has what.
ACCOUNT, CARD, POLICY, OWN_EMAIL, OWN_PHONE = 0.65, 0.35, 0.10, 0.85, 0.80
# Of the households: a family address, a telephone in the hall, a tablet in the kitchen.
FAMILY_EMAIL, FAMILY_PHONE, FAMILY_DEVICE = 0.30, 0.15, 0.30
# A kiosk for so many people, and the share of visits that are made there; of visits on the family's tablet.
PEOPLE_A_KIOSK, AT_KIOSK, AT_TABLET = 400, 0.015, 0.10
# Of the telephones: how many belong to somebody else from the middle of the stream on.
PASSED_ON = 0.02
# Of the events: a key that names nobody, an address that does; of the cards used: another member of the household's.
NO_KEY, NO_EMAIL, BORROWED_CARD = 0.01, 0.005, 0.01
# Of those who sign up: how many click on the link that proves their address, with one of their next visits.
PROVEN = 0.8
# Of the log-ins of those who have: how many bring the proven address along.
WITH_ADDRESS = 0.5
# Of the cards: how many are given out against an address, a telephone.
REGISTERED = 0.9
# Of the visits on devices of one's own: how many are on the first.
USUAL = 0.8
# Of the names: a slip; of the addresses: capitals.
SLIP, CAPITALS = 0.03, 0.20

NO_KEYS = ["null", "undefined", "anonymous", "0", "not_authenticated", "guest"]
NO_EMAILS = ["test@example.com", "noreply@shop.example", "none@none.test", "info@shop.example"]
FIRST = ["Ana", "Maja", "Eva", "Tina", "Nina", "Irena", "Petra", "Iva", "Luka", "Rok", "Gal", "Jan", "Marko", "Tomaž", "Žan", "Vid"]  # fmt: skip
LAST = [f"{start}{end}" for start in ("No", "Hor", "Kova", "Zu", "Potoč", "Tur", "Gol", "Ker", "Hriba", "Bo") for end in ("vak", "vat", "čič", "pan", "nik", "ob", "n", "r", "žič", "lar")]  # fmt: skip


class Event(NamedTuple):
    """What was known of one event, which fields it proves, and who it was."""

    fields: dict[str, str]
    confirmed: frozenset[str]
    who: int


class Human:
    """Somebody who exists, with what names them; nothing where they have no such thing."""

    __slots__ = ("birth", "card", "card_given", "devices", "email", "family", "first", "last", "number", "phone", "policy", "proven", "proves", "signed_up", "tablet", "user")  # fmt: skip

    def __init__(self, number: int, last: str, dice: Dice) -> None:
        self.number = number
        self.first, self.last = dice.one(FIRST), last
        self.birth = f"{dice.number(1940, 2007)}-{dice.number(1, 12):02}-{dice.number(1, 28):02}"
        self.user = f"u{number}" if dice.share() < ACCOUNT else ""
        self.card = f"K{number:07}" if dice.share() < CARD else ""
        self.policy = f"P-{number}" if dice.share() < POLICY else ""
        self.email = f"p{number}@mail.example" if dice.share() < OWN_EMAIL else ""
        self.phone = f"+38631{number:06}" if dice.share() < OWN_PHONE else ""
        self.devices = [f"d{number}-{at}" for at in range(dice.number(1, 2))]
        self.tablet = ""
        self.family: list[Human] = []
        self.signed_up = self.proves = self.proven = self.card_given = False


class Stream:
    """The people of a seed and what they do; iterate once over `events`."""

    def __init__(self, people: int, seed: str = "households") -> None:
        self.dice = Dice(seed)
        self.people: list[Human] = []
        while len(self.people) < people:
            self._household(
                min(SIZES[self.dice.number(0, len(SIZES) - 1)], people - len(self.people))
            )
        self.kiosks = [f"kiosk-{number}" for number in range(people // PEOPLE_A_KIOSK + 1)]

    def _household(self, size: int) -> None:
        dice, start = self.dice, len(self.people)
        last = dice.one(LAST)
        family = [Human(start + at, last, dice) for at in range(size)]
        email, phone, tablet = (
            dice.share() < rate for rate in (FAMILY_EMAIL, FAMILY_PHONE, FAMILY_DEVICE)
        )
        for human in family:
            human.family = family
            if size > 1 and email and not human.email:
                human.email = f"family{start}@mail.example"
            if size > 1 and phone and not human.phone:
                human.phone = f"+3861{2_000_000 + start}"
            if size > 1 and tablet:
                human.tablet = f"tablet-{start}"
        self.people += family

    def events(self) -> Iterator[Event]:
        """Yield the events in the order in which they arrive."""
        total = len(self.people) * EVENTS_A_PERSON
        for at in range(total):
            if at == total // 2:
                self._pass_on()
            human = self.people[self.dice.number(0, len(self.people) - 1)]
            yield self._spoiled(self._event(human))

    def _pass_on(self) -> None:
        """Give some telephones to other people."""
        for human in self.people:
            if human.phone and self.dice.share() < PASSED_ON:
                other = self.people[self.dice.number(0, len(self.people) - 1)]
                human.phone, other.phone = "", human.phone

    def _event(self, human: Human) -> Event:
        if human.proves:
            human.proves, human.proven = False, True
            return self._click(human)
        share = self.dice.share()
        if share < 0.32:
            return Event({"device": self._device(human)}, frozenset(), human.number)
        if share < 0.62 and human.user:
            return self._log_in(human)
        if share < 0.74 and human.card:
            return Event(self._purchase(human), frozenset(), human.number)
        if share > 0.97 and human.user and human.card:
            fields = {"user": human.user, "card": human.card}
            return Event(fields, frozenset(), human.number)
        if share > 0.94 and human.policy:
            return Event(self._claim(human), frozenset(), human.number)
        if share > 0.90 and human.proven:
            return self._click(human)
        return Event(self._form(human), frozenset(), human.number)

    def _log_in(self, human: Human) -> Event:
        """Return a visit with an account; the first is the sign-up."""
        fields = {"user": human.user, "device": self._device(human)}
        if human.proven and self.dice.share() < WITH_ADDRESS:
            return Event(fields | {"email": human.email}, frozenset(("email",)), human.number)
        if not human.signed_up:
            human.signed_up, human.proves = True, bool(human.email) and self.dice.share() < PROVEN
            fields |= self._some("email", self._typed(human.email), 1.0) | self._name(human)
        return Event(fields, frozenset(), human.number)

    def _purchase(self, human: Human) -> dict[str, str]:
        card = human.card
        if self.dice.share() < BORROWED_CARD:
            card = human.family[self.dice.number(0, len(human.family) - 1)].card or card
        receipt = self._some("email", self._typed(human.email), 0.6)
        if human.card_given:
            return {"card": card, **self._some("phone", human.phone, 0.2), **receipt}
        human.card_given = True
        address = self._some("email", self._typed(human.email), REGISTERED)
        return {
            "card": human.card,
            **self._some("phone", human.phone, REGISTERED),
            **address,
            **self._name(human),
        }

    def _claim(self, human: Human) -> dict[str, str]:
        email = self._some("email", self._typed(human.email), 0.5)
        return {"policy": human.policy, **self._some("phone", human.phone, 0.7), **email}

    def _click(self, human: Human) -> Event:
        """Return a click, by somebody who is logged in, on a link that was sent to the address."""
        fields = {"user": human.user, "email": human.email, "device": self._device(human)}
        return Event(fields, frozenset(("email",)), human.number)

    def _form(self, human: Human) -> dict[str, str]:
        """Return a form that somebody fills in without an account."""
        fields = self._some("email", self._typed(human.email), 0.9)
        fields |= self._some("phone", human.phone, 0.4 if fields else 1.0)
        if self.dice.share() < 0.6:
            fields |= self._name(human)
        if not fields or self.dice.share() < 0.8:
            fields["device"] = self._device(human)
        return fields

    def _name(self, human: Human) -> dict[str, str]:
        first = human.first
        if self.dice.share() < SLIP:
            first = first[1:] + first[0]
        return {
            "first-name": first,
            "last-name": human.last,
            **self._some("birth-date", human.birth, 0.4),
        }

    def _device(self, human: Human) -> str:
        share = self.dice.share()
        if share < AT_KIOSK:
            return self.kiosks[human.number // PEOPLE_A_KIOSK]
        if human.tablet and share < AT_KIOSK + AT_TABLET:
            return human.tablet
        usual = self.dice.share() < USUAL
        return human.devices[0] if usual else self.dice.one(human.devices)

    def _typed(self, email: str) -> str:
        return email.upper() if self.dice.share() < CAPITALS else email

    def _some(self, field: str, value: str, share: float) -> dict[str, str]:
        return {field: value} if value and self.dice.share() < share else {}

    def _spoiled(self, event: Event) -> Event:
        """Return the event, now and then with a value that names nobody."""
        if self.dice.share() < NO_KEY:
            event.fields["user"] = self.dice.one(NO_KEYS)
        if "email" in event.fields and self.dice.share() < NO_EMAIL:
            event.fields["email"] = self.dice.one(NO_EMAILS)
        return event
