"""Versions in the store of a running project. Rule: the words of a version stand there before anybody can be in it, and stay.

    version/JOURNEY/VERSION    the own words of a version, packed
    taken                      what was taken up last: the version of each journey, and what a change is seen by
    taking                     what is being taken up, and from which person on it has no effect yet
    clocks                     a hash of the rules of each time zone

What was decided a year ago can still be told in the words of that time; packed they are a kilobyte or two.
"""

from __future__ import annotations

import zlib

import msgspec

from verbline.interpreter.program.versions import Kept
from verbline.interpreter.step.records import Record
from verbline.interpreter.step.recounting import recount
from verbline.interpreter.step.renewal import Mark, mark_of, take_effect
from verbline.runtime.moulds import moulds_in
from verbline.runtime.store.damage import understood
from verbline.runtime.uptake import clocks
from verbline.runtime.uptake.inside import Inside, inside_people, inside_records
from verbline.runtime.uptake.uptake import NotTaken, Taken, take_up

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from typing import Any

    from verbline.interpreter.person.record import Person
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project
    from verbline.runtime.engine.engine import Engine
    from verbline.runtime.engine.given import Nobody
    from verbline.runtime.store.journal import Journal

VERSION, TAKEN, TAKING, CLOCKS = "version/", "taken", "taking", "clocks"
# For so many people at a time a version takes effect in one transaction.
TOGETHER = 20_000
_decode = msgspec.msgpack.decode


class NotTakenError(Exception):
    """A version that is not taken up: ``why`` says what to mend."""

    def __init__(self, why: NotTaken) -> None:
        super().__init__("\n".join(why.lines()))
        self.why = why


def words_in(kept: Mapping[str, bytes]) -> dict[tuple[str, str], bytes]:
    """Return the words of versions, by journey and version, among what a store keeps by name."""
    found = {}
    for name, content in kept.items():
        if name.startswith(VERSION):
            journey, _, version = name.removeprefix(VERSION).rpartition("/")
            found[journey, version] = zlib.decompress(_decode(content))
    return found


def taken_up(
    journal: Journal | Nobody,
    project: Project,
    errors: Sequence[Problem] = (),
    *,
    certificate: object = None,
    ends: Collection[str] = (),
    people: Iterable[Person | None] | None = None,
) -> Taken:
    """Return ``project`` as it is taken up by a store with these records. `NotTakenError` where it is not.

    ``people`` are those of the store, where somebody has them in memory already.
    """
    with understood(journal.path, "kept"):
        kept = journal.named()
        words = words_in(kept)
        last = _decode(kept[TAKEN]) if TAKEN in kept else {}
        known = [(name, version) for name, version in last.get("older", ())]

    def inside(program: Program) -> Inside:
        if people is not None:
            return inside_people(people)
        if last == form_of(program, known):  # nobody is in any other version than at the last time
            there = Inside()
            there.needed.update(known)
            return there
        with understood(journal.path, "record"):
            loaded = journal.load()
            return inside_records(loaded.records.values(), moulds_in(loaded.kept.items()))

    found = take_up(project, errors, inside, words, certificate=certificate, ends=ends)
    if isinstance(found, NotTaken):
        raise NotTakenError(found)
    return found


def take_over(engine: Engine, taken: Taken) -> None:
    """Let what is new in the program of ``engine`` take effect, inside a batch, and keep the words of its versions.

    Nothing is done where it is what was taken up last. It takes effect for so many people at a time: whoever calls goes on
    with the next batch until it `is_known`, before anything else happens.
    """
    world = engine.world
    assert world.program is taken.program, "the engine was made for what was taken up"
    if is_known(engine, taken):
        return
    before, form = engine.value(TAKEN), form_of(taken.program, taken.older)
    going = engine.value(TAKING)
    first = going["next"] if going is not None and going["form"] == form else 0
    last = first + TOGETHER
    for name, words in taken.words.items():
        key = f"{VERSION}{name}/{words.version}"
        if key not in engine.kept:
            engine.keep(key, packed(words))
    if before is not None:
        turn_away(engine, before["journeys"])
        among = slice(first, last)
        with engine.state.brief.unfolded(among):
            take_effect(world, Mark(before["watched"], before["also"]), taken.ends, among)
            if zones := other_zones(engine, before):
                engine.counts["timers counted anew"] += recount(world, zones, among)
        if last < len(world.numbered):
            engine.keep(TAKING, {"form": form, "next": last})
            return
    engine.keep(TAKING, None)
    engine.keep(TAKEN, form)
    if before is None or before["clocks"] != clocks.release():
        engine.keep(CLOCKS, clocks.rules())


def turn_away(engine: Engine, versions: Mapping[str, str]) -> None:
    """Tell who waited at the entry brake of a journey that is gone that they are not admitted; ``versions`` are the last ones.

    Their places go with the batch in hand, so it is told once.
    """
    world = engine.world
    for name, person, (moment, _fields, happened, cause, *_) in engine.state.away:
        world.turn.begin(person, world.now, tuple(cause), happened)
        version = versions.get(name, "")
        journey = world.program.version_of(name, version)
        record = Record(world.turn, journey, None, None, "entry", "not admitted", "closed", {"moment": moment})  # fmt: skip
        record.journey, record.version = name, version
        engine.traces.take(record)
        engine.counts["told entry not admitted"] += 1
    engine.state.away.clear()


def is_known(engine: Engine, taken: Taken) -> bool:
    """Return whether ``taken`` is what was taken up last, so that nothing of it is new to those who are there."""
    if engine.value(TAKEN) != form_of(taken.program, taken.older):
        return False
    inside = inside_people(engine.world.numbered if taken.ends else ())
    return not any(journey in taken.ends for journey, _version, _step in inside.where)


def other_zones(engine: Engine, before: Mapping[str, Any]) -> set[str]:
    """Return the zones in which clocks are set by other rules than at the last time."""
    known = engine.value(CLOCKS)
    if known is None or before["clocks"] == clocks.release():
        return set()
    return clocks.others(known, clocks.rules())


def packed(words: Kept) -> bytes:
    """Return the words of a version, packed."""
    return zlib.compress(words.to_bytes(), 9)


def form_of(program: Program, older: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """Return what a later program is compared with; ``older`` are the earlier versions that somebody may be in."""
    mark = mark_of(program)
    return {
        "journeys": {one.name: one.version for one in program.journeys.values()},
        "moves": sorted(one.name for one in program.journeys.values() if one.moves),
        "older": [list(one) for one in older],
        "watched": mark.watched,
        "clocks": clocks.release(),
        "also": {name: list(segments) for name, segments in mark.also.items()},
    }
