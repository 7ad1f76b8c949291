"""What a log says about being written to, into the ledger. Rule: an event is recorded once, with what it rests on.

What is heard is written by `write`, together, and in the transaction of whoever has begun one: so the place in the log that
was reached, and what was said up to there, are on disk together or not at all. Beside what people said stand the merges and
the splits, which move nothing: they say who was one person with whom, and when that became known.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import NamedTuple

from verbline.interpreter.guard.consent import KIND_OF_CHANNEL, MERGE, YES, Consent
from verbline.interpreter.guard.said import answers, consent_of, placed
from verbline.interpreter.step.sales import BASIS as SALE
from verbline.runtime.consent.chain import ERASE
from verbline.runtime.consent.erasure import Erasing, take_out
from verbline.runtime.consent.keys import mark_of
from verbline.runtime.consent.notes import SPLIT, hold, note, release
from verbline.runtime.consent.patterns import pattern_of
from verbline.runtime.consent.rows import Said, draft_of, notice_of, refuse_if_unfit

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from verbline.interpreter.guard.said import Occasion
    from verbline.interpreter.program.parts import Moment
    from verbline.runtime.consent.erasure import Erased
    from verbline.runtime.consent.ledger import Ledger
    from verbline.runtime.consent.patterns import Pattern
    from verbline.runtime.consent.rows import Draft
    from verbline.runtime.events import Event
    from verbline.runtime.feed import Feed
    from verbline.runtime.ways import Models, Way

# A person about whom nothing may be deleted, and the end of that.
HELD, RELEASED = "verbline.person.held", "verbline.person.released"
HOLDS = {HELD: hold, RELEASED: release}
SYSTEM = "system:verbline"
# Bytes by which an event is known again, and how many are asked about at once.
KEY = 16
ASKED = 500
HEX = re.compile(r"[0-9a-f]{64}")


class Heard(NamedTuple):
    """An event of a log, by its `source` and `id`, and what it says."""

    sender: str
    event: str
    said: tuple[Said, ...]


class Recorder:
    """Fills ``ledger`` with what ``feed`` understands. ``refused`` counts the answers that could not be taken.

    ``is_sifted`` says that each event is told once, ever: then which were recorded is not noted a second time.
    """

    def __init__(self, ledger: Ledger, feed: Feed, *, is_sifted: bool = False) -> None:
        self.ledger = ledger
        self._is_sifted = is_sifted
        self.refused = 0
        self._feed = feed
        self._heard: list[Heard] = []
        # The same where each event is told once: as it is about to be written.
        self._drafts: list[Draft] = []
        self._sales: set[tuple[str, str, str, str]] = set()
        self._words = feed.wordings.all()

    def hear(self, event: Event, number: int, moments: tuple[Moment, ...]) -> list[Consent]:
        """Take what an event about the person ``number`` (0: nobody can tell) says about being written to, and return it."""
        occasion = self._feed.occasion(event, f"P{number}" if number else None, moments)
        form = next((one.form for one in moments if one.form), "")
        said = tuple(self._said(event, occasion, form))
        if said:
            self._take(Heard(event.source, event.id, said))
        return [one.consent for one in said]

    def _take(self, heard: Heard) -> None:
        """Let what an event said be written with the others."""
        if not self._is_sifted:
            self._heard.append(heard)
            return
        for said in heard.said:
            refuse_if_unfit(said.consent)
            self._drafts.append(draft_of(said))

    def patterns(self, way: Way, models: Models) -> tuple[Pattern, ...] | None:
        """Return how ``models`` are written that come on a way of one moment; None where one is not usual."""
        form, notice_of_short = way.moments[0].form, self._feed.wordings.notice
        found = []
        for model, kind in models:
            notice = notice_of_short(form, model.purpose, model.channel) if form else ""
            pattern = pattern_of(model, notice, way.source, has_contact=bool(kind))
            if pattern is None:
                return None
            found.append(pattern)
        return tuple(found)

    def hear_usual(
        self, event: Event, number: int, email: str, patterns: Iterable[Pattern]
    ) -> None:
        """Do what `hear` does with an event of which it is known what it says; ``email`` came along."""
        person, contact, drafts = f"P{number}", f"email:{email}", self._drafts
        for one in patterns:
            drafts.append(one.draft(person, contact, event.happened, event.known, event.id))

    def _said(self, event: Event, occasion: Occasion, form: str) -> Iterator[Said]:
        entries = event.consent
        short = self._feed.short.take(entries, occasion) if entries else None
        if entries is not None and short is not None:
            notice_of_short = self._feed.wordings.notice
            for one in short:
                notice = notice_of_short(form, one.purpose, one.channel) if form else ""
                yield Said(one, notice, "", event.source, event.id)
            return
        given = event.data if entries is None else {"consent": entries}
        for answer in (one for said in answers(event.type, given) for one in placed(said, occasion)):  # fmt: skip
            found = consent_of(answer, occasion, 0)
            if (
                isinstance(found, str)
                or found.act == ERASE
                or (found.person is None and not counts(found))
            ):
                self.refused += 1
            else:
                yield self._proved(event, found, form, answer)

    def _proved(self, event: Event, one: Consent, form: str, answer: dict[str, Any]) -> Said:
        """Return an answer with the words that were shown, the record behind it, and the event it came with."""
        told, record = answer.get("words"), answer.get("record")
        notice = answer.get("notice")
        if isinstance(told, str) and told.strip():
            notice = notice_of(told.strip())
            self._words.append(told.strip())
        elif not isinstance(notice, str) and form:
            notice = self._feed.wordings.notice(form, one.purpose, one.channel)
        return Said(
            one,
            notice if isinstance(notice, str) else "",
            record if isinstance(record, str) else "",
            event.source,
            event.id,
        )

    def merged(self, event: Event, survivor: int, other: int, *, proved: bool) -> None:
        """Record that two people turned out to be one; ``proved`` by an id that only one person has."""
        one = Consent(
            at=event.known, known=event.known, act=MERGE, actor=SYSTEM, source="verbline",
            person=f"P{other}", basis="exclusive" if proved else "contact",
        )  # fmt: skip
        said = Said(one, "", f"P{survivor}", event.source, event.id)
        self._take(Heard(event.source, f"{event.id}\0{other}", (said,)))

    def sold(
        self,
        event: Event,
        number: int,
        moments: tuple[Moment, ...],
        contacts: Sequence[tuple[str, str]],
    ) -> None:
        """Record that the person bought something, for each of their addresses; once for each, however often they buy."""
        person, said = f"P{number}", []
        for purpose in dict.fromkeys(one for moment in moments for one in moment.soft):
            for kind, value in contacts:
                for channel in purpose.channels:
                    here = person, purpose.key, channel, f"{kind}:{value}"
                    if KIND_OF_CHANNEL[channel] == kind and self._is_new(here):
                        one = self._sale(event, *here)
                        said.append(Said(one, "", "", event.source, event.id))
        if said:
            self._take(Heard(event.source, f"{event.id}\0sale", tuple(said)))

    def _is_new(self, here: tuple[str, str, str, str]) -> bool:
        """Return whether no sale was recorded of this person for a purpose, a channel and an address."""
        if here in self._sales:
            return False
        self._sales.add(here)
        return not any(
            one.basis == SALE and (one.person, one.purpose, one.channel, one.contact) == here
            for one in self.ledger.consents_of((here[0],))
        )

    def _sale(self, event: Event, person: str, purpose: str, channel: str, contact: str) -> Consent:
        return Consent(
            at=event.happened, known=event.known, act="grant", actor="system:journey", source=event.source, person=person,
            contact=contact, channel=channel, purpose=purpose, basis=SALE, complete=True,
        )  # fmt: skip

    def split(self, event: Event, one: int, other: int) -> None:
        """Record that ``other`` is not ``one``, and was not."""
        self.write()
        note(self.ledger, SPLIT, f"P{other}", SYSTEM, event.known, f"P{one}")

    def held(self, event: Event, number: int) -> None:
        """Record that nothing about a person may be deleted, or that it may again."""
        self.write()
        by, why = event.data.get("by"), event.data.get("why")
        HOLDS[event.type](
            self.ledger,
            f"P{number}",
            by if isinstance(by, str) else SYSTEM,
            event.known,
            why if isinstance(why, str) else "",
        )

    def means(self, event: Event, contacts: Sequence[str]) -> bool:
        """Return whether an erasure means the one who holds ``contacts``: by its marks, which say it whatever number they bear.

        Without the key, or where every address is others' too, nobody can tell.
        """
        key, marks = self.ledger.key, marks_in(event)
        return key is None or not marks or any(mark_of(key, one) in marks for one in contacts)

    def erased(
        self, event: Event, people: Sequence[str], contacts: Sequence[str], shared: Sequence[str]
    ) -> Erased:
        """Take somebody out, with the addresses that stand in the log no more."""
        self.write()
        by = event.data.get("by")
        wanted = Erasing(people, contacts, shared, marks_in(event))
        return take_out(self.ledger, [wanted], by if isinstance(by, str) else SYSTEM, event.known)

    def write(self) -> int:
        """Write what was heard since the last time, and return how many entries were added."""
        heard, self._heard = self._heard, []
        drafts, self._drafts = self._drafts, []
        words, self._words = self._words, []
        if not heard and not drafts and not words:
            return 0
        with self.ledger.writing():
            for one in words:
                self.ledger.keep_words(one)
            return record(self.ledger, heard, drafts)


def marks_in(event: Event) -> list[bytes]:
    """Return the marks of addresses that the event of an erasure brings."""
    given = event.data.get("marks")
    listed = given if isinstance(given, list) else []
    return [bytes.fromhex(one) for one in listed if isinstance(one, str) and HEX.fullmatch(one)]


def counts(said: Consent) -> bool:
    """Return whether what was said counts where nobody can tell who said it: a yes is nobody's then, a no needs its address."""
    return said.contact is not None and said.act not in YES


def record(ledger: Ledger, heard: Sequence[Heard], drafts: Sequence[Draft]) -> int:
    """Append what events say that were not recorded before, and ``drafts``; return how many entries those were. Inside `writing`."""
    new = [said for one in fresh(ledger, heard) for said in one.said] if heard else []
    for said in new:
        refuse_if_unfit(said.consent)
    batch, last = [*map(draft_of, new), *drafts], ledger.last_known()
    for place, one in enumerate(batch):
        if one[3] < last:  # a file that was added later
            batch[place] = (*one[:3], last, *one[4:])
        else:
            last = one[3]
    ledger.add(batch)
    return len(batch)


def fresh(ledger: Ledger, heard: Sequence[Heard]) -> list[Heard]:
    """Return the events that were not recorded before, each once, and note that they are now."""
    events = {event_key(one): one for one in heard}
    taken = _taken(ledger.connection, list(events))
    new = {key: one for key, one in events.items() if key not in taken}
    ledger.connection.executemany("insert into taken values (?)", [(key,) for key in new])
    return list(new.values())


def event_key(heard: Heard) -> bytes:
    """Return by what an event is known again; it stays when the person is erased, and says nothing about them."""
    return blake2b(f"{heard.sender}\0{heard.event}".encode(errors="surrogatepass"), digest_size=KEY).digest()  # fmt: skip


def _taken(connection: sqlite3.Connection, keys: Sequence[bytes]) -> set[bytes]:
    found: set[bytes] = set()
    for place in range(0, len(keys), ASKED):
        some = keys[place : place + ASKED]
        marks = ",".join("?" * len(some))
        rows = connection.execute(f"select event from taken where event in ({marks})", some)  # noqa: S608 - question marks
        found.update(row[0] for row in rows)
    return found
