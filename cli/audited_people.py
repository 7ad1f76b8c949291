"""What an audit says of people, for people. Rule: see `cli.audited`."""

from __future__ import annotations

from verbline.cli.pieces import Heading, Sentence, Table
from verbline.cli.sums import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from verbline.cli.pieces import Piece

REASONS = {
    "blocked": "stands for nobody",
    "invalid": "can be none",
    "held_by_another": "somebody else's",
    "another_value": "a second one of a person",
    "limit": "one too many of a person",
    "public": "everybody's",
}


def of_identity(who: Mapping[str, Any]) -> Iterator[Piece]:
    """Yield what names people, and who shares it."""
    yield Heading("Identity")
    if not who["fields"]:
        yield Sentence("No field was found that names people. Say which does with --field NAME=key, NAME=email.")  # fmt: skip
    else:
        yield Table(["field", "is", "values", "of several people", "not taken"], field_rows(who))
    yield from of_people(who)
    for one in who["most_shared"]:
        value = f", {one['value']}" if one["value"] else ""
        yield Sentence(f"one {one['kind']}{value} is shared by {counted(one['people'], 'person', 'people')}", is_entry=True)  # fmt: skip
    if who["placeholders"]:
        told = ", ".join(f"{one['field']} {one['value']} ({one['events']:,})" for one in who["placeholders"])  # fmt: skip
        yield Sentence(f"Values that stand for nobody: {told}.")
    if who["role_mailboxes"]:
        yield Sentence(f"Mailboxes of a post, such as info@, which are nobody's own: {who['role_mailboxes']:,}.")  # fmt: skip
    if who["everybodys_devices"]:
        yield Sentence(f"{counted(who['everybodys_devices'], 'device')} have had so many owners that they are everybody's.")  # fmt: skip
    if who["undeclared"]:
        told = ", ".join(f"{one['field']} ({one['taken_for']})" for one in who["undeclared"])
        yield Sentence(f"Fields that look like an identifier and that no `person` of the project names: {told}.")  # fmt: skip
    if who["unclear"]:
        yield Sentence(f"Fields that look like an identifier of something else, and were not taken: {', '.join(who['unclear'])}.")  # fmt: skip


def field_rows(who: Mapping[str, Any]) -> list[list[str | int]]:
    """Return a row for each field that names people."""
    rows: list[list[str | int]] = []
    told: set[str] = set()
    for one in who["fields"]:
        kind = one["kind"]
        # Several fields may hold one kind of address; its values are counted once.
        is_first = kind not in told
        told.add(kind)
        shared = who["shared"].get(kind, {})
        refused = ", ".join(f"{REASONS[reason]} {many:,}" for reason, many in one["refused"].items())  # fmt: skip
        values = f"{who['values'].get(kind, 0):,}" if is_first else ""
        several = f"{sum(shared.values()):,}" if is_first and shared else ""
        by_size = f" ({', '.join(f'{many:,} of {size}' for size, many in shared.items())})" if several else ""  # fmt: skip
        rows.append([one["field"], kind, values, several + by_size, refused])
    return rows


def of_people(who: Mapping[str, Any]) -> Iterator[Piece]:
    """Yield how many people there are, by the rules and by the plain way."""
    people, plain = who["people"], who["same_value"]
    total = people["certain"] + people["shared"]
    parts = [f"By the guarded rules there are {counted(total, 'person', 'people')}"]
    if people["shared"]:
        parts.append(f"{people['shared']:,} of them known by nothing of their own")
    if people["anonymous"]:
        parts.append(f"and {counted(people['anonymous'], 'visitor')} known by a device only")
    yield Sentence(f"{', '.join(parts)}.")
    if people["ambiguous"]:
        yield Sentence(
            f"Of {counted(people['ambiguous'], 'event')} nobody can tell whose they are."
        )
    if who["full_after"]:
        yield Sentence(f"The log names too many identifiers to follow all: this is told of its first {counted(who['full_after'], 'event')}.")  # fmt: skip
    strangers = [one for one in plain["biggest"] if one["people"] > 1]
    if strangers:
        yield Sentence(
            f'By "same value, same person" there are {counted(plain["profiles"], "profile")}; the biggest, beside {counted(plain["biggest_by_rules"], "identifier")} in the biggest by the rules:'
        )
    for one in strangers:
        kinds = ", ".join(f"{many:,} {kind}" for kind, many in one["by_kind"].items())
        through = f", joined through {', '.join(one['through'])}" if one["through"] else ""
        yield Sentence(f"{counted(one['values'], 'identifier')} ({kinds}) of {counted(one['people'], 'person', 'people')}{through}", is_entry=True)  # fmt: skip
