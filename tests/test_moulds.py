"""A running project that keeps people by their moulds tells, sends and keeps what one does that keeps records."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from benchmarks import logs
from tests.rehearsed import BrokenOffError, breaking, folder, given_of
from tests.test_briefly import BUT_FOR, SETTINGS, VOCABULARY, journey_of, lines_of
from verbline.cli.paths import readings
from verbline.interpreter.person.encode import to_bytes
from verbline.interpreter.person.mould import Gap, UnlikeError, Values, moulded
from verbline.interpreter.person.record import Person
from verbline.interpreter.program.compile import compile_project
from verbline.interpreter.step.impulses import Move
from verbline.runtime.engine import brief as briefs
from verbline.runtime.engine import engine as engines
from verbline.runtime.engine.engine import Engine
from verbline.runtime.engine.opened import REHEARSAL, Store
from verbline.runtime.engine.outlets import INTENTS, File
from verbline.runtime.engine.rehearse import rehearse
from verbline.runtime.engine.sums import summary
from verbline.runtime.moulds import MOULD, moulds_in, whole_record
from verbline.runtime.traces.told import Told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.runtime.engine.given import Given
    from verbline.runtime.engine.recorded import Recorded

SEEDS, TOGETHER = 12, 6
# So much of a log is enough.
LINES = 1_200


@pytest.fixture(name="place")
def a_place() -> Iterator[Path]:
    """Return a folder in memory: waiting for a disk shows nothing here."""
    with folder() as path:
        yield path


class Came(NamedTuple):
    """What a rehearsal came to."""

    told: list[dict[str, Any]]
    people: dict[int, bytes]
    intents: list[str]
    holders: dict[str, list[str]]
    place: tuple[int, int, int]
    kept: dict[str, bytes]
    sums: dict[str, Any]


def given_in(folder: Path) -> Given:
    """Return what an engine is given of the project in ``folder``, which need not be free of errors."""
    [reading] = readings([str(folder)])
    project = reading.project()
    found: Any = SimpleNamespace(project=project, program=compile_project(project))
    return given_of(found, folder / "log.jsonl")


def rehearsed(path: Path, given: Given, dice: Random | None = None) -> tuple[Came, int]:
    """Rehearse a log, broken off at random where there are dice; return what it came to and how many were kept by a mould."""
    while True:
        with (
            closing(Store(path, given.wanted(REHEARSAL))) as store,
            closing(File(given, store)) as file,
        ):
            engine = Engine(store, given, file.leaving())
            try:
                rehearse(engine, None, breaking(engine, dice) if dice is not None else bool)
            except BrokenOffError:
                continue
            there: list[Any] = engine.world.numbered
            brief = sum(type(one) is tuple for one in there)
            return come_to(engine, path), brief


def come_to(engine: Engine, path: Path) -> Came:
    """Return what a rehearsal came to; whoever is kept by a mould is the same in memory and in the store."""
    sums = {**summary(engine), "store": ""}
    loaded = engine.store.journal.load()
    moulds = moulds_in(loaded.kept.items())
    people = {number: whole_record(one, number, moulds) for number, one in loaded.records.items()}
    world = engine.world
    here = [number for number, one in enumerate(world.numbered) if one is not None]
    assert {number: to_bytes(engine.state.brief.unfold(number)) for number in here} == people
    return Came(
        list(Told(engine.store.writer.connection).all()),
        people,
        path.with_name(path.name + INTENTS).read_text("utf-8").splitlines(),
        {key: [one.id for one in held] for key, held in world.holders.items() if held},
        (world.now, world.turn.order, world.turn.said),
        {name: one for name, one in loaded.kept.items() if not name.startswith((MOULD, "place"))},
        sums,
    )


def nobody_by_a_mould(feed: Recorded, brief: briefs.Brief, *sinks: Any) -> None:
    """Let everything happen to records."""
    traces, counts, leaving = sinks
    brief.begin(traces, counts, leaving, feed.graph)


def both(folder: Path, dice: Random) -> int:
    """Hold a rehearsal with moulds against one without; return how many were kept by one at the end."""
    given = given_in(folder)
    for old in folder.glob("*.db*"):
        old.unlink()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines, "TOGETHER", dice.choice((3, 20, 100, 5000)))
        patch.setattr(briefs, "OFTEN", dice.choice((1, 1, 4)))
        found, brief = rehearsed(folder / "a.db", given, dice if dice.random() < 0.5 else None)
        patch.setattr(engines, "usual", nobody_by_a_mould)
        assert rehearsed(folder / "b.db", given) == (found, 0)
    return brief


def write(folder: Path, texts: list[str], lines: Iterator[str]) -> None:
    """Write a project and its log."""
    (folder / "verbline.toml").write_text(SETTINGS)
    (folder / "shop.journey").write_text("\n".join(("language: en", VOCABULARY, *texts)))
    (folder / "log.jsonl").write_text("".join(lines))


@pytest.mark.parametrize("name", ["cart", "consent", "matching-10", "burst"])
def test_logs_come_to_the_same(name: str, place: Path) -> None:
    """Nobody is another in a byte, and nothing that is told or sent is, whether people were kept by moulds or not."""
    logs.make(name, "s").write(place)
    log = place / "log.jsonl"
    log.write_bytes(b"".join(log.read_bytes().splitlines(keepends=True)[:LINES]))
    assert both(place, Random(1)) > LINES / 8  # noqa: S311 - the same each time


USUAL = {
    "a time of day": """
  starts when "signs up"

  wait until 09:00
  notify the shopper by email with "Still there" for "offers"
    if nothing was sent
      finish as "unsent"
  wait 2 hours
  wait until 09:00
""",
    "a message at once": """
  starts when "signs up"

  notify the shopper by email with "Still there" for "offers"
  wait for "orders" up to 1 day
    if it happens
      notify the shopper by email with "Still there" for "offers"
      finish as "ordered"
  notify the shopper by email with "Still there" for "offers"
""",
}


@pytest.mark.parametrize("what", USUAL)
def test_messages_leave_as_they_would(what: str, place: Path) -> None:
    """They are decided for people who are kept by moulds, the same messages at the same instants."""
    brief = 0
    for seed in range(3):
        dice = Random(seed)  # noqa: S311 - the same each time
        write(place, [f'journey "J0"{USUAL[what]}  finish as "done"\n'], lines_of(dice))
        brief += both(place, dice)
    assert brief > 30


@pytest.mark.parametrize("what", BUT_FOR)
def test_what_is_not_usual_is_not_taken_for_it(what: str, place: Path) -> None:
    """What depends on who somebody is happens to each of them alone."""
    for seed in range(3):
        dice = Random(seed)  # noqa: S311 - the same each time
        write(place, [f'journey "J0"{BUT_FOR[what]}  finish as "done"\n'], lines_of(dice))
        both(place, dice)


@pytest.mark.parametrize("first", range(0, SEEDS, TOGETHER))
def test_anything_comes_to_the_same(first: int, place: Path) -> None:
    """So with any journeys, usual or not, and any events, with people who turn out to be one among them, broken off anywhere."""
    brief = 0
    for seed in range(first, first + TOGETHER):
        dice = Random(seed)  # noqa: S311 - the same each time
        texts = [journey_of(dice, number) for number in range(dice.choice((1, 1, 2, 3)))]
        write(place, texts, lines_of(dice))
        brief += both(place, dice)
    assert brief > 5 * TOGETHER


def test_what_is_taken_for_usual_and_is_not_is_found(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """Were every move a day longer, or told of somebody else's event, the runs would differ."""
    logs.make("cart", "s").write(place)
    due = Move.due
    monkeypatch.setattr(Move, "due", lambda move, turn, now: due(move, turn, now) + 86_400_000)
    with pytest.raises(AssertionError):
        both(place, Random(1))  # noqa: S311 - the same each time


def test_a_store_is_read_by_whoever_reads_it(place: Path) -> None:
    """A rehearsal that begins again goes on with those who are kept by moulds, and has nothing new to say."""
    logs.make("cart", "s").write(place)
    given, path = given_in(place), place / "a.db"
    lines = (place / "log.jsonl").read_bytes().splitlines(keepends=True)
    (place / "log.jsonl").write_bytes(b"".join(lines[:1_500]))
    _, brief = rehearsed(path, given)
    assert brief > 300
    (place / "log.jsonl").write_bytes(b"".join(lines))
    found, _ = rehearsed(path, given_in(place))
    whole, _ = rehearsed(place / "b.db", given_in(place))
    assert found.told == whole.told
    assert found.people == whole.people
    assert found.intents == whole.intents


def said(number: int, who: int, at: str, email: int, *, yes: bool | None) -> str:
    """Return the line of an event by which somebody signs up with an email, and says yes, no or nothing."""
    data = {"customer-number": f"C-{who}", "email": f"shopper{email}@mail.example"}
    line = {"id": f"e-{number}", "source": "shop", "type": "signup", "time": at, "data": data}
    agrees = {} if yes is None else {"agrees": {"offers": {"email": yes}}}
    return json.dumps({**line, **agrees}) + "\n"


def test_who_shares_an_address_is_found_after_a_restart(place: Path) -> None:
    """What another one says about the address that both have binds the one who was kept by a mould until then."""
    journey = """journey "J0"
  starts when "signs up"

  wait 1 day
  notify the shopper by email with "Still there" for "offers"
  finish as "done"
"""
    lines = [said(one, one, f"2026-03-02T09:00:0{one}Z", one, yes=True) for one in range(8)]
    lines.append(said(8, 20, "2026-03-02T10:00:00Z", 5, yes=None))
    lines.append(said(9, 20, "2026-03-02T11:00:00Z", 5, yes=False))
    lines.append(said(10, 30, "2026-03-05T09:00:00Z", 30, yes=True))
    found = []
    for name in "ab":
        with pytest.MonkeyPatch.context() as patch:
            if name == "b":
                patch.setattr(engines, "usual", nobody_by_a_mould)
            for end in (8, 9, len(lines)):
                write(place, [journey], iter(lines[:end]))
                found.append(rehearsed(place / f"{name}.db", given_in(place))[0])
    assert found[:3] == found[3:]
    assert found[2].holders["email:shopper5@mail.example"] == ["P6", "P9"]


# Moulds


def person(number: int, name: str, at: int) -> Person:
    """Return somebody who was last there at an instant."""
    made = Person(f"P{number}", number)
    made.values, made.last_action, made.last_time = {"city": name}, "signs up", at
    return made


def test_what_differs_are_values_or_there_is_no_mould() -> None:
    """A value, a value behind a text, the number: each is found. What is none of them, or of another shape, is refused."""
    values = Values([("Ptuj", "Bled"), (1_000, 1_007)], (1, 2), (0, 0))
    one, other = person(1, "Ptuj", 1_002), person(2, "Bled", 1_009)
    content, gaps = moulded(one, other, values)
    assert [gap for _path, gap in gaps] == [Gap(-1, "P"), Gap(-1), Gap(1, "", 2), Gap(0)]
    assert b"Ptuj" not in content
    # The first of all has a place in the order too, which is nought.
    moulded(person(1, "Ptuj", 0), person(2, "Ptuj", 7), Values([(0, 7)], (1, 2), (0, 0)))
    other.values = {"city": "Kranj"}
    with pytest.raises(UnlikeError):
        moulded(one, other, values)
    other.values = {"town": "Bled"}
    with pytest.raises(UnlikeError):
        moulded(one, other, values)
    with pytest.raises(UnlikeError):
        moulded(one, person(2, "Bled", 1_010), values)


def test_what_a_store_keeps_of_a_mould_names_nobody(place: Path) -> None:
    """Values stand in the rows of people alone: whoever is erased is not left in what is common to many."""
    logs.make("cart", "s").write(place)
    given = given_in(place)
    with closing(Store(place / "a.db", given.wanted(REHEARSAL))) as store:
        rehearse(Engine(store, given), None)
        kept = store.journal.named()
    moulds = [one for name, one in kept.items() if name.startswith(MOULD)]
    people = [json.loads(one)["data"] for one in (place / "log.jsonl").read_text().splitlines()]
    texts = {str(one).encode() for data in people for one in data.values()}
    assert moulds
    assert not [one for one in texts for mould in moulds if len(one) > 3 and one in mould]
