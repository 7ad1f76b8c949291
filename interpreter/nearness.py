"""How near two words are. Rule: what is called near differs in at most a third of its letters; the same question always has the same answer."""

from __future__ import annotations

import unicodedata

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

PART = 3  # one letter in three may differ
LONG = 120  # nobody mistypes a name of this length in a third of its letters; to compare two takes long


def plain(text: str) -> str:
    """Return ``text`` in small letters without diacritics: how it looks on a keyboard that lacks them."""
    if text.isascii():
        return text.lower()
    return "".join(
        letter
        for letter in unicodedata.normalize("NFD", text.casefold())
        if not unicodedata.combining(letter)
    )


def distance(one: str, other: str, most: int) -> int:
    """Return how many letters are wrong, missing, too many or swapped with their neighbour; ``most`` + 1 stands for more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        earlier, before, row = before, row, [place]
        for at, facing in enumerate(other, 1):
            cost = min(before[at] + 1, row[at - 1] + 1, before[at - 1] + (letter != facing))
            swapped = place > 1 and at > 1 and letter == other[at - 2] and one[place - 2] == facing
            row.append(min(cost, earlier[at - 2] + 1) if swapped else cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def apart(word: str, candidate: str) -> int | None:
    """Return how far ``word`` is from ``candidate``, None where they are not near. Diacritics do not count."""
    if max(len(word), len(candidate)) > LONG:
        return 0 if word == candidate else None
    one, other = plain(word), plain(candidate)
    most = max(len(one), len(other)) // PART
    found = distance(one, other, most)
    return found if found <= most else None


def nearest(word: str, candidates: Iterable[str]) -> str:
    """Return the candidate that is nearest to ``word``, the first of several; nothing where none is near."""
    best, least = "", None
    for candidate in candidates:
        found = apart(word, candidate)
        if found is not None and (least is None or found < least):
            best, least = candidate, found
    return best


def turned(text: str, phrase: str, negations: Iterable[str]) -> bool:
    """Return whether one of ``text`` and ``phrase`` says no where the other does not."""
    words, wanted = set(plain(text).split()), set(plain(phrase).split())
    denying = {plain(word) for word in negations}
    if (words - wanted) & denying:
        return True
    lacking = (wanted - words) & denying
    return any(
        len(word) < PART or all(distance(one, word, 1) > 1 for one in words - wanted)
        for word in lacking
    )
