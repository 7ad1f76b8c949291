"""Values as text and as plain JSON. Rule: what is written comes back the same, and looks the same everywhere.

In plain form a date is {"d": "2026-03-14"}, a number with decimals {"n": "1.5"}, an amount {"m": ["120", "EUR"]}, a duration
{"t": ["2", "day"]}, a list {"l": […]}. Whole numbers, instants, texts, yes and no, and unknown are themselves.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from verbline.interpreter.program.meanings import UNITS
from verbline.interpreter.program.reckoning import CONTEXT, FOLDED, exact
from verbline.interpreter.zones import plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.interpreter.kinds import Kind
    from verbline.interpreter.program.reckoning import Number
    from verbline.interpreter.zones import Zone

NAMES = {"whour": "working hour", "wday": "working day"}
UNIT_NAMES = frozenset(UNITS.values())


def to_plain(value: Any) -> Any:
    """Return a value as plain JSON."""
    if isinstance(value, Decimal):
        return {"n": str(value)}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if not isinstance(value, tuple):
        return value
    if is_measured(value):
        return {"t" if value[1] in UNIT_NAMES else "m": [str(value[0]), value[1]]}
    return {"l": [to_plain(one) for one in value]}


def as_key(value: Any) -> str:
    """Return a known value as a text that is the same for values that compare as the same."""
    if isinstance(value, str):
        return FOLDED[value]
    if isinstance(value, tuple) and is_measured(value):
        value = value[0].normalize(CONTEXT) if isinstance(value[0], Decimal) else value[0], value[1]
    elif isinstance(value, Decimal):
        value = value.normalize(CONTEXT)
    return str(to_plain(value))


def from_plain(form: Any) -> Any:
    """Return the value that `to_plain` made ``form`` of."""
    if not isinstance(form, dict):
        return form
    ((tag, inside),) = form.items()
    match tag:
        case "n":
            return Decimal(inside)
        case "d":
            return date.fromisoformat(inside)
        case "m":
            return Decimal(inside[0]), inside[1]
        case "t":
            return exact(Decimal(inside[0])), inside[1]
        case _:
            assert tag == "l", f"no value is marked {tag}"
            return tuple(from_plain(one) for one in inside)


def is_measured(value: tuple[Any, ...]) -> bool:
    """Return whether a tuple is an amount or a duration: a number and what it counts. The values of a list are of one kind."""
    return (
        len(value) == 2
        and isinstance(value[1], str)
        and isinstance(value[0], int | Decimal)
        and not isinstance(value[0], bool)
    )


def shown(value: Any, kind: Kind, zone: Zone) -> str:
    """Return a value as traces and tasks show it; nothing where it is unknown. An instant is the local time in ``zone``."""
    if value is None:
        return ""
    match kind.name:
        case "number":
            return digits(value)
        case "money":
            return f"{digits(value[0])} {value[1]}"
        case "duration":
            return (
                f"{digits(value[0])} {NAMES.get(value[1], value[1])}{'' if value[0] == 1 else 's'}"
            )
        case "datetime":
            return local_time(value, zone)
        case "yesno":
            return "yes" if value else "no"
        case "list":
            assert kind.of is not None, "a list says of what"
            return ", ".join(shown(one, kind.of, zone) for one in value)
        case _:
            return str(value)


def digits(number: Number) -> str:
    """Return a number without an exponent."""
    return str(number) if type(number) is int else f"{number:f}"


def local_time(instant: int, zone: Zone) -> str:
    """Return an instant as the clock in ``zone`` shows it, with the distance from universal time: 2026-03-14T09:00+01:00."""
    local = zone.local(instant)
    away = (local - plain(instant)) // timedelta(minutes=1)
    hours, minutes = divmod(abs(away), 60)
    spec = "milliseconds" if local.microsecond else "seconds" if local.second else "minutes"
    return f"{local.isoformat(timespec=spec)}{'-' if away < 0 else '+'}{hours:02}:{minutes:02}"
