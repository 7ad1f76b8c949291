"""Times as tables write them. Rule: one column is read in one way, and what that way is can be told."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from verbline.interpreter.zones import instant_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from verbline.interpreter.zones import Zone

# 9.3.2026, 09/03/2026 8:05, 9-3-2026 08:05:01
PARTED = re.compile(
    r"(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4})(?:[ T,]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?)?"
)
DIGITS = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?")
ISO = re.compile(r"\d{4}-\d\d-\d\d")
LAST_MONTH = 12
SECONDS_LONG = 10


class Instants:
    """Reads the times of one column; ``zone`` is whose clock is meant where a time has no offset.

    ``month_first`` says that 3/9/2026 is a day in March. ``is_sure`` is False where no value told which it is.
    """

    __slots__ = ("is_sure", "month_first", "zone")

    def __init__(self, zone: Zone, values: Iterable[str] = ()) -> None:
        parted = [found for value in values if (found := PARTED.fullmatch(value.strip()))]
        self.zone = zone
        later = any(int(one[3]) > LAST_MONTH for one in parted)
        self.month_first = later and not any(int(one[1]) > LAST_MONTH for one in parted)
        points = any(one[2] == "." for one in parted)
        known = later or points or any(int(one[1]) > LAST_MONTH for one in parted)
        self.is_sure = known or not parted

    def read(self, value: object) -> int | None:
        """Return the instant of a value in milliseconds since 1970 UTC, or None where it is none."""
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            return None
        text = value.strip()
        try:
            if ISO.match(text):
                return self._instant(datetime.fromisoformat(text))
            if DIGITS.fullmatch(text):
                whole, _, part = text.partition(".")
                if len(whole) > SECONDS_LONG:
                    return int(whole)
                return int(whole) * 1_000 + int((part + "000")[:3])
            return self._parted(text)
        except (ValueError, OverflowError):
            return None

    def _instant(self, when: datetime) -> int:
        if when.tzinfo is None:
            return self.zone.instant(when)
        return instant_of(when.astimezone(UTC).replace(tzinfo=None))

    def _parted(self, text: str) -> int | None:
        found = PARTED.fullmatch(text)
        if found is None:
            return None
        first, second = int(found[1]), int(found[3])
        day, month = (second, first) if self.month_first else (first, second)
        hour, minute, seconds = (int(found[place] or 0) for place in (5, 6, 7))
        return self._instant(datetime(int(found[4]), month, day, hour, minute, seconds))  # noqa: DTZ001 - the zone says the rest
