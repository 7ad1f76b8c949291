"""A run told in sentences. Rule: one line a record, with the time on the wall and the line of the text that spoke.

2026-03-06 Fri 14:10   102  when "member books a course" happens …
                        47    the member enters "Prepare for the course"
"""

from __future__ import annotations

from verbline.interpreter.reasons import table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.interpreter.scenarios.run import Result
    from verbline.interpreter.scenarios.stage import Stage
    from verbline.interpreter.scenarios.wording import Teller
    from verbline.interpreter.step.records import Record


def told(result: Result) -> Iterator[str]:
    """Yield the lines that tell what happened in one run."""
    stage = result.stage
    deeds = list(stage.story.deeds)
    for number, record in enumerate(stage.story.records):
        while deeds and deeds[0].before <= number:
            deed = deeds.pop(0)
            yield row(stage, deed.at, str(deed.line.number), deed.line.sentence.raw)
        yield row(stage, record.at, place(stage, record), f"  {in_words(stage, record)}")
    for deed in deeds:
        yield row(stage, deed.at, str(deed.line.number), deed.line.sentence.raw)


def row(stage: Stage, at: int, line: str, words: str) -> str:
    """Return one line: when, where, what."""
    return f"  {stage.teller.at(at)}  {line:>5}  {words}".rstrip()


def place(stage: Stage, record: Record) -> str:
    """Return the number of the line that spoke, with its file where it is another one."""
    path, _, number = record.line.rpartition(":")
    return number if path == stage.script.path else record.line


def in_words(stage: Stage, record: Record) -> str:
    """Return one record as a sentence."""
    return in_words_of(stage.teller, record, stage.cast.called(record.person))


def in_words_of(teller: Teller, record: Record, who: str) -> str:
    """Return one record as a sentence, about somebody who is called ``who``."""
    more = record.more
    key = f"trace-{record.kind}-{record.verdict.replace(' ', '-')}"
    if record.kind == "message" and "desk" in more and record.verdict == "sent":
        key = "trace-message-told"
    if key not in table("told"):
        key = "trace-other"
    values = {
        "who": who,
        "journey": record.journey,
        "reason": why(teller, record),
        "what": more.get("message", ""),
        "by": teller.by(str(more.get("channel", ""))),
        "until": teller.at(more.get("until")),
        "due": teller.at(more.get("due")),
        "answer": teller.answer(more.get("answer", "")),
        "value": teller.value(more.get("value")),
        "kind": record.kind,
        "verdict": record.verdict,
    }
    named = ("desk", "field", "label", "moment", "outcome", "purpose")
    values |= {name: more.get(name, "") for name in named}
    return " ".join(teller.tell(key, **values).split()).rstrip(" :")


def why(teller: Teller, record: Record) -> str:
    """Return the reason of a record in words; nothing where it has none."""
    key = f"waited-{record.reason}"
    if key in table("told"):
        return teller.tell(key)
    return teller.reason(record) if record.reason else ""
