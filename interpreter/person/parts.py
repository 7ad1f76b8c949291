"""What two people were who became one, kept so that they can be taken apart. Rule: each goes on being remembered alone.

Beside the record of the one person stands a record of each of them, as it was. What happens to one of them since is
remembered there too, and what a visit does is noted with the one who began it. Who was never joined has none of this.
"""

from __future__ import annotations

from verbline.interpreter.person.aside import NONE, ORDINARY, Rest
from verbline.interpreter.person.record import Contact, Person, Run, Visit, put

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TypeAlias

    from verbline.interpreter.person.record import Cause, Past
    from verbline.interpreter.step.turn import Turn

    # What tells one thing that happened from another, in the pasts of visits.
    Met: TypeAlias = "tuple[int, int, Cause]"
    # Where a visit stands: the step, the place at which it was reached, and how many effects it has had.
    Mark: TypeAlias = "tuple[str, int, int]"

# What the host keeps of a person, or what is derived.
NOT_KEPT = ("alarm", "rest", "zone")
SLOTS = tuple(name for name in Person.__slots__ if name not in NOT_KEPT)
REST = tuple(name for name in Rest.__slots__ if name not in {"assumed", "parts"})


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
    """

    __slots__ = ("came", "doubles", "owners", "people")

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.owners: dict[int, tuple[str, int]] = {}
        self.doubles: dict[int, list[Double]] = {}
        self.came: dict[Met, str] = {}

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

    def began(self, visit: Visit, whose: str) -> None:
        """Note a visit that has begun."""
        self.owners[visit.serial] = (whose, 0)
        key = visit.journey, visit.correlation
        put(self.people[whose], "runs", key, Run(visit.number))

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
        """Note that ``kept`` goes on for ``double`` too, which is about to end."""
        doubles = self.doubles.setdefault(kept.serial, [])
        doubles += self.doubles.pop(double.serial, ())
        owner = self.owners.pop(double.serial, None)
        if owner is not None and owner[1]:
            doubles.append(Double(*owner, mark_of(kept)))

    def note(self, pasts: Iterable[Past], whose: str) -> None:
        """Note with whom something came that visits may look back to."""
        for past in pasts:
            self.came[met(past)] = whose


def met(past: Past) -> Met:
    """Return what tells a past from others."""
    return past[0], past[1], past[4]


def mark_of(visit: Visit) -> Mark:
    """Return where a visit stands."""
    return visit.step.id, visit.order, sum(visit.done.values())


def parts_of(person: Person) -> Parts:
    """Return the parts of a person who is about to be joined with another: for who was never joined, the one that they are."""
    if person.parts is not None:
        return person.parts
    parts = Parts()
    parts.people[person.id] = twin(person)
    parts.owners = {visit.serial: (person.id, visit.serial) for visit in person.visits}
    return parts


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


def speaker(turn: Turn, visit: Visit) -> str:
    """Return the id of the one of several whose ``visit`` it is."""
    assert turn.person.parts is not None, "the person was several"
    return turn.person.parts.owner(visit.serial)
