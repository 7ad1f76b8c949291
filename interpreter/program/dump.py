"""The compiled form as JSON. Rule: what the program does stands in it, in an order that does not depend on chance.

`docs/program.schema.json` describes the form; its number changes when a field is taken away or means something else.
"""

from __future__ import annotations

from verbline.interpreter.step.sending import Sending

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.interpreter.guard.purpose import Purpose
    from verbline.interpreter.program.parts import Desk, Journey, Moment, Offer, Segment, Stop
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.step.steps import Step

FORMAT = 1


def program_form(program: Program) -> dict[str, Any]:
    """Return a program as JSON values."""
    journeys = [journey_form(one) for one in program.journeys.values()]
    for journey in journeys:
        for one in (journey, *journey.get("stops", ()), *journey.get("steps", ())):
            one["line"] = one["line"].removeprefix(program.folder)
    return {
        "format": FORMAT,
        "version": program.version,
        "policy": program.policy.version,
        "zone": program.zone.name,
        "country": program.country,
        "journeys": journeys,
        "moments": [moment_form(one) for _name, one in sorted(program.moments.items())],
        "purposes": [purpose_form(one) for _name, one in sorted(program.purposes.items())],
        "segments": [segment_form(one) for _name, one in sorted(program.segments.items())],
        "scores": [score_form(program, name) for name in sorted(program.scores)],
        "desks": [desk_form(one) for _name, one in sorted(program.desks.items())],
        "offers": [offer_form(one) for _name, one in sorted(program.offers.items())],
        "messages": [
            {"name": one.name, "needs": list(one.needs), "reads": list(one.reads)}
            for _name, one in sorted(program.messages.items())
        ],
    }


def without_nothing(form: dict[str, Any]) -> dict[str, Any]:
    """Return ``form`` without what the text does not say."""
    return {name: value for name, value in form.items() if value not in (None, "", [], {}, ())}


def length_form(length: tuple[Any, str] | None) -> str | None:
    """Return a length such as ``2 day``, or None."""
    return None if length is None else f"{length[0]} {length[1]}"


def journey_form(journey: Journey) -> dict[str, Any]:
    """Return a journey with its steps."""
    stops = [(name, stop) for name, ones in journey.stops.items() for stop in ones]
    return without_nothing(
        {
            "name": journey.name,
            "version": journey.version,
            "line": journey.line,
            "owner": journey.owner,
            "order": journey.index,
            "priority": journey.priority,
            "once_per": journey.once,
            "again_after": length_form(journey.again),
            "only_for": list(journey.only),
            "except": list(journey.excepted),
            "verified": list(journey.verified),
            "starts_also_for": list(journey.starts_also),
            "stops": [
                *(stop_form("moment", name, stop) for name, stop in stops),
                *(stop_form("segment", *one) for one in journey.stops_segment.items()),
                *(
                    stop_form("withdrawal", name, stop)
                    for name, ones in journey.stops_withdrawn.items()
                    for stop in ones
                ),
            ],
            "quiet": [one.isoformat("minutes") for one in journey.quiet or ()],
            "sends_at_most": cap_form(journey.cap),
            "entered_by_at_most": cap_form(journey.brake),
            "takes_in_until": journey.closes.isoformat() if journey.closes else None,
            "gives_up_after": length_form(journey.gives_up),
            "reacts_within": length_form(journey.reacts),
            "may_wait_until": str(journey.relaxed) if journey.relaxed else None,
            "starts_incomplete": journey.incomplete or None,
            "people_inside_move": journey.moves or None,
            "channels": list(journey.channels),
            "first": journey.first.id if journey.first else None,
            "steps": [step_form(one) for one in journey.steps.values()],
        }
    )


def cap_form(cap: tuple[int, tuple[Any, str]] | None) -> dict[str, Any] | None:
    """Return how many in how long."""
    return None if cap is None else {"number": cap[0], "in": length_form(cap[1])}


def stop_form(kind: str, name: str, stop: Stop) -> dict[str, Any]:
    """Return what stops a journey."""
    condition = stop.condition.text if stop.condition else ""
    return without_nothing(
        {
            kind: name,
            "outcome": stop.outcome,
            "line": stop.line,
            "same": list(stop.same),
            "condition": condition,
            "channel": stop.channel,
            "topic": stop.topic,
        }
    )


def step_form(step: Step) -> dict[str, Any]:
    """Return a step with the ways that lead on; a way to nothing ends the text."""
    form = {
        "id": step.id,
        "line": step.line,
        "shape": step.shape,
        "text": step.text,
        "awaits": sorted(step.awaits),
        "ways": {
            reason: following.id if following else None
            for reason, following in step.branches().items()
        },
    }
    form["driven"] = {
        reason: driver for reason in step.branches() if (driver := driven_by(step, reason))
    }
    if isinstance(step, Sending):
        form["guard"] = guard_form(step)
    return without_nothing(form)


def driven_by(step: Step, reason: str) -> str:
    """Return ``clock`` or ``event``, whichever opens a way; nothing where it is taken at once."""
    if reason in step.by_clock:
        return "clock"
    return "event" if any(reason.startswith(one) for one in step.by_event) else ""


def guard_form(step: Sending) -> dict[str, Any]:
    """Return what the guard is asked for a message."""
    purpose = step.purpose
    return without_nothing(
        {
            "purpose": purpose.name,
            "class": "marketing" if step.told == "offer" else purpose.cls,
            "basis": purpose.basis,
            "topic": step.topic,
            "channels": list(step.channels),
        }
    )


def moment_form(moment: Moment) -> dict[str, Any]:
    """Return a moment: how events bring it and what is kept of it."""
    return without_nothing(
        {
            "name": moment.name,
            "type": moment.code,
            "source": moment.source,
            "form": moment.form,
            "fields": moment.kinds,
            "facts": list(moment.facts),
            "keeps": moment.keep or None,
            "awaited": moment.awaited or None,
            "sign_of_life": moment.life or None,
            "points": [
                without_nothing(
                    {
                        "score": one.score.name,
                        "thousandths": one.number,
                        "condition": one.condition.text if one.condition else "",
                    }
                )
                for one in moment.points
            ],
            "starts": [
                without_nothing(
                    {
                        "journey": one.journey.name,
                        "condition": one.condition.text if one.condition else "",
                    }
                )
                for one in moment.starts
            ],
        }
    )


def purpose_form(purpose: Purpose) -> dict[str, Any]:
    """Return a purpose as the guard knows it."""
    return without_nothing(
        {
            "name": purpose.name,
            "class": purpose.cls,
            "basis": purpose.basis,
            "channels": list(purpose.channels),
            "topics": sorted(purpose.topics.values()),
            "soft": purpose.soft or None,
            "confirmed_within": length_form(purpose.confirm),
            "lapses_after": length_form(purpose.lapses),
            "sends_at_most": cap_form(purpose.cap),
            "kept_in": purpose.kept_in,
        }
    )


def segment_form(segment: Segment) -> dict[str, Any]:
    """Return a segment."""
    starts = [one.name for one in segment.starts]
    return without_nothing(
        {"name": segment.name, "condition": segment.condition.text, "starts": starts}
    )


def score_form(program: Program, name: str) -> dict[str, Any]:
    """Return a score: its half-life in milliseconds, its bounds in thousandths."""
    score = program.scores[name]
    return {
        key: value
        for key, value in (
            ("name", name),
            ("half_life", score.half),
            ("low", score.low),
            ("high", score.high),
        )
        if value is not None
    }


def desk_form(desk: Desk) -> dict[str, Any]:
    """Return a desk; its hours are minutes from midnight, by weekday from monday (0)."""
    week = desk.time.hours.week
    return without_nothing(
        {
            "name": desk.name,
            "answers_within": length_form(desk.answers),
            "backed_up_by": desk.backup,
            "open": {
                str(day): [list(span) for span in spans] for day, spans in sorted(week.items())
            },
        }
    )


def offer_form(offer: Offer) -> dict[str, Any]:
    """Return an offer."""
    return without_nothing(
        {
            "name": offer.name,
            "message": offer.message.name if offer.message else "",
            "suits": offer.suits.text if offer.suits else "",
            "rests": length_form(offer.rest),
        }
    )
