"""Small promises: the event at the beginning is told as the cause of all of it, and bytes change no order."""

from tests.cases import project_of
from verbline.interpreter.person.encode import from_bytes, to_bytes
from verbline.interpreter.program.compile import compile_project
from verbline.interpreter.step.step import Happens, step
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


LABELS = """\
person member
  known by member-number

moment "joins"
  comes from "site" as "joins"

moment "leaves"
  comes from "site" as "leaves"

journey "A"
  starts when "joins"
  no longer "b" when the member had "leaves"
  no longer "a" when the member had "leaves"

  qualify as "b" if 1 is at least 1
    otherwise
      go on
  qualify as "a" if 1 is at least 1
    otherwise
      go on
  wait 9 days
  finish as "done"
"""


def test_labels_fade_in_the_same_order_after_a_restart() -> None:
    """Of two labels that are taken back at once, the same comes first whether or not the person was bytes in between."""
    files = {"verbline.toml": '[project]\nzone = "UTC"\ncountry = "SI"\n', "a.journey": LABELS}
    world = World(compile_project(project_of(files)))
    world.add("P1")
    world.moment("P1", "joins", {}, 0, ("site", "e1"))
    restored = from_bytes(to_bytes(world.people["P1"]), world.program)
    outcome = step(world.program, restored, Happens("leaves", {}, DAY), DAY)
    world.moment("P1", "leaves", {}, DAY)
    fell = [one.more["label"] for one in outcome.trace if one.kind == "label"]
    here = [one.more["label"] for one in world.trace if one.verdict == "withdrawn"]
    assert fell == here == ["a", "b"]


BRAKE = """\
person member
  known by member-number

moment "joins"
  comes from "site" as "joins"

journey "A"
  starts when "joins"
  entered by at most 1 person in 1 hour

  wait 9 days
  finish as "done"
"""


def test_who_waits_at_a_brake_and_is_somebody_else_enters_as_that_one() -> None:
    """Of two people who wait for their turn and turn out to be one, the one enters once, and nobody is left behind."""
    files = {"verbline.toml": '[project]\nzone = "UTC"\ncountry = "SI"\n', "a.journey": BRAKE}
    world = World(compile_project(project_of(files)))
    for person in ("P1", "P2", "P3"):
        world.add(person)
        world.moment(person, "joins", {}, 0)
    world.merge("P2", "P3", 1000)
    world.advance(20 * DAY)
    entries = [(one.person, one.verdict) for one in world.trace if one.kind == "entry" and one.at]
    assert entries == [("P2", "taken"), ("P2", "ignored")]
    assert [one.person for one in world.trace if one.kind == "outcome"] == ["P1", "P2"]
