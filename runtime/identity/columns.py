"""Columns of numbers, one row for each identifier or person. Rule: there is room ahead, so that a row is written and never added."""

from __future__ import annotations

from array import array

from verbline.runtime.identity.remarks import Remarks

# So many rows there is room for at least, where there is none.
ROOM_LEAST = 64


class Columns(Remarks):
    """See the module; what was not written is 0.

    ``owners`` says who holds an identifier, ``holder`` is the same column, as those look at it who write: compiled, a column
    is looked at through a view, and is not made longer while somebody does.
    """

    _kind: array[int]
    _since: array[int]
    _before: array[int]
    _last: array[int]
    holder: array[int]

    def __init__(self) -> None:
        super().__init__()
        self.owners = array("i")
        self._columns = array("b"), array("q"), array("i"), array("i"), self.owners
        self._room = 0
        self._grow()

    def _grow(self) -> None:
        """Make room for more rows."""
        self._kind = self._since = self._before = self._last = self.holder = None  # type: ignore[assignment]
        more = ROOM_LEAST + (self._room >> 3)
        for column in self._columns:
            column.frombytes(bytes(more * column.itemsize))
        self._room += more
        self._kind, self._since, self._before, self._last, self.holder = self._columns
