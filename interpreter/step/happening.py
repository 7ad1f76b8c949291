"""A moment, a consent event, a timer, an answer meets one person. Rule: first what is remembered, then stops, then waits,
then starts; journeys in the order in which they are served.
"""

from __future__ import annotations

from bisect import insort

from verbline.interpreter.guard.consent import SUBJECT, concerns, with_word
from verbline.interpreter.person.record import put
from verbline.interpreter.step.confirming import request, waits_for_link
from verbline.interpreter.step.ending import end
from verbline.interpreter.step.entering import too_old
from verbline.interpreter.step.facts import learn
from verbline.interpreter.step.listening import in_order, listening
from verbline.interpreter.step.sales import rest_on_sale
from verbline.interpreter.step.signals import DEPTH_MAX, NOTHING, Start
from verbline.interpreter.step.steps import STAY, resume, stretches
from verbline.interpreter.step.waits import BEFORE, agree
from verbline.interpreter.step.watch import watch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.interpreter.guard.consent import Consent
    from verbline.interpreter.person.record import Person, Visit
    from verbline.interpreter.program.parts import Journey, Moment, Stop
    from verbline.interpreter.step.turn import Turn


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
    last = person.last_time
    if last is None or happened >= last:
        person.last_time = happened
        person.last_action = moment.name
    if moment.life and (person.life is None or happened > person.life):
        person.life = happened


def happen(turn: Turn, moment: Moment, fields: dict[str, Any], source: str) -> None:
    """Let ``moment`` with its ``fields`` happen to the turn's person; entries and signals wait in the turn."""
    recall(turn, moment, fields, source)
    if moment.starts:
        wish(turn, moment, fields)


def with_before(person: Person, moment: Moment, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a moment with what the person had before it, where it is compared with that and changes it."""
    before = {
        f"{BEFORE}{name}": person.values.get(name)
        for name in moment.compared
        if name in moment.facts
    }
    return {**fields, **before}


def recall(turn: Turn, moment: Moment, fields: dict[str, Any], source: str) -> None:
    """Let a moment happen but for what it starts."""
    person, program = turn.person, turn.program
    if moment.compared:
        fields = with_before(person, moment, fields)
    if moment.facts or moment.keep or moment.points or moment.soft:
        remember(turn, moment, fields, source)
    else:
        note_latest(person, moment, turn.happened)
    if program.watches:
        watch(turn)
    if person.visits:
        meet(turn, moment, fields)
    if moment.awaited:
        past = (turn.now, person.order, moment.name, fields, turn.cause)
        put(person, "recent", moment.name, past)
    if person.parts is not None:
        happen_beside(turn, moment, fields, source)


def wish(turn: Turn, moment: Moment, fields: dict[str, Any]) -> None:
    """Let the entries into what a moment starts wait in the turn."""
    meant: Journey | None = None
    for starts in moment.starts if moment.choices is None else moment.choices.of(fields):
        journey = starts.journey
        if meant is journey:
            continue  # another sentence of the journey meant this event already
        if starts.condition is not None:
            turn.fields = fields
            answer = starts.condition.test(turn)
            turn.fields = NOTHING
            if answer is not True:
                continue
        meant = journey
        start = Start(journey, moment.name, fields, turn.happened, turn.cause, turn.depth)
        if turn.happened < turn.now and too_old(turn, start, moment.patience):
            more = {"moment": moment.name}
            turn.sink(turn, journey, None, None, "entry", "not admitted", "too_old", more)
        else:
            turn.starts.append(start)


def happen_beside(turn: Turn, moment: Moment, fields: dict[str, Any], source: str) -> None:
    """Remember a moment with the one of several people to whom it happened."""
    person, parts = turn.person, turn.person.parts
    assert parts is not None, "the person was several"
    whose = parts.of(turn.whose, person.id)
    one = turn.person = parts.people[whose]
    remember(turn, moment, fields, source)
    turn.person = person
    if moment.awaited:
        past = (turn.now, person.order, moment.name, fields, turn.cause)
        put(one, "recent", moment.name, past)
        if person.visits:
            parts.note((past,), whose)


def meet(turn: Turn, moment: Moment, fields: dict[str, Any]) -> None:
    """Let the running visits meet a moment: stops first, then waits."""
    name, program, before = moment.name, turn.program, turn.person.visits
    visits = listening(turn, moment, fields)
    for visit in visits:
        stops = program.journeys[visit.journey].stops
        for stop in stops.get(name, ()) if stops else ():
            if stopped(turn, visit, stop, fields):
                end(turn, visit, stop.outcome, None, "stopped", stop.line)
                break
    is_one = turn.person.parts is None
    for visit in listening(turn, moment, fields) if turn.person.visits is not before else visits:
        if name in program.journeys[visit.journey].awaits:
            visit.past += ((turn.now, turn.person.order, name, fields, turn.cause),)
        if name in visit.step.awaits:
            in_one_go = stretches(turn, visit, visit.step).met.get(name) if is_one else None
            if in_one_go is not None:
                in_one_go(turn, visit, fields)
                continue
            step = visit.step.happened(turn, visit, name, fields, turn.cause)
            if step is not STAY:
                resume(turn, visit, step)


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
        stop = program.journeys[visit.journey].stops_segment.get(segment)
        if stop is not None:
            end(turn, visit, stop.outcome, None, "stopped", stop.line)
    for journey in program.segments[segment].starts:
        if turn.depth > DEPTH_MAX:
            turn.sink(turn, journey, None, None, "entry", "not admitted", "too_deep", {})
        else:
            turn.starts.append(Start(journey, "", {}, turn.now, turn.cause, turn.depth))


def consented(turn: Turn, consent: Consent) -> None:
    """Take what somebody said about being written to; a withdrawal can stop journeys."""
    person = turn.person
    may_wait = turn.program.confirmed and waits_for_link(turn, consent) is None
    person.consents = with_word(person.consents, consent)
    if may_wait and consent.person in (person.id, *person.merged):
        pending = waits_for_link(turn, consent)
        if pending is not None:
            request(turn, pending, consent)
    if turn.program.watches:
        watch(turn)
    if consent.actor != SUBJECT or consent.person not in (person.id, *person.merged):
        return  # what another holder of an address says binds the person's messages, but it is not their word
    for visit in in_order(turn):
        for purpose, stops in turn.program.journeys[visit.journey].stops_withdrawn.items():
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
    visit = turn.person.visit(serial)
    if visit is None:
        return
    if what == "gives up":
        end(turn, visit, "gave up", None, "gave_up", turn.program.journeys[visit.journey].line)
        return
    turn.cause = visit.cause
    turn.visit, turn.fields = visit, visit.fields
    if turn.person.parts is not None:
        turn.whose = turn.person.parts.owner(serial)
    if what == "step" and turn.person.parts is None:
        in_one_go = stretches(turn, visit, visit.step).fallen_due
        if in_one_go is not None:
            turn.visit, turn.fields = None, NOTHING
            in_one_go(turn, visit)
            return
    step = visit.step.due(turn, visit, what)
    turn.visit, turn.fields = None, NOTHING
    if step is not STAY:
        resume(turn, visit, step)


def open_at(person: Person, desk: str) -> Visit | None:
    """Return the visit with the oldest open task of ``desk``; None where it has none."""
    found = [visit for visit in person.visits if visit.hold.get("task") == desk]
    return min(found, key=lambda visit: (visit.order, timer_of(person, visit)), default=None)


def timer_of(person: Person, visit: Visit) -> int:
    """Return the place of the latest timer of ``visit`` in the order of setting; 0 where it has none."""
    return max((timer[1] for timer in person.timers if timer[3] == visit.serial), default=0)


def asked(person: Person) -> Visit | None:
    """Return the visit whose question was sent first of those that are open; None where none is."""
    found = [
        (visit.hold["asked"], timer_of(person, visit), visit)
        for visit in person.visits
        if "asked" in visit.hold and visit.step.shape == "confirm"
    ]
    return min(found, key=lambda one: one[:2], default=(0, 0, None))[2]


def answer(turn: Turn, visit: Visit, words: str) -> None:
    """Let the answer of a desk or of the person meet the step that asked."""
    turn.visit, turn.fields = visit, visit.fields
    if turn.person.parts is not None:
        turn.whose = turn.person.parts.owner(visit.serial)
    step = visit.step.answered(turn, visit, words)
    turn.visit, turn.fields = None, NOTHING
    resume(turn, visit, step)
