"""Two people who turned out to be one turn out to be two: each has what they had, and what has come with each of them since."""

import json
from random import Random
from typing import Any

import pytest

from tests.oracle.book import Book
from tests.oracle.engine import add, take
from tests.oracle.invent import Invented, again, invent
from tests.oracle.world import World as Naive
from tests.test_step import Packed, line
from verbline.interpreter.person.encode import (
    PLAIN,
    PLAIN_OF_REST,
    PLAIN_OF_VISIT,
    form_of,
    from_bytes,
    to_bytes,
)
from verbline.interpreter.person.parts import twin
from verbline.interpreter.person.record import Person
from verbline.interpreter.program.compile import compile_project
from verbline.interpreter.step.records import Record
from verbline.interpreter.step.step import Divides, Erases, Unites, step
from verbline.interpreter.step.world import World

BOTH = ("P1", "P2")
PAIRS = [seed for seed in range(120) if len(invent(seed).people) == 2]
# What a merge tells by itself, where it sets nothing in motion.
OF_MERGE = ("merged", "journey_stopped", "identity_split")
# What is remembered of what happens to somebody, whatever journeys make of it.
REMEMBERED = ("contacts", "history", "last_action", "last_time", "life", "recent", "scores")


# What stands in the form of a record behind what is taken as it is, and in that of a visit.
BEHIND = ("values", "claims", "contacts", "consents", "recent", "runs", "visits", "rest", "parts")
OF_VISIT = (*PLAIN_OF_VISIT, "step", "fields", "past", "hold", "done", "unusual")


class Story:
    """An invented history of two people, played up to somewhere."""

    def __init__(self, invented: Invented, kind: type[World] = World) -> None:
        self.stimuli = [one for one in invented.stimuli if one["kind"] not in {"merge", "split"}]
        self.until = invented.until
        self.done = 0
        project, begins = invented.project, self.stimuli[0]["at"]
        self.world = kind(compile_project(project))
        self.world.until(begins)
        naive = Naive(Book(project, invented.settings), invented.people, begins)
        for one in invented.people:
            add(self.world, naive, one, begins)

    def play(self, number: int) -> int:
        """Let the history happen up to the stimulus of this number, each to the one it is about; return the time."""
        for at, one in enumerate(self.stimuli[self.done : number], self.done + 1):
            take(self.world, one["person"], one, at)
        self.done = max(self.done, number)
        return self.world.now

    def records(self) -> dict[str, dict[str, Any]]:
        """Return what is known of both, but for numbers that only tell what was set before what."""
        return {name: normal(self.world.people[name]) for name in BOTH}


def named(person: Person) -> dict[str, Any]:
    """Return a record as JSON, each thing under its name."""
    form: list[Any] = json.loads(json.dumps(form_of(person)))
    told = dict(zip((*PLAIN, *BEHIND), form, strict=True))
    rest = told.pop("rest") or {}
    told |= {name: rest.get(name) for name in PLAIN_OF_REST}
    told["visits"] = [dict(zip(OF_VISIT, one, strict=True)) for one in told["visits"]]
    return told


def normal(person: Person) -> dict[str, Any]:
    """Return a record as JSON, with the order of setting in the place of serials."""
    form = named(person)
    del form["serial"], form["order"]
    places = {0: 0} | {one["serial"]: at for at, one in enumerate(form["visits"], 1)}
    timers = sorted(form["timers"], key=lambda timer: timer[1])
    form["timers"] = [[due, what, places[of]] for due, _place, what, of in timers]
    form["recent"] = {name: told(one) for name, one in form["recent"].items()}
    for one in form["visits"]:
        one["serial"] = places[one["serial"]]
    return form


def told(past: list[Any]) -> list[Any]:
    """Return what happened, without its place, and without what was known before it: of one that is more than of each."""
    at, _order, moment, fields, cause = past
    return [at, moment, {k: v for k, v in fields.items() if not k.startswith("before ")}, cause]


def dice_of(seed: int, what: str) -> Random:
    """Return chance that can be repeated."""
    return Random(f"{what} {seed}")  # noqa: S311


def moved(records: list[Record]) -> bool:
    """Return whether a merge, by what it united, let somebody go on at once."""
    return any(
        one.kind in {"message", "task", "outcome", "entry", "wait", "branch"}
        and one.reason not in OF_MERGE
        for one in records
    )


@pytest.mark.parametrize("seed", PAIRS)
def test_a_merge_that_is_taken_back_at_once_changes_nothing(seed: int) -> None:
    """Both records are what they were, and what happens afterwards is what would have happened."""
    invented = again(invent(seed), 1)
    story, other = Story(invented), Story(invented)
    number = dice_of(seed, "at once").randrange(1, len(story.stimuli) + 1)
    now = story.play(number)
    before = story.records()
    told = len(story.world.trace)
    story.world.merge("P1", "P2", now)
    story.world.split("P1", "P2", now)
    if moved(story.world.trace[told:]):
        return
    assert story.records() == before
    done = len(story.world.trace)
    other.play(number)
    before_it = len(other.world.trace)
    for one in (story, other):
        one.play(len(one.stimuli))
        one.world.advance(one.until)
    assert after(story, done) == after(other, before_it)


def after(story: Story, number: int) -> list[str]:
    """Return what was told after so many records."""
    return [line(one) for one in story.world.trace[number:]]


@pytest.mark.parametrize("seed", PAIRS)
def test_what_happens_while_they_are_one_is_remembered_with_each(seed: int) -> None:
    """Facts, histories, points and addresses of each are those of somebody who was never joined with anybody."""
    invented = again(invent(seed), 2)
    story, other = Story(invented), Story(invented)
    dice = dice_of(seed, "meanwhile")
    first, last = sorted(dice.choices(range(1, len(story.stimuli) + 1), k=2))
    story.world.merge("P1", "P2", story.play(first))
    story.world.split("P1", "P2", story.play(last))
    other.play(last)
    mine, theirs = story.records(), other.records()
    # What journeys signal is remembered too, and as two they signal otherwise than as one.
    records = (*story.world.trace, *other.world.trace)
    signalled = any(one.kind == "signal" for one in records)
    for name in BOTH:
        for slot in () if signalled else REMEMBERED:
            assert mine[name][slot] == theirs[name][slot], (name, slot)
        assert said(mine[name]) == said(theirs[name])
        assert facts(mine[name]) == facts(theirs[name])


def facts(form: dict[str, Any]) -> dict[str, list[Any]]:
    """Return what is known of somebody, but for what journeys learned."""
    return {
        field: kept
        for field, claims in form["claims"].items()
        if (kept := [one[:3] for one in claims if not one[0].startswith("journey ")])
    }


def said(form: dict[str, Any]) -> list[list[Any]]:
    """Return what was said about writing, but for what journeys said, without the place in the ledger."""
    kept = [one for one in form["consents"] if one[1] != "system:journey"]
    return sorted([*one[:12], *one[13:]] for one in kept) if kept else []


@pytest.mark.parametrize("seed", PAIRS[::2])
def test_records_of_people_who_were_joined_are_bytes_and_back(seed: int) -> None:
    """A host that makes bytes of everybody after every stimulus, merges and splits included, tells the same."""
    invented = again(invent(seed), 3)
    told = []
    for kind in (World, Packed):
        story = Story(invented, kind)
        dice = dice_of(seed, "bytes")
        first, last = sorted(dice.choices(range(1, len(story.stimuli) + 1), k=2))
        story.world.merge("P1", "P2", story.play(first))
        story.world.split("P1", "P2", story.play(last))
        story.play(len(story.stimuli))
        story.world.advance(story.until)
        told.append(after(story, 0))
    assert told[0] == told[1]


@pytest.mark.parametrize("seed", PAIRS[::2])
def test_nothing_is_sent_twice_and_nobody_enters_by_a_split(seed: int) -> None:
    """Whatever happens before, between and after: no key is used twice, and a split admits nobody."""
    story = Story(again(invent(seed), 4))
    world, dice = story.world, dice_of(seed, "twice")
    numbers = sorted(dice.choices(range(1, len(story.stimuli) + 1), k=4))
    for at in (0, 2):
        world.merge("P1", "P2", story.play(numbers[at]))
        now = story.play(numbers[at + 1])
        told = len(world.trace)
        world.split("P1", "P2", now)
        entries = [one for one in world.trace[told:] if one.kind in {"entry", "signal"}]
        assert all(one.verdict == "resumed" for one in entries)
        assert not [
            one for one in world.trace[told:] if one.kind == "message" and one.verdict == "sent"
        ]
    story.play(len(story.stimuli))
    world.advance(story.until)
    sent = [one.more["key"] for one in world.trace if one.kind == "message" and "key" in one.more]
    assert len(sent) == len(set(sent))


@pytest.mark.parametrize("seed", PAIRS[::3])
def test_a_merge_and_a_split_are_stimuli_of_step(seed: int) -> None:
    """`step` unites and divides records that are given as the world does, and leaves them as they are."""
    story = Story(again(invent(seed), 5))
    world = story.world
    now = story.play(dice_of(seed, "step").randrange(1, len(story.stimuli) + 1))
    one, other = (twin(world.people[name]) for name in BOTH)
    before = to_bytes(one), to_bytes(other)
    united = step(world.program, one, Unites(other), now)
    assert (to_bytes(one), to_bytes(other)) == before
    divided = step(world.program, united.person, Divides(("P2",), ("P2", 2)), now)
    told = len(world.trace)
    world.merge("P1", "P2", now)
    world.split("P1", "P2", now)
    assert divided.other is not None
    assert [normal(divided.person), normal(divided.other)] == list(story.records().values())
    assert [line(record) for record in (*united.trace, *divided.trace)] == after(story, told)


@pytest.mark.parametrize("seed", PAIRS[::3])
def test_of_a_person_who_is_erased_nothing_stays(seed: int) -> None:
    """What runs is withdrawn, the record holds the number alone, and nothing more is sent to anybody by it."""
    story = Story(again(invent(seed), 6))
    world = story.world
    now = story.play(dice_of(seed, "erased").randrange(1, len(story.stimuli) + 1))
    running = len(world.people["P1"].visits)
    told = len(world.trace)
    world.erase("P1", now)
    ended = [one for one in world.trace[told:] if one.kind == "outcome"]
    assert [one.more["outcome"] for one in ended] == ["withdrawn"] * running
    kept = named(world.people["P1"])
    nobody = named(Person("P1", 1))
    nobody["erased"] = True
    for name in ("order", "serial"):
        nobody[name] = kept[name]
    assert kept == nobody
    done = len(world.trace)
    world.advance(story.until)
    assert all(one.person != "P1" for one in world.trace[done:])
    fresh = step(world.program, twin(world.people["P2"]), Erases(), now)
    assert fresh.person.erased
    assert not fresh.person.visits


@pytest.mark.parametrize("seed", PAIRS[::6])
def test_a_twin_says_the_same_and_is_another(seed: int) -> None:
    """What is kept of a person at a merge is all that the bytes hold, and stays when the person changes."""
    story = Story(again(invent(seed), 7))
    half = len(story.stimuli) // 2
    story.play(half)
    people = [story.world.people[name] for name in BOTH]
    twins = [twin(person) for person in people]
    before = [to_bytes(one) for one in twins]
    assert before == [to_bytes(person) for person in people]
    story.play(len(story.stimuli))
    story.world.advance(story.until)
    assert before == [to_bytes(one) for one in twins]
    assert before == [to_bytes(from_bytes(one, story.world.program)) for one in before]
