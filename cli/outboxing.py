"""The work of `verbline outbox`. Rule: the store is only read; what somebody decides is appended to the runtime's own log."""

from __future__ import annotations

import json
import os
from pathlib import Path

from verbline.cli import WrongUsageError
from verbline.cli.folders import SETTINGS, project_folder, readable
from verbline.cli.output import complain, write_document, write_utf8

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence
    from typing import Any, Protocol

    from verbline.interpreter.zones import Zone
    from verbline.runtime.channels.answers import Answer
    from verbline.runtime.leaving.looking import Looked
    from verbline.runtime.store.rows import Row

    class OfStore(Protocol):
        """What is asked of a store, and of the project that it may be of."""

        project: str | None
        store: Path


# What is listed where no state is named: what has not left, and what waits for a person.
OPEN = ("unknown", "failed", "sending", "ready")
# So many of each state are listed for people.
TOLD_MAX = 20
SEND_AGAIN, LEAVE = "send again", "leave"


class Asked:
    """What the command line asks for; see `verbline.cli.outbox`."""

    __slots__ = ("by", "form", "key", "log", "project", "state", "store", "why")

    def __init__(self, names: tuple[str, ...], store: str, form: str) -> None:
        if len(names) > 2:
            raise WrongUsageError("Name one KEY at the most; before it the PROJECT.")
        is_project = bool(names) and (len(names) == 2 or os.path.isdir(names[0]))
        self.project = names[0] if is_project else None
        if self.project is not None and not os.path.isfile(os.path.join(self.project, SETTINGS)):
            raise WrongUsageError(
                f'"{readable(self.project)}" is no project: it has no verbline.toml.'
            )
        self.key = names[-1] if len(names) > is_project else ""
        self.store = Path(store)
        self.form = form
        self.state: str | None = None
        self.log: str | None = None
        self.by: str | None = None
        self.why = ""


def show(asked: Asked) -> int:
    """Write what is in the outbox, or one row of it; return 1 where there is no such row."""
    from verbline.runtime.leaving.looking import looking
    from verbline.runtime.standing import StoreError

    try:
        with looking(asked.store) as looked:
            refuse_another(asked, looked)
            told = one_row(asked, looked.connection) if asked.key else listed(asked, looked)
    except StoreError as error:
        raise WrongUsageError(str(error)) from error
    if told is None:
        complain(f'There is no message with the key "{readable(asked.key)}".')
        return 1
    write(told, asked)
    return 0


def refuse_another(asked: OfStore, looked: Looked) -> None:
    """Refuse the store of another project than the one that is named."""
    here = settings_of(asked.project).get("name") if asked.project is not None else None
    if here and looked.project and here != looked.project:
        there = readable(looked.project)
        raise WrongUsageError(f'"{asked.store}" belongs to the project "{there}", not to "{here}".')


def listed(asked: Asked, looked: Looked) -> dict[str, Any]:
    """Return how many rows there are in each state, and the rows that are asked for, the oldest first."""
    from verbline.runtime.store.past import counts_in
    from verbline.runtime.store.rows import rows_in

    connection = looked.connection
    states: Sequence[str] = OPEN if asked.state is None else (asked.state,)
    rows: list[dict[str, Any]] = []
    for state in states:
        found = rows_in(connection, "" if state == "all" else state)
        rows += some(found, TOLD_MAX if asked.form == "pretty" else None)
    return {
        "format": 1,
        "project": looked.project,
        "counts": counts_in(connection),
        "states": list(states),
        "rows": rows,
    }


def some(rows: Iterator[Row], most: int | None) -> list[dict[str, Any]]:
    """Return ``most`` of the rows as they are listed, all of them where that is None."""
    found = []
    for row in rows:
        found.append(in_short(row))
        if most is not None and len(found) >= most:
            break
    return found


def one_row(asked: Asked, connection: sqlite3.Connection) -> dict[str, Any] | None:
    """Return all that is known of one row; its links stand in its words alone."""
    from verbline.runtime.store.rows import found_in

    row = found_in(connection, asked.key)
    if row is None:
        return None
    intent, task = row.intent, row.intent.task
    told = {
        **in_short(row),
        "address": intent.address,
        "purpose": intent.purpose,
        "language": intent.language,
        "urgent": not intent.lane,
        "expires": instant(intent.expires),
        "subject": intent.words.subject,
        "text": intent.words.text,
    }
    if task is not None:
        told["task"] = {
            "desk": task.desk,
            "because": task.because,
            "due": instant(task.due),
            "shown": dict(task.shown),
            "answers": list(task.answers),
            "is_withdrawn": task.is_withdrawn,
        }
    return {"format": 1, "row": told}


def in_short(row: Row) -> dict[str, Any]:
    """Return a row as it is listed: no address and no words."""
    intent = row.intent
    return {
        "key": intent.key,
        "state": row.state,
        "kind": intent.kind,
        "channel": intent.channel,
        "message": intent.message or (intent.task.because if intent.task else ""),
        "journey": intent.journey,
        "person": intent.person,
        "at": instant(intent.at),
        "changed": instant(row.changed),
        "next": instant(row.due),
        "attempts": row.attempts,
        **of_answer(row.answer),
    }


def of_answer(answer: Answer | None) -> dict[str, str]:
    """Return what was answered: the code, and what the receiver said."""
    if answer is None:
        return {"reason": "", "told": ""}
    told = {name: str(getattr(answer, name, "")) for name in ("reason", "told")}
    return told | ({"told": answer.id} if hasattr(answer, "id") else {})


def instant(at: int | None) -> str | None:
    """Return an instant as text, None where there is none."""
    from verbline.interpreter.step.records import instant_text

    return None if at is None else instant_text(at)


# What an operator decides


def decide(asked: Asked, again: Sequence[str], leave: Sequence[str]) -> int:
    """Append what is decided about messages of which nobody knows whether they arrived; return 1 where one is none."""
    from verbline.cli.consenting import told_by
    from verbline.runtime.clock import now
    from verbline.runtime.leaving.looking import looking
    from verbline.runtime.standing import StoreError

    if asked.log is None:
        raise WrongUsageError("Name the log with --log: there your word is written down.")
    wishes = [(key, SEND_AGAIN) for key in again] + [(key, LEAVE) for key in leave]
    keys = [key for key, _what in wishes]
    if asked.key or len(set(keys)) < len(keys):
        raise WrongUsageError("Name each KEY once, behind --send-again or --leave.")
    try:
        with looking(asked.store) as looked:
            refuse_another(asked, looked)
            events = [event_of(looked, key, what, now()) for key, what in wishes]
    except StoreError as error:
        raise WrongUsageError(str(error)) from error
    wrong = [one for one in events if isinstance(one, str)]
    for sentence in wrong:
        complain(sentence)
    if wrong:
        return 1
    by = {"by": told_by(asked.by), **({"why": asked.why} if asked.why else {})}
    appended(asked, [{**one, "data": {**one["data"], **by}} for one in events])
    return 0


def event_of(looked: Looked, key: str, what: str, at: int) -> Any:
    """Return the event that says what is decided about a message, or why nothing can be."""
    from verbline.runtime.own import own_event
    from verbline.runtime.store.rows import found_in

    row = found_in(looked.connection, key)
    if row is None:
        return f'There is no message with the key "{readable(key)}".'
    if row.state != "unknown":
        return f"The message {key} is {row.state}: only what is unknown waits for a word."
    if row.due is not None:
        return f"The message {key} is sent again by itself: its channel takes it once, however often it comes."
    data = {"about": "message", "key": key, "what": what}
    if row.intent.person:
        data["person"] = row.intent.person
    return own_event("verbline.decided", at, data)


def appended(asked: Asked, events: list[dict[str, Any]]) -> None:
    """Append events to the runtime's own log, and write what they are."""
    from verbline.runtime.lines import LogError
    from verbline.runtime.own import append, own_log

    assert asked.log is not None, "a log was named"
    own = own_log(Path(asked.log))
    try:
        append(own, events)
    except LogError as error:
        raise WrongUsageError(str(error)) from error
    write({"format": 1, "appended": events, "to": str(own)}, asked)


def write(told: dict[str, Any], asked: Asked) -> None:
    """Write an answer in the form asked for."""
    if asked.form == "json":
        write_utf8(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
        return
    from verbline.cli.outbox_text import text_of
    from verbline.runtime.clock import now

    write_document(text_of(told, now(), zone_of(asked.project)))


def zone_of(project: str | None) -> Zone:
    """Return the zone in which times are told: that of the project, where one can be read, else universal time."""
    from verbline.interpreter.zones import zone

    found = zone(str(settings_of(project).get("zone", ""))) or zone("UTC")
    assert found is not None, "universal time is known"
    return found


def settings_of(project: str | None) -> dict[str, Any]:
    """Return what ``[project]`` says, of the one around the working folder by default; nothing where that cannot be read."""
    import tomllib

    folder = project_folder(os.path.abspath(project or os.curdir))
    try:
        with open(os.path.join(folder or "", SETTINGS), "rb") as file:
            table = tomllib.load(file).get("project", {})
    except (OSError, ValueError):
        return {}  # `check` says what is wrong with it
    return table if isinstance(table, dict) else {}
