"""People inside who move to the new version: nothing is sent again, what was waited for counts on, nobody is moved to nowhere."""

import pytest

from tests.versioned import JOURNEY, MOVES, START, TURNS, club, holding, renewed, told, world_of
from verbline.interpreter.person.encode import from_bytes, to_bytes
from verbline.interpreter.program.versions import kept
from verbline.interpreter.step.step import Happens, Moves, step
from verbline.interpreter.step.world import World
from verbline.interpreter.zones import DAY


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
    record = next(one for one in world.trace if one.kind == "version")
    assert record.more["until"] == START + 7 * DAY, "a limit that is the same goes on"


def test_what_was_sent_is_not_sent_again() -> None:
    """The message above the wait at which somebody stands has left; only the wait is another one."""
    world = moved(MOVES.replace("wait 2 days", "wait 9 days"), (2, "pays"))
    assert told(world, "message", "version", "outcome") == [
        (2, "message", "sent", "contract"),
        (3, "version", "taken", ""),
        (11, "outcome", "taken", "paid"),
    ]


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
