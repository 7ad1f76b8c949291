"""One expectation before its judge. Rule: a `then` looks at everything since the scenario began, and changes nothing."""

from __future__ import annotations

from functools import cached_property

from verbline.interpreter.scenarios.because import Because, Reason
from verbline.interpreter.scenarios.literals import channel_of, instant_of
from verbline.interpreter.scenarios.miss import Miss

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.person.record import Person
    from verbline.interpreter.scenarios.script import Line
    from verbline.interpreter.scenarios.stage import Stage
    from verbline.interpreter.step.records import Record

MINUTE = 60_000


class Judge:
    """Judges ``line``; ``since`` is how many records there were when it stood there."""

    def __init__(self, stage: Stage, line: Line, since: int) -> None:
        self.stage = stage
        self.story = stage.story
        self.teller = stage.teller
        self.line = line
        self.node = line.node
        self.since = since
        self.because = Because(stage.story, stage.teller, stage.now)

    @cached_property
    def person(self) -> Person:
        """Whom the line speaks of."""
        return self.stage.cast.of(self.node)

    @cached_property
    def channel(self) -> str:
        """The channel that the line names, or nothing."""
        return channel_of(self.node)

    @cached_property
    def instant(self) -> int | None:
        """The instant that the line names, or None."""
        return instant_of(self.node, self.stage.program.zone) if self.node.has("date") else None

    def by_channel(self, records: list[Record]) -> list[Record]:
        """Return the records of the channel that the line names; those that name none were about all of them."""
        if not self.channel:
            return records
        return [one for one in records if one.more.get("channel") in (self.channel, "", None)]

    def at_instant(self, records: list[Record]) -> list[Record]:
        """Return the records of the minute that the line names; all where it names none."""
        if self.instant is None:
            return records
        return [one for one in records if one.at // MINUTE == self.instant // MINUTE]

    def tell(self, key: str, record: Record | None = None, **values: object) -> str:
        """Return what happened; time, place and channel are those of ``record``."""
        if record is not None:
            by = self.teller.by(str(record.more.get("channel", "")))
            values = {
                "at": self.teller.at(record.at),
                "place": self.teller.place(record.line),
                "by": by,
                **values,
            }
        return self.teller.tell(key, **values).replace(" , ", ", ").replace("  ", " ")

    def miss(self, instead: str, reason: Reason | None = None) -> Miss:
        """Return a missed expectation with its reason."""
        if reason is None:
            return Miss(instead)
        return Miss(instead, reason.why, self.of_person(reason.missing), reason.where)

    def of_person(self, english: str) -> str:
        """Return a suggestion with the noun of the person whom the line speaks of."""
        noun = self.stage.cast.roles[0].noun if self.stage.cast.roles else ""
        return english.replace("{who}", self.node.text("who") or noun)

    def why(self, record: Record) -> str:
        """Return why the record says what it says, as a sentence."""
        return self.teller.tell("why-reason", reason=self.teller.reason(record))

    @cached_property
    def outcome(self) -> str:
        """How the scenario says that the journey ends, or nothing."""
        lines = self.stage.script.lines
        endings = (one.node.text("outcome") for one in lines if one.shape == "t_finish")
        return next(endings, "")
