"""What a run has shown, as expectations. Rule: each is a line of a scenario in English; whether it holds is the caller's to try."""

from __future__ import annotations

from verbline.interpreter.scenarios.possible import noun_of, quoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.interpreter.scenarios.stage import Stage
    from verbline.interpreter.step.records import Record


def expected(stage: Stage, journey: str) -> Iterator[str]:
    """Yield the lines that say what the journey sent, handed over, and came to."""
    records = [one for one in stage.story.records if one.journey == journey]
    told = [line for one in records if (line := line_of(stage, one))]
    yield from dict.fromkeys(told)
    if not any(one.kind == "message" and one.verdict == "sent" and "desk" not in one.more for one in records):  # fmt: skip
        yield f"then the {noun_of(stage)} gets nothing"
    if any(visit.journey == journey for person in stage.cast for visit in person.visits):
        yield "then the journey is waiting"


def line_of(stage: Stage, record: Record) -> str:
    """Return the line that expects one record; nothing where none does."""
    more, noun = record.more, noun_of(stage)
    what = quoted(str(more.get("message", "")))
    by = f"by {more.get('channel', '')}"
    local = stage.program.zone.local(record.at)
    match record.kind, record.verdict, more.get("told"):
        case "message", "sent", _ if "desk" in more:
            return f"then desk {quoted(more['desk'])} is told {what}"
        case "message", "sent", "offer":
            return f"then the {noun} gets the offer {what} {by}"
        case "message", "sent", "question":
            return f"then the {noun} is asked {what} {by}"
        case "message", "sent", _:
            return f"then the {noun} gets {what} {by} at {local:%Y-%m-%d %H:%M}"
        case "task", "taken", _:
            return f"then desk {quoted(more['desk'])} gets a task"
        case "outcome", _, _:
            return f"then the journey finishes as {quoted(more['outcome'])}"
        case _:
            return ""
