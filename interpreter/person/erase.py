"""Nothing names a person any more. Rule: what runs is withdrawn, and of the record only the number stays, and that it is empty for good."""

from __future__ import annotations

from verbline.interpreter.person.record import Person
from verbline.interpreter.person.split import assume
from verbline.interpreter.step.ending import end
from verbline.interpreter.step.listening import in_order

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.step.turn import Turn

REASON = "person_erased"


def erase(turn: Turn) -> None:
    """Erase the turn's person."""
    person = turn.person
    turn.sink(turn, None, None, None, "erased", "taken", "", {})
    for visit in in_order(turn):
        end(turn, visit, "withdrawn", None, REASON, visit.step.line)
    nobody = Person(person.id, person.number)
    nobody.serial, nobody.order = person.serial, person.order
    nobody.merged = person.merged
    nobody.erased = True
    assume(person, nobody)
