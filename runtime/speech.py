"""What an event says about being written to. Rule: nothing is decided here; who says it, when and where is the event's alone."""

from __future__ import annotations

from functools import partial

from verbline.interpreter.guard.consent import KIND_OF_CHANNEL, SUBJECT, YES
from verbline.interpreter.guard.said import Occasion, consents_of_event
from verbline.interpreter.guard.short import ShortAnswers
from verbline.runtime.consent.wording import Wordings
from verbline.runtime.declared import agreements
from verbline.runtime.identity.normalise import address_key
from verbline.runtime.identity.signs import LIMIT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from verbline.interpreter.guard.consent import Consent
    from verbline.interpreter.program.parts import Moment
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project
    from verbline.runtime.events import Event
    from verbline.runtime.identity.signs import Refusal
    from verbline.runtime.ways import Models, Way


class Speech:
    """The answers in the events of one project. ``fields_of`` are the fields of an event that hold each kind of address.

    ``holds`` says whether a person, by their id, holds an address. ``vain`` are the
    addresses of the event that is being met for which the person has no room.
    """

    def __init__(self, project: Project, program: Program) -> None:
        self.program = program
        self.purposes = {one.key: one for one in program.purposes.values()}
        self.forms = agreements(project)
        self.wordings = Wordings(project)
        self.region = program.country
        self.short = ShortAnswers()
        self.holds: Callable[[str, str], bool] = lambda _person, _contact: True
        self.vain: tuple[str, ...] = ()
        self.fields_of: dict[str, list[str]] = {kind: [] for kind in KIND_OF_CHANNEL.values()}
        for field, kind in program.contact_fields.items():
            self.fields_of.setdefault(kind, []).append(field)

    def may_hold(self, _person: str, _contact: str) -> bool:
        """Return whether an address can become that of a person, by their id."""
        return True

    def models(self, event: Event, way: Way) -> Models | None:
        """Return what an event says in the short form, but for who, when and where; None where not all of it is short."""
        entries = event.consent
        assert entries is not None, "somebody said something"
        models = way.answers.get(id(entries))
        if models is None:
            found = self.short.models(entries, self.occasion(event, None, way.moments))
            return way.learn(entries, found) if found is not None else None
        return models[1]

    def said(
        self, event: Event, person: str | None, moments: tuple[Moment, ...]
    ) -> tuple[Sequence[Consent], int]:
        """Return what an event about ``person`` (None: nobody can tell) says about being written to, and how much of it cannot be taken."""
        occasion = self.occasion(event, person, moments)
        short = self.short.take(event.consent, occasion) if event.consent else None
        if short is not None:
            return short, 0
        given = event.data if event.consent is None else {"consent": event.consent}
        taken, refused = consents_of_event(event.type, given, occasion)
        return taken, len(refused)

    def occasion(self, event: Event, person: str | None, moments: tuple[Moment, ...]) -> Occasion:
        """Return on what occasion an event about ``person`` says something about being written to."""
        occasion = Occasion(
            self.purposes, self.program.system(event.source), person, event.happened, event.known
        )
        forms = [self.forms[one.form] for one in moments if one.form]
        if forms:
            occasion.form = forms[0]
        occasion.notices = self.wordings.hashes
        occasion.normal = self.address
        occasion.addresses = self.addresses(event.data)
        if person is not None:
            occasion.holds = partial(self.holds, person)
            occasion.may_hold = partial(self.may_hold, person)
            occasion.vain = self.vain
        return occasion

    def spoken_for(self, event: Event, taken: Iterable[Consent]) -> list[str]:
        """Return the addresses for which the person says yes, but for those that the event brings as theirs.

        Who says yes for an address can be reached there. Who says no cannot for that: it would open what asks for no yes.
        """
        found = dict.fromkeys(
            one.contact
            for one in taken
            if one.contact is not None and one.act in YES and one.actor == SUBJECT
        )
        brought = self.addresses(event.data).values() if found else ()
        return [contact for contact in found if contact not in brought]

    def vain_of(self, refused: Iterable[Refusal], fields: Mapping[str, object]) -> tuple[str, ...]:
        """Return the addresses among ``fields`` that were refused since the person has as many as one may have."""
        kinds = self.program.contact_fields
        return tuple(
            f"{kinds[one.field]}:{self.address(kinds[one.field], str(fields[one.field]))}"
            for one in refused
            if one.reason == LIMIT and one.field in kinds
        )

    def addresses(self, fields: Mapping[str, object]) -> dict[str, str]:
        """Return the addresses in an event by kind, as the ledger names them."""
        found = {kind: self.key(kind, fields) for kind in self.fields_of}
        return {kind: key for kind, key in found.items() if key is not None}

    def key(self, kind: str, fields: Mapping[str, object]) -> str | None:
        """Return the first address of ``kind`` in an event, as the ledger names it; None where it has none."""
        for field in self.fields_of[kind]:
            value = fields.get(field)
            key = self.address(kind, value) if isinstance(value, str) else ""
            if key:
                return f"{kind}:{key}"
        return None

    def address(self, kind: str, value: str) -> str:
        """Return an address as it is compared; nothing where it can be none."""
        return address_key(kind, value, self.region) or ""
