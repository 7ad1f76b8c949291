"""How a struct lies in memory. Rule: what the compiled modules assume about it is found out before they are loaded.

They read the members of events and rows where these lie, one behind the other in the order of their names, and those of a
kind made from such a class at the same places. That is for the library to say that makes the classes. So one of each is
read both ways here; without a compiler both ways are one.
"""

from __future__ import annotations

from typing import Any

import msgspec

from verbline.interpreter.step.probe import Probe


def members_of(probe: Probe) -> tuple[Any, Any, Any]:
    """Return the members in the order of their names."""
    return probe.first, probe.second, probe.third


def is_as_expected() -> bool:
    """Return whether structs lie in memory as the compiled modules read them."""
    fields: Any = [("first", int, 4), ("fourth", int, 5), ("a_first", str, "")]
    kind: Any = msgspec.defstruct("Kind", fields, bases=(Probe,), kw_only=True, gc=False, eq=False)
    decoded = msgspec.json.Decoder(kind).decode(b'{"first":6,"second":7}')
    return members_of(Probe()) == (1, 2, 3) and members_of(decoded) == (6, 7, 3)
