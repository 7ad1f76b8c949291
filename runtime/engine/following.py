"""Lines as they come. Rule: what is read together was known at one instant, that of the reading, and never before what has happened.

A line about nothing but what was handled (`receipts`) is passed over: whoever wrote it knows.
"""

from __future__ import annotations

from verbline.runtime.engine.reading import Stretch
from verbline.runtime.engine.receipts import RECEIPT
from verbline.runtime.events import Event
from verbline.runtime.follow.follower import Follower

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from verbline.runtime.engine.reading import Files
    from verbline.runtime.events import Item


class Following:
    """The log read on from where ``files`` stand. ``stamp`` gives the instant of a reading; ``ahead`` counts clocks that ran ahead.

    ``moved`` says whether a file may have come, gone, or another name since it was asked last.
    """

    def __init__(
        self, files: Files, stamp: Callable[[], int], moved: Callable[[], bool] = lambda: True
    ) -> None:
        self.files = files
        self.ahead = 0
        self._stamp = stamp
        self._moved = moved
        self._follower = Follower(files.path, files.places.values())

    def close(self) -> None:
        """Let go of the files."""
        self._follower.close()

    def stretches(self) -> Iterator[Stretch]:
        """Yield what is new."""
        for piece in self._follower.poll(look=self._moved()):
            number = self.files.number(piece.place.name, piece.place.key)
            items = without_receipts(piece.items)
            at = self._stamp()
            for item in items:
                if isinstance(item, Event) and item.happened > at:
                    item.happened = at
                    self.ahead += 1
                item.known = at
            yield Stretch(number, items, piece.place._replace(known=at))

    def settle(self) -> None:
        """Note the files that were rotated away and read to their end."""
        for place in self._follower.places:
            if place.done:
                self.files.over(place)


def without_receipts(items: Iterable[Item]) -> list[Item]:
    """Return the lines that are more than a receipt."""
    return [one for one in items if not (isinstance(one, Event) and one.type == RECEIPT)]


def some(stretches: Iterator[Stretch], files: Files, room: int) -> list[Stretch]:
    """Return so many lines as make a batch, or all that are there."""
    found: list[Stretch] = []
    while room > 0:
        stretch = next(stretches, None)
        if stretch is None:
            break
        items = without_receipts(stretch.items)
        if items:
            found.append(stretch._replace(items=items))
            room -= len(items)
        elif stretch.place is not None and not found:
            files.moved(stretch.place)  # written with the next batch, if ever
    return found
