"""Lines that were taken and may not be on the disk. Rule: what was lost on its way there is taken again, each line once."""

from __future__ import annotations

from verbline.runtime.engine.reading import Stretch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.runtime.engine.reading import Files


class Unsure:
    """The lines of the batch in hand and of the last one, with those for which there was no room; ``lost`` are those of one
    that is not on the disk.
    """

    def __init__(self, files: Files) -> None:
        self.lost: list[Stretch] = []
        self._files = files
        self._taken: tuple[list[Stretch], list[Stretch]] = [], []
        self._last = self._taken

    def took(self, lines: list[Stretch], left: list[Stretch]) -> None:
        """Note that ``lines`` were taken, but for those that were ``left``, which are the last of them."""
        self._taken = lines, left

    def done(self) -> None:
        """Note that the batch is on its way to the disk; the one before is there."""
        self.lost, self._last, self._taken = [], self._taken, ([], [])

    def again(self, *, is_lost: bool) -> None:
        """Forget the batch in hand; ``is_lost`` says that the last one is not on the disk either."""
        if is_lost:
            self.lost = self._without(*self._last)
        self._last = self._taken = [], []

    def given_back(self) -> list[Stretch]:
        """Return the lines that were lost, and leave them to the caller."""
        lost, self.lost = self.lost, []
        return lost

    def _without(self, lines: list[Stretch], left: list[Stretch]) -> list[Stretch]:
        if not left:
            return lines
        place = len(lines) - len(left)
        first, rest = lines[place], left[0].items
        items = first.items[: len(first.items) - len(rest)]
        part = Stretch(first.file, items, self._files.before(first.file, rest[0]))
        return [*lines[:place], part] if items else lines[:place]


def singles(stretch: Stretch, files: Files) -> Iterator[Stretch]:
    """Yield each line of a stretch as one."""
    for number, item in enumerate(stretch.items, 1):
        is_last = number == len(stretch.items)
        place = stretch.place if is_last else files.before(stretch.file, stretch.items[number])
        yield Stretch(stretch.file, [item], place)
