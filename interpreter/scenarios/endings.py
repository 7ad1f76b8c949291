"""How journeys end, and where they wait. Rule: without a name, any journey is meant whose visit the scenario started."""

from __future__ import annotations

from verbline.interpreter.scenarios.because import Reason
from verbline.interpreter.scenarios.miss import Miss
from verbline.interpreter.scenarios.story import same_reason
from verbline.interpreter.scenarios.waiting import until_of, what_ends, where_it_stands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.scenarios.because import Steps
    from verbline.interpreter.scenarios.judging import Judge
    from verbline.interpreter.step.records import Record


def meant(judge: Judge) -> list[str]:
    """Return the journeys that the line means: the one it names, else those that took somebody in."""
    name = judge.node.text("journey")
    if name:
        return [name]
    entered = (one.journey for one in judge.story.of(None, "entry", "taken"))
    return list(dict.fromkeys(entered))


def finishes(judge: Judge) -> Miss | None:
    """Judge that a journey ended with an outcome."""
    outcome, journeys = judge.node.text("outcome"), meant(judge)
    ended = [one for one in judge.story.of(None, "outcome") if one.journey in journeys]
    if any(one.more.get("outcome") == outcome for one in ended):
        return None
    steps = endings(judge, outcome)
    standing = still_standing(judge, journeys)
    if standing is not None and not (ended and not steps):
        return stands(judge, standing, steps)
    if ended:
        last = ended[-1]
        told = str(last.more.get("outcome", ""))
        instead = judge.tell("finished", last, journey=last.journey, outcome=told)
        here = [one for one in steps if one[1] == last.journey]
        stop = stopped_by(judge, last.journey, outcome)
        if stop is not None and not here:
            return judge.miss(instead, stop)
        why = next(
            (
                found
                for line, _name, step in here
                if (found := judge.because.detour(None, line, step))
            ),
            "",
        )
        return Miss(instead, why)
    return nobody_in(judge, journeys)


def endings(judge: Judge, outcome: str) -> Steps:
    """Return the steps in sight that finish as ``outcome``."""
    return [
        one
        for one in judge.story.steps(("finish",))
        if one[2].node and one[2].node.text("outcome") == outcome
    ]


def still_standing(judge: Judge, journeys: list[str]) -> Record | None:
    """Return where one of ``journeys`` stands; None where none is running."""
    found = (where_it_stands(judge.story, None, name) for name in reversed(journeys))
    return next((one for one in found if one is not None), None)


def stopped_by(judge: Judge, journey: str, outcome: str) -> Reason | None:
    """Return what would have stopped ``journey`` with ``outcome``; None where no moment does."""
    for line, name, stop in judge.story.steps(("stops_when",)):
        if stop.node and name == journey and stop.node.text("outcome") == outcome:
            moment, place = stop.node.text("moment"), judge.teller.place(line)
            why = judge.teller.tell("why-stops", moment=moment, place=place)
            return Reason(why, judge.because.line(f'when "{moment}" happens'))
    return None


def stands(judge: Judge, standing: Record, steps: Steps) -> Miss:
    """Return that a journey is still waiting, for what, and what would let it go on."""
    wanted = [step for _line, name, step in steps if name == standing.journey]
    stop = stopped_by(judge, standing.journey, judge.node.text("outcome"))
    if stop is not None and not wanted:
        return judge.miss(waiting(judge, standing), stop)
    sentence = judge.story.sentence(standing.line)
    raw = sentence.raw if sentence else ""
    place = judge.teller.place(standing.line)
    missing = towards(standing, sentence, wanted, judge.stage.now)
    why = judge.teller.tell("why-waits", place=place, sentence=raw)
    return judge.miss(
        waiting(judge, standing), Reason(why, judge.because.line(missing) if missing else "")
    )


def towards(standing: Record, sentence: Sentence | None, wanted: list[Sentence], now: int) -> str:
    """Return the line that would let the journey go on towards one of ``wanted``."""
    towards_all: list[Sentence | None] = [*wanted] or [None]
    for step in towards_all:
        missing = what_ends(standing, sentence, step, now)
        if missing:
            return missing
    return ""


def waiting(judge: Judge, standing: Record) -> str:
    """Return that a journey is waiting, and until when at the most."""
    until = until_of(standing)
    if until is None:
        return judge.tell("waits", standing, journey=standing.journey)
    told = judge.teller.at(until)
    return judge.tell("waits-until", standing, journey=standing.journey, until=told)


def nobody_in(judge: Judge, journeys: list[str]) -> Miss:
    """Return that no journey took anybody in, and why."""
    names = journeys or list(dict.fromkeys(name for _path, name, _one in judge.story.journeys()))
    named = bool(judge.node.text("journey"))
    told = judge.tell("nobody-in", journey=names[0]) if named else judge.tell("none-started")
    return judge.miss(told, judge.because.outside(None, names))


def is_waiting(judge: Judge) -> Miss | None:
    """Judge that a journey is running; with ``because``, that it stands where it stands for this reason."""
    journeys, wanted = meant(judge), judge.node.text("reason")
    standing = still_standing(judge, journeys)
    if standing is not None:
        return for_another_reason(judge, standing) if wanted else None
    if not wanted and any(one.visits for one in judge.stage.cast if not judge.node.text("journey")):
        return None
    ended = [one for one in judge.story.of(None, "outcome") if one.journey in journeys]
    if not ended:
        return nobody_in(judge, journeys)
    last = ended[-1]
    told = str(last.more.get("outcome", ""))
    return Miss(judge.tell("finished", last, journey=last.journey, outcome=told))


def for_another_reason(judge: Judge, standing: Record) -> Miss | None:
    """Return that a journey waits, but not for the reason that the line names."""
    wanted = judge.node.text("reason")
    if same_reason(standing, wanted):
        return None
    reasons = [
        one
        for one in judge.story.records
        if one.visit == standing.visit and one.line == standing.line
    ]
    if any(same_reason(one, wanted) for one in reasons):
        return None
    why = judge.why(standing) if standing.reason else ""
    until = judge.teller.at(until_of(standing))
    told = judge.tell("not-waiting-for-that", standing, journey=standing.journey, until=until)
    return Miss(told, why)
