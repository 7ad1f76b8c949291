"""One person turns out to be two. Rule: each gets back what is theirs, nobody enters because of it, nothing is sent twice.

What each of the two said, did and was told stands in their own record, which a merge has kept. What they share is given
back here: what was said about addresses since, and the visits, each to the one whose event began it.
"""

from __future__ import annotations

from bisect import insort

from verbline.interpreter.guard.consent import MERGE, same_word
from verbline.interpreter.person.aside import NOBODY, NONE
from verbline.interpreter.person.merge import unite_contacts, unite_recent, unite_records
from verbline.interpreter.person.parts import (
    SLOTS,
    Parts,
    mark_of,
    met,
    parts_of,
    twin,
    twin_contact,
    twin_visit,
)
from verbline.interpreter.person.record import NOT_YET, Person, Run, put
from verbline.interpreter.step.ending import end
from verbline.interpreter.step.sales import BASIS
from verbline.interpreter.step.watch import settle_again

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from verbline.interpreter.guard.consent import Consent
    from verbline.interpreter.person.parts import Double, Mark
    from verbline.interpreter.person.record import Timer, Visit
    from verbline.interpreter.step.turn import Turn


def split(
    turn: Turn,
    whole: Person,
    part: Person,
    going: Collection[str],
    addresses: Collection[str] = (),
) -> None:
    """Give ``part``, of whom nothing is known yet, what belongs to those of ``whole`` who are called ``going``.

    ``whole`` is the turn's person and keeps the rest. ``addresses`` are the keys of contacts that are no longer ``whole``'s.
    """
    told = {"other": part.id, "survivor": whole.id}
    turn.sink(turn, None, None, None, "split", "taken", "", told)
    stock = Stock(whole)
    parts = stock.parts
    leaving = [name for name in parts.people if name in going]
    shares = [
        Share(turn, stock, whole, [name for name in parts.people if name not in going]),
        Share(turn, stock, part, leaving),
    ]
    for share in shares:
        share.gather()
    move_addresses(shares[0], shares[1], frozenset(addresses))
    for share in shares:
        share.hand_over()


class Stock:
    """What is shared out: the record as it was until now.

    ``marks`` say where each running visit stands, by its serial, ``pasts`` what it may look back to; ``kept`` are the words
    that stand in one of the records of the parts.
    """

    __slots__ = ("consents", "contacts", "kept", "marks", "order", "parts", "pasts", "serial", "timers", "visits")  # fmt: skip

    def __init__(self, whole: Person) -> None:
        self.parts = whole.parts if whole.parts is not None else parts_of(whole)
        self.visits = [(visit.serial, visit) for visit in whole.visits]
        self.marks: dict[int, Mark] = {serial: mark_of(visit) for serial, visit in self.visits}
        self.pasts = {serial: visit.past for serial, visit in self.visits}
        self.timers: list[Timer] = sorted(whole.timers, key=lambda timer: timer[1])
        self.consents = whole.consents
        self.contacts = whole.contacts
        self.order, self.serial = whole.order, whole.serial
        self.kept = {same_word(one) for record in self.parts.people.values() for one in record.consents}  # fmt: skip


class Share:
    """What one of the two gets: what belongs to the people called ``names``, as ``made``, for the record of ``person``."""

    __slots__ = ("again", "before", "ended", "made", "names", "person", "stock", "timers", "turn")

    def __init__(self, turn: Turn, stock: Stock, person: Person, names: list[str]) -> None:
        self.turn, self.stock = turn, stock
        self.person = person
        self.names = names
        records = [stock.parts.people[name] for name in names]
        # The visits as they were when their people were joined with others, and their timers.
        self.before = {(one.id, visit.serial): visit for one in records for visit in one.visits}
        self.timers = {one.id: one.timers for one in records}
        self.made = records[0] if len(records) == 1 else self.united(records)
        self.again: list[Visit] = []
        self.ended: list[Visit] = []

    def united(self, records: list[Person]) -> Person:
        """Return a record of several people who stay one; a record of nobody where there are none."""
        if not records:
            return Person(self.person.id, self.person.number)
        made = twin(records[0])
        for one in records[1:]:
            unite_records(self.turn, made, one)
            unite_contacts(made, [twin_contact(contact) for contact in one.contacts])
            unite_recent(made, one)
            known = {same_word(word) for word in made.consents}
            made.consents += [word for word in one.consents if same_word(word) not in known]
            made.merged += (one.id, *one.merged)
        made.consents += [
            one for one in self.stock.consents if one.act == MERGE and one.person in self.names[1:]
        ]
        made.serial = self.stock.serial
        parts = made.parts = Parts()
        parts.people = {one.id: one for one in records}
        parts.came, parts.used = dict(self.stock.parts.came), dict(self.stock.parts.used)
        return made

    def gather(self) -> None:
        """Put together what belongs to these people."""
        made, stock = self.made, self.stock
        made.order = stock.order
        ids = {*self.names, *made.merged}
        here = {contact.key for contact in made.contacts}
        there = {contact.key for contact in stock.contacts} - here
        made.consents += [
            one
            for one in stock.consents
            if same_word(one) not in stock.kept and belongs(one, ids, here, there)
        ]
        self.gather_visits()
        for (name, *key), number in stock.parts.used.items():
            if name == self.person.id:
                not_again(made, (key[0], key[1]), number)

    def gather_visits(self) -> None:
        """Take the visits that these people began, and those that ended because another one's went on for both."""
        made, stock = self.made, self.stock
        made.visits, made.timers = [], []
        renamed = {}
        for serial, visit in stock.visits:
            owner = stock.parts.owners.get(serial, (stock.parts.first, 0))
            if owner[0] in self.names:
                renamed[serial] = self.take(serial, visit, owner)
        for due, place, what, serial in stock.timers:
            if serial in renamed:
                self.set_timer(due, place, what, renamed[serial])
        for serial, doubles in stock.parts.doubles.items():
            if stock.parts.owner(serial) not in self.names:
                for double in doubles:
                    if double.whose in self.names:
                        self.take_double(double, serial)
        made.visits.sort(key=lambda visit: visit.serial)

    def take(self, serial: int, visit: Visit, owner: tuple[str, int]) -> int:
        """Take a running visit and return its serial, the one it had where there is one."""
        made, parts, came = self.made, self.stock.parts, self.stock.parts.came
        doubles = [one for one in parts.doubles.get(serial, ()) if one.whose in self.names]
        was = self.before.get(owner)
        spent = was.spent if was is not None else NOBODY
        for one in doubles:
            double = self.before[one.whose, one.serial]
            spent = spent | double.spent | frozenset(double.done)
        if visit.spent != spent:
            visit.spent = spent
        visit.past = tuple(
            past for past in visit.past if came.get(met(past), owner[0]) in self.names
        )
        if made.parts is None:
            visit.serial = owner[1] or made.next_serial()
        else:
            made.parts.owners[serial] = owner
            if doubles:
                made.parts.doubles[serial] = doubles
        made.visits.append(visit)
        return visit.serial

    def set_timer(self, due: int, place: int, what: str, serial: int) -> None:
        """Set a timer of a visit that was taken, at its old place in the order of setting where it had one."""
        made = self.made
        if made.parts is None:
            old = self.timers[self.names[0]]
            places = [one[1] for one in old if (one[0], *one[2:]) == (due, what, serial)]
            place = places[0] if places else made.next_serial()
        insort(made.timers, (due, place, what, serial))

    def take_double(self, double: Double, kept: int) -> None:
        """Take a visit for which that with the serial ``kept`` went on: where that has not moved it is as it was, else it ends."""
        made, visit = self.made, self.before[double.whose, double.serial]
        serial = double.serial
        if made.parts is not None:
            visit = twin_visit(visit)
            serial = visit.serial = made.next_serial()
            made.parts.owners[serial] = (double.whose, double.serial)
        made.visits.append(visit)
        if self.stock.marks[kept] != double.mark:
            self.ended.append(visit)
            return
        self.look_back(visit, kept)
        self.again.append(visit)
        for due, place, what, of in self.timers[double.whose]:
            if of == double.serial:
                self.set_timer(due, place, what, serial) if made.parts is None else made.set_timer(
                    due, what, serial
                )

    def look_back(self, visit: Visit, kept: int) -> None:
        """Let a visit look back to what its own people did while that with the serial ``kept`` went on for it."""
        parts = self.stock.parts
        known = {met(past) for past in visit.past}
        since = [
            past
            for past in self.stock.pasts[kept]
            if met(past) not in known and parts.came.get(met(past), parts.owner(kept)) in self.names
        ]
        if since:
            visit.past = tuple(sorted([*visit.past, *since], key=lambda past: past[1]))

    def hand_over(self) -> None:
        """Let the record be what was gathered, and tell what that ends and takes up again."""
        turn, person = self.turn, self.person
        assume(person, self.made)
        for visit in person.visits:
            _ = visit.id  # the name of the time at which it began stays
            visit.person = person.id
        turn.person = person
        for visit in (*self.ended, *self.again):
            turn.note("entry", "resumed", "identity_split", visit)
        for visit in self.ended:
            visit.hold = NONE  # what was under way was taken back when the two became one
            end(turn, visit, "identity split", None, "identity_split", visit.step.line)
        for visit in self.again:
            visit.step.taken_up(turn, visit)
        settle_again(turn)


def belongs(
    one: Consent, ids: Collection[str], here: Collection[str], there: Collection[str]
) -> bool:
    """Return whether a word belongs to the people called ``ids``, who are reached ``here``; others of the whole ``there``."""
    if one.act == MERGE or one.basis == BASIS:
        return False  # what rests on a sale was noted with the one who bought
    if one.contact is None:
        return one.person is None or one.person in ids
    if one.contact in here:
        return True
    return one.person in ids and (one.act == "object" or one.contact not in there)


def not_again(made: Person, key: tuple[str, str], number: int) -> None:
    """Let no visit of ``made`` bear a number that one began under since."""
    run = made.runs.get(key)
    if run is None:
        put(made, "runs", key, Run(number, NOT_YET))
    elif run.number < number:
        run.number = number


def move_addresses(whole: Share, part: Share, keys: frozenset[str]) -> None:
    """Give the addresses called ``keys``, and what was said about them, to ``part``."""
    left, made = whole.made, part.made
    moved = [one for one in left.contacts if one.key in keys]
    if not moved:
        return
    left.contacts = [one for one in left.contacts if one.key not in keys]
    unite_contacts(made, moved)
    ids = {*whole.names, *left.merged}
    known = {same_word(one) for one in made.consents}
    for one in left.consents:
        if one.contact in keys and same_word(one) not in known:
            made.consents.append(said_by(one, part.person.id) if one.person in ids else one)
    left.consents = [one for one in left.consents if one.contact not in keys or one.act == "object"]
    for record in left.parts.people.values() if left.parts is not None else ():
        record.contacts = [one for one in record.contacts if one.key not in keys]


def said_by(one: Consent, person: str) -> Consent:
    """Return the same word as that of ``person``."""
    other = one.again(one.at, one.known, person, one.contact, one.epoch)
    other.seq = one.seq
    return other


def assume(person: Person, made: Person) -> None:
    """Let ``person`` be what ``made`` is, under their own id."""
    if made.id != person.id:
        made.consents = [
            said_by(one, person.id) if one.person == made.id else one for one in made.consents
        ]
    for name in SLOTS:
        if name not in {"id", "number"}:
            setattr(person, name, getattr(made, name))
    person.rest = made.rest
    person.zone = person.alarm = None
