"""One person moved by one stimulus: the same in gives the same out, wherever, however often and in whatever pieces."""

import json
import subprocess
import sys
from datetime import date
from decimal import Decimal
from hashlib import sha256
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from tests.cases import project_of
from tests.limits import LONGEST
from tests.oracle.engine import happen, take
from tests.oracle.invent import Invented, invent
from tests.tree import ROOT
from verbline.interpreter.person.encode import UnknownStepError, from_bytes, to_bytes
from verbline.interpreter.person.record import Person
from verbline.interpreter.program.compile import compile_project
from verbline.interpreter.step.records import Record
from verbline.interpreter.step.signals import Start
from verbline.interpreter.step.step import (
    Answers,
    Enters,
    FallsDue,
    Follows,
    Happens,
    Says,
    step,
)
from verbline.interpreter.step.world import World
from verbline.interpreter.zones import DAY

if TYPE_CHECKING:
    from verbline.interpreter.step.step import Stimulus

SEEDS = range(60)
# Histories in which nobody turns out to be somebody else: that is for the host to do.
ALONE = [seed for seed in SEEDS if all(one["kind"] != "merge" for one in invent(seed).stimuli)]
# Slots that are no part of the bytes.
APART = ("alarm", "assumed", "zone")


class Packed(World):
    """A host that makes bytes of a person after every stimulus and goes on with what it reads back."""

    def arm(self, person: Person) -> None:
        """Set the alarm of a person who has been bytes in between."""
        running = {0, *(visit.serial for visit in person.visits)}
        assert {timer[3] for timer in person.timers} <= running, "who is out is not woken up"
        content = to_bytes(person)
        fresh = from_bytes(content, self.program)
        assert to_bytes(fresh) == content, "reading and writing loses nothing"
        for name in Person.__slots__:
            if name not in APART:
                setattr(person, name, getattr(fresh, name))
        person.zone = None
        super().arm(person)


class Stepping(World):
    """A host that gives each stimulus to `step`, and keeps nothing but the record that comes out."""

    def handle(
        self,
        person: Person,
        moment: Any,
        fields: Any,
        happened: int,
        cause: Any,
        whose: str = "",
    ) -> None:
        """Let a moment happen through `step`."""
        self.follow(person, Happens(moment.name, fields, happened, cause, whose))

    def follow(self, person: Person, stimulus: "Stimulus") -> None:
        """Take what comes of a stimulus, then what comes of that."""
        starts, signals = list(self.one(person, stimulus)), self.left
        while starts or signals:
            if starts:
                start = starts.pop(0)
                starts += self.one(person, Enters(start))
            else:
                starts += self.one(person, Follows(signals.pop(0)))
        self.arm(person)

    def one(self, person: Person, stimulus: "Stimulus") -> tuple[Start, ...]:
        """Put the record that `step` returns in the place of the old one; return the entries that are asked for."""
        before = to_bytes(person)
        outcome = step(self.program, person, stimulus, self.now)
        assert to_bytes(person) == before, "the record that was given stays as it is"
        for name in Person.__slots__:
            if name not in APART:
                setattr(person, name, getattr(outcome.person, name))
        person.zone = None
        self.trace.extend(outcome.trace)
        self.left.extend(outcome.signals)
        return outcome.starts

    left: list[Any]

    def ring(self, person: Person, due: int) -> None:
        """Let timers fall due through `step`."""
        person.alarm = None
        self.now = max(self.now, due)
        while person.timers and min(person.timers)[0] <= due:
            self.follow(person, FallsDue())
        self.arm(person)

    def consent(self, identity: str, consent: Any, now: int, *, happens: bool = True) -> None:
        """Let a word on consent reach all holders through `step`."""
        self.until(now)
        consent.seq = self.turn.next_seq()
        person = self.people[identity]
        others = self.holders.get(consent.contact or "", ())
        for one in (person, *(other for other in others if other is not person)):
            self.follow(one, Says(consent))

    def _answer(self, identity: str, desk: str, words: str, now: int) -> bool:
        self.until(now)
        self.follow(self.people[identity], Answers(words, desk))
        return True


def play(invented: Invented, kind: type[World] = World, pieces: int = 0) -> list[str]:
    """Return the trace of an invented history as lines; ``pieces`` is the seed of instants at which the clock is moved on."""
    project = invented.project
    world = kind(compile_project(project))
    if isinstance(world, Stepping):
        world.left = []
    dice = Random(pieces)  # noqa: S311 - chance that can be repeated

    def move_on(at: int) -> None:
        """Move the clock on towards an instant, in pieces."""
        while pieces and world.now < at - 1 and dice.random() < 0.7:
            world.advance(dice.randint(world.now, at - 1))

    happen(world, invented, project, move_on)
    return [line(one) for one in world.trace]


def line(record: Record) -> str:
    """Return a record as the line that a trace file would hold."""
    return json.dumps(record.as_dict(), sort_keys=True)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_person_that_has_been_bytes_goes_on_the_same(seed: int) -> None:
    """A record written and read back after every stimulus gives the same trace."""
    invented = invent(seed)
    assert play(invented, Packed) == play(invented)


@pytest.mark.parametrize("seed", SEEDS)
def test_time_may_be_moved_on_in_any_pieces(seed: int) -> None:
    """How often a host looks at the clock between two events changes nothing."""
    invented = invent(seed)
    assert play(invented, pieces=seed + 1) == play(invented)


@pytest.mark.parametrize("seed", ALONE)
def test_a_host_of_step_alone_gives_the_same_trace(seed: int) -> None:
    """A host that only ever calls `step` and keeps the record it returns does what the host in memory does."""
    invented = invent(seed)
    assert play(invented, Stepping) == play(invented)


def test_every_process_gives_the_same_bytes() -> None:
    """The hash seed of a process changes no byte of a trace."""
    code = (
        "from tests.test_step import play, invent; from hashlib import sha256;"
        "print([sha256('\\n'.join(play(invent(seed))).encode()).hexdigest() for seed in range(12)])"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
            text=True,
            timeout=LONGEST,
        ).stdout
        for seed in ("1", "2")
    }
    here = [sha256("\n".join(play(invent(seed))).encode()).hexdigest() for seed in range(12)]
    assert found == {f"{here}\n"}


def test_a_step_that_is_gone_is_an_error_with_its_name() -> None:
    """Somebody who stands at a step that the program no longer has is not moved, and not lost."""
    invented = invent(3)
    world = World(compile_project(invented.project))
    world.until(invented.stimuli[0]["at"])
    standing = None
    for one in invented.people:
        world.add(one["key"])
        for kind, value in one["contacts"]:
            world.contact(one["key"], kind, value)
    for number, stimulus in enumerate(invented.stimuli):
        if stimulus["kind"] == "moment":
            take(world, stimulus["person"], stimulus, number + 1)
        standing = next((one for one in world.people.values() if one.visits), None)
        if standing is not None:
            break
    assert standing is not None
    content = to_bytes(standing)
    gone = standing.visits[0].step.id
    for journey in world.program.journeys.values():
        journey.steps.pop(gone, None)
    with pytest.raises(UnknownStepError, match=gone):
        from_bytes(content, world.program)


def test_bytes_hold_what_messagepack_does_not() -> None:
    """Half a pair of letters, a number of more than 64 bits, an amount and a date come back as they were."""
    program = compile_project(invent(3).project)
    person = Person("P1", 1)
    person.values = {"name": "Ana \ud83d", "seats": 1 << 70, "paid": (Decimal("1.50"), "EUR")}
    person.claims = {"name": (("shop", "Ana \ud83d", 5, 1),), "born": (("", date(2026, 3, 14), 5, 1),)}  # fmt: skip
    content = to_bytes(person)
    fresh = from_bytes(content, program)
    assert (fresh.values, fresh.claims) == (person.values, person.claims)
    assert to_bytes(fresh) == content
    person.values.pop("seats")
    person.values["name"] = person.claims["name"][0][1]
    assert from_bytes(to_bytes(person), program).values == person.values
    other = Person("P1", 1)
    other.values = dict(reversed(person.values.items()))
    other.claims = person.claims
    assert to_bytes(other) == to_bytes(person), "in whatever order it was learned"


SEVERAL = """
person member
  known by member-number
  has seats as number

moment "is booked"
  comes from "site" as "booked"
  carries seats as number

moment "is paid"
  comes from "site" as "booked"

journey "A"
  starts when "is booked" where seats is at least 2
  starts when "is paid"

  wait for "is paid" up to 3 days
    if it does not happen
      finish as "never"
  finish as "again"
"""


def test_an_event_of_several_moments_is_one_stimulus() -> None:
    """A host that gives it to `step` comes to what the host in memory comes to: one entry, and no wait that it ends."""
    settings = '[project]\nzone = "UTC"\ncountry = "SI"\n'
    program = compile_project(project_of({"verbline.toml": settings, "a.journey": SEVERAL}))
    told: list[list[str]] = []
    for kind in (World, Stepping):
        world = kind(program)
        if isinstance(world, Stepping):
            world.left = []
        person = world.add("P1")
        for at, seats in ((1_000, 3), (2_000, 1)):
            world.until(at)
            fields, cause = {"seats": seats}, ("site", str(at))
            if isinstance(world, Stepping):
                event = Happens("is booked", fields, at, cause, more=[("is paid", {})])
                world.follow(person, event)
            else:
                booked, paid = program.moments_of("site", "booked")
                world.handle_event(person, [(booked, fields), (paid, {})], at, cause)
        world.advance(10 * DAY)
        told.append([line(one) for one in world.trace])
    assert told[0] == told[1]
    entries = [one for one in told[0] if '"entry"' in one]
    assert len(entries) == 2, entries
