"""Where the same thing is asked twice. Rule: two places count as parallel only where both have asked the same people.

Where a log holds too many people, one in so many of them is followed, chosen by their number.
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from typing import NamedTuple

from verbline.runtime.audit.spoken import Numbers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, TypeAlias

    # A source and a type, or a form.
    Path: TypeAlias = "tuple[str, str]"

KEPT_MAX = 600_000
PATHS_MAX, FIELDS_MAX = 1 << 12, 1 << 12
WORDINGS_MAX = 20


class Parallel(NamedTuple):
    """Two places that ask the same: a field or a purpose, of how many people both have asked it, and got two answers.

    ``wordings`` is how many wordings the two have shown for a purpose, 0 where none is known.
    """

    what: str
    name: str
    one: Path
    other: Path
    people: int
    differ: int
    wordings: int


class Capture:
    """What was asked of whom, and where. ``step``: one in so many people is followed."""

    __slots__ = ("_fields", "_paths", "_said", "_wordings", "step")

    def __init__(self) -> None:
        self.step = 1
        self._paths = Numbers()
        self._fields = Numbers()
        # (person, field, place) as one number -> the hash of the last answer.
        self._said: dict[int, int] = {}
        self._wordings: dict[tuple[int, int], set[str]] = {}

    def see(self, person: int, path: Path, answers: Iterable[tuple[str, Any]]) -> None:
        """Take what one event says of a person, as (what is asked, the answer)."""
        if person % self.step:
            return
        where = self._paths.of("\x1f".join(path))
        if where >= PATHS_MAX:
            return
        for name, value in answers:
            field = self._fields.of(name)
            if field < FIELDS_MAX:
                key = (person << 24) | (field << 12) | where
                self._said[key] = hash(plain(value)) & 0xFFFFFFFF
        if len(self._said) > KEPT_MAX:
            self._thin()

    def worded(self, name: str, path: Path, wording: str) -> None:
        """Note the wording that was shown at a place."""
        key = self._fields.of(name), self._paths.of("\x1f".join(path))
        known = self._wordings.setdefault(key, set())
        if wording and len(known) < WORDINGS_MAX:
            known.add(wording)

    def _thin(self) -> None:
        """Follow half as many people."""
        self.step *= 2
        self._said = {key: value for key, value in self._said.items() if not (key >> 24) % self.step}  # fmt: skip

    def found(self) -> list[Parallel]:
        """Return the places that ask the same people the same, where most answers differ first."""
        people: Counter[tuple[int, int, int]] = Counter()
        differ: Counter[tuple[int, int, int]] = Counter()
        for field, answers in self._by_person():
            for (one, first), (other, second) in combinations(answers, 2):
                people[field, one, other] += 1
                differ[field, one, other] += first != second
        rows = [self._row(key, people[key], differ[key]) for key in people]
        return sorted(rows, key=lambda row: (-row.differ, -row.people, row.what, row.name, row.one, row.other))  # fmt: skip

    def _by_person(self) -> Iterator[tuple[int, list[tuple[int, int]]]]:
        """Yield the answers of each person to each question that was asked at two places or more."""
        before, answers = -1, list[tuple[int, int]]()
        for key in sorted(self._said):
            if key >> 12 != before:
                if len(answers) > 1:
                    yield before & 0xFFF, answers
                before, answers = key >> 12, []
            answers.append((key & 0xFFF, self._said[key]))
        if len(answers) > 1:
            yield before & 0xFFF, answers

    def _row(self, key: tuple[int, int, int], people: int, differ: int) -> Parallel:
        field, one, other = key
        what, _, name = self._fields.names[field].partition("\x1f")
        wordings = set[str]().union(*(self._wordings.get((field, path), ()) for path in (one, other)))  # fmt: skip
        first, second = (tuple(self._paths.names[path].split("\x1f")) for path in (one, other))
        return Parallel(what, name, first, second, people * self.step, differ * self.step, len(wordings))  # type: ignore[arg-type]  # fmt: skip


def plain(value: object) -> str:
    """Return an answer as it is compared."""
    return " ".join(value.casefold().split()) if isinstance(value, str) else repr(value)
