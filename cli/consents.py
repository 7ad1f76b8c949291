"""The work of the `verbline consent` commands that only tell. Rule: what is personal goes to standard output, and nowhere else."""

from __future__ import annotations

import json

from verbline.cli import WrongUsageError
from verbline.cli.knowing import Knowledge, Place, knowledge, number_of
from verbline.cli.output import write_document, write_utf8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from verbline.runtime.consent.standing import Somebody, Standing


def show_person(place: Place, person: str, form: str) -> int:
    """Write all that somebody said, and what that comes to now."""
    found = knowledge(place)
    number = found and number_of(found, person)
    if not found or not number:
        return 1
    who = found.somebody(number)
    told = {
        "format": 1,
        **about(who),
        "events": [told_event(found, one) for one in heard(found, who)],
        "now": [row(one) for one in standings(found, who, found.now)],
    }
    write(told, form)
    return 0


def show_at(place: Place, person: str, times: tuple[str, str | None], form: str) -> int:
    """Write where somebody stood at a time, as it was known then and as it is known now."""
    from verbline.cli.simulation import instant_of
    from verbline.interpreter.step.records import instant_text

    found = knowledge(place)
    number = found and number_of(found, person)
    if not found or not number:
        return 1
    zone = found.compiled.program.zone
    at = instant_of(times[0], zone)
    assert at is not None, "a time was named"
    asked = instant_of(times[1], zone)
    seen = at if asked is None else asked
    who = found.somebody(number)
    seq = found.known.ledger.seq_at(seen)
    then, now = standings(found, who, at, seq), standings(found, who, at)
    late = [one for one in heard(found, who) if one.consent.seq > seq and one.consent.when <= at]
    told = {
        "format": 1,
        **about(who),
        "at": instant_text(at),
        "known": instant_text(seen),
        "was_known": [row(one) for one in then],
        "was_true": [row(one) for one in now],
        "differs": list(differences(then, now)),
        "came_later": [told_event(found, one) for one in late],
    }
    write(told, form)
    return 0


def differences(then: Sequence[Standing], now: Sequence[Standing]) -> Iterator[dict[str, Any]]:
    """Yield what is otherwise than it was known to be."""
    before = {one.subject: one for one in then}
    for one in now:
        other = before.get(one.subject)
        if other is None or (one.state, one.verdict, one.reason) != (other.state, other.verdict, other.reason):  # fmt: skip
            yield {
                **subject(one),
                "was_known": None if other is None else answer(other),
                "was_true": answer(one),
            }


def export(place: Place, person: str | None, what: str, *, is_all: bool) -> int:
    """Write what is on record, of one person as one JSON value, of everybody as one a line."""
    if is_all is (person is not None):
        raise WrongUsageError("Name one PERSON, or --all.")
    found = knowledge(place)
    if found is None:
        return 1
    if person is not None:
        number = number_of(found, person)
        if not number:
            return 1
        told = exported(found, found.somebody(number), what)
        write_utf8(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
        return 0
    identity = found.known.identity
    for number in range(1, identity.store.people + 1):
        if identity.now(number) == number:
            told = exported(found, found.somebody(number), what)
            if told if isinstance(told, list) else told["events"]:
                write_utf8(json.dumps(told, ensure_ascii=False) + "\n")
    return 0


def exported(found: Knowledge, who: Somebody, what: str) -> Any:
    """Return what is on record about somebody, as events or as consent records."""
    from verbline.runtime.consent.exports import records, whole

    ledger, keys = found.known.ledger, [":".join(one) for one in who.contacts]
    if what == "records":
        controller = found.compiled.project.settings.name
        return records(ledger, who.ids, keys, controller, found.now)
    return whole(ledger, who.ids, keys)


def verified(place: Place, anchor: str | None, form: str) -> int:
    """Write whether the ledger is what was written; return 1 where it is not."""
    from verbline.runtime.consent.verify import verify

    found = knowledge(place, at_all=True)
    if found is None:
        return 1
    ledger = found.known.ledger
    result = verify(ledger)
    cut = ledger.check(anchor) if anchor is not None and result.bad is None else ""
    told = {
        "format": 1,
        "entries": result.entries,
        "first_bad": result.bad,
        "why": result.why or cut or None,
        "last": str(ledger.last()),
    }
    if form == "json":
        write_utf8(json.dumps(told, indent=1) + "\n")
    elif result.bad is not None:
        write_document(f"Entry {result.bad}: {result.why}.\n")
    else:
        write_document(f"{result.entries:,} entries, each as it was written.\n")
        if cut:
            write_document(f"The anchor does not hold: {cut}.\n")
    return 1 if result.bad is not None or cut else 0


def write_anchor(place: Place) -> int:
    """Write the line by which it shows later that nothing was cut off."""
    found = knowledge(place, at_all=True)
    if found is None:
        return 1
    if place.store is None and found.known.ledger.key is None:
        raise WrongUsageError(
            "Without --store and without the key of the ledger the hashes differ each time, and no anchor would ever hold."
        )
    write_utf8(f"{found.known.ledger.last()}\n")
    return 0


def standings(found: Knowledge, who: Somebody, at: int, known: int | None = None) -> list[Standing]:
    """Return where somebody stands, or stood."""
    from verbline.runtime.consent.keys import NoKeyError
    from verbline.runtime.consent.standing import standings as standings_

    try:
        return standings_(found.compiled.program, found.known.ledger, who, at, known)
    except NoKeyError as error:
        raise WrongUsageError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from error


def heard(found: Knowledge, who: Somebody) -> list[Any]:
    """Return all that somebody said, and what was said at their addresses."""
    from verbline.runtime.consent.keys import NoKeyError

    try:
        return found.known.ledger.said(who.ids, [":".join(one) for one in who.contacts])
    except NoKeyError as error:
        raise WrongUsageError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from error


def told_event(found: Knowledge, said: Any) -> dict[str, Any]:
    """Return an event of the ledger as JSON has it."""
    from verbline.runtime.consent.exports import event

    return event(found.known.ledger, said)


def about(who: Somebody) -> dict[str, Any]:
    """Return who is told about."""
    return {
        "person": who.id,
        "also": list(who.ids[1:]),
        "contacts": [":".join(one) for one in who.contacts],
        "erased": who.erased,
    }


def subject(one: Standing) -> dict[str, Any]:
    """Return what is asked about."""
    return {
        "purpose": one.purpose,
        "channel": one.channel,
        "contact": one.contact or None,
        "topic": one.topic or None,
    }


def answer(one: Standing) -> dict[str, Any]:
    """Return what is on record, and what the guard says."""
    from verbline.interpreter.step.records import instant_text

    return {
        "state": one.state or None,
        "verdict": one.verdict,
        "reason": one.reason,
        "evidence": list(one.evidence),
        "until": None if one.until is None else instant_text(one.until),
    }


def row(one: Standing) -> dict[str, Any]:
    """Return where somebody stands, as JSON has it."""
    return {**subject(one), **answer(one)}


def write(told: dict[str, Any], form: str) -> None:
    """Write an answer in the form asked for."""
    if form == "json":
        write_utf8(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
        return
    from verbline.cli.consent_text import text_of

    write_document(text_of(told))
