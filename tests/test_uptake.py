"""What is taken up and what is not: errors, scenarios, the certificate, and who is inside an earlier version."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cases import project_of
from tests.versioned import JOURNEY, MOVES, SETTINGS, START, WORDS, club, world_of
from verbline.interpreter.check import check
from verbline.interpreter.person.encode import from_bytes, to_bytes
from verbline.interpreter.program import certificate
from verbline.interpreter.program.certificate import certify
from verbline.interpreter.program.compile import compile_project
from verbline.interpreter.program.versions import kept
from verbline.interpreter.project import Project
from verbline.interpreter.step.renewal import renew
from verbline.interpreter.step.world import World
from verbline.interpreter.zones import DAY
from verbline.runtime.uptake.inside import Inside, inside_people, inside_records
from verbline.runtime.uptake.uptake import NotTaken, Taken, take_up

SCENARIO = """
scenario "who pays is told"
  given it is 2026-03-06 14:10
  given a member with first-name "Tea"
  when "joins" happens
  when "pays" happens with amount 5
  then the member gets "Hello" by email
"""
Words = dict[tuple[str, str], bytes]


def taken(
    project: Project, world: World | None = None, words: Words | None = None, **more: Any
) -> Taken | NotTaken:
    """Return what is taken up of a project, with the people of ``world`` inside."""
    inside = inside_people(world.numbered) if world is not None else Inside()
    errors = [one for one in check(project) if one.level == "error"]
    return take_up(project, errors, inside, words or {}, **more)


def words_of(project: Project) -> Words:
    """Return the words of every journey of a project."""
    program = compile_project(project)
    return {
        (name, journey.version): kept(project, program, name).to_bytes()
        for name, journey in program.journeys.items()
    }


def why(found: Taken | NotTaken) -> list[str]:
    """Return why a project was not taken up."""
    assert isinstance(found, NotTaken)
    return list(found.lines())


def test_a_sound_project_is_taken_up() -> None:
    """With the words of each journey, to be kept."""
    project = club(JOURNEY + SCENARIO)
    found = taken(project)
    assert isinstance(found, Taken)
    assert {(name, one.version): one.to_bytes() for name, one in found.words.items()} == words_of(
        project
    )
    assert found.older == []


def test_errors_are_told_with_file_and_line() -> None:
    """A project that does not check is not compiled."""
    (line,) = why(taken(club(JOURNEY.replace('when "joins"', 'when "jions"'))))
    assert line.startswith("club.journey:41: N101 name unknown: No moment has this name.")


def test_a_failing_scenario_keeps_a_version_out() -> None:
    """What the scenario expects has to hold."""
    (line,) = why(
        taken(club(JOURNEY + SCENARIO.replace("by email", "by email at 2026-01-01 09:00")))
    )
    assert line.startswith(
        "club.journey:58: T900 expectation not met: but it went out on Fri 2026-03-06 14:10"
    )


def test_what_is_perhaps_missing_is_told_with_it() -> None:
    """A line ends in the sentence to copy, not before it."""
    unpaid = SCENARIO.replace('  when "pays" happens with amount 5\n', "")
    (line,) = why(taken(club(JOURNEY + unpaid)))
    assert line.endswith('Perhaps missing in the scenario: when "pays" happens')


def certificate_of(project: Project, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return a certificate; the guard's own proof is another test's."""

    class Proof:
        counterexample, cases = "", 1

    monkeypatch.setattr(certificate, "prove_guard", lambda _policy: Proof())
    form: dict[str, Any] = json.loads(json.dumps(certify(compile_project(project)).form))
    return form


def test_a_certificate_has_to_match(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of another version, one that was changed and one that is none are told apart."""
    project = club()
    form = certificate_of(project, monkeypatch)
    assert isinstance(taken(project, certificate=form), Taken)
    (line,) = why(taken(club(JOURNEY.replace("7 days", "8 days")), certificate=form))
    assert 'the journey "Welcome" has changed' in line
    assert "verbline prove --output" in line
    assert "changed by hand" in why(taken(project, certificate={**form, "program": "0"}))[0]
    broken: tuple[Any, ...] = ([], {}, "text", 5, {"hash": 1})
    for one in broken:
        assert why(taken(project, certificate=one)) != []


def test_a_step_that_writes_without_the_guard_is_not_taken_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With no certificate at hand every step that writes is tried all the same."""
    monkeypatch.setattr(certificate, "NOT_SENT", frozenset(("held",)))
    line, *_ = why(taken(club()))
    assert "a message leaves to somebody who is erased" in line


def test_whoever_is_inside_keeps_their_version() -> None:
    """The program holds it, and records of people are read with it."""
    old, new = club(), club(JOURNEY.replace("7 days", "8 days"))
    world = world_of(old, "P1", "P2")
    found = taken(new, world, words_of(old))
    assert isinstance(found, Taken)
    assert found.older == [("Welcome", world.program.journeys["Welcome"].version)]
    content = to_bytes(world.people["P1"])
    assert to_bytes(from_bytes(content, found.program)) == content
    renew(world, found.program, START + DAY)
    world.advance(START + 30 * DAY)
    assert [(one.at - START) // DAY for one in world.trace if one.kind == "outcome"] == [7, 7]


def test_a_step_that_is_gone_under_people_who_would_move_is_refused() -> None:
    """With where they stand and how many they are."""
    old, new = club(), club(MOVES.replace('wait for "pays" up', 'wait for "speaks" up'))
    (line,) = why(taken(new, world_of(old, "P1", "P2", "P3"), words_of(old)))
    assert line == (
        'club.journey:45: 3 people are inside the journey "Welcome" here, at `wait for "pays" up to 7 days`, and the new'
        " version has no such step. Leave the step where it is, or let people inside finish the version they started."
    )
    assert isinstance(taken(new, world_of(new, "P1"), words_of(old)), Taken)


def test_what_people_inside_need_is_not_taken_away() -> None:
    """The names that their version uses stay declared until they have finished."""
    old = club()
    new = club(
        "",
        WORDS.replace('moment "pays"', 'moment "settles"').replace('had "pays"', 'had "settles"'),
    )
    (line,) = why(taken(new, world_of(old, "P1"), words_of(old)))
    assert line.startswith('1 person is inside an earlier version of the journey "Welcome"')
    assert "club.journey:45" in line
    assert isinstance(taken(new), Taken)


def test_a_store_without_the_words_of_a_version_is_not_run_on() -> None:
    """Nobody is moved because their words were lost."""
    old, new = club(), club("")
    (line,) = why(taken(new, world_of(old, "P1")))
    assert "does not have the words" in line
    assert "1 person is inside" in line


def test_nobody_is_let_out_of_a_journey_that_is_there() -> None:
    """`--end` is for journeys that are gone."""
    project = club()
    assert "still in the project" in why(taken(project, ends=["Welcome"]))[0]
    assert isinstance(
        taken(club(""), world_of(project, "P1"), words_of(project), ends=["Welcome"]), Taken
    )


def test_who_is_inside_is_the_same_in_memory_and_in_records() -> None:
    """Also of people who were joined, whose earlier selves stand in the record."""
    world = world_of(club(), "P1", "P2", "P3")
    world.merge("P1", "P2", START + DAY)
    here = inside_people(world.numbered)
    there = inside_records(to_bytes(one) for one in world.numbered if one is not None)
    assert (here.where, here.needed) == (there.where, there.needed)
    assert sum(here.where.values()) == 2


# Half-saved files


def prefixes(text: str) -> Iterator[str]:
    """Yield each beginning of a text, the empty one first."""
    content = text.encode()
    for length in range(len(content) + 1):
        yield content[:length].decode("utf-8", "surrogateescape")


def test_a_file_that_is_half_saved_moves_nobody() -> None:
    """At every length of it there is an answer, and whoever is inside stands where they stood, in their version."""
    old = club()
    world = world_of(old, "P1")
    words, before = words_of(old), to_bytes(world.people["P1"])
    version = world.program.journeys["Welcome"].version
    new = JOURNEY.replace("7 days", "9 days")
    answers: set[type] = set()
    found: Taken | NotTaken | None = None
    for text in prefixes(new):
        project = project_of(
            {
                "verbline.toml": SETTINGS,
                "words.journey": WORDS,
                "club.journey": 'use "words"\n' + text,
            }
        )
        found = taken(project, world, words)
        answers.add(type(found))
        if isinstance(found, Taken):
            assert ("Welcome", version) in found.older
            assert to_bytes(from_bytes(before, found.program)) == before
        else:
            assert why(found) != []
    assert answers == {Taken, NotTaken}, "some beginnings are projects of their own"
    assert isinstance(found, Taken)
    assert found.program.journeys["Welcome"].version != version
