"""One record of a trace, packed and told. Rule: what is told of a packed record is what the record itself tells.

A key that follows from visit, step and occurrence, as almost every one does, is the number of the occurrence; an instant
is the distance from the record's own.
"""

from __future__ import annotations

from verbline.interpreter.person.mould import Gap
from verbline.interpreter.person.record import key_of
from verbline.interpreter.step.records import FORMAT, instant_text
from verbline.runtime.traces.tales import ALWAYS, NOBODY, Tale, whole
from verbline.runtime.traces.terms import COMMON, Site

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from verbline.interpreter.step.impulses import Row
    from verbline.interpreter.step.records import Record
    from verbline.runtime.traces.packing import Group, Packed
    from verbline.runtime.traces.tales import Own
    from verbline.runtime.traces.terms import Terms

# Further fields that are instants.
INSTANTS = frozenset({"due", "until"})
# Which occurrence of a step's effect a key is tried for; any other key is told in full.
OCCURRENCES = (1, 2)


def own_number(person: str) -> int:
    """Return the number that a person's id is made of; 0 for nobody, of whom it is told that a line was parked."""
    if not person:
        return 0
    number = person.removeprefix("P")
    assert number.isdecimal(), f"people of a log have numbers, not {person}"
    return int(number)


def pack(record: Record, terms: Terms, folder: str) -> Packed:
    """Return a record packed."""
    fields: list[tuple[str, Any]] = []
    own: list[Any] = []
    is_open = not terms.are_many
    for name, value in record.more.items():
        if value is None or value == "":
            continue
        if is_open and name in COMMON and type(value) is str:
            fields.append((name, value))
        else:
            fields.append((name, None))
            own.append(reduced(record, name, value))
    site = Site(
        record.journey,
        record.version,
        record.step,
        record.line.removeprefix(folder),
        record.kind,
        record.verdict,
        record.reason,
        tuple(fields),
    )
    return terms.number(site), bytes.fromhex(record.visit), own


def reduced(record: Record, name: str, value: Any) -> Any:
    """Return what is packed of a record's own value."""
    if name in INSTANTS:
        return value - record.at
    if name == "key":
        for occurrence in OCCURRENCES:
            if value == key_of(record.visit, record.step, occurrence):
                return occurrence
    return record.value(name, value)


def told(group: Group, terms: Terms) -> list[dict[str, Any]]:
    """Return what the records of a group tell, as `Record.as_dict` does."""
    source = terms.known[group.source] if isinstance(group.source, int) else group.source
    cause = {"source": source, "id": group.event} if group.event else ""
    person, at = f"P{group.person}" if group.person else "", instant_text(group.at)
    found = []
    for number, name, values in whole(group, terms.known).records:
        site, visit = terms.site(number), name.hex()
        own = iter(values)
        further = {
            field: extended(field, next(own), group.at, visit, site.step)
            if common is None
            else common
            for field, common in site.fields
        }
        row = {
            "format": FORMAT,
            "at": at,
            "person": person,
            "journey": site.journey,
            "version": site.version,
            "visit": visit,
            "step": site.step,
            "line": site.line,
            "kind": site.kind,
            "verdict": site.verdict,
            "reason": site.reason,
            **further,
            "cause": cause,
        }
        found.append({name: value for name, value in row.items() if value != ""})
    return found


def extended(name: str, value: Any, at: int, visit: str, step: str) -> Any:
    """Return what a packed value stood for."""
    if name in INSTANTS:
        return instant_text(at + value)
    if name == "key" and isinstance(value, int):
        return key_of(visit, step, value)
    return value


def tale_of(rows: Iterable[Row], terms: Terms, folder: str) -> Tale:
    """Return what ``rows`` tell as one; the values that differ are theirs in their order."""
    visits: list[tuple[str, str, int]] = []
    records: list[tuple[int, int, tuple[Own, ...]]] = []
    gaps = 0
    for row in rows:
        fields: list[tuple[str, Any]] = []
        own: list[Own] = []
        for name, value in row.more.items():
            if name in COMMON:
                fields.append((name, value))
                continue
            fields.append((name, None))
            is_gap = isinstance(value, Gap)
            own.append((gaps, None) if is_gap else (ALWAYS, value))
            gaps += is_gap
        line = row.line.removeprefix(folder)
        where = row.journey, row.version, row.step, line, row.kind, row.verdict, row.reason
        if row.visit is not None and row.visit not in visits:
            visits.append(row.visit)
        place = NOBODY if row.visit is None else visits.index(row.visit)
        records.append((terms.number(Site(*where, tuple(fields))), place, tuple(own)))
    return Tale(tuple(visits), tuple(records), gaps)
