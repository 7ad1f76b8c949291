"""What several records tell that always come together. Rule: told once for all to whom it happens alike; of each, what differs.

What a situation leads to is the same records every time, but for the person, the instant, the event and a few values. Such
records stand in the trace as one: the number of the tale, below zero, and these values.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any, NamedTuple

import msgspec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TypeAlias

    from verbline.runtime.traces.packing import Group, Packed

    # Where among the values of the tale that came a value stands; -1, and the value itself, where it is always the same.
    Own: TypeAlias = "tuple[int, Any]"

ALWAYS = -1
NOBODY = -1


class Tale(msgspec.Struct, frozen=True):
    """See the module.

    ``visits`` are journey, correlation value and number of those in whose name something is told; ``records`` are the number
    of the site, the place of the visit among these (`NOBODY`: none), and what is the record's own. ``gaps`` is how many values
    differ.
    """

    visits: tuple[tuple[str, str, int], ...]
    records: tuple[tuple[int, int, tuple[tuple[int, Any], ...]], ...]
    gaps: int

    def of(self, person: int, values: Sequence[Any]) -> Iterator[Packed]:
        """Yield the records that are told of a person."""
        names = [visit_of(person, *visit) for visit in self.visits]
        for site, visit, own in self.records:
            mine = [value if place == ALWAYS else values[place] for place, value in own]
            yield site, b"" if visit == NOBODY else names[visit], mine


class Related(NamedTuple):
    """What is told again and again: a tale by its ``number``, and what stands for the ``source`` of the events behind it.

    ``met`` are journey, step, kind, verdict and reason of each of its records.
    """

    number: int
    source: int | str
    met: tuple[tuple[str, str, str, str, str], ...]


def visit_of(person: int, journey: str, correlation: str, number: int) -> bytes:
    """Return the name of a visit of somebody who never was another, as `Visit.first_name` gives it, as bytes."""
    text = "\0".join((journey, f"P{person}", correlation, str(number)))
    return sha256(text.encode("utf-8", "surrogatepass")).digest()[:8]


def whole(group: Group, tales: Sequence[Any]) -> Group:
    """Return a group in which every record stands by itself; ``tales`` are the terms by number."""
    if all(one[0] >= 0 for one in group.records):
        return group
    records: list[Packed] = []
    for one in group.records:
        records += tales[-one[0]].of(group.person, one[2]) if one[0] < 0 else (one,)
    return group._replace(records=records)
