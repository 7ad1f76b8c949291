"""What became of messages and tasks, as a report keeps it. Rule: a number stands for each person, and no name."""

from __future__ import annotations

from typing import Any, NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


class Seen(NamedTuple):
    """A step, as far as figures name it; ``text`` is empty where the files do not have it any more."""

    id: str
    line: str
    text: str
    late: tuple[Any, str] | None


class Sent(NamedTuple):
    """A message that was sent: when, to whom, by which step, and how old the event behind it was; ``key`` names it in the log."""

    at: int
    person: int
    journey: str
    step: Seen
    message: str
    told: str
    channel: str
    purpose: str
    address: str
    key: str
    age: int
    cause: tuple[str, str]


class No(NamedTuple):
    """What somebody said against being written to: from when on it counts, when it was known, and what it is about."""

    when: int
    known: int
    purpose: str
    channel: str
    contact: str | None


class Left(NamedTuple):
    """A message that was not sent: when, by which step, what became of it and why; ``channel`` where one was tried."""

    at: int
    journey: str
    step: Seen
    verdict: str
    reason: str
    channel: str


class Handed:
    """A task of a desk: when it was handed over, until when it is due, and when the desk answered or the time was over."""

    __slots__ = ("answered", "at", "desk", "due", "journey", "person", "ran_out", "step")

    def __init__(
        self, at: int, person: int, journey: str, step: Seen, told: Mapping[str, Any]
    ) -> None:
        self.at = at
        self.person = person
        self.journey = journey
        self.step = step
        self.desk: str = told["desk"]
        self.due: int | None = told["due"]
        self.answered: int | None = None
        self.ran_out: int | None = None
