"""Where a journey stands, and what would let it go on. Rule: the line to add is the least that leads to what was expected."""

from __future__ import annotations

from verbline.interpreter.awaited import ends
from verbline.interpreter.outcomes import TASKS
from verbline.interpreter.zones import DAY, HOUR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.nodes import Sentence
    from verbline.interpreter.person.record import Person
    from verbline.interpreter.scenarios.story import Story
    from verbline.interpreter.step.records import Record

STANDS = {("wait", "held"), ("message", "held"), ("task", "taken")}
# What can come of a step; where all of it ends, nothing stands behind it.
ENDS = {
    "confirm": ("if_yes", "if_no", "if_no_answer"),
    "ask": ("if_answered", "if_no_answer"),
    "wait_for": ("if_happens", "if_not_happens"),
}
# Ways that something opens that happens, and those that time opens.
TIME = frozenset(("if_not_happens", "if_neither", "if_nobody", "if_no_answer"))


def where_it_stands(story: Story, person: Person | None, journey: str) -> Record | None:
    """Return the record of the step at which a visit to ``journey`` stands; None where none is running."""
    people = story.people if person is None else (person,)
    for one in people:
        running = {visit.id for visit in one.visits if visit.journey == journey}
        for record in reversed(story.records) if running else ():
            if record.visit in running and (record.kind, record.verdict) in STANDS:
                return record
    return None


def until_of(standing: Record) -> int | None:
    """Return until when a journey stands there at the most."""
    until = standing.more.get("until", standing.more.get("due"))
    return until if isinstance(until, int) else None


def what_ends(standing: Record, step: Sentence | None, wanted: Sentence | None, now: int) -> str:
    """Return the line that would let the journey go on towards ``wanted``, in English; nothing where none is known."""
    if step is None or step.node is None or standing.kind == "message":
        return passing(standing, now)
    way = way_between(step, wanted)
    if way is None and is_end(step):
        return ""
    shape = way.shape if way else ""
    if shape not in TIME and (way is not None or only_so(step)):
        if step.shape == "wait_for":
            named = way.node.text("moment") if way and way.node else ""
            return f'when "{named or step.node.words("moments")[0].text}" happens'
        if step.shape in TASKS:
            answers = way.node.words("answers") if way and way.node else []
            told = f' "{answers[0].text}"' if answers else ""
            return f'when desk "{standing.more.get("desk", "")}" answers{told}'
        if step.shape == "confirm":
            shape = shape or next((one for one in ("if_yes", "if_no") if leads_on(step, one)), "")
        if shape in ("if_yes", "if_no"):
            return f"when the {{who}} answers {'yes' if shape == 'if_yes' else 'no'}"
    return passing(standing, now)


def is_end(step: Sentence) -> bool:
    """Return whether the journey ends with ``step``, whatever comes of it."""
    ways = {one.shape: ends(one.block) for one in step.block}
    needed = ENDS.get(step.shape, ())
    return bool(needed) and all(ways.get(shape) for shape in needed)


def leads_on(step: Sentence, shape: str) -> bool:
    """Return whether the journey goes on behind ``step`` after the answer of ``shape``."""
    return not any(ends(one.block) for one in step.of(shape))


def only_so(step: Sentence) -> bool:
    """Return whether the journey ends where time runs out at ``step``, so that it goes on only by an answer."""
    return any(ends(one.block) for one in step.of(*TIME))


def way_between(step: Sentence, wanted: Sentence | None) -> Sentence | None:
    """Return the line directly under ``step`` on the way to ``wanted``; None where that stands elsewhere."""
    while wanted is not None and wanted.parent is not step:
        wanted = wanted.parent
    return wanted


def passing(standing: Record, now: int) -> str:
    """Return the line by which the time passes that the journey still stands there."""
    until = until_of(standing)
    if until is None or until <= now:
        return ""
    hours = -(-(until - now) // HOUR)
    if until - now < 2 * DAY and hours < 24:
        return f"when {hours} hour{'s pass' if hours != 1 else ' passes'}"
    days = -(-(until - now) // DAY)
    return f"when {days} day{'s pass' if days != 1 else ' passes'}"
