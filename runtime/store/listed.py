"""Many rows in one statement. Rule: what stands in the table is what a statement for each row would have written there.

SQLite reads the rows from JSON, and needs nothing of Python while it does: so another thread decides meanwhile.
"""

from __future__ import annotations

from itertools import accumulate

import msgspec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# What JSON says where there is a character that ends a text of SQLite's.
END = "\\u0000"
_encode = msgspec.json.Encoder().encode


def listed(rows: Iterable[Sequence[object]]) -> str | None:
    """Return rows as `json_each` reads them; None where one holds what cannot be said so: half a letter, or a text with an end."""
    try:
        text = _encode(list(rows)).decode()
    except UnicodeEncodeError:
        return None
    return None if END in text else text


def placed(bodies: Sequence[bytes]) -> list[tuple[int, int]]:
    """Return where each of some bodies begins, as `substr` counts, when they stand behind each other, and how long it is."""
    ends = accumulate(map(len, bodies), initial=1)
    return [(first, len(body)) for first, body in zip(ends, bodies, strict=False)]
