"""What a change of the rules of who is who does, as a report. Rule: the report says nothing that the JSON does not."""

from __future__ import annotations

from verbline.cli.people_text import JOINED, answers, listed
from verbline.cli.pieces import Heading, Sentence, Table
from verbline.cli.sums import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from verbline.cli.pieces import Piece

# So many people are told one by one; JSON tells all.
TOLD = 50
KINDS = {"merge": "become one", "split": "is taken apart", "regroup": "are others"}
WHY = {**JOINED, "at_once": "an event names both"}
AGAINST = {
    "different_key": "they hold two values of one key",
    "limit": "together they would hold more than one person may",
    "not_same": "somebody said that they are not the same",
    "contradicts": "name and birth both differ",
    "never": "a `never merge` of the file",
}
NAMES = {
    "keys": "known by",
    "contacts": "also known by",
    "weak": "recognised by",
    "traits": "compared by",
    "region": "country",
}


def pieces(found: Mapping[str, Any]) -> Iterator[Piece]:
    """Yield the report."""
    yield Heading(f"Who is who, against {found['against']}", 1)
    people, events = found["people"], found["events"]
    kinds = [sum(one["kind"] == kind for one in found["groups"]) for kind in KINDS]
    if found["same"]:
        yield Sentence(f"Everybody stays who they are: {counted(people['after'], 'person', 'people')}.")  # fmt: skip
    else:
        yield Sentence(f"{people['before']:,} people before, {people['after']:,} after.")
        yield Sentence(f"Joined: {counted(kinds[0], 'group')} of people. Taken apart: {counted(kinds[1], 'person', 'people')}. Put together otherwise: {counted(kinds[2], 'group')}.")  # fmt: skip
        if events["found"] or events["lost"]:
            yield Sentence(f"Of {counted(events['found'], 'event')} it is known whose they are and was not, of {counted(events['lost'], 'event')} it was and is not.")  # fmt: skip
    yield from of_rules(found["rules"])
    if found["journeys"]:
        yield Heading("Journeys that these people are inside")
        yield Table(("journey", "before", "after"), [(one["journey"], one["before"], one["after"]) for one in found["journeys"]])  # fmt: skip
    if found["groups"]:
        yield Heading("People")
    for one in found["groups"][:TOLD]:
        yield from of_group(one)
    left = len(found["groups"]) - TOLD
    if left > 0:
        yield Sentence(f"And {left:,} more; --format json tells all.")


def of_rules(rules: Mapping[str, Any]) -> Iterator[Piece]:
    """Yield what differs in the rules."""
    if rules["same"]:
        yield Sentence("The rules are the same.")
        return
    for name, sides in rules["fields"].items():
        yield Sentence(f"{NAMES[name]}: {named(sides['before'])}; now {named(sides['after'])}", is_entry=True)  # fmt: skip
    if not rules["fields"]:
        yield Sentence("When people merge, and when they never do, is said otherwise.")


def named(value: Any) -> str:
    """Return fields in a row."""
    return value if isinstance(value, str) and value else ", ".join(value) or "nothing"


def of_group(one: Mapping[str, Any]) -> Iterator[Piece]:
    """Yield what becomes of some people."""
    yield Heading(f"{listed(one['before'])} {KINDS[one['kind']]}: {listed(one['after'])}", 3)
    for pair in one["joined"]:
        yield Sentence(f"{told(pair)}{'; before: ' + against(pair) if pair['against'] else ''}", is_entry=True)  # fmt: skip
    for pair in one["parted"]:
        why = against(pair) if pair["against"] else "nothing joins them any more"
        yield Sentence(f"before, {told(pair)}; now: {why}", is_entry=True)
    for name in sorted({*one["inside"]["before"], *one["inside"]["after"]}):
        before, after = (one["inside"][side].get(name, 0) for side in ("before", "after"))
        yield Sentence(f'inside "{name}": {before} before, {after} after', is_entry=True)
    yield from (Sentence(line, is_entry=True) for line in answers(one["answers"], "now"))


def told(pair: Mapping[str, Any]) -> str:
    """Return what speaks for two people being one."""
    shares = [f"{kind} {value}" for kind, value in pair["share"]]
    shares += [f"the same {field}" for field in pair["same"]]
    both = f" (both have {', '.join(shares)})" if shares else ""
    return f"{listed(pair['people'])}: {', '.join(WHY[how] for how in pair['joined_by'])}{both}"


def against(pair: Mapping[str, Any]) -> str:
    """Return what stands against two people being one."""
    return AGAINST[pair["against"]]
