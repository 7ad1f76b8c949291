"""The work of `verbline parked`. Rule: the store is only read; what somebody decides is appended to the runtime's own log."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from verbline.cli import WrongUsageError
from verbline.cli.folders import readable
from verbline.cli.outboxing import instant, refuse_another, zone_of
from verbline.cli.output import complain, write_document, write_utf8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from verbline.runtime.aside import Aside, Line

# So many lines are listed for people, and so much of a line is shown.
TOLD_MAX = 50
SHOWN_MAX = 200


class Asked:
    """What the command line asks for; see `verbline.cli.parked`."""

    __slots__ = ("by", "form", "is_shown", "log", "project", "reason", "store", "why")

    def __init__(self, project: str | None, store: str, log: str | None, form: str) -> None:
        self.project = project
        self.store = Path(store)
        self.log = log
        self.form = form
        self.reason: str | None = None
        self.is_shown = False
        self.by: str | None = None
        self.why = ""


def listed(asked: Asked) -> int:
    """Write what was set aside and is open."""
    from verbline.runtime.aside import aside_in
    from verbline.runtime.leaving.looking import looking
    from verbline.runtime.standing import StoreError

    if asked.is_shown and asked.log is None:
        raise WrongUsageError("Name the log with --log: there the lines stand.")
    try:
        with looking(asked.store) as looked:
            refuse_another(asked, looked)
            aside = aside_in(looked.connection, log_of(asked))
    except StoreError as error:
        raise WrongUsageError(str(error)) from error
    chosen = [one for one in aside.open if asked.reason in (None, one.reason)]
    told = {
        "format": 1,
        "counts": dict(sorted(Counter(one.reason for one in aside.open).items())),
        "decided": aside.decided,
        "lines": [in_short(one, aside, shown=asked.is_shown) for one in chosen],
    }
    write(told, asked)
    return 0


def log_of(asked: Asked) -> Path | None:
    """Return the log, where one is named; it has to be there."""
    if asked.log is None:
        return None
    path = Path(asked.log)
    if not path.exists():
        raise WrongUsageError(f'"{readable(asked.log)}" cannot be read: there is no such log.')
    return path


def in_short(line: Line, aside: Aside, *, shown: bool) -> dict[str, Any]:
    """Return a line as it is listed; where it is ``shown`` with its text, None where that is gone."""
    told = {**line._asdict(), "known": instant_of(line.known)}
    del told["origin"]  # means something in this store alone
    if shown:
        text = aside.text(line)
        told["text"] = None if text is None else text.decode(errors="replace")[:SHOWN_MAX]
    return told


def instant_of(at: int) -> str | None:
    """Return an instant as text, None for one before all others: nothing was known above the line."""
    from verbline.runtime.events import NEVER

    return None if at <= NEVER else instant(at)


# What an operator decides


def decide(asked: Asked, retry: Sequence[str], drop: Sequence[str]) -> int:
    """Append what is decided about lines; return 1 where one is not open or cannot be taken again."""
    from verbline.runtime.aside import DROP, RETRY, aside_in
    from verbline.runtime.leaving.looking import looking
    from verbline.runtime.standing import StoreError

    log = log_of(asked)
    if log is None:
        raise WrongUsageError("Name the log with --log: there your word is written down.")
    wishes = [(place_of(one), RETRY) for one in retry] + [(place_of(one), DROP) for one in drop]
    places = [place for place, _what in wishes]
    if asked.is_shown or asked.reason or len(set(places)) < len(places):
        raise WrongUsageError(
            "Name each FILE:OFFSET once, behind --retry or --drop; --show and --reason are for the list."
        )
    try:
        with looking(asked.store) as looked:
            refuse_another(asked, looked)
            aside = aside_in(looked.connection, log)
    except StoreError as error:
        raise WrongUsageError(str(error)) from error
    found = [aside.find(*place) for place in places]
    wrong = [
        sentence
        for (place, what), line in zip(wishes, found, strict=True)
        if (sentence := refusal(place, line, aside, is_retry=what == RETRY))
    ]
    for sentence in wrong:
        complain(sentence)
    if wrong:
        return 1
    say(asked, [(line, what) for line, (_place, what) in zip(found, wishes, strict=True) if line])
    return 0


def place_of(word: str) -> tuple[str, int]:
    """Return the file and the offset that FILE:OFFSET names."""
    file, colon, offset = word.rpartition(":")
    if not colon or not file or not (offset.isascii() and offset.isdigit()):
        raise WrongUsageError(
            f'"{readable(word)}" is no place: write FILE:OFFSET as `verbline parked` lists it.'
        )
    return file, int(offset)


def refusal(place: tuple[str, int], line: Line | None, aside: Aside, *, is_retry: bool) -> str:
    """Return why nothing can be decided about a line, nothing where it can."""
    name = f"{readable(place[0])}:{place[1]}"
    if line is None:
        return f"No open line is parked at {name}; `verbline parked` lists those that are."
    why = aside.hindrance(line) if is_retry else ""
    return f"The line at {name} cannot be taken again: {why}." if why else ""


def say(asked: Asked, words: list[tuple[Line, str]]) -> None:
    """Append what was decided to the runtime's own log, and write what that is."""
    from verbline.cli.consenting import told_by
    from verbline.runtime.aside import decided_event
    from verbline.runtime.clock import now
    from verbline.runtime.lines import LogError
    from verbline.runtime.own import append, own_log

    assert asked.log is not None, "a log was named"
    by = {"by": told_by(asked.by), **({"why": asked.why} if asked.why else {})}
    at, own = now(), own_log(Path(asked.log))
    events = [decided_event(line, what, at, by) for line, what in words]
    try:
        append(own, events)
    except LogError as error:
        raise WrongUsageError(str(error)) from error
    write({"format": 1, "appended": events, "to": str(own)}, asked)


# How it is written


def write(told: Mapping[str, Any], asked: Asked) -> None:
    """Write an answer in the form asked for."""
    if asked.form == "json":
        write_utf8(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
        return
    lines = of_decisions(told) if "appended" in told else of_list(told, asked)
    write_document("\n".join(map(readable, lines)) + "\n")


def of_decisions(told: Mapping[str, Any]) -> Iterator[str]:
    """Yield what was decided."""
    for event in told["appended"]:
        content = event["data"]
        yield f"{content['file']}:{content['offset']}: {content['what']}"
    yield f"Written down in {told['to']}; the runtime does it when it reads that."


def of_list(told: Mapping[str, Any], asked: Asked) -> Iterator[str]:
    """Yield the sums, and the lines that are listed."""
    from verbline.cli.sums import counted, local

    if not told["counts"]:
        yield "No line is parked that waits for a word."
    for reason, number in told["counts"].items():
        yield f"{number:>9,}  {reason}"
    if told["decided"]:
        yield f"{told['decided']:>9,}  decided"
    rows, zone = told["lines"], zone_of(asked.project)
    if rows:
        yield ""
    for one in rows[:TOLD_MAX]:
        when = f"  {local(one['known'], zone)}" if one["known"] else ""
        size = counted(one["length"], "byte")
        yield f"{one['file']}:{one['offset']}  {one['reason']}{when}  {size}"
        if "text" in one:
            yield "    (its file is gone)" if one["text"] is None else f"    {one['text']}"
    if len(rows) > TOLD_MAX:
        yield f"and {len(rows) - TOLD_MAX:,} more; --format json shows them all"
    if rows:
        yield ""
        yield "Say what becomes of one: --retry FILE:OFFSET or --drop FILE:OFFSET, with --log."
