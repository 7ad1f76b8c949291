"""A struct on which `laid` tries how structs lie in memory. Rule: nobody else has a use for it."""

from __future__ import annotations

from typing import Any

import msgspec


class Probe(msgspec.Struct, kw_only=True, gc=False, eq=False):
    """Its members are not declared in the order of their names."""

    second: Any = 2
    first: Any = 1
    third: Any = msgspec.field(name=":third", default=3)
