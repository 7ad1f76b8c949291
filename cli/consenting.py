"""The work of the `verbline consent` commands that change something. Rule: they append to the runtime's own log, and nothing else.

What they append is read like any other event; so whoever reads the log again comes to the same.
"""

from __future__ import annotations

import getpass
import json
import tomllib
from pathlib import Path

from verbline.cli import WrongUsageError
from verbline.cli.knowing import Knowledge, Place, knowledge, number_of
from verbline.cli.output import write_document, write_utf8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.runtime.consent.lists import Mapped, Report


def told_by(name: str | None) -> str:
    """Return who says it, as the ledger names people who work here."""
    return f"staff:{name or getpass.getuser()}"


def say(place: Place, events: list[dict[str, Any]]) -> None:
    """Append events to the runtime's own log."""
    from verbline.runtime.lines import LogError
    from verbline.runtime.own import append, own_log

    try:
        append(own_log(place.log), events)
    except LogError as error:
        raise WrongUsageError(str(error)) from error


def hold(place: Place, person: str, kind: str, by: str | None, why: str) -> int:
    """Say that nothing about somebody may be deleted, or that it may again."""
    from verbline.runtime.own import own_event

    found = knowledge(place)
    number = found and number_of(found, person)
    if not found or not number:
        return 1
    data = {"person": f"P{number}", "by": told_by(by), "why": why}
    say(place, [own_event(kind, found.now, {name: one for name, one in data.items() if one})])
    return 0


def take_list(place: Place, file: str, mapping: str, form: str, *, is_trial: bool) -> int:
    """Append what a list of another system says, and write what became of its rows."""
    from verbline.runtime.consent.listed import events, is_taken, list_name
    from verbline.runtime.consent.lists import MappingError, Report, taken

    content, mapped = read(file), mapping_of(mapping)
    found = knowledge(place)
    if found is None:
        return 1
    ledger, report = found.known.ledger, Report()
    name = list_name(mapped.batch, content)
    try:
        lines = content.decode("utf-8-sig").splitlines(keepends=True)
        rows = list(taken(ledger, lines, mapped, target_of(found), report))
    except MappingError as error:
        raise WrongUsageError(f"The list cannot be taken: {error}.") from error
    except UnicodeDecodeError as error:
        raise WrongUsageError("The list is not UTF-8.") from error
    made = list(events(rows, name, *fields_of(found), found.now))
    new = [one for one in made if not is_taken(ledger, one)]
    if not is_trial:
        say(place, new)
    write_report(report, len(new), len(made) - len(new), form)
    return 0


def read(path: str) -> bytes:
    """Return what stands in a file."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise WrongUsageError(f'"{path}" cannot be read: {error.strerror}.') from error


def mapping_of(path: str) -> Mapped:
    """Return the mapping in a file."""
    from verbline.runtime.consent.lists import MappingError, mapped

    try:
        return mapped(tomllib.loads(read(path).decode("utf-8-sig")))
    except (MappingError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WrongUsageError(f'The mapping "{path}" cannot be used: {error}.') from error


def target_of(found: Knowledge) -> Any:
    """Return what a list is read by: the purposes, the zone and the country of the project, and the instant."""
    from verbline.runtime.consent.lists import Target

    program = found.compiled.program
    purposes = frozenset(one.key for one in program.purposes.values())
    return Target(purposes, program.zone, program.country, found.now)


def fields_of(found: Knowledge) -> tuple[dict[str, str], str]:
    """Return which field of an event holds an address of each kind, and which holds the id of a person."""
    fields: dict[str, str] = {}
    for field, kind in found.compiled.program.contact_fields.items():
        fields.setdefault(kind, field)
    keys = found.known.identity.links.rules.keys
    return fields, next(iter(keys), "")


def write_report(report: Report, new: int, again: int, form: str) -> None:
    """Write what became of the rows of a list; no value of any row is among it."""
    told = {
        "format": 1,
        "rows": report.rows,
        "appended": new,
        "taken_before": again,
        "said": dict(sorted(report.taken.items())),
        "without_evidence": report.unproved,
        "lacking": dict(sorted(report.marked.items())),
        "erased": report.erased,
        "refused": [{"line": line, "why": why} for line, why in report.refused],
    }
    if form == "json":
        write_utf8(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
        return
    said = ", ".join(f"{act} {number}" for act, number in sorted(report.taken.items())) or "nothing"
    lines = [f"{report.rows:,} rows: {said}"]
    if again:
        lines.append(f"  {again:,} were taken before, and are not taken again")
    if report.unproved:
        lacks = ", ".join(f"{name} {number}" for name, number in sorted(report.marked.items()))
        lines.append(
            f"  {report.unproved:,} without evidence, which give no permission where one is asked for: no {lacks}"
        )
    if report.erased:
        lines.append(f"  {report.erased:,} of people who were erased, not kept")
    lines += [f"  line {line} refused: {why}" for line, why in report.refused]
    write_document("\n".join(lines) + "\n")


def write_list(place: Place, since: str | None) -> int:
    """Write what has to be known again after a backup was put back: the runtime's own events, and every no."""
    from verbline.cli.simulation import instant_of
    from verbline.runtime.consent.restored import end_event, noes, own_lines
    from verbline.runtime.own import own_log

    found = knowledge(place)
    if found is None:
        return 1
    start = instant_of(since, found.compiled.program.zone) or 0
    ledger = found.known.ledger
    for event in (
        *own_lines(own_log(place.log), start),
        *noes(ledger, start, found.signs),
        end_event(ledger, found.now),
    ):
        write_utf8(json.dumps(event, ensure_ascii=False) + "\n")
    return 0


def replay(place: Place, file: str) -> int:
    """Append what a list holds and the log does not, and write how much that is."""
    from verbline.runtime.consent.restored import missing
    from verbline.runtime.own import own_log

    try:
        listed = [json.loads(line) for line in read(file).decode().splitlines() if line.strip()]
        are_events = all(
            isinstance(one["data"], dict) and one["id"] and one["time"] for one in listed
        )
    except (ValueError, KeyError, TypeError) as error:
        raise WrongUsageError("The list is none of `consent withdrawals`.") from error
    if not are_events:
        raise WrongUsageError("The list is none of `consent withdrawals`.")
    found = knowledge(place, at_all=True)
    if found is None:
        return 1
    new = missing(found.known.ledger, listed, own_log(place.log))
    say(place, new)
    write_document(f"{len(new):,} of {len(listed):,} events were put back.\n")
    return 0
