"""Whether recorded decisions come out again. Rule: a record is compared byte for byte, as it is written; the first that differs is shown.

A runtime that goes on meanwhile may have decided more by now: what comes after the last record that was read is no difference,
where the log has more in it than the store had then. What was decided about somebody who is erased cannot come out again once
their lines of the log are overwritten: it is left out, and counted.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from typing import NamedTuple

import msgspec

from verbline.runtime.explain.stored import refuse_if_other
from verbline.runtime.standing import Standing, read_only
from verbline.runtime.store.journal import loaded
from verbline.runtime.traces.told import Told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from pathlib import Path
    from typing import Any

    from verbline.interpreter.project import Project

FORMAT = 1
ERASED = "select a from oplog where what = 'forget'"
# By what the store of each kind says how far it is.
REACHED = {"live": "receipts", "rehearsal": "count/events"}
# What decisions rest on beside the project, by the name of its note.
RESTS_ON = {"tz": "time zones", "policy": "country table", "program": "Verbline"}


class First(NamedTuple):
    """The first record that is another one: its place, counted from 1, and both; None on a side that has no more."""

    number: int
    recorded: dict[str, Any] | None
    now: dict[str, Any] | None


class Compared(NamedTuple):
    """How many records came out again, how many of people who are erased were left out, and the first that is another one."""

    same: int
    left_out: int
    first: First | None


class Recorded:
    """What a store tells, as it stood when it was opened. ``kind`` is live or rehearsal, ``notes`` what it was written with."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        standing = Standing(connection)
        self.kind = str(standing.value("kind"))
        self.notes = {name: standing.value(name) for name in RESTS_ON}
        kept = loaded(connection).kept
        reached = kept.get(REACHED[self.kind])
        self.reached = 0 if reached is None else msgspec.msgpack.decode(reached)
        self.erased = frozenset(f"P{number}" for (number,) in connection.execute(ERASED))

    def records(self) -> Iterator[dict[str, Any]]:
        """Yield all records, in the order in which they were told."""
        return Told(self._connection).all()


@contextmanager
def opened(path: Path, project: Project) -> Iterator[Recorded]:
    """Read the store at ``path``, from one state of it; `StoreError` where it is none of this project."""
    with read_only(path) as connection:
        refuse_if_other(connection, path, project, project.settings.name)
        connection.execute("begin")
        yield Recorded(connection)


def others(recorded: Mapping[str, Any], now: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return what decisions rested on then and what they would rest on now, where that differs."""
    return [
        {"what": name, "recorded": recorded[name], "now": now.get(name)}
        for name in RESTS_ON
        if recorded.get(name) is not None and recorded[name] != now.get(name)
    ]


def compared(
    recorded: Iterable[dict[str, Any]],
    again: Iterable[dict[str, Any]],
    *,
    may_go_on: bool,
    erased: AbstractSet[str] = frozenset(),
) -> Compared:
    """Hold recorded records against those that come out again, which may be more where it ``may_go_on``.

    What is recorded of people who are ``erased``, by id, may be missing.
    """
    same = left_out = 0
    news = iter(again)
    new = next(news, None)
    for old in recorded:
        if new is not None and text_of(old) == text_of(new):
            same += 1
            new = next(news, None)
        elif old["person"] in erased:
            left_out += 1
        else:
            return Compared(same, left_out, First(same + left_out + 1, old, new))
    if new is None or may_go_on:
        return Compared(same, left_out, None)
    return Compared(same, left_out, First(same + left_out + 1, None, new))


def text_of(record: dict[str, Any]) -> str:
    """Return a record as it is written."""
    return json.dumps(record, ensure_ascii=False)
