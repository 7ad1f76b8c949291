"""What a log says before any journey exists: sources, identity, consent, parallel capture, latency. Rule: two looks at the
log, the first of which says what to look for in the second, and both in memory that does not grow with the log.

    files -> survey -> roles of the fields -> people, agreements, places that ask -> what to mend first
"""

from __future__ import annotations

from verbline.interpreter.guard.consent import key_of
from verbline.runtime.audit.advice import advice
from verbline.runtime.audit.book import Book
from verbline.runtime.audit.capture import Capture
from verbline.runtime.audit.fields import CONTACT, PERSON, TRAIT, Fields, guessed
from verbline.runtime.audit.given import ProjectHearing
from verbline.runtime.audit.hearing import Hearing
from verbline.runtime.audit.recorded import recorded
from verbline.runtime.audit.sharing import Sharing
from verbline.runtime.audit.spoken import Spoken
from verbline.runtime.audit.summary import summary
from verbline.runtime.audit.survey import Survey, flat
from verbline.runtime.audit.words import vocabulary
from verbline.runtime.identity.graph import Identity
from verbline.runtime.identity.stated import STATED, stated
from verbline.runtime.lines import LogError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from verbline.interpreter.guard.consent import Consent
    from verbline.interpreter.zones import Zone
    from verbline.runtime.audit.fields import Role
    from verbline.runtime.audit.given import Given
    from verbline.runtime.audit.lags import Lags
    from verbline.runtime.events import Event

OUTER = ("time", "recorded", "type", "source")
LIMIT = 2_000_000
ASKING = frozenset((CONTACT, TRAIT, PERSON))


class Wish:
    """How a log is to be audited.

    ``zone`` is whose clock is meant by times without an offset, ``region`` the country of telephones without one.
    ``stated`` maps what somebody has said to be time, recorded, type or source to the column, ``roles`` fields to what
    they say (key, email, phone, device, first-name, …, none). ``limit`` is how many identifiers are followed,
    ``shows_values`` lets those that most people share be shown, most of their letters hidden.
    """

    __slots__ = ("given", "limit", "now", "region", "roles", "shows_values", "stated", "zone")

    def __init__(self, zone: Zone, *, region: str = "", given: Given | None = None) -> None:
        self.zone = zone
        self.region = region
        self.given = given
        self.stated: dict[str, str] = {}
        self.roles: dict[str, str] = {}
        self.now: int | None = None
        self.limit = LIMIT
        self.shows_values = False


class Audit:
    """One log on its way through an audit."""

    def __init__(self, path: Path, wish: Wish) -> None:
        self.wish = wish
        self.given = wish.given
        self.others: list[Role] = []
        self.book = Book(path, zone=wish.zone, stated=wish.stated, now=wish.now)
        self.survey = Survey()
        self.recorded: dict[str, Lags] = {}
        self.spoken = Spoken()
        self.capture = Capture()
        self.passes = 0
        self.nobody = 0
        self._questions: dict[tuple[str, ...], tuple[tuple[tuple[str, str], ...], bool]] = {}
        self._places: dict[tuple[str, str], tuple[tuple[str, str], bool]] = {}

    def run(self, progress: Callable[[int], object] = bool) -> dict[str, Any]:
        """Return what the log says, as JSON has it; ``progress`` is told now and then how many percent are done."""
        for events in self._pass(progress):
            self.survey.take(events)
        self.survey.finish()
        # What events say themselves counts more than the order of their lines.
        self.recorded = recorded(self.book.logs)
        self.survey.lags.update(self.recorded)
        self.prepare()
        for events in self._pass(progress):
            for event in events:
                self.see(event)
        found = summary(self)
        found["first"] = advice(found)
        return {"format": 1, "first": found.pop("first"), **found}

    def _pass(self, progress: Callable[[int], object]) -> Iterable[list[Event]]:
        """Yield the events of the log, by the names of the project."""
        given = self.given
        for events in self.book.batches():
            if given is not None:
                for event in events:
                    event.data = given.renamed(event)
            yield events
            progress((self.passes * self.book.size + self.book.read) * 50 // max(self.book.size, 1))
        self.passes += 1

    def prepare(self) -> None:
        """Settle what each field says, from what was seen of them; `LogError` where a field that was stated is not there."""
        given, wish = self.given, self.wish
        outer = {name for table in self.book.tables for name in table.columns.names.values()}
        for name in (*wish.stated.values(), *wish.roles):
            if name not in outer and name not in self.survey.fields:
                raise LogError(f'No file has a field "{name}".')
        if given is None:
            self.fields = guessed(self.survey, wish.region, wish.roles)
            rules = self.fields.rules(wish.region)
            self.identity = Identity(rules)
            self.hearing = Hearing(self.fields, rules.contacts, wish.region)
        else:
            roles = given.roles()
            others = guessed(self.survey, wish.region, wish.roles, [one.field for one in roles])
            self.others = [one for one in others.roles.values() if one.what in NAMING]
            rest = [one for one in others.roles.values() if one.what not in NAMING]
            self.fields = Fields([*roles, *rest], others.unclear)
            rules = given.rules
            self.identity = given.identity
            self.hearing = ProjectHearing(given, self.fields, rules.contacts, wish.region)
        # A field inside another that no event of the sample had says nothing that is known.
        self.is_nested = any("." in name for name in self.survey.fields)
        self.sharing = Sharing(self.identity, wish.limit)

    def see(self, event: Event) -> None:
        """Take one event."""
        if event.type in STATED:
            for _change in stated(self.identity, event):
                pass
            return
        named = self.fields.of(event.data)
        person = self.sharing.see(named, max(event.happened, event.known, 0))
        self.nobody += not person and bool(named)
        data = dict(flat(event.data)) if self.is_nested else event.data
        said = self.hearing.said(event, person, named, data)
        for consent in said:
            self.spoken.hear(consent, event.source, person)
        for contact in self.hearing.sent_to(event, named):
            self.spoken.sent(contact, event.happened)
        if person:
            self.note(event, person, data, said)

    def note(
        self, event: Event, person: int, data: Mapping[str, Any], said: Sequence[Consent]
    ) -> None:
        """Remember what was asked where."""
        place, asks = self._place(event)
        questions, tells = self._asked(data)
        # Who brings a name or an address has asked for it; an email alone may only say whose order it is.
        if questions and (asks or tells):
            self.capture.see(person, place, [(name, data[field]) for field, name in questions])
        if said:
            answers = [(f"agreement\x1f{one.purpose} by {one.channel}", word) for one in said if (word := ANSWERS.get(one.act))]  # fmt: skip
            self.capture.see(person, place, answers)
            self._worded(event, place)

    def _worded(self, event: Event, place: tuple[str, str]) -> None:
        """Note the wordings under which an event's answers were given."""
        for entry in event.consent or ():
            wording = entry.get("notice")
            if isinstance(wording, str):
                name = f"{key_of(str(entry.get('purpose')))} by {entry.get('channel')}"
                self.capture.worded(f"agreement\x1f{name}", place, wording)

    def _place(self, event: Event) -> tuple[tuple[str, str], bool]:
        """Return where an event was captured, and whether people are asked there."""
        key = event.source, event.type
        place = self._places.get(key)
        if place is None:
            form = self.given.form(*key) if self.given is not None else ""
            words = vocabulary()
            asks = bool(form) or words.asks(event.type) or words.asks(event.source)
            place = ((event.source, form or event.type), asks or event.file.endswith((".csv", ".tsv")))  # fmt: skip
            if len(self._places) < 10_000:
                self._places[key] = place
        return place

    def _asked(self, data: Mapping[str, Any]) -> tuple[tuple[tuple[str, str], ...], bool]:
        """Return which fields of an event people are asked, each with its name, and whether one is more than an address."""
        names = tuple(data)
        found = self._questions.get(names)
        if found is None:
            roles = [one for name in names if (one := self.fields.roles.get(name)) and one.what in ASKING]  # fmt: skip
            asked = tuple((one.field, f"field\x1f{one.kind or one.name}") for one in roles)
            found = asked, any(one.what != CONTACT for one in roles)
            if len(self._questions) < 10_000:
                self._questions[names] = found
        return found


NAMING = frozenset(("key", "contact", "weak", "trait"))
ANSWERS = {"grant": "yes", "confirm": "yes", "withdraw": "no", "deny": "no", "object": "no"}
