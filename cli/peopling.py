"""The work of the `verbline people` commands. Rule: what is personal goes to standard output, and nowhere else.

What changes something is first tried, then appended to the runtime's own log; nothing else is written.
"""

from __future__ import annotations

import json

from verbline.cli import WrongUsageError
from verbline.cli.knowing import ID, Knowledge, Place, knowledge, number_of
from verbline.cli.output import complain, write_document, write_utf8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from verbline.runtime.consent.standing import Standing
    from verbline.runtime.identity.stated import Change
    from verbline.runtime.trial import Tried

REFUSED = {
    "already_one": "They are one person already.",
    "not_held": "The person does not hold all of that.",
    "nothing_to_split": "That is all that the person holds: there is nobody to part from.",
    "unclear": "That says nothing: a person cannot be parted from themselves.",
    "unknown_person": "Nobody is called that.",
}


class Word:
    """What an operator says, where and how: ``why`` in their words; a trial is not written down."""

    __slots__ = ("by", "form", "is_trial", "place", "why")

    def __init__(
        self, place: Place, by: str | None, why: str, form: str, *, is_trial: bool
    ) -> None:
        self.place = place
        self.by = by
        self.why = why
        self.form = form
        self.is_trial = is_trial


def count_people(place: Place, form: str) -> int:
    """Write how many people there are."""
    from verbline.runtime.identity.counting import people

    found = knowledge(place)
    if found is None:
        return 1
    identity = found.known.identity
    counts = people(identity)._asdict()
    ambiguous = counts.pop("ambiguous")
    merged = sum(1 for one in range(1, identity.store.people + 1) if identity.store.into(one))
    write({"format": 1, **counts, "ambiguous_events": ambiguous, "merged": merged}, form)
    return 0


def show_person(place: Place, person: str, form: str) -> int:
    """Write what is known of somebody; return 1 where that is nobody."""
    from verbline.runtime.identity.told import told

    found = knowledge(place)
    number = found and number_of(found, person)
    if not found or not number:
        return 1
    write({"format": 1, **told(found.known.identity, number)}, form)
    return 0


def show_collisions(place: Place, form: str, *, is_all: bool) -> int:
    """Write what several people share."""
    from verbline.cli.people_text import COLLISIONS_TOLD
    from verbline.runtime.identity.counting import collisions

    found = knowledge(place)
    if found is None:
        return 1
    identity = found.known.identity
    rows: list[dict[str, Any]] = [
        {
            "kind": one.kind,
            "value": identity.store.ident(one.ident)[1],
            "people": [f"P{person}" for person in one.people],
            "is_public": not one.people,
        }
        for one in collisions(identity)
    ]
    rows.sort(key=lambda row: (not row["is_public"], -len(row["people"])))
    by_kind: dict[str, int] = {}
    for row in rows:
        by_kind[row["kind"]] = by_kind.get(row["kind"], 0) + 1
    shown = rows if is_all or form == "json" else rows[:COLLISIONS_TOLD]
    write({"format": 1, "count": len(rows), "by_kind": dict(sorted(by_kind.items())), "collisions": shown}, form)  # fmt: skip
    return 0


def merge_people(word: Word, person: str, other: str) -> int:
    """Say that two people are one; return 1 where somebody is nobody, or they are one already."""
    found = knowledge(word.place)
    people = [number_of(found, one) for one in (person, other)] if found else []
    if not found or not all(people):
        return 1
    return said(word, found, "verbline.merge", {"people": [f"P{one}" for one in people]}, people)


def split_people(
    word: Word, person: str, apart: str | None, identifiers: Sequence[str]
) -> int:  # fmt: skip
    """Say that one person is two; return 1 where somebody is nobody, or there is nothing to split."""
    if (apart is None) is not bool(identifiers):
        raise WrongUsageError("Name who is somebody else: either --apart, or --identifier.")
    found = knowledge(word.place)
    number = number_of(found, person) if found else 0
    if not found or not number:
        return 1
    # The number that was named, so that it is told from whom they are one with now.
    data: dict[str, Any] = {"person": id_of(person) or f"P{number}"}
    people = [number]
    if apart is None:
        data["identifiers"] = [identifier(found, one) for one in identifiers]
    else:
        other = number_of(found, apart)
        if not other:
            return 1
        data["apart"] = id_of(apart) or f"P{other}"
        people = list(dict.fromkeys((number, other)))
    return said(word, found, "verbline.split", data, people)


def said(word: Word, found: Knowledge, kind: str, data: dict[str, Any], people: list[int]) -> int:
    """Try what is said, append it unless it is a trial, and write what changes; return 1 where it changes nothing."""
    from verbline.cli.consenting import say, told_by
    from verbline.runtime.own import own_event
    from verbline.runtime.trial import named, tried

    numbers = [int(one[1:]) for one in (*data.get("people", ()), data.get("person"), data.get("apart")) if one]  # fmt: skip
    sure = named(found.known.identity, numbers)
    more = {"known_by": sure, "by": told_by(word.by), "why": word.why}
    at = max(found.now, found.known.last or 0)
    event = own_event(kind, at, {**data, **{name: one for name, one in more.items() if one}})
    joined = shared(found, people)
    result = tried(found.known, event, people, lambda one: answers(found, one))
    refused = next((one.reason for one in result.changes if one.what == "refused"), "")
    if refused:
        complain(REFUSED.get(refused, refused))
        return 1
    if not word.is_trial:
        say(word.place, [event])
    write(told_of(word, event, result, joined), word.form)
    return 0


def told_of(word: Word, event: dict[str, Any], tried: Tried, joined: list[str]) -> dict[str, Any]:
    """Return what an operator's word changes."""
    from verbline.runtime.trial import differences

    is_merge = event["type"] == "verbline.merge"
    return {
        "format": 1,
        "appended": not word.is_trial,
        "event": event,
        "changes": [change(one) for one in tried.changes],
        "one_history": joined if is_merge else [],
        "answers": list(differences(tried.before, tried.after)),
    }


def change(one: Change) -> dict[str, Any]:
    """Return a change as JSON has it."""
    return {"what": one.what, "person": f"P{one.one}", "other": f"P{one.other}"}


def shared(found: Knowledge, people: list[int]) -> list[str]:
    """Return the addresses that all of ``people`` hold: what was said there is one history already."""
    held = [set(found.known.contacts(one)) for one in people]
    return sorted(":".join(one) for one in set.intersection(*held)) if len(held) > 1 else []


def answers(found: Knowledge, number: int) -> list[Standing]:
    """Return what stands for somebody."""
    from verbline.cli.consents import standings

    return standings(found, found.somebody(number), found.now)


def id_of(person: str) -> str:
    """Return the id that PERSON is, or nothing where it names something that a person holds."""
    found = ID.fullmatch(person.strip())
    return f"P{found[1]}" if found else ""


def identifier(found: Knowledge, written: str) -> list[str]:
    """Return the kind and the key of what ``KIND=VALUE`` names."""
    kind, equals, value = written.partition("=")
    if not equals:
        raise WrongUsageError("Name an identifier as email=tina@mail.example.")
    return list(found.identifier(kind.strip(), value.strip()))


def write(told: dict[str, Any], form: str) -> None:
    """Write an answer in the form asked for."""
    if form == "json":
        write_utf8(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
        return
    from verbline.cli.people_text import text_of

    write_document(text_of(told))
