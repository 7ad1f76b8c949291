"""How a run is told: times, places, values, sentences. Rule: in the language of the scenario's file, and in its words.

The sentences stand in ``pages/told.toml``, the reasons in ``pages/reasons.toml``.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from verbline.interpreter.reasons import by_channel, reason, said
from verbline.interpreter.sentence import grammar
from verbline.interpreter.source import Source
from verbline.interpreter.working import WEEKDAYS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.interpreter.step.records import Record
    from verbline.interpreter.zones import Zone

UNITS = {
    "minute": "U_MINUTE", "hour": "U_HOUR", "day": "U_DAY", "week": "U_WEEK", "month": "U_MONTH", "year": "U_YEAR",
    "whour": "U_WHOUR", "wday": "U_WDAY",
}  # fmt: skip

# What a step answers to itself, and the words for it.
ANSWERS = {
    "yes": "yes", "no": "no", "unknown": "unknown", "known": "known", "nothing fits": "nothing-fits",
    "anything else": "anything-else", "over": "over",
}  # fmt: skip


class Teller:
    """Tells in ``language``; ``path`` is the file that needs no naming, ``zone`` that of the clock on the wall."""

    def __init__(self, language: str, path: str, zone: Zone) -> None:
        self.language = language
        self.path = path
        self.zone = zone

    def tell(self, key: str, **values: object) -> str:
        """Return the sentence ``key`` with its values."""
        return said("told", key, self.language).format_map(values)

    def at(self, instant: int | None) -> str:
        """Return an instant as a clock on the wall shows it, such as "Mon 2026-03-09 09:00"."""
        if instant is None:
            return self.tell("unknown")
        local = self.zone.local(instant)
        return f"{self.tell(WEEKDAYS[local.weekday()])} {local:%Y-%m-%d %H:%M}"

    def place(self, line: str) -> str:
        """Return a place written as ``file:number``: the line alone where the file is the scenario's own."""
        path, _, number = line.rpartition(":")
        return self.tell("line", number=number) if path in ("", self.path) else line

    def by(self, channel: str) -> str:
        """Return how something goes by ``channel``; nothing where no channel was tried."""
        return by_channel(channel, self.language) if channel else ""

    def reason(self, record: Record) -> str:
        """Return why the record says what it says, as a clause."""
        more = record.more
        purpose, channel = str(more.get("purpose", "")), str(more.get("channel", ""))
        return reason(record.reason, self.language, purpose=purpose, channel=channel)

    def answer(self, given: object) -> str:
        """Return the answer at a fork: what the engine says in the words of the language, an author's own in quotes."""
        return self.tell(ANSWERS[given]) if given in ANSWERS else f'"{given}"'

    def value(self, value: Any) -> str:
        """Return a value as it stands in a sentence."""
        if value is None or isinstance(value, bool):
            return self.tell({None: "unknown", True: "yes", False: "no"}[value])
        if isinstance(value, str):
            return f'"{value}"'
        if isinstance(value, Decimal):
            return f"{value:f}"
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, tuple):
            return self.several(value)
        return str(value)

    def several(self, value: tuple[Any, ...]) -> str:
        """Return an amount, a duration or a list as it stands in a sentence."""
        if len(value) == 2 and isinstance(value[1], str) and not isinstance(value[0], str):
            unit = UNITS.get(value[1])
            written = grammar().language(self.language).write(unit) if unit else value[1]
            return f"{self.value(value[0])} {written}"
        return ", ".join(self.value(one) for one in value) or self.tell("nothing")

    def sentence(self, english: str, under: str) -> str:
        """Return an English sentence of the language in the words of this one; ``under`` is the line it would stand under."""
        if self.language == "en":
            return english
        from verbline.interpreter.parse import parse
        from verbline.interpreter.translate import translate

        file = parse(Source.of_text("", f"{under}\n  {english}\n"), grammar(), "en")
        text = translate(file, self.language)
        return text.rstrip().rpartition("\n")[2].strip() if isinstance(text, str) else english
