"""What leads to something else: the event at the beginning stays the cause of all of it."""

from tests.cases import project_of
from verbline.interpreter.program.compile import compile_project
from verbline.interpreter.step.world import World
from verbline.interpreter.zones import DAY

TEXT = """\
person member
  known by member-number

moment "joins"
  comes from "site" as "joins"

segment "nobody"
  people where the member had "joins" at least 9 times

journey "A"
  starts when "joins"

  wait 1 day
  continue with journey "B"

journey "B"
  starts when "joins"
  only for people in segment "nobody"

  finish as "done"
"""


def test_who_goes_on_and_is_not_admitted_names_the_event() -> None:
    """Whoever is not let in by `continue with`, a day after the event, is told by that event, not by the clock."""
    files = {"verbline.toml": '[project]\nzone = "UTC"\ncountry = "SI"\n', "a.journey": TEXT}
    world = World(compile_project(project_of(files)))
    world.add("P1")
    world.moment("P1", "joins", {}, 0, ("site", "e1"))
    world.advance(DAY)
    refused = [(one.at, one.cause) for one in world.trace if one.reason == "not_in_segment"]
    assert refused == [(0, ("site", "e1")), (DAY, ("site", "e1"))]
