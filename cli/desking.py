"""The work of `verbline desk answer`. Rule: what cannot be looked up is taken as it is; what can and is wrong is refused."""

from __future__ import annotations

import json
import os
from pathlib import Path

from verbline.cli import WrongUsageError
from verbline.cli.folders import readable
from verbline.cli.output import complain, write_document, write_utf8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from verbline.runtime.store.rows import Row

SAYS = '"same" or "not same"'


class Asked:
    """What the command line asks for; see `verbline.cli.desk`."""

    __slots__ = ("answer", "as_written", "by", "form", "key", "log", "project", "store")

    def __init__(self, names: tuple[str, ...], log: str, store: str | None) -> None:
        if len(names) not in (2, 3):
            raise WrongUsageError(
                "Name the KEY of the task and the ANSWER; before them the PROJECT."
            )
        self.project = names[0] if len(names) == 3 else None
        self.key, self.answer = names[-2].strip(), " ".join(names[-1].split())
        self.log = Path(log)
        self.store = None if store is None else Path(store)
        self.as_written = False
        self.by: str | None = None
        self.form = "pretty"
        if self.project is not None and not os.path.isfile(
            os.path.join(self.project, "verbline.toml")
        ):
            raise WrongUsageError(
                f'"{readable(self.project)}" is no project: it has no verbline.toml.'
            )
        if not self.key or not self.answer:
            raise WrongUsageError("Neither KEY nor ANSWER may be empty.")


def take(asked: Asked) -> int:
    """Append the answer, and write what was appended; return 1 where there is no such task, or it does not ask for that."""
    from verbline.runtime.identity.proposed import people_in

    people = people_in(asked.key)
    row = row_of(asked) if asked.store is not None else None
    wrong = refusal_of_people(asked) if people else ""
    if asked.store is not None and not people:
        wrong = refusal(asked, row)
    if wrong:
        complain(wrong)
        return 1
    said(asked, event_of(asked, row), lateness(row))
    return 0


def row_of(asked: Asked) -> Row | None:
    """Return the row of what was asked, None where there is none."""
    from verbline.runtime.leaving.looking import looking
    from verbline.runtime.standing import StoreError
    from verbline.runtime.store.rows import found_in

    assert asked.store is not None, "a store was named"
    try:
        with looking(asked.store) as looked:
            return found_in(looked.connection, asked.key)
    except StoreError as error:
        raise WrongUsageError(str(error)) from error


def refusal_of_people(asked: Asked) -> str:
    """Return why the question whether two people are one cannot be answered so; nothing where it can."""
    from verbline.runtime.identity.proposed import answer_in

    if answer_in(asked.answer):
        return ""
    return (
        f'The task asks whether two people are one: answer {SAYS}, not "{readable(asked.answer)}".'
    )


def refusal(asked: Asked, row: Row | None) -> str:
    """Return why what was asked cannot be answered so; nothing where it can."""
    if row is None or row.intent.kind not in ("task", "question"):
        return f'There is no task with the key "{readable(asked.key)}".'
    task = row.intent.task
    if row.state == "withdrawn" or (task is not None and task.is_withdrawn):
        return f"The task {asked.key} was taken back: nobody waits for its answer."
    offered = offers(row)
    known = {" ".join(one.casefold().split()) for one in offered}
    if asked.as_written or not offered or asked.answer.casefold() in known:
        return ""
    return unlike(asked.answer, offered)


def offers(row: Row) -> Sequence[str]:
    """Return the answers that are asked for; none where any answer will do."""
    return ("yes", "no") if row.intent.task is None else row.intent.task.answers


def unlike(answer: str, offered: Sequence[str]) -> str:
    """Return the sentence about an answer that nobody asks for."""
    from verbline.interpreter.nearness import nearest

    listed = ", ".join(f'"{one}"' for one in offered)
    near = nearest(answer, offered)
    meant = f' Did you mean "{near}"?' if near else ""
    return f'The task asks for {listed}, not for "{readable(answer)}".{meant} --as-written takes it all the same.'


def event_of(asked: Asked, row: Row | None) -> dict[str, Any]:
    """Return the event that is the answer."""
    from verbline.cli.consenting import told_by
    from verbline.runtime.clock import now
    from verbline.runtime.own import own_event

    is_question = row is not None and row.intent.kind == "question"
    content: dict[str, Any] = {"key": asked.key, "answer": asked.answer, "by": told_by(asked.by)}
    if row is not None and row.intent.task is not None:
        content["desk"] = row.intent.task.desk
    if row is not None and row.intent.person:
        content["person"] = row.intent.person
    kind = "verbline.question.answered" if is_question else "verbline.desk.answered"
    return own_event(kind, now(), content)


def lateness(row: Row | None) -> str:
    """Return what there is to say where the deadline of a task has passed; nothing where it has none, or time is left."""
    from verbline.runtime.clock import now

    task = row.intent.task if row is not None else None
    if task is None or task.due is None or task.due >= now():
        return ""
    return f"The deadline of the task was {task.due_text}: the answer is kept, and changes nothing."


def said(asked: Asked, event: dict[str, Any], late: str) -> None:
    """Append an event to the runtime's own log, and write what it is; ``late`` is said where it comes too late."""
    from verbline.runtime.lines import LogError
    from verbline.runtime.own import append, own_log

    own = own_log(asked.log)
    try:
        append(own, [event])
    except LogError as error:
        raise WrongUsageError(str(error)) from error
    if asked.form == "json":
        told = {"format": 1, "appended": event, "to": str(own), "is_late": bool(late)}
        write_utf8(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    else:
        lines = f'{asked.key}: "{asked.answer}"', f"Written down in {own}.", late
        write_document("\n".join(map(readable, filter(None, lines))) + "\n")
