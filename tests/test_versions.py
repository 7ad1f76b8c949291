"""Several versions of one journey at once: who is inside one goes on by its own words, and everything else is of today."""

import pytest

from tests.test_prove import Careless
from tests.versioned import JOURNEY, START, TURNS, WORDS, club, holding, renewed, told, world_of
from verbline.interpreter.person.encode import UnknownStepError, from_bytes, to_bytes
from verbline.interpreter.program.certificate import certify_steps
from verbline.interpreter.program.compile import compile_project
from verbline.interpreter.program.versions import OlderVersion, kept
from verbline.interpreter.step.sending import Notify
from verbline.interpreter.step.tasks import NotifyDesk
from verbline.interpreter.zones import DAY, HOUR


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


def test_what_an_old_version_asks_of_the_past_is_kept_for_it() -> None:
    """Its conditions count moments that no sentence of today counts."""
    text = JOURNEY.replace(
        'wait for "pays" up to 7 days\n    if it happens\n',
        'wait 7 days\n  if the member had "pays" at least 2 times\n',
    )
    text = text[: text.index("    if it does not happen")]
    old = club(text)
    world = world_of(old, "P1")
    renewed(world, old, club(""), START + DAY)
    for day in (2, 3):
        world.moment("P1", "pays", {"amount": 5}, START + day * DAY)
    world.advance(START + 9 * DAY)
    assert [one[0] for one in told(world, "message")] == [7]


def test_what_was_known_before_a_moment_is_what_an_old_version_compares() -> None:
    """A moment that says another name is not about the same one, though the name is known from it at once."""
    words = WORDS.replace('as "spoke"\n', 'as "spoke"\n  carries first-name as text\n')
    old = club(
        JOURNEY.replace('"leaves" as "left"', '"speaks" with the same first-name as "again"'), words
    )
    world = world_of(old, "P1", "P2")
    for person in ("P1", "P2"):
        world.people[person].values = {"first-name": "Tea"}
    renewed(world, old, club("", words), START + DAY)
    world.moment("P1", "speaks", {"first-name": "Ana"}, START + 2 * DAY)
    world.moment("P2", "speaks", {"first-name": "Tea"}, START + 2 * DAY)
    assert [one.person for one in world.trace if one.kind == "outcome"] == ["P2"]


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
