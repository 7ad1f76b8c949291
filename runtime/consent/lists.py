"""Lists of consents from other systems. Rule: a no is taken as it is; a yes without its date, words and source is marked, and gives nothing.

A mapping says which column holds what, what holds for every row, and which words of the answer mean which act:

    batch = "crm-2026-03"
    [columns]
    contact = "E-mail"
    answer = "Newsletter"
    at = "Agreed on"
    notice = "Text"
    source = "Form"
    [always]
    purpose = "offers"
    channel = "email"
    [answers]
    grant = ["yes"]
    deny = ["no"]
"""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, datetime
from typing import NamedTuple

from verbline.interpreter.guard.consent import KIND_OF_CHANNEL, NO, Consent, key_of
from verbline.interpreter.zones import instant_of
from verbline.runtime.consent.rows import Said, notice_of
from verbline.runtime.identity.normalise import address_key, id_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from typing import Any, TypeAlias

    from verbline.interpreter.zones import Zone
    from verbline.runtime.consent.ledger import Ledger

    Row: TypeAlias = "Mapping[Any, Any]"

# What a column or an `always` may say.
PARTS = ("contact", "person", "channel", "purpose", "topic", "answer", "at", "notice", "source", "record")  # fmt: skip
ACTS = ("grant", "deny", "withdraw", "object")
# What a yes lacks -> as it is reported.
EVIDENCE = ("date", "words", "source")


class MappingError(ValueError):
    """The mapping cannot be used."""


class Mapped(NamedTuple):
    """A mapping: the batch's name, the column of each part, what holds for every row, the act of each answer."""

    batch: str
    columns: Mapping[str, str]
    always: Mapping[str, str]
    answers: Mapping[str, str]

    def part(self, row: Row, name: str) -> str:
        """Return what ``row`` says of ``name``, without blanks around it; nothing where it says nothing."""
        column = self.columns.get(name)
        given = row.get(column) if column is not None else None
        return (given or "").strip() or self.always.get(name, "")


class Target(NamedTuple):
    """Where a list goes: the purposes there are, the zone of times without offset, the country of telephones, and the instant."""

    purposes: Collection[str]
    zone: Zone
    country: str
    now: int


class Report:
    """What became of the rows of a list; it holds no value of any row.

    ``rows`` were read; ``taken`` counts by act; ``marked`` what yeses lack, ``unproved`` how many lack something;
    ``refused`` are line and reason; ``erased`` how many addresses were recognised as erased.
    """

    def __init__(self) -> None:
        self.rows = 0
        self.taken: Counter[str] = Counter()
        self.marked: Counter[str] = Counter()
        self.unproved = 0
        self.refused: list[tuple[int, str]] = []
        self.erased = 0


def mapped(table: Mapping[str, Any]) -> Mapped:
    """Return the mapping that ``table`` says; raises MappingError where something is missing or unknown."""
    columns, always, answers = (table.get(name, {}) for name in ("columns", "always", "answers"))
    for name in (*columns, *always):
        if name not in PARTS:
            raise MappingError(f"{name} is none of {', '.join(PARTS)}")
    for name in answers:
        if name not in ACTS:
            raise MappingError(f"{name} is none of {', '.join(ACTS)}")
    for name in ("channel", "purpose", "answer"):
        if name not in columns and name not in always:
            raise MappingError(f"no column holds the {name}, and nothing holds for every row")
    if not {"contact", "person"} & set(columns):
        raise MappingError("no column holds the contact or the person")
    batch = str(table.get("batch", "")).strip()
    if not batch:
        raise MappingError("the batch has no name")
    words = {key_of(str(word)): act for act, given in answers.items() for word in given}
    return Mapped(batch, columns, always, words)


class Taken(NamedTuple):
    """A row that was taken: the line it ends in, what it says, the words it brings, and what a yes lacks."""

    line: int
    said: Said
    words: str
    lacks: list[str]


def taken(
    ledger: Ledger, lines: Iterable[str], mapping: Mapped, target: Target, report: Report
) -> Iterator[Taken]:
    """Yield what the CSV ``lines`` say that can be taken; ``report`` takes what became of each row.

    Raises MappingError where a column that the mapping names is not there.
    """
    for line, row in rows_of(lines, mapping):
        report.rows += 1
        found = said_by(row, mapping, target)
        if isinstance(found, str):
            report.refused.append((line, found))
        elif _is_gone(ledger, found.consent):
            report.erased += 1
        else:
            part = parts_of(row, mapping)
            lacks = lacking(part, instant_in(part["at"], target))
            _count(report, found, lacks)
            yield Taken(line, found, part["notice"], lacks if found.consent.act == "grant" else [])


def rows_of(lines: Iterable[str], mapping: Mapped) -> Iterator[tuple[int, Row]]:
    """Yield the rows with the line each ends in; raises MappingError where the list has not what the mapping names."""
    reader = csv.DictReader(lines, strict=True)
    try:
        absent = set(mapping.columns.values()) - set(reader.fieldnames or ())
        if absent:
            raise MappingError(f"the list has no column {', '.join(sorted(absent))}")
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise MappingError(f"line {reader.line_num} is no CSV: {error}") from error


def parts_of(row: Row, mapping: Mapped) -> dict[str, str]:
    """Return what a row says of each part, nothing where it says nothing."""
    return {name: mapping.part(row, name) for name in PARTS}


def said_by(row: Row, mapping: Mapped, target: Target) -> Said | str:
    """Return what a row says, or why it cannot be taken."""
    if None in row:
        return "the row has more cells than the list has columns"
    part = parts_of(row, mapping)
    act = mapping.answers.get(key_of(part["answer"]))
    if act is None:
        return "the answer is none of the mapping's words"
    contact, why = contact_of(part, target)
    if why:
        return why
    if contact is None and not part["person"]:
        return "the row names nobody"
    purpose = key_of(part["purpose"])
    if act in NO:
        # A no to something that nobody knows is meant in the widest way.
        part["purpose"] = purpose if purpose in target.purposes else "*"
        part["channel"] = part["channel"] if part["channel"] in KIND_OF_CHANNEL else "*"
    elif purpose not in target.purposes:
        return "the purpose is not declared"
    elif part["channel"] not in KIND_OF_CHANNEL:
        return "the channel is unknown"
    elif contact is None and part["channel"] != "post":
        return "a yes names its address"
    return _said(act, part, contact, mapping, target)


def contact_of(part: Mapping[str, str], target: Target) -> tuple[str | None, str]:
    """Return the address of a row as the ledger names it, or why it cannot be read; None and nothing where it has none."""
    written = part["contact"]
    if not written:
        return None, ""
    kind = KIND_OF_CHANNEL.get(part["channel"]) or ("email" if "@" in written else "phone")
    key = address_key(kind, written, target.country)
    return (None, f"the {kind} address cannot be read") if key is None else (f"{kind}:{key}", "")


def _said(act: str, part: Mapping[str, str], contact: str | None, mapping: Mapped, target: Target) -> Said:  # fmt: skip
    at = instant_in(part["at"], target)
    consent = Consent(
        at=target.now if at is None else at,
        known=target.now,
        act=act,
        actor=f"import:{mapping.batch}",
        source=part["source"] or mapping.batch,
        person=id_key(part["person"]),
        contact=contact,
        channel=part["channel"],
        purpose=part["purpose"],
        topic=part["topic"] or None,
        complete=act == "grant" and not lacking(part, at),
    )
    return Said(consent, notice_of(part["notice"]) if part["notice"] else "", part["record"])


def lacking(part: Mapping[str, str], at: int | None) -> list[str]:
    """Return what a yes lacks of its evidence."""
    there = (at is not None, bool(part["notice"]), bool(part["source"]))
    return [name for name, has in zip(EVIDENCE, there, strict=True) if not has]


def instant_in(text: str, target: Target) -> int | None:
    """Return the instant of an ISO date or time; None where it is none, or has not come yet."""
    try:
        found = datetime.fromisoformat(text)
        at = target.zone.instant(found) if found.tzinfo is None else instant_of(found.astimezone(UTC).replace(tzinfo=None))  # fmt: skip
    except (ValueError, OverflowError):
        return None
    return at if at <= target.now else None


def _is_gone(ledger: Ledger, one: Consent) -> bool:
    """Return whether the address was erased, and its holder has not come back."""
    if one.contact is None or not ledger.erased(one.contact):
        return False
    return not ledger.has(one.contact)


def _count(report: Report, said: Said, lacks: list[str]) -> None:
    report.taken[said.consent.act] += 1
    if said.consent.act == "grant" and lacks:
        report.unproved += 1
        report.marked.update(lacks)
