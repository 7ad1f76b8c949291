"""The work of `verbline consent contradictions`. Rule: what was decided stays; it is told where it was wrong."""

from __future__ import annotations

import json

from verbline.cli import WrongUsageError
from verbline.cli.consents import answer, told_event
from verbline.cli.knowing import Knowledge, Place, knowledge
from verbline.cli.output import write_document, write_utf8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.interpreter.step.records import Record
    from verbline.runtime.consent.contradictions import Sent, Wrong
    from verbline.runtime.consent.standing import Somebody


def tell(place: Place, form: str) -> int:
    """Write the messages that went out too late to be held back."""
    from verbline.runtime.consent.contradictions import wrongly_sent
    from verbline.runtime.consent.keys import NoKeyError

    found = knowledge(place)
    if found is None:
        return 1
    people = People(found)
    try:
        wrong = list(
            wrongly_sent(found.compiled.program, found.known.ledger, sent(found), people.somebody)
        )
    except NoKeyError as error:
        raise WrongUsageError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from error
    messages = [told_wrong(found, one) for one in wrong]
    if form == "json":
        write_utf8(
            json.dumps({"format": 1, "messages": messages}, ensure_ascii=False, indent=1) + "\n"
        )
    else:
        write_document(text_of(messages))
    return 0


class People:
    """People by the ids that they bore when a message was sent."""

    __slots__ = ("_found", "_known")

    def __init__(self, found: Knowledge) -> None:
        self._found = found
        self._known: dict[int, Somebody] = {}

    def somebody(self, person: str) -> Somebody:
        """Return the one who bore the id ``person``."""
        number = self._found.known.identity.now(int(person[1:]))
        if number not in self._known:
            self._known[number] = self._found.somebody(number)
        return self._known[number]


def sent(found: Knowledge) -> list[Sent]:
    """Return the messages that the journeys send over the log."""
    from verbline.cli.simulation import opened
    from verbline.runtime.consent.contradictions import sent_in
    from verbline.runtime.simulate import Simulation
    from verbline.runtime.sources import sources_of

    messages: list[Sent] = []

    def tell_of(record: Record) -> None:
        one = sent_in(record, record.more)
        if one is not None:
            messages.append(one)

    sources = sources_of(found.compiled.reading.settings)
    simulation = Simulation(
        found.compiled.project, found.compiled.program, sources=sources, tell=tell_of
    )
    simulation.run(opened(str(found.place.log), simulation, None))
    return messages


def told_wrong(found: Knowledge, wrong: Wrong) -> dict[str, Any]:
    """Return a message that went out too late to be held back, as JSON has it."""
    from verbline.interpreter.step.records import instant_text

    one = wrong.sent
    return {
        "at": instant_text(one.at),
        "person": one.person,
        "journey": one.journey,
        "message": one.message,
        "purpose": one.purpose,
        "channel": one.channel,
        "contact": one.contact,
        "cause": {"source": one.cause[0], "id": one.cause[1]},
        "today": answer(wrong.today),
        "late": [told_event(found, each) for each in wrong.late],
    }


def text_of(messages: list[dict[str, Any]]) -> str:
    """Return the messages as text."""
    from verbline.cli.consent_text import events

    if not messages:
        return "No message went out after a no that became known later.\n"
    lines = [f"{len(messages):,} messages went out after a no that became known later:"]
    for one in messages:
        lines.append("")
        lines.append(
            f'{one["at"]}  {one["person"]}  "{one["message"]}" by {one["channel"]} to {one["contact"]} for {one["purpose"]}'
        )
        lines.append(f"  in {one['journey']}; today it would not go out: {one['today']['reason']}")
        lines += events(one["late"])
    return "\n".join(lines) + "\n"
