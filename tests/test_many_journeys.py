"""Thousands of journeys that lead to one another: they are looked at in a time that grows with their number."""

import time

import pytest

from tests.cases import project_of
from verbline.interpreter.lint import lint
from verbline.interpreter.project import Project
from verbline.interpreter.rings import KNOT_MAX

COUNT = 2_000
SECONDS = 15
REST = """
person reader
  known by reader-number
  has topic as text

purpose "news"
  is marketing
  rests on consent
  covers email

message "M"
  subject "M"
  says "{reader-number}, {topic}"
"""
SENDS = '  notify the reader by email with "M" for "news"\n'


def project(
    journeys: list[tuple[str, list[str]]], *, brings: str = "", scenarios: int = 0
) -> Project:
    """Return a project with these journeys, each with the moment that starts it and its steps.

    Every moment carries ``brings``, and a ``scenario`` lets each of the first journeys start.
    """
    starts = dict.fromkeys(moment for moment, _steps in journeys)
    lines = [f'moment "{moment}"\n{brings}' for moment in starts]
    for at, (moment, steps) in enumerate(journeys):
        lines += [f'journey "{at}"\n  starts when "{moment}"\n\n', *steps]
    for at in range(scenarios):
        lines.append(f'scenario "{at}"\n  given a reader\n  given the reader agrees to "news"\n')
        lines.append(f'  when "{journeys[at][0]}" happens\n')
        lines.append(f'  then the journey "{at}" finishes as "x"\n')
    return project_of({"a.journey": REST + "".join(lines)})


def signals(*moments: int) -> list[str]:
    """Return the steps that signal ``moments`` and end the journey."""
    return [*(f'  signal "{moment}"\n' for moment in moments), '  finish as "x"\n']


def goes_on(*journeys: int) -> list[str]:
    """Return the steps that write and then continue with one of ``journeys``."""
    choices = [
        f'  if topic is "{one}"\n    continue with journey "{one}"\n' for one in journeys[1:]
    ]
    return [SENDS, *choices, f'  continue with journey "{journeys[0]}"\n']


END = ("m", [SENDS, '  finish as "x"\n'])
EVERY = range(COUNT)
MANY = {
    "in a row": lambda: project([(f"{at}", signals(at + 1)) for at in EVERY]),
    "in a ring": lambda: project([(f"{at}", signals((at + 1) % COUNT)) for at in EVERY]),
    "in a knot": lambda: project(
        [(f"{at}", signals((2 * at + 1) % COUNT, (2 * at + 2) % COUNT)) for at in EVERY]
    ),
    "on one moment": lambda: project([("0", signals(0)) for _ in EVERY]),
    "continued in a row": lambda: project(
        [*(("m", goes_on(at + 1)) for at in EVERY), END], brings="  carries topic as text\n"
    ),
    "continued in two ways": lambda: project(
        [*(("m", goes_on(at + 1, at + 2)) for at in EVERY), END, END],
        brings="  carries topic as text\n",
    ),
    "continued in a ring": lambda: project(
        [("m", goes_on((at + 1) % COUNT)) for at in EVERY], brings="  carries topic as text\n"
    ),
    "with scenarios": lambda: project(
        [(f"{at}", [SENDS, *signals((at + 1) % COUNT)]) for at in EVERY], scenarios=COUNT // 2
    ),
}


@pytest.mark.parametrize("name", MANY)
def test_thousands_of_journeys_are_looked_at_in_seconds(name: str) -> None:
    """Each journey is met a bounded number of times, however they are joined."""
    found = MANY[name]()
    started = time.process_time()
    problems = lint(found)
    assert time.process_time() - started < SECONDS
    assert problems


@pytest.mark.parametrize(("count", "rings"), [(KNOT_MAX, KNOT_MAX), (KNOT_MAX + 1, 1)])
def test_in_a_large_knot_the_ring_of_the_first_journey_is_told(count: int, rings: int) -> None:
    """Journeys that all start on what each of them signals are rings each; of very many one is told."""
    found = lint(project([("0", signals(0)) for _ in range(count)]))
    assert sum(problem.code == "F313" for problem in found) == rings


def test_a_long_ring_is_told_by_its_beginning_and_its_end() -> None:
    """Nobody reads two thousand names."""
    found = lint(project([(f"{at}", signals((at + 1) % 50)) for at in range(50)]))
    (problem,) = (one for one in found if one.code == "F313")
    chain = " -> ".join(f'"{at}"' for at in range(10))
    assert str(problem.values["chain"]) == f'{chain} -> … -> "0"'


CONTINUED = """
moment "both"
  carries one as text
  carries two as text
moment "one"
  carries one as text
moment "none"
journey "a"
  starts when "both"
  continue with journey "b"
journey "b"
  starts when "one"
  continue with journey "c"
journey "c"
  continue with journey "d"
journey "d"
  continue with journey "c"
journey "alone"
  finish as "x"
journey "other"
  starts when "none"
  wait for "one" up to 1 day
  finish as "x"
"""


def test_what_a_journey_sees_comes_from_all_before_it() -> None:
    """A field is certain where every start on every way to the journey brings it, rings or not."""
    overview = project_of({"a.journey": CONTINUED}).overview
    seen = {
        journey.node.text("name"): (
            sorted(reach.certain),
            [field for field in ("one", "two", "three") if reach.sees(field)],
        )
        for journey, reach in overview.reaches.items()
        if journey.node
    }
    assert seen == {
        "a": (["one", "two"], ["one", "two"]),
        "b": (["one"], ["one", "two"]),
        "c": (["one"], ["one", "two"]),
        "d": (["one"], ["one", "two"]),
        "alone": ([], []),
        "other": ([], ["one"]),
    }
