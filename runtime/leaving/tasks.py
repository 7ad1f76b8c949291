"""Decisions that go to a desk as drafts: tasks, and notes. Rule: a desk reads the project's language and clock, and no secret.

A task is worded by the desk's channel, with the links that answer it; a note has the words of its message.
"""

from __future__ import annotations

from verbline.interpreter.program.spoken import day, spoken
from verbline.interpreter.step.tasks import Task as TaskStep
from verbline.runtime.channels.dispatch import DESK
from verbline.runtime.channels.intent import RELAXED, URGENT, Intent, Task
from verbline.runtime.leaving.drafts import NO_WORDS, NOTE, TASK, Draft

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from verbline.interpreter.person.record import Visit
    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.steps import Step
    from verbline.interpreter.step.turn import Turn
    from verbline.runtime.leaving.drafts import Drafts


def task_of(
    drafts: Drafts, turn: Turn, journey: Journey | None, step: Step | None, more: Mapping[str, Any]
) -> Draft:
    """Return the draft of a task. It is handed over before its deadline, or not at all."""
    program, due = drafts.program, more["due"]
    answers = step.answers.values() if isinstance(step, TaskStep) else ()
    task = Task(
        desk=more["desk"],
        because=more["because"],
        shown=shown(drafts, more["shown"]),
        answers=tuple(told for told, _way in answers),
        due=due,
        due_text=clock_text(program, due) if due is not None else "",
    )
    intent = Intent(
        key=more["key"],
        kind=TASK,
        channel=DESK + task.desk,
        address="",
        words=NO_WORDS,
        at=turn.now,
        person=turn.person.id,
        language=program.language,
        lane=URGENT if due is not None else RELAXED,
        expires=due,
        journey=journey.name if journey is not None else "",
        task=task,
    )
    return Draft(intent)


def note_of(
    drafts: Drafts,
    turn: Turn,
    journey: Journey | None,
    visit: Visit | None,
    step: Step | None,
    more: Mapping[str, Any],
) -> Draft:
    """Return the draft of words for a desk, with the fields that it is shown."""
    name = more["message"]
    written, _message = drafts.written(step, NOTE, name, drafts.program.language)
    intent = Intent(
        key=more["key"],
        kind=NOTE,
        channel=DESK + more["desk"],
        address="",
        words=NO_WORDS,
        at=turn.now,
        person=turn.person.id,
        message=name,
        language=written.language,
        journey=journey.name if journey is not None else "",
    )
    values = drafts.values(turn, visit, drafts.fields_of(written), written.language)
    return Draft(intent, written, values, shown=shown(drafts, more["shown"]))


def shown(drafts: Drafts, values: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return fields and their values as a desk reads them."""
    program, kinds = drafts.program, drafts.program.meanings.find
    return tuple(
        (name, spoken(value, kinds(name).kind, program.language, program.zone) or "")
        for name, value in values.items()
        if name not in drafts.secrets
    )


def clock_text(program: Program, instant: int) -> str:
    """Return an instant as the desk's clock shows it."""
    local = program.zone.local(instant)
    return f"{day(local.date(), program.language)}, {local:%H:%M}"
