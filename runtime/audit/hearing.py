"""From an event to what it says about being written to. Rule: what a project declares is heard as the runtime hears it;
without one a column or a type that says yes or no is taken for it, and told as a guess.
"""

from __future__ import annotations

from verbline.interpreter.guard.consent import EVERY, KIND_OF_CHANNEL, Consent
from verbline.interpreter.guard.said import OWN_TYPE, Occasion, answers, consent_of
from verbline.runtime.audit.fields import AGREEMENT, answer_of
from verbline.runtime.audit.words import plain_name, plain_text, vocabulary, within
from verbline.runtime.events import NEVER
from verbline.runtime.identity.normalise import address_key
from verbline.runtime.identity.signs import text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from verbline.runtime.audit.fields import Fields
    from verbline.runtime.events import Event

MARKETING = "marketing"


class Anything:
    """Every wording there is: without a project nobody knows which are known."""

    def __contains__(self, notice: object) -> bool:
        return bool(notice)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class Hearing:
    """Hears without a project. ``types`` are the types of events that were taken for a yes or a no, with the answer."""

    __slots__ = ("_agreements", "_columns", "_contacts", "_region", "_sends", "types")

    def __init__(self, fields: Fields, contacts: Mapping[str, str], region: str) -> None:
        self._region = region
        self._contacts = tuple(contacts.items())
        self._columns: dict[str, tuple[str, str, bool]] = {}
        for role in fields.said(AGREEMENT):
            meant = vocabulary().agreement_of(plain_name(role.field))
            # Somebody may have stated that a column is one, whatever it is called.
            self._columns[role.field] = meant or (role.name.replace("-", " "), "", True)
        self.types: dict[str, bool | None] = {}
        self._sends: dict[str, bool] = {}
        self._agreements = frozenset(self._columns)

    def said(
        self, event: Event, person: int, named: Mapping[str, Any], data: Mapping[str, Any]
    ) -> Sequence[Consent]:
        """Return what an event says; ``named`` is what names somebody in it, ``data`` its fields by their full names."""
        found: list[Consent] = []
        if event.consent or event.type.startswith(OWN_TYPE):
            found += self._stated(event, person, named)
        if not self._agreements.isdisjoint(data):
            found += self._in_columns(event, named, data)
        if not found and (answer := self._by_type(event.type)) is not None:
            found += self._of(event, named, (EVERY if not answer else MARKETING, "", answer))
        return found

    def sent_to(self, event: Event, named: Mapping[str, Any]) -> Iterable[str]:
        """Return the addresses to which an event says that a message left."""
        sends = self._sends.get(event.type)
        if sends is None:
            sends = vocabulary().sends(event.type)
            if len(self._sends) < 10_000:
                self._sends[event.type] = sends
        return self._addresses(named).values() if sends else ()

    def _stated(self, event: Event, person: int, named: Mapping[str, Any]) -> Iterator[Consent]:
        occasion = Occasion({}, event.source, f"P{person}" if person else None, event.happened, known_of(event))  # fmt: skip
        occasion.notices = Anything()
        occasion.normal = self._address
        occasion.addresses = self._addresses(named)
        given = event.data if event.consent is None else {"consent": event.consent}
        for answer in answers(event.type, given):
            consent = consent_of(answer, occasion, 0)
            if not isinstance(consent, str):
                consent.complete = consent.complete or bool(answer.get("record"))
                yield consent

    def _in_columns(
        self, event: Event, named: Mapping[str, Any], data: Mapping[str, Any]
    ) -> Iterator[Consent]:
        """Yield what the columns of a row say that hold a yes or a no."""
        proof = self._is_proved(event, data)
        for name, (purpose, channel, is_yes) in self._columns.items():
            answer = answer_of(data.get(name))
            if answer is not None:
                # "Has not opted out" is no yes.
                if not is_yes and not answer:
                    continue
                for consent in self._of(event, named, (purpose, channel, answer == is_yes)):
                    consent.complete = proof
                    yield consent

    def _is_proved(self, event: Event, data: Mapping[str, Any]) -> bool:
        """Return whether a row says when somebody agreed, and to which words or by which record."""
        words = vocabulary().consent
        told = {plain_name(name) for name in data}
        timed = event.happened > NEVER or not told.isdisjoint(words["when"])
        return timed and not told.isdisjoint(words["notice"] | words["record"])

    def _by_type(self, kind: str) -> bool | None:
        """Return whether the type of an event is a yes or a no."""
        if kind not in self.types:
            if len(self.types) > 10_000:
                return None
            words, plain = vocabulary().said, plain_text(kind.rpartition(".")[2])
            no = within(plain, words["types-no"])
            self.types[kind] = False if no else True if within(plain, words["types-yes"]) else None
        return self.types[kind]

    def _of(
        self, event: Event, named: Mapping[str, Any], meant: tuple[str, str, bool]
    ) -> Iterator[Consent]:
        """Yield the one answer that a column or a type gives for the addresses in the event."""
        purpose, channel, is_yes = meant
        addresses = self._addresses(named)
        kind = KIND_OF_CHANNEL.get(channel, "") or next((one for one in ("email", "phone") if one in addresses), "")  # fmt: skip
        contact = addresses.get(kind)
        if contact is not None:
            yield Consent(
                at=max(event.happened, 0),
                known=max(event.happened, 0),
                act="grant" if is_yes else "withdraw",
                actor=f"system:{event.source}",
                source=event.source,
                contact=contact,
                channel=channel or ("email" if kind == "email" else "sms"),
                purpose=purpose,
            )

    def _addresses(self, named: Mapping[str, Any]) -> dict[str, str]:
        found: dict[str, str] = {}
        for field, kind in self._contacts:
            text = text_of(named.get(field))
            key = self._address(kind, text) if text else ""
            if key:
                found.setdefault(kind, f"{kind}:{key}")
        return found

    def _address(self, kind: str, value: str) -> str:
        return address_key(kind, value, self._region) or ""


def known_of(event: Event) -> int:
    """Return when an event was recorded, as far as that is known."""
    return event.known if event.known > NEVER else event.happened
