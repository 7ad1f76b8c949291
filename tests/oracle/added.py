"""What came to the language of the histories later. Rule: it is drawn apart, so that a seed stays nearly what it was."""

from __future__ import annotations

from random import Random

HOURS = ("09:00 and 11:00", "21:00 and 23:00", "22:00 and 02:00", "06:00 and 12:00")


def clauses(dice: Random) -> list[str]:
    """Return, now and then, a clause that compares a moment with what the person had before it."""
    if dice.random() > 0.2:
        return []
    return ['stops when "tells age" with the same age as "the same age"']


def hours(dice: Random) -> list[str]:
    """Return, now and then, the hours in which a message goes out."""
    if dice.random() > 0.15:
        return []
    return [f"  goes out between {dice.choice(HOURS)}{dice.choice(('', ' the next day'))}"]


def home(dice: Random) -> dict[str, str]:
    """Return, now and then, the country where somebody is at home: one with a single zone, or one with two."""
    return {"home-zone": dice.choice(("FI", "PT"))} if dice.random() < 0.15 else {}
