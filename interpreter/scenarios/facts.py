"""What is true of a person in the end. Rule: a condition means here what it means in a segment: the person alone is asked."""

from __future__ import annotations

from verbline.interpreter.nodes import Node, Word
from verbline.interpreter.program.conditions import compile_condition, compile_value
from verbline.interpreter.program.meanings import PERSON
from verbline.interpreter.scenarios.miss import Miss

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from verbline.interpreter.person.record import Person
    from verbline.interpreter.program.conditions import Condition
    from verbline.interpreter.program.meanings import Meanings
    from verbline.interpreter.scenarios.judging import Judge
    from verbline.interpreter.scenarios.script import Line
    from verbline.interpreter.step.turn import Turn


def condition_of(line: Line, meanings: Meanings) -> Condition:
    """Return the condition of a line `then …`."""
    return compile_condition(line.node.parts["condition"], meanings.looked_up(PERSON))


def conditions_of(lines: Iterable[Line], meanings: Meanings) -> Iterator[Condition]:
    """Yield the conditions of those lines that hold one."""
    for line in lines:
        if line.shape == "t_fact":
            yield condition_of(line, meanings)


def holds(judge: Judge) -> Miss | None:
    """Judge that a condition is yes."""
    person = whom(judge)
    turn = judge.stage.looking_at(person)
    answer = condition_of(judge.line, judge.stage.meanings).test(turn)
    if answer is True:
        return None
    fields = named(judge.node.node("condition"))
    if not fields:
        return Miss(judge.tell("condition-is", value=judge.teller.value(answer)))
    values = {field.text: value_of(judge, field, turn) for field in fields}
    told = [
        judge.tell("value", field=name, value=judge.teller.value(one))
        for name, one in values.items()
    ]
    return Miss(judge.tell("values-are", values=", ".join(told)), origin(judge, person, values))


def whom(judge: Judge) -> Person:
    """Return whom the condition speaks of: whom it names, else the first person."""
    condition = judge.node.node("condition")
    cast = judge.stage.cast
    return cast.of(condition) if condition.has("who") else cast.first("")


def named(condition: Node) -> list[Word]:
    """Return the data words that a condition compares, each once."""
    found: dict[str, Word] = {}
    who = condition.parts.get("who")
    for part in condition.walk():
        if isinstance(part, Word) and part.kind == "NAME" and part is not who:
            found.setdefault(part.text, part)
    return list(found.values())


def value_of(judge: Judge, field: Word, turn: Turn) -> Any:
    """Return what a data word is now."""
    return compile_value(field, judge.stage.meanings.looked_up(PERSON)).of(turn)


def origin(judge: Judge, person: Person, values: dict[str, Any]) -> str:
    """Return the step from which a value comes, or that nothing says it."""
    for record in reversed(judge.story.of(person, "fact", "taken")):
        if record.more.get("field") in values:
            at, place = judge.teller.at(record.at), judge.teller.place(record.line)
            return judge.teller.tell("why-learned", at=at, place=place)
    if None in values.values():
        return judge.teller.tell("why-never-learned")
    return ""
