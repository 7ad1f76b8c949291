"""What two people were who became one, kept so that they can be taken apart. Rule: each goes on being remembered alone.

Beside the record of the one person stands a record of each of them, as it was. What happens to one of them since is
remembered there too, and what a visit does is noted with the one who began it. Who was never joined has none of this.
"""

from __future__ import annotations

from verbline.interpreter.guard.consent import same_word
from verbline.interpreter.person.aside import NOBODY, NONE, ORDINARY, Rest
from verbline.interpreter.person.record import Contact, Person, Run, Visit, put

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypeAlias

    from verbline.interpreter.person.record import Cause, Past
    from verbline.interpreter.step.turn import Turn

    # What tells one thing that happened from another, in the pasts of visits.
    Met: TypeAlias = "tuple[int, int, Cause]"
    # Where a visit stands: the step, the turns that it has taken, and how many effects it has had.
    Mark: TypeAlias = "tuple[str, int, int]"

# Where no visit stands.
MOVED = ("", 0, 0)
# What the host keeps of a person, or what is derived.
NOT_KEPT = ("alarm", "rest", "zone")
SLOTS = tuple(name for name in Person.__slots__ if name not in NOT_KEPT)
REST = tuple(name for name in Rest.__slots__ if name != "parts")


class Double:
    """A visit that ended because an earlier one goes on for both: whose it was, its serial there, and where that one stood."""

    __slots__ = ("mark", "serial", "whose")

    def __init__(self, whose: str, serial: int, mark: Mark) -> None:
        self.whose = whose
        self.serial = serial
        self.mark = mark


class Parts:
    """See the module.

    ``people`` are the records by the id that each had; ``owners`` say of each running visit, by its serial, whose it is and
    which serial it had there (0: it began since). ``doubles`` are by the serial of the visit that goes on for them.
    ``came`` says of what stands in the past of running visits with whom it came, where that is not the visit's owner.
    ``used`` is the highest number of the visits that began since under a name: an id, a journey and a correlation value.
    """

    __slots__ = ("came", "doubles", "owners", "people", "used")

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.owners: dict[int, tuple[str, int]] = {}
        self.doubles: dict[int, list[Double]] = {}
        self.came: dict[Met, str] = {}
        self.used: dict[tuple[str, str, str], int] = {}

    def of(self, whose: str, other: str) -> str:
        """Return ``whose`` where that is one of these, else ``other``, else the first of all."""
        return whose if whose in self.people else other if other in self.people else self.first

    @property
    def first(self) -> str:
        """The id of the one who was known first."""
        return next(iter(self.people))

    def owner(self, serial: int) -> str:
        """Return whose a running visit is."""
        owner = self.owners.get(serial)
        return owner[0] if owner is not None else self.first

    def take(self, other: Parts, renamed: dict[int, int]) -> None:
        """Take in the parts of somebody else; ``renamed`` maps the serials of their visits to new ones."""
        self.people.update(other.people)
        for serial, owner in other.owners.items():
            self.owners[renamed[serial]] = owner
        for serial, doubles in other.doubles.items():
            self.doubles[renamed[serial]] = doubles
        self.came.update(other.came)
        self.used.update(other.used)

    def began(self, visit: Visit, whose: str) -> None:
        """Note a visit that has begun."""
        self.owners[visit.serial] = (whose, 0)
        key = visit.journey, visit.correlation
        put(self.people[whose], "runs", key, Run(visit.number))
        self.used[visit.person, *key] = visit.number

    def over(self, visit: Visit, now: int, *, is_last: bool) -> None:
        """Note that a visit has ended, and with it those for which it went on."""
        gone = [(one.whose, one.serial) for one in self.doubles.pop(visit.serial, ())]
        owner = self.owners.pop(visit.serial, None)
        for whose, serial in (owner, *gone) if owner is not None else gone:
            record = self.people[whose]
            record.visits = [one for one in record.visits if one.serial != serial]
            record.drop_timers(serial)
            record.runs[visit.journey, visit.correlation].ended = now
        if is_last:
            self.came.clear()

    def joined(self, kept: Visit, double: Visit) -> None:
        """Note that ``kept`` goes on for ``double`` too, which has ended; that stays with its owner as it was."""
        mark, doubles = mark_of(kept), self.doubles.setdefault(kept.serial, [])
        for one in self.doubles.pop(double.serial, ()):
            still = one.mark == mark_of(double)
            doubles.append(Double(one.whose, one.serial, mark if still else MOVED))
        whose, serial = self.owners.pop(double.serial)
        record = self.people[whose]
        was = next(one for one in record.visits if one.serial == serial)
        double.serial, double.past, double.spent = serial, was.past, was.spent
        record.visits = [double if one is was else one for one in record.visits]
        doubles.append(Double(whose, serial, mark))

    def marked_again(self, visit: Visit, before: Mark) -> None:
        """Note that a visit, which stood ``before`` where it stands now, knows its steps by other names: it has not moved."""
        for double in self.doubles.get(visit.serial, ()):
            if double.mark == before:
                double.mark = mark_of(visit)

    def hold(self, person: Person, whose: str, contact: Contact) -> None:
        """Note an address that has come to ``person`` with one of these, and what is known to be said about it."""
        record = self.people[self.of(whose, person.id)]
        record.contacts.append(twin_contact(contact))
        known = {same_word(one) for one in record.consents}
        record.consents += [
            one
            for one in person.consents
            if one.contact == contact.key and same_word(one) not in known
        ]

    def note(self, pasts: Iterable[Past], whose: str) -> None:
        """Note with whom something came that visits may look back to."""
        for past in pasts:
            self.came.setdefault(met(past), whose)


def met(past: Past) -> Met:
    """Return what tells a past from others."""
    return past[0], past[1], past[4]


def mark_of(visit: Visit) -> Mark:
    """Return where a visit stands."""
    return visit.step.id, sum(one[0] for one in visit.turns.values()), sum(visit.done.values())


def parts_of(person: Person) -> Parts:
    """Return the parts of a person who is about to be joined with another: for who was never joined, the one that they are."""
    parts = person.parts
    if parts is not None:
        keep_again(person, parts)
        return parts
    parts = Parts()
    parts.people[person.id] = twin(person)
    parts.owners = {visit.serial: (person.id, visit.serial) for visit in person.visits}
    return parts


def keep_again(person: Person, parts: Parts) -> None:
    """Keep the running visits, with their timers, as they are now, each in the record of the one whose it is."""
    for visit in person.visits:
        whose, serial = parts.owners[visit.serial]
        record = parts.people[whose]
        was = next((one for one in record.visits if one.serial == serial), None)
        made = twin_visit(visit)
        made.serial = serial or record.next_serial()
        made.spent = was.spent if was is not None else NOBODY
        made.past = tuple(past for past in visit.past if parts.came.get(met(past), whose) == whose)
        record.visits = [*(one for one in record.visits if one is not was), made]
        record.drop_timers(made.serial)
        parts.owners[visit.serial] = whose, made.serial
    for due, _place, what, of in sorted(person.timers, key=lambda timer: timer[1]):
        if of in parts.owners:
            whose, serial = parts.owners[of]
            parts.people[whose].set_timer(due, what, serial)


# Copies


def twin(person: Person) -> Person:
    """Return a record that says the same, and stays as it is when ``person`` changes."""
    made = Person(person.id, person.number)
    for name in SLOTS:
        setattr(made, name, fresh(getattr(person, name)))
    if person.rest is not ORDINARY:
        rest = made.rest = Rest()
        for name in REST:
            setattr(rest, name, fresh(getattr(person.rest, name)))
        if rest.history is not NONE:
            rest.history = {name: list(latest) for name, latest in rest.history.items()}
    made.contacts = [twin_contact(one) for one in person.contacts]
    made.visits = [twin_visit(one) for one in person.visits]
    if person.runs is not NONE:
        made.runs = {key: Run(run.number, run.ended) for key, run in person.runs.items()}
    return made


def fresh(value: Any) -> Any:
    """Return a mapping or a list as another that is equal; everything else is never changed in place."""
    kind = value.__class__
    return dict(value) if kind is dict else list(value) if kind is list else value


def twin_contact(contact: Contact) -> Contact:
    """Return the same address again."""
    return Contact(
        contact.kind,
        contact.value,
        contact.since,
        verified=contact.verified,
        health=contact.health,
        epoch=contact.epoch,
    )


def twin_visit(visit: Visit) -> Visit:
    """Return the same visit again, under the name that it has."""
    made = Visit(
        visit.person, visit.journey, visit.version, visit.correlation, visit.number, visit.serial
    )
    for name in ("anchor", "at", "began", "cause", "done", "fields", "hold", "order", "past", "started", "step"):  # fmt: skip
        setattr(made, name, fresh(getattr(visit, name)))
    for name in ("task", "turns", "spent"):
        value = getattr(visit, name)
        if value:
            setattr(made, name, fresh(value))
    made.name = visit.id
    return made


# What is remembered beside


def beside(turn: Turn, visit: Visit, do: Callable[..., object], *given: Any) -> None:
    """Do to the record of the one whose ``visit`` it is what was done to that of the turn's person, who was several."""
    person, parts = turn.person, turn.person.parts
    assert parts is not None, "the person was several"
    turn.person = parts.people[parts.owner(visit.serial)]
    do(turn, *given)
    turn.person = person


def put_beside(turn: Turn, visit: Visit, slot: str, name: str) -> None:
    """Note what happens now under ``name`` in a mapping of the record of the one of several whose ``visit`` it is."""
    beside(turn, visit, lambda turn: put(turn.person, slot, name, turn.now))


def speaker(turn: Turn, visit: Visit) -> str:
    """Return the id of the one of several whose ``visit`` it is."""
    assert turn.person.parts is not None, "the person was several"
    return turn.person.parts.owner(visit.serial)
