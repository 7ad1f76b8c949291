"""A moment, a consent event, a timer, an answer meets one person. Rule: first what is remembered, then stops, then waits,
then starts; journeys in the order in which they are served.
"""

from __future__ import annotations

from bisect import insort

from verbline.interpreter.guard.consent import SUBJECT, concerns, with_word
from verbline.interpreter.person.aside import ORDINARY
from verbline.interpreter.person.record import put
from verbline.interpreter.step.confirming import request, waits_for_link
from verbline.interpreter.step.ending import end
from verbline.interpreter.step.entering import too_old
from verbline.interpreter.step.facts import learn
from verbline.interpreter.step.listening import in_order, listening
from verbline.interpreter.step.sales import rest_on_sale
from verbline.interpreter.step.signals import DEPTH_MAX, NOTHING, Start
from verbline.interpreter.step.steps import STAY, resume, stretches
from verbline.interpreter.step.waits import agree, with_before
from verbline.interpreter.step.watch import watch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, TypeAlias

    from verbline.interpreter.guard.consent import Consent
    from verbline.interpreter.person.record import Past, Person, Visit
    from verbline.interpreter.program.parts import Journey, Moment, Stop
    from verbline.interpreter.step.turn import Turn

    # The moments that one event is, each with its fields.
    Met: TypeAlias = "Sequence[tuple[Moment, dict[str, Any]]]"


def remember(turn: Turn, moment: Moment, fields: dict[str, Any], source: str) -> None:
    """Remember what the program asks for about a moment: facts, latest instants, signs of life, points."""
    person = turn.person
    for name in moment.facts:
        value = fields.get(name)
        if value is not None:
            learn(turn, name, value, source, turn.happened)
    if moment.keep:
        latest = person.history.get(moment.name)
        if latest is None:
            put(person, "history", moment.name, [turn.happened])
        else:
            insort(latest, turn.happened)
            if len(latest) > moment.keep:
                del latest[0]
    note_latest(person, moment, turn.happened)
    if moment.soft:
        rest_on_sale(turn, moment.soft)
    for points in moment.points:
        turn.fields = fields
        if points.condition is None or points.condition.test(turn) is True:
            points.score.change(person, points.number, turn.happened, turn.now)
        turn.fields = NOTHING


def note_latest(person: Person, moment: Moment, happened: int) -> None:
    """Note a moment as the latest, and as a sign of life, where it is that."""
    if moment.latest and (person.last_time is None or happened >= person.last_time):
        person.last_time = happened
        person.last_action = moment.name
    if moment.life and (person.life is None or happened > person.life):
        person.life = happened


def happen(turn: Turn, moment: Moment, fields: dict[str, Any], source: str) -> None:
    """Let ``moment`` with its ``fields`` happen to the turn's person; entries and signals wait in the turn."""
    recall(turn, moment, fields, source)
    if moment.starts:
        wish(turn, moment, fields)


def recall(turn: Turn, moment: Moment, fields: dict[str, Any], source: str) -> None:
    """Let a moment happen but for what it starts."""
    person, program = turn.person, turn.program
    if moment.compared:
        fields = with_before(person, moment, fields)
    note(turn, moment, fields, source)
    if program.watches:
        watch(turn)
    if person.visits:
        meet(turn, moment, fields)
    keep(turn, moment, fields)


def happen_together(turn: Turn, met: Met, source: str) -> None:
    """Let an event happen to the turn's person that is several moments: it is one event all the same.

    All of it is remembered first, it goes on from each wait once, and starts a journey once.
    """
    person = turn.person
    met = [
        (moment, with_before(person, moment, fields) if moment.compared else fields)
        for moment, fields in met
    ]
    for moment, fields in met:
        note(turn, moment, fields, source)
    if turn.program.watches:
        watch(turn)
    for moment, fields in met if person.visits else ():
        stop(turn, moment, fields)
    for moment, fields in met if person.visits else ():
        for visit in listening(turn, moment, fields):
            go_on(turn, visit, moment.name, fields, is_first=visit.order != person.order)
    for moment, fields in met:
        keep(turn, moment, fields)
    meant: set[str] = set()
    for moment, fields in met:
        wish(turn, moment, fields, meant)
    turn.starts.sort(key=lambda start: start.journey.index)


def note(turn: Turn, moment: Moment, fields: dict[str, Any], source: str) -> None:
    """Note a moment: what is remembered of it, and that it was the latest."""
    if moment.facts or moment.keep or moment.points or moment.soft:
        remember(turn, moment, fields, source)
    else:
        note_latest(turn.person, moment, turn.happened)
    if turn.person.rest is not ORDINARY and turn.person.parts is not None:
        note_beside(turn, moment, fields, source)


def keep(turn: Turn, moment: Moment, fields: dict[str, Any]) -> None:
    """Keep a moment for waits that may look back to it, and with the one to whom it happened."""
    person = turn.person
    if moment.awaited:
        past = (turn.now, person.order, moment.name, fields, turn.cause)
        put(person, "recent", moment.name, past)
        if person.rest is not ORDINARY and person.parts is not None:
            keep_beside(turn, moment, past)


def wish(turn: Turn, moment: Moment, fields: dict[str, Any], meant: set[str] | None = None) -> None:
    """Let the entries into what a moment starts wait in the turn; ``meant`` are the journeys that its event has started."""
    last: Journey | None = None
    for starts in moment.starts if moment.choices is None else moment.choices.of(fields):
        journey = starts.journey
        if last is journey or (meant is not None and journey.name in meant):
            continue  # another sentence of the journey meant this event already
        if starts.condition is not None:
            turn.fields = fields
            answer = starts.condition.test(turn)
            turn.fields = NOTHING
            if answer is not True:
                continue
        last = journey
        if meant is not None:
            meant.add(journey.name)
        start = Start(journey, moment.name, fields, turn.happened, turn.cause, turn.depth)
        if turn.happened < turn.now and too_old(turn, start, moment.patience):
            more = {"moment": moment.name}
            turn.sink(turn, journey, None, None, "entry", "not admitted", "too_old", more)
        else:
            turn.starts.append(start)


def note_beside(turn: Turn, moment: Moment, fields: dict[str, Any], source: str) -> None:
    """Note a moment with the one of several people to whom it happened, before a visit learns anything from it."""
    person, parts = turn.person, turn.person.parts
    assert parts is not None, "the person was several"
    turn.person = parts.people[parts.of(turn.whose, person.id)]
    remember(turn, moment, fields, source)
    turn.person = person


def keep_beside(turn: Turn, moment: Moment, past: Past) -> None:
    """Keep a moment with the one of several people to whom it happened."""
    person, parts = turn.person, turn.person.parts
    assert parts is not None, "the person was several"
    whose = parts.of(turn.whose, person.id)
    put(parts.people[whose], "recent", moment.name, past)
    if person.visits:
        parts.note((past,), whose)


def meet(turn: Turn, moment: Moment, fields: dict[str, Any]) -> None:
    """Let the running visits meet a moment: stops first, then waits."""
    for visit in stop(turn, moment, fields):
        go_on(turn, visit, moment.name, fields)


def stop(turn: Turn, moment: Moment, fields: dict[str, Any]) -> list[Visit]:
    """Let a moment stop the visits that it stops; return those that it leaves and concerns."""
    name, before = moment.name, turn.person.visits
    visits = listening(turn, moment, fields)
    for visit in visits:
        stops = visit.step.journey.stops
        for stop in stops.get(name, ()) if stops else ():
            if stopped(turn, visit, stop, fields):
                end(turn, visit, stop.outcome, None, "stopped", stop.line)
                break
    return visits if turn.person.visits is before else listening(turn, moment, fields)


def go_on(
    turn: Turn, visit: Visit, name: str, fields: dict[str, Any], *, is_first: bool = True
) -> None:
    """Let a visit meet the moment ``name``; where the event has moved it before, it is only remembered."""
    if name in visit.step.journey.awaits:
        visit.past += ((turn.now, turn.person.order, name, fields, turn.cause),)
    if not is_first or name not in visit.step.awaits:
        return
    parts, before = turn.person.parts, turn.whose
    if parts is not None:
        turn.whose = parts.owner(visit.serial)
    elif (in_one_go := stretches(turn, visit.step).met.get(name)) is not None:
        in_one_go(turn, visit, fields)
        return
    if (step := visit.step.happened(turn, visit, name, fields, turn.cause)) is not STAY:
        resume(turn, visit, step)
    turn.whose = before


def stopped(turn: Turn, visit: Visit, stop: Stop, fields: dict[str, Any]) -> bool:
    """Return whether a moment with ``fields`` is the one that ``stop`` means."""
    if stop.same and not agree(turn, visit, fields, stop.same):
        return False
    if stop.condition is None:
        return True
    turn.fields = {**visit.fields, **fields}
    answer = stop.condition.test(turn)
    turn.fields = NOTHING
    return answer is True


def entered(turn: Turn, segment: str) -> None:
    """Let the entry into ``segment`` meet the person: stops first, then starts."""
    program = turn.program
    for visit in in_order(turn):
        stop = visit.step.journey.stops_segment.get(segment)
        if stop is not None:
            end(turn, visit, stop.outcome, None, "stopped", stop.line)
    for journey in program.segments[segment].starts:
        if turn.depth > DEPTH_MAX:
            turn.sink(turn, journey, None, None, "entry", "not admitted", "too_deep", {})
        else:
            turn.starts.append(Start(journey, "", {}, turn.now, turn.cause, turn.depth))


def consented(turn: Turn, consent: Consent) -> None:
    """Take what somebody said about being written to; a withdrawal can stop journeys."""
    person, program = turn.person, turn.program
    may_wait = program.confirmed and waits_for_link(turn, consent) is None
    person.consents = with_word(person.consents, consent)
    if not (may_wait or program.watches or person.visits):
        return
    if may_wait and consent.person in (person.id, *person.merged):
        pending = waits_for_link(turn, consent)
        if pending is not None:
            request(turn, pending, consent)
    if turn.program.watches:
        watch(turn)
    if consent.actor != SUBJECT or consent.person not in (person.id, *person.merged):
        return  # what another holder of an address says binds the person's messages, but it is not their word
    for visit in in_order(turn):
        for purpose, stops in visit.step.journey.stops_withdrawn.items():
            stop = next((one for one in stops if withdraws(consent, purpose, one)), None)
            if stop is not None:
                end(turn, visit, stop.outcome, None, "stopped", stop.line)
                break


def withdraws(consent: Consent, purpose: str, stop: Stop) -> bool:
    """Return whether the person's no is about ``purpose``, whole or for the topic that ``stop`` names."""
    if consent.topic is not None and not stop.topic:
        return False
    return concerns(consent, purpose, stop.topic or None, stop.channel)


def fall_due(turn: Turn, what: str, serial: int) -> None:
    """Let a timer of the person fall due."""
    if not serial:
        watch(turn)
        return
    person = turn.person
    visit = person.visit(serial)
    if visit is None:
        return
    if what == "gives up":
        end(turn, visit, "gave up", None, "gave_up", visit.step.journey.line)
        return
    turn.cause = visit.cause
    parts = None if person.rest is ORDINARY else person.parts
    if what == "step" and parts is None:
        in_one_go = stretches(turn, visit.step).fallen_due
        if in_one_go is not None:
            in_one_go(turn, visit)
            return
    turn.visit, turn.fields = visit, visit.fields
    if parts is not None:
        turn.whose = parts.owner(serial)
    step = visit.step.due(turn, visit, what)
    turn.visit, turn.fields = None, NOTHING
    if step is not STAY:
        resume(turn, visit, step)
