"""The work of `verbline returned`. Rule: what is said about a message of ours is appended once; what it says is never shown."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from verbline.cli import WrongUsageError
from verbline.cli.folders import readable
from verbline.cli.output import complain, write_document, write_utf8
from verbline.cli.sums import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from verbline.runtime.channels.delivery import Report

# A bounce holds the mail that it is about.
SIZE_MAX = 8 << 20


def take(files: Sequence[str], log: str, store: str, form: str) -> int:
    """Append what came back, and write what became of it; return 1 where a file holds nothing that can be read."""
    from verbline.runtime.leaving.own_lines import ids_at_end
    from verbline.runtime.leaving.replies import reports_in
    from verbline.runtime.lines import LogError
    from verbline.runtime.own import append, own_log

    reports: list[Report] = []
    faults: list[str] = []
    unread = 0
    for file in files:
        found, wrong = reports_in(content_of(file))
        reports += found
        faults += [f"{readable(file)}: {one}" for one in wrong]
        unread += not found and bool(wrong)
    events, others = events_of(reports, Path(store))
    own = own_log(Path(log))
    try:
        there = ids_at_end(own)
        new = {one["id"]: one for one in events if one["id"] not in there}
        append(own, new.values())
    except LogError as error:
        raise WrongUsageError(str(error)) from error
    for sentence in faults:
        complain(sentence)
    counts = {"reports": len(reports), "appended": len(new), "said_before": len(events) - len(new), "not_ours": others}  # fmt: skip
    write({"format": 1, **counts, "left_out": len(faults)}, form)
    return 1 if unread else 0


def content_of(file: str) -> bytes:
    """Return what stands in a file, or comes on standard input where it is called ``-``."""
    try:
        if file == "-":
            content = sys.stdin.buffer.read(SIZE_MAX + 1)
        else:
            with open(file, "rb") as opened:
                content = opened.read(SIZE_MAX + 1)
    except OSError as error:
        raise WrongUsageError(f'"{readable(file)}" cannot be read: {error.strerror}.') from error
    if len(content) > SIZE_MAX:
        raise WrongUsageError(f'"{readable(file)}" is larger than 8 MiB.')
    return content


def events_of(reports: Iterable[Report], store: Path) -> tuple[list[dict[str, Any]], int]:
    """Return the events that reports about messages of the store are, and how many were about others."""
    from verbline.runtime.channels.delivery import event_of_report
    from verbline.runtime.clock import now
    from verbline.runtime.leaving.looking import looking
    from verbline.runtime.leaving.replies import key_in
    from verbline.runtime.standing import StoreError
    from verbline.runtime.store.rows import found_in

    events, others, at = [], 0, now()
    try:
        with looking(store) as looked:
            for report in reports:
                row = found_in(looked.connection, key_in(report))
                if row is None or not row.attempts or row.intent.task is not None:
                    others += 1
                else:
                    events.append(event_of_report(report, row.intent, at))
    except StoreError as error:
        raise WrongUsageError(str(error)) from error
    return events, others


def write(told: dict[str, Any], form: str) -> None:
    """Write what became of the reports."""
    if form == "json":
        write_utf8(json.dumps(told, indent=1) + "\n")
        return
    ends = {
        "written down": told["appended"],
        "said before": told["said_before"],
        "about messages that are not ours": told["not_ours"],
    }
    listed = ", ".join(f"{number:,} {what}" for what, number in ends.items() if number)
    write_document(f"{counted(told['reports'], 'report')}{': ' if listed else ''}{listed}\n")
