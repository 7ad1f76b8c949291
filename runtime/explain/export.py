"""Everything that is known of one person, for that person. Rule: all of it, nothing of anybody else's, and where it comes from.

What others said at an address that they share is told without saying who they are, since it decides what may be sent there.
"""

from __future__ import annotations

from verbline.interpreter.program.forms import to_plain
from verbline.interpreter.step.records import instant_text
from verbline.runtime.consent.exports import records, whole
from verbline.runtime.explain.explained import words_of
from verbline.runtime.explain.standings import visits_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.interpreter.person.record import Person
    from verbline.runtime.explain.case import Case

FORMAT = 1


def everything(case: Case, now: int) -> dict[str, Any]:
    """Return all that is known of a person at ``now``."""
    contacts = [":".join(one) for one in case.contacts()]
    said = whole(case.ledger, case.ids, contacts)
    said["events"] = [own(one, case.ids) for one in said["events"]]
    settings = case.project.settings
    return {
        "format": FORMAT,
        "controller": settings.name,
        "made": instant_text(now),
        "person": case.id,
        "also": case.ids[1:],
        "erased": case.erased,
        "identity": identity(case),
        "facts": {} if case.record is None else facts(case.record),
        "events": [one.told() for one in case.seen],
        "consents": said,
        "consent_records": [own_record(one, contacts) for one in records(case.ledger, case.ids, contacts, settings.name, now)],
        "visits": visits(case),
        "messages": [dict(one) for one in case.sent],
        "trace": [dict(row.told) for row in case.rows],
    }  # fmt: skip


def own(entry: dict[str, Any], ids: list[str]) -> dict[str, Any]:
    """Return an entry of the ledger; what says who somebody else is, is left out."""
    if entry["person"] is None or entry["person"] in ids:
        return entry
    return entry | {"person": None, "record": None, "cause": None}


def own_record(record: dict[str, Any], contacts: list[str]) -> dict[str, Any]:
    """Return a consent record of one of the person's addresses, or of none."""
    assert record["pii_principal_id"] is None or record["pii_principal_id"] in contacts
    return record


def identity(case: Case) -> dict[str, Any]:
    """Return by what the person is known; with whom they share something is only counted."""
    told = dict(case.told)
    told["identifiers"] = [
        one | {"shared_with": len(one["shared_with"])} for one in told["identifiers"]
    ]
    told["no_longer"] = [
        {name: value for name, value in one.items() if name != "now_of"}
        for one in told["no_longer"]
    ]
    return {name: told[name] for name in ("since", "identifiers", "no_longer", "names", "history")}


def facts(person: Person) -> dict[str, Any]:
    """Return what journeys know of the person: fields with who says them, labels, points, segments, draws, and the desk."""
    return {
        "fields": {name: to_plain(value) for name, value in sorted(person.values.items())},
        "sources": {
            name: [
                {
                    "source": claim[0],
                    "value": to_plain(claim[1]),
                    "happened": instant_text(claim[2]),
                }
                for claim in claims
            ]
            for name, claims in sorted(person.claims.items())
        },
        "labels": dated(person.labels),
        "segments": dated(person.segments),
        "scores": {
            name: {"points": points / 1000, "at": instant_text(at)}
            for name, (points, at) in sorted(person.scores.items())
        },
        "experiments": dict(sorted(person.arms.items())),
        "offers": dated(person.offered),
        "desk": person.desk or None,
    }


def dated(found: dict[str, int]) -> dict[str, str]:
    """Return names with the instants that they hold since."""
    return {name: instant_text(at) for name, at in sorted(found.items())}


def visits(case: Case) -> list[dict[str, Any]]:
    """Return the journeys that the person was, or is, in."""
    words = words_of(case)
    found = []
    for one in visits_of(case.rows):
        stands = one.stands
        place = stands and case.texts.place(stands.line, stands.journey, stands.version)
        found.append({
            "journey": one.journey,
            "version": one.version,
            "began": one.rows[0].told["at"],
            "outcome": one.outcome or None,
            "stands": place.told() if place else None,
            "said": words.word("ended", journey=one.journey, outcome=one.outcome, at=words.at(one.rows[-1].at)) if one.outcome else None,
        })  # fmt: skip
    return found
