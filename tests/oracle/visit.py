"""One run of one journey, and what it may be waiting for. Rule: a visit is a generator that pauses and is given an answer."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tests.oracle.history import Line, Person
from verbline.interpreter.nodes import Sentence

# What leads to something else at one instant ends after so many.
DEEPEST = 32


@dataclass(frozen=True)
class Answer:
    """Why a pause is over: ``line`` is the moment that came, ``text`` what a desk or a person said; neither: its time has come."""

    line: Line | None = None
    text: str | None = None


DUE = Answer()


@dataclass
class Pause:
    """What a visit waits for: ``what`` is wait, held, task, question or form.

    ``due`` is the instant at which it is over, ``wants`` tells which moments end it, ``anchor`` is the place in the
    history from which on they count, ``told`` what a record about the held message or the open task says. ``serial`` is its
    place in the order of setting, ``rank`` that in which timers fire: of two who are one, those of the older came first.
    ``depth`` is how much had led to it, where it is over at the very instant.
    """

    what: str
    due: int | None
    wants: Callable[[Line], bool] | None = None
    anchor: int = 0
    told: dict[str, Any] = field(default_factory=dict)
    serial: int = 0
    rank: int = 0
    depth: int = 0


@dataclass(frozen=True)
class End:
    """The outcome of a visit, and the journey it continues with."""

    outcome: str
    journey: str = ""


# A part of a visit: it yields pauses, is sent answers, and returns the end it has come to, if any.
Walked: TypeAlias = Generator[Pause, Answer, End | None]


@dataclass
class Visit:
    """One run: ``value`` is what tells it from others of the person, ``first`` its place in the history.

    ``moments`` are the moments it has seen, ``sent`` the messages that have left (line, turn), united when people merge.
    """

    journey: str
    sentence: Sentence
    person: Person
    value: Any
    began: int
    first: int
    moments: list[Line]
    walked: Walked | None = None
    pause: Pause | None = None
    gives_up: Pause | None = None
    running: bool = True
    task: dict[str, Any] = field(default_factory=dict)
    # The lines whose message has left, and those of the visits that were joined with this one.
    done: set[int] = field(default_factory=set)
    spent: set[int] = field(default_factory=set)
    # Whose event began it, and how many steps it has come to.
    owner: str = ""
    steps: int = 0
    # What the other of two who are one did before, and no wait of this visit finds any more.
    unseen: set[int] = field(default_factory=set)
