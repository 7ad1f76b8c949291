"""Who keeps people of a world in brief. Rule: whoever asks for one of them gets the record that there would be."""

from __future__ import annotations

from typing import Any, Protocol

from verbline.interpreter.person.record import Person

EMAIL = "email"


class Keeping(Protocol):
    """Keeps people of a world in brief, as rows that stand among the ``numbered``."""

    numbered: list[Any]

    def fall_due(self, number: int, row: Any, due: int) -> None:
        """Let the timers of somebody in brief fall due."""

    def unfold(self, number: int) -> Person:
        """Return the record of somebody, who is in brief no more."""

    def find(self, email: str) -> int | None:
        """Return the number of who is reached at ``email`` and kept in brief, or None."""


class Known(dict[str, Person]):
    """The people of a world by id: whoever is in brief becomes a record when somebody asks."""

    def __init__(self, brevity: Keeping) -> None:
        super().__init__()
        self._brevity = brevity

    def __missing__(self, identity: str) -> Person:
        numbered, number = self._brevity.numbered, identity[1:]
        if identity[:1] == "P" and number.isdecimal() and 0 < int(number) < len(numbered):
            row = numbered[int(number)]
            if row.__class__ not in {Person, type(None)} and identity == f"P{int(number)}":
                return self._brevity.unfold(int(number))
        raise KeyError(identity)

    def get(self, identity: str, default: Any = None) -> Any:
        """Return who is called ``identity``."""
        try:
            return self[identity]
        except KeyError:
            return default


class Holders(dict[str, list[Person]]):
    """Who is reached at an address: whoever is in brief becomes a record when somebody asks."""

    def __init__(self, brevity: Keeping) -> None:
        super().__init__()
        self._brevity = brevity

    def __missing__(self, key: str) -> list[Person]:
        kind, _colon, value = key.partition(":")
        number = self._brevity.find(value) if kind == EMAIL else None
        if number is None:
            raise KeyError(key)
        self._brevity.unfold(number)
        return self[key]

    def get(self, key: str, default: Any = None) -> Any:
        """Return who is reached at ``key``."""
        try:
            return self[key]
        except KeyError:
            return default
