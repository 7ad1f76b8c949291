"""Several versions of one journey at once: who is inside one goes on by its own words, and moves where the text says so."""

import re
from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Any

import pytest

from tests.cases import project_of
from tests.oracle.engine import happen
from tests.oracle.invent import Invented, invent
from tests.test_prove import Careless
from verbline.interpreter.person.encode import UnknownStepError, from_bytes, to_bytes
from verbline.interpreter.program.certificate import certify_steps
from verbline.interpreter.program.compile import compile_project
from verbline.interpreter.program.program import Program
from verbline.interpreter.program.versions import Kept, OlderVersion, kept, take_older
from verbline.interpreter.project import Project
from verbline.interpreter.step.records import Record
from verbline.interpreter.step.recounting import recount
from verbline.interpreter.step.renewal import renew
from verbline.interpreter.step.sending import Notify
from verbline.interpreter.step.step import Happens, Moves, step
from verbline.interpreter.step.tasks import NotifyDesk
from verbline.interpreter.step.world import World
from verbline.interpreter.zones import DAY, HOUR, Zone, zone

SETTINGS = '[project]\nname = "club"\nlanguage = "en"\nzone = "UTC"\ncountry = "SI"\n'
WORDS = """
person member
  also written members
  known by member-number
  also known by email
  has first-name as text

moment "joins"
  comes from "desk" as "joined"
  carries plan as text

moment "pays"
  comes from "desk" as "paid"
  carries amount as number

moment "leaves"
  comes from "desk" as "left"

moment "speaks"
  comes from "desk" as "spoke"

purpose "service"
  is service
  rests on contract
  covers email

desk "Care"
  led by "Ana Kos"
  answers within 8 working hours
  open monday to friday from 09:00 to 17:00

message "Hello"
  subject "Hello"
  says "Hello, {first-name or you}."

segment "payers"
  people where the member had "pays"
"""
JOURNEY = """
journey "Welcome"
  owned by "Ana Kos"
  starts when "joins"
  stops when "leaves" as "left"
  gives up after 60 days

  wait for "pays" up to 7 days
    if it happens
      notify the member by email with "Hello" for "service"
      wait 2 days
      finish as "paid"
    if it does not happen
      finish as "silent"
"""
START = 1_772_000_000_000
KEY = ("Welcome", "")


def club(journey: str = JOURNEY, words: str = WORDS) -> Project:
    """Return the project with its journey."""
    return project_of({"verbline.toml": SETTINGS, "club.journey": words + journey})


def holding(project: Project, *words: Kept) -> Program:
    """Return the program of ``project`` that holds older versions too; their words have been bytes in between."""
    program = compile_project(project)
    for one in words:
        older = OlderVersion(project, Kept.from_bytes(one.to_bytes()), program.policy)
        assert older.problems == []
        take_older(program, project, older)
    return program


def world_of(project: Project, *people: str) -> World:
    """Return a world with ``people`` who have just joined."""
    world = World(compile_project(project))
    for name in people:
        world.add(name)
        world.contact(name, "email", f"{name.lower()}@mail.example")
        world.moment(name, "joins", {"plan": "family"}, START, ("desk", f"joins {name}"))
    return world


def renewed(
    world: World, before: Project, after: Project, at: int, ends: Collection[str] = ()
) -> None:
    """Let ``world`` go on with what ``before`` has become, and with the versions of it that people are inside."""
    known = world.program
    inside = sorted({visit.journey for one in world.people.values() for visit in one.visits})
    fresh = compile_project(after)
    words = [
        kept(before, known, name)
        for name in inside
        if name not in fresh.journeys
        or fresh.journeys[name].version != known.journeys[name].version
    ]
    renew(world, holding(after, *words), at, ends)


def told(world: World, *kinds: str) -> list[tuple[int, str, str, str]]:
    """Return what was told: days since the beginning, kind, verdict, and outcome, reason or nothing."""
    return [
        ((one.at - START) // DAY, one.kind, one.verdict, one.more.get("outcome") or one.reason)
        for one in world.trace
        if not kinds or one.kind in kinds
    ]


# Pinned


def test_people_inside_finish_the_version_they_started() -> None:
    """Who was inside gets the old words after the old time; who comes later the new ones."""
    old, new = (
        club(),
        club(JOURNEY.replace("7 days", "14 days").replace('as "silent"', 'as "late"')),
    )
    world = world_of(old, "P1")
    renewed(world, old, new, START + DAY)
    world.add("P2")
    world.contact("P2", "email", "p2@mail.example")
    world.moment("P2", "joins", {}, START + 2 * DAY)
    world.advance(START + 30 * DAY)
    assert told(world, "outcome") == [
        (7, "outcome", "taken", "silent"),
        (16, "outcome", "taken", "late"),
    ]
    versions = {one.person: one.version for one in world.trace}
    assert versions["P1"] == compile_project(old).journeys["Welcome"].version != versions["P2"]


def test_the_words_of_a_message_are_those_of_the_version() -> None:
    """A message that was rewritten goes to who is inside as it was; its fields too."""
    old = club()
    new = club(words=WORDS.replace("Hello, {first-name or you}.", "Dear {first-name}, welcome."))
    world = world_of(old, "P1")
    renewed(world, old, new, START + DAY)
    world.moment("P1", "pays", {"amount": 5}, START + 2 * DAY)
    (sent,) = [one for one in world.trace if one.kind == "message"]
    assert sent.verdict == "sent", "the new words need a name that nobody knows"
    journey = world.program.version_of("Welcome", sent.version)
    assert journey is not None
    assert journey.steps[sent.step].message.texts["en body"] == "Hello, {first-name or you}."  # type: ignore[attr-defined]


def test_the_words_for_a_desk_are_part_of_the_version() -> None:
    """A desk reads about who is inside what it read before; other words are another version."""
    text = '\njourney "Note"\n  starts when "joins"\n\n  wait 2 days\n  notify desk "Care" with "Hello"\n  finish as "told"\n'
    old, new = (
        club(text),
        club(text, WORDS.replace("Hello, {first-name or you}.", "A member waits.")),
    )
    program = compile_project(new)
    assert program.journeys["Note"].version != compile_project(old).journeys["Note"].version
    (journey,) = holding(new, kept(old, compile_project(old), "Note")).older.values()
    (note,) = [one for one in journey.steps.values() if isinstance(one, NotifyDesk)]
    assert note.words is not None
    assert note.words.texts["en body"] == "Hello, {first-name or you}."


def test_what_stops_the_old_version_stops_who_is_inside() -> None:
    """A stop that is gone from the text still ends the visits that began with it, a new one does not."""
    old = club()
    new = club(JOURNEY.replace('"leaves" as "left"', '"speaks" as "spoken"'))
    world = world_of(old, "P1", "P2")
    renewed(world, old, new, START + DAY)
    world.moment("P1", "speaks", {}, START + 2 * DAY)
    world.moment("P1", "leaves", {}, START + 3 * DAY)
    assert told(world, "outcome") == [(3, "outcome", "taken", "left")]


def test_what_stops_an_old_version_may_be_what_nothing_else_asks_for() -> None:
    """A field that has to be the same, and a segment to enter, are minded for who is inside alone."""
    told_same = JOURNEY.replace('"leaves" as "left"', '"joins" with the same plan as "again"')
    told_segment = JOURNEY.replace('when "leaves"', 'when people enter segment "payers"')
    for text, plan, events, outcome in (
        (told_same, "family", [("joins", 2)], "again"),
        (told_same, "single", [("joins", 2)], "silent"),
        (told_segment, "family", [("pays", 2)], "left"),
    ):
        old = club(text)
        world = world_of(old, "P1")
        renewed(world, old, club(""), START + DAY)
        for name, day in events:
            world.moment("P1", name, {"amount": 5, "plan": plan}, START + day * DAY)
        world.advance(START + 9 * DAY)
        assert [one[3] for one in told(world, "outcome")] == [outcome]


def test_a_cap_of_an_old_version_holds() -> None:
    """Nothing else in the project counts messages any more."""
    capped = TURNS.format(clause="  sends at most 2 messages in 30 days", every="1 day")
    old = club(capped)
    world = world_of(old, "P1")
    renewed(world, old, club(TURNS.format(clause="", every="1 day")), START + HOUR)
    world.advance(START + 9 * DAY)
    assert [one[:3] for one in told(world, "message")] == [
        (0, "message", "sent"),
        (1, "message", "sent"),
        (2, "message", "refused"),
    ]


def test_a_journey_that_is_gone_keeps_its_place_in_the_order() -> None:
    """Of two that one moment meets the urgent one is served first, whichever of them is gone."""
    text = """
journey "{}"
  starts when "{}"
  runs with priority {}

  wait for "pays" up to 7 days
  finish as "done"
"""
    first, second = text.format("Zeta", "speaks", 90), text.format("Alpha", "joins", 10)
    old = club(first + second)
    for left in (first, second, ""):
        world = world_of(old, "P1")
        world.moment("P1", "speaks", {}, START + HOUR)
        renewed(world, old, club(left), START + DAY)
        world.moment("P1", "pays", {"amount": 5}, START + 2 * DAY)
        ends = [one.journey for one in world.trace if one.kind == "outcome"]
        assert ends == ["Zeta", "Alpha"]


def test_a_journey_that_is_gone_is_finished() -> None:
    """Nobody enters any more, and who is inside goes on to the end."""
    old, new = club(), club("")
    world = world_of(old, "P1")
    renewed(world, old, new, START + DAY)
    world.moment("P1", "joins", {}, START + 2 * DAY)
    world.moment("P1", "pays", {"amount": 5}, START + 2 * DAY)
    world.advance(START + 9 * DAY)
    assert told(world, "entry", "message", "outcome") == [
        (0, "entry", "taken", ""),
        (2, "message", "sent", "contract"),
        (4, "outcome", "taken", "paid"),
    ]


def test_people_inside_a_journey_that_is_gone_can_be_let_out() -> None:
    """With `--end` they are withdrawn, and nothing is due any more."""
    old = club()
    world = world_of(old, "P1")
    renewed(world, old, club(""), START + DAY, ends=["Welcome"])
    assert told(world, "outcome") == [(1, "outcome", "taken", "withdrawn")]
    assert world.people["P1"].timers == []


def test_everything_else_is_always_current() -> None:
    """A purpose that covers less or asks for more holds for people inside at once."""
    old = club()
    for words, reason in (
        (WORDS.replace("covers email", "covers sms"), "invalid_request"),
        (
            WORDS.replace("is service\n  rests on contract", "is marketing\n  rests on consent"),
            "no_consent",
        ),
    ):
        world = world_of(old, "P1")
        words_now = club("", words)
        renewed(world, old, words_now, START + DAY)
        assert list(certify_steps(world.program)) == []
        world.moment("P1", "pays", {"amount": 5}, START + 2 * DAY)
        assert told(world, "message") == [(2, "message", "refused", reason)]


def test_what_an_older_version_names_has_to_be_there_still() -> None:
    """A moment that people inside wait for is not taken away under them: the line that names it is told."""
    old = club()
    new = club(
        "",
        WORDS.replace('moment "pays"', 'moment "settles"').replace('had "pays"', 'had "settles"'),
    )
    older = OlderVersion(new, kept(old, compile_project(old), "Welcome"))
    assert [(one.code, one.span.line) for one in older.problems][:1] == [("N101", 45)]
    assert older.program is None


def test_a_journey_with_which_an_older_version_continues_may_be_gone_too() -> None:
    """Its people end as continued, and nothing begins."""
    go = JOURNEY.replace('finish as "paid"', 'continue with journey "More"')
    more = '\njourney "More"\n  starts when "speaks"\n\n  wait 1 day\n  finish as "done"\n'
    old = club(go + more)
    world = world_of(old, "P1")
    renewed(world, old, club(""), START + DAY)
    world.moment("P1", "pays", {"amount": 5}, START + 2 * DAY)
    world.advance(START + 9 * DAY)
    assert told(world, "outcome", "entry")[1:] == [(4, "outcome", "taken", "continued")]


def test_a_record_is_read_with_its_own_version() -> None:
    """Bytes of somebody in an older version need that version, and say which."""
    old, new = club(), club(JOURNEY.replace("7 days", "14 days"))
    world = world_of(old, "P1")
    content = to_bytes(world.people["P1"])
    version = world.program.journeys["Welcome"].version
    with pytest.raises(UnknownStepError, match=version):
        from_bytes(content, compile_project(new))
    program = holding(new, kept(old, world.program, "Welcome"))
    person = from_bytes(content, program)
    assert person.visits[0].step.journey is program.older["Welcome", version]
    assert to_bytes(person) == content


def test_an_older_version_is_proved_like_any_other() -> None:
    """Its messages are tried too: a careless step in it has no certificate."""
    old, new = club(), club(JOURNEY.replace("7 days", "14 days"))
    program = holding(new, kept(old, compile_project(old), "Welcome"))
    assert list(certify_steps(program)) == []
    (journey,) = program.older.values()
    for one in journey.steps.values():
        if type(one) is Notify:
            one.__class__ = Careless
    assert any("erased" in fault for fault in certify_steps(program))


# Moved

MOVES = JOURNEY.replace("  gives up", "  people inside move to the new version\n  gives up")


def moved(journey: str, *events: tuple[int, str], before: str = JOURNEY, people: int = 1) -> World:
    """Return a world in which people joined, ``events`` happened by day, and the journey became ``journey`` on day 3."""
    old, new = club(before), club(journey)
    world = world_of(old, *(f"P{number + 1}" for number in range(people)))
    is_new = False
    for day, name in (*events, (30, "")):
        if day >= 3 and not is_new:
            renewed(world, old, new, START + 3 * DAY)
            is_new = True
        if name:
            world.moment("P1", name, {"amount": 5}, START + day * DAY)
    world.advance(START + 90 * DAY)
    return world


def test_people_inside_move_where_the_text_says_so() -> None:
    """The limit of a wait is counted anew from when it was reached."""
    world = moved(MOVES.replace("7 days", "14 days"))
    assert told(world, "version", "outcome") == [
        (3, "version", "taken", ""),
        (14, "outcome", "taken", "silent"),
    ]
    record = next(one for one in world.trace if one.kind == "version")
    assert record.more["until"] == START + 14 * DAY
    assert record.more["was"] != record.version == world.program.journeys["Welcome"].version


def test_a_limit_that_has_passed_by_the_new_text_is_over_now() -> None:
    """Who has waited for three days where two are the limit goes on at once."""
    world = moved(MOVES.replace("7 days", "2 days"))
    assert told(world, "outcome") == [(3, "outcome", "taken", "silent")]


def test_new_steps_hold_for_who_moves() -> None:
    """What stands behind the step is that of the new version."""
    world = moved(MOVES.replace('as "silent"', 'as "late"'), (4, "speaks"))
    assert told(world, "outcome") == [(7, "outcome", "taken", "late")]


def test_what_was_sent_is_not_sent_again() -> None:
    """The message above the wait at which somebody stands has left; only the wait is another one."""
    world = moved(MOVES.replace("wait 2 days", "wait 9 days"), (2, "pays"))
    assert told(world, "message", "version", "outcome") == [
        (2, "message", "sent", "contract"),
        (3, "version", "taken", ""),
        (11, "outcome", "taken", "paid"),
    ]


TURNS = """
journey "Welcome"
  starts when "joins"
{clause}
  repeat up to 3 times every {every}
    notify the member by email with "Hello" for "service"
  finish as "told"
"""


def test_turns_go_on_where_they_were() -> None:
    """Three messages in all, whichever version counts the turns, and no key twice."""
    before = TURNS.format(clause="", every="2 days")
    after = TURNS.format(clause="  people inside move to the new version\n", every="5 days")
    world = moved(after, before=before)
    sent = [one for one in world.trace if one.verdict == "sent"]
    assert [(one.at - START) // DAY for one in sent] == [0, 2, 7]
    assert len({one.more["key"] for one in sent}) == 3


def test_what_a_step_has_done_is_known_by_its_new_name() -> None:
    """Two people who turn out to be one later are not sent again what the step sent before the move."""
    before = TURNS.format(clause="", every="2 days")
    after = TURNS.format(clause="  people inside move to the new version\n", every="5 days")
    old, new = club(before), club(after)
    world = world_of(old, "P1")
    renewed(world, old, new, START + DAY)
    (visit,) = world.people["P1"].visits
    assert set(visit.done) < set(visit.step.journey.steps)


def test_a_wait_that_is_over_by_the_new_text_goes_on() -> None:
    """What has happened since the wait was reached is looked at by the new words."""
    text = MOVES.replace(
        'wait for "pays" up', 'wait for "pays" where the member had "speaks" in the last {} days up'
    )
    before, after = (
        text.format(1).replace("move to the new version", "finish the version they started"),
        text.format(9),
    )
    world = moved(after, (0, "speaks"), (2, "pays"), before=before)
    assert told(world, "version", "message") == [
        (3, "version", "taken", ""),
        (3, "message", "sent", "contract"),
    ]


ASKED = """
journey "Welcome"
  starts when "joins"
{clause}
  {step}
    {yes}
      finish as "yes"
    {no}
      finish as "no"
"""


@pytest.mark.parametrize(
    ("step", "other", "answers", "day"),
    [
        (
            'confirm "Ready?" by email within {} for "service"',
            ("5 days", "9 days"),
            ("if yes", "if there is no answer"),
            9,
        ),
        (
            'escalate to desk "Care" within {} because "new"',
            ("4 working days", "6 working days"),
            ("if somebody answers", "if nobody answers"),
            8,
        ),
        (
            'wait until there is no "speaks" for {} up to 20 days',
            ("5 days", "8 days"),
            ("if it happens", "if it does not happen"),
            8,
        ),
    ],
)
def test_other_limits_are_counted_anew(
    step: str, other: tuple[str, str], answers: tuple[str, str], day: int
) -> None:
    """A question, a task and a silence keep the instant from which they count."""
    clause = "  people inside move to the new version\n"
    texts = [
        ASKED.format(clause=which, step=step.format(length), yes=answers[0], no=answers[1])
        for which, length in (("", other[0]), (clause, other[1]))
    ]
    world = moved(texts[1], before=texts[0])
    assert told(world, "version") == [(3, "version", "taken", "")]
    assert [one[0] for one in told(world, "outcome")] == [day]


def test_a_step_that_is_gone_under_somebody_keeps_them_where_they_are() -> None:
    """Nobody is moved to nowhere: they finish the version that has the step, and the trace says so."""
    new = MOVES.replace('wait for "pays" up', 'wait for "speaks" up')
    world = moved(new)
    assert told(world, "version", "outcome") == [
        (3, "version", "refused", "step_gone"),
        (7, "outcome", "taken", "silent"),
    ]


def test_the_record_that_step_returns_has_moved() -> None:
    """A version change is a stimulus like any other: the record that is given stays as it is."""
    old, new = club(), club(MOVES.replace("7 days", "14 days"))
    world = world_of(old, "P1")
    content = to_bytes(world.people["P1"])
    program = holding(new, kept(old, world.program, "Welcome"))
    person = from_bytes(content, program)
    outcome = step(program, person, Moves(), START + 3 * DAY)
    assert to_bytes(person) == content
    assert [(one.kind, one.verdict) for one in outcome.trace] == [("version", "taken")]
    assert outcome.due == START + 14 * DAY
    again = step(program, outcome.person, Moves(), START + 3 * DAY)
    assert again.trace == [], "who has moved stays"
    paid = step(
        program, outcome.person, Happens("pays", {"amount": 5}, START + 4 * DAY), START + 4 * DAY
    )
    assert [one.verdict for one in paid.trace if one.kind == "message"] == ["sent"]


def test_who_was_several_moves_as_all_of_them() -> None:
    """Of two who are one and are two again each goes on in the version to which the one has moved."""
    old, new = club(), club(MOVES.replace("7 days", "14 days"))
    world = world_of(old, "P1", "P2")
    world.merge("P1", "P2", START + DAY)
    renewed(world, old, new, START + 3 * DAY)
    world.split("P1", "P2", START + 4 * DAY)
    world.advance(START + 30 * DAY)
    ends = [
        (one.person, (one.at - START) // DAY)
        for one in world.trace
        if one.more.get("outcome") == "silent"
    ]
    assert sorted(ends) == [("P1", 14), ("P2", 14)]


# Segments and entries


def test_nobody_enters_a_segment_because_its_text_changed() -> None:
    """Whoever is inside by the new text does not enter; whoever comes in later does."""
    segment = '\nsegment "named"\n  people where first-name is "Tea"\n'
    watched = (
        segment
        + '\njourney "Named"\n  starts when people enter segment "named"\n\n  finish as "in"\n'
    )
    wider = watched.replace('is "Tea"', 'is one of "Tea", "Jon"')
    world = World(compile_project(club(watched)))
    for name in ("Tea", "Jon", "Ana"):
        world.add(name).values = {"first-name": name}
        world.moment(name, "speaks", {}, START)
    renew(world, compile_project(club(wider)), START + DAY)
    world.people["Ana"].values = {"first-name": "Jon"}
    for name in ("Tea", "Jon", "Ana"):
        world.moment(name, "speaks", {}, START + 2 * DAY)
    entered = [one.person for one in world.trace if one.kind == "entry"]
    assert entered == ["Ana"]


def test_a_journey_that_goes_live_takes_in_whom_it_says() -> None:
    """`starts also` counts from the reload with which the sentence came."""
    words = WORDS + '\nsegment "families"\n  people where first-name is "Tea"\n'
    also = '  starts also for people already in segment "families"\n\n'
    text = JOURNEY.replace('"left"\n  gives up after 60 days\n', '"left"\n' + also)
    old, new = club("", words), club(text, words)
    world = World(compile_project(old))
    for name in ("Tea", "Jon"):
        world.add(name).values = {"first-name": name}
        world.contact(name, "email", f"{name.lower()}@mail.example")
    renew(world, compile_project(new), START)
    renew(world, compile_project(new), START + DAY)
    assert [(one.person, one.verdict) for one in world.trace if one.kind == "entry"] == [
        ("Tea", "taken")
    ]


def test_who_waits_at_the_brake_enters_the_newest_version() -> None:
    """They had not entered; where the journey is gone they do not."""
    slow = JOURNEY.replace(
        "  gives up", "  entered by at most 1 person in 1 day\n  gives up"
    ).replace("1 person", "1 people")
    old = club(slow)
    for text, verdict in ((slow.replace("7 days", "9 days"), "taken"), ("", "not admitted")):
        world = world_of(old, "P1", "P2")
        renewed(world, old, club(text), START + HOUR)
        world.advance(START + 2 * DAY)
        last = [one for one in world.trace if one.person == "P2"][-2 if text else -1]
        assert (last.kind, last.verdict) == ("entry", verdict)


# By chance

SEEDS = range(24)


def plain(records: Iterable[Record]) -> list[dict[str, Any]]:
    """Return records as they are told."""
    return [one.as_dict() for one in records]


def other_text(text: str) -> str:
    """Return the text of journeys with other lengths and other ends."""
    return re.sub(r"wait (\d+)", lambda found: f"wait {int(found[1]) + 3}", text).replace(
        'finish as "done"', 'finish as "other"'
    )


def without_journeys(text: str) -> str:
    """Return the text with nothing but a journey that keeps a label known."""
    head = text.partition("\njourney")[0]
    keeper = """
journey "Keeper"
  starts when "comes"
  takes people in until 2020-01-01

  qualify as "ready" if age is at least 12
"""
    return head + keeper


def history(
    invented: Invented, program: Program, change: Callable[[World, int], None] | None = None
) -> list[dict[str, Any]]:
    """Return what is told of an invented history; ``change`` is asked before each stimulus."""
    world = World(program)
    happen(world, invented, invented.project, (lambda at: change(world, at)) if change else None)
    return [one for one in plain(world.trace) if one.get("journey") != "Keeper"]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_version_that_nobody_is_in_changes_nothing(seed: int) -> None:
    """The trace with an older version loaded is that without, record by record."""
    invented = invent(seed)
    before = project_of({**invented.files, "a.journey": other_text(invented.files["a.journey"])})
    program = compile_project(before)
    words = [kept(before, program, name) for name in program.journeys]
    now = compile_project(invented.project)
    words = [one for one in words if one.version != now.journeys[one.journey].version]
    assert history(invented, holding(invented.project, *words)) == history(invented, now)


@pytest.mark.parametrize("seed", SEEDS)
def test_people_inside_are_told_the_same_whatever_has_become_of_the_text(seed: int) -> None:
    """Half a history on the old text, half with all journeys gone: who was inside does what they would have done."""
    invented = invent(seed)
    if "continue with" in invented.files["a.journey"]:
        pytest.skip("who continues with a journey that is gone begins nothing")
    project = invented.project
    half = invented.stimuli[len(invented.stimuli) // 2]["at"]
    gone = project_of(
        {**invented.files, "a.journey": without_journeys(invented.files["a.journey"])}
    )
    program = compile_project(project)
    words = [kept(project, program, name) for name in program.journeys]
    later = holding(gone, *words)

    def stop_starting(world: World, at: int) -> None:
        if at >= half:
            for moment in world.program.moments.values():
                moment.starts, moment.choices = (), None
            for segment in world.program.segments.values():
                segment.starts = ()
            world.brakes.queues.clear()

    def change(world: World, at: int) -> None:
        if at >= half and world.program is program:
            world.brakes.queues.clear()
            renew(world, later, at)

    assert history(invented, program, change) == history(
        invented, compile_project(project), stop_starting
    )


# Clocks


def test_clocks_that_are_set_by_other_rules_move_what_they_decide() -> None:
    """A time of day and a number of days are counted anew, a length and another zone are left, and it is told."""
    settings = SETTINGS.replace('"UTC"', '"Europe/Ljubljana"')
    text = """
journey "{name}"
  starts when "joins"
  gives up after 60 days

  {step}
  finish as "done"
"""
    steps = ("wait until 09:00", "wait 3 days", "wait 50 hours")
    journeys = "".join(text.format(name=f"J{at}", step=one) for at, one in enumerate(steps))
    project = project_of({"verbline.toml": settings, "club.journey": WORDS + journeys})
    world = world_of(project, "P1")
    before = [due for due, _place, what, _of in world.people["P1"].timers if what == "step"]
    there = zone("Europe/London")
    assert there is not None
    world.program.zone = Zone("Europe/Ljubljana", there._rules)
    world.people["P1"].zone = None
    assert recount(world, {"Europe/Oslo"}) == 0
    assert recount(world, {"Europe/Ljubljana"}) == 1
    after = [due for due, _place, what, _of in world.people["P1"].timers if what == "step"]
    assert [now - due for due, now in zip(before, after, strict=True)] == [HOUR, 0, 0]
    (told_of,) = [one for one in world.trace if one.reason == "other_clock_rules"]
    assert told_of.more == {"due": before[0], "until": after[0]}
    assert told_of.journey == "J0"


def test_a_value_that_has_changed_is_not_taken_for_a_clock() -> None:
    """What would move by more than clocks are ever set stays where it is."""
    text = """
journey "Day"
  starts when "joins"

  wait until birthday
  finish as "done"
"""
    words = WORDS.replace(
        "has first-name as text", "has first-name as text\n  has birthday as date"
    )
    world = World(compile_project(club(text, words)))
    person = world.add("P1")
    person.values = {"birthday": date(2026, 6, 1)}
    world.moment("P1", "joins", {}, START)
    before = list(person.timers)
    person.values = {"birthday": date(2026, 6, 2)}
    assert recount(world, {"UTC"}) == 0
    assert person.timers == before
    assert world.trace[-1].reason == ""
