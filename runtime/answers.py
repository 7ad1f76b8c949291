"""Answers of desks and people. Rule: an answer meets the question it was given to, and only while that is open.

Recorded answers stand in the runtime's own log. Where a log has none, a share of the questions can be answered by hash: at
half of their time, and with one of the answers that the journey asks for.
"""

from __future__ import annotations

import heapq
from hashlib import sha256

from verbline.interpreter.person.record import Person
from verbline.interpreter.step.answering import answer, asked, open_at
from verbline.interpreter.step.questions import Confirm
from verbline.interpreter.step.signals import NO_CAUSE
from verbline.interpreter.step.tasks import Task
from verbline.interpreter.step.world import BITS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.interpreter.person.record import Cause, Visit
    from verbline.interpreter.step.steps import Step
    from verbline.interpreter.step.world import World
    from verbline.runtime.events import Event

DESK, QUESTION = "verbline.desk.answered", "verbline.question.answered"
YES_OR_NO = ("no", "yes")
WHOLE = 1 << 32


class Question:
    """One open task or question: in which visit and at which step, and under which key."""

    __slots__ = ("key", "step", "visit")

    def __init__(self, visit: Visit, step: Step, key: str) -> None:
        self.visit = visit
        self.step = step
        self.key = key

    def is_open(self, person: Person) -> bool:
        """Return whether ``person`` still stands where this was asked."""
        visit = self.visit
        if visit.step is not self.step or visit not in person.visits:
            return False
        hold = visit.hold
        return hold["key"] == self.key if "task" in hold else hold.get("sent") == self.key


class Answers:
    """What was asked in a world, and the answers to it. ``share`` of the questions, from 0 to 1, are answered by hash.

    ``opened`` are the questions that are open, by their keys; ``given`` counts the answers by hash that met one of them.
    """

    __slots__ = ("_due", "_number", "_share", "given", "opened", "world")

    def __init__(self, world: World, share: float = 0.0) -> None:
        self.world = world
        self.given = 0
        self._share = int(share * WHOLE)
        self.opened: dict[str, Question] = {}
        # When an answer is due, its place in the order of asking, the question, and the answer.
        self._due: list[tuple[int, int, Question, str]] = []
        self._number = 0

    def forget(self) -> None:
        """Forget what was asked of people to whom nothing more happens."""
        self.opened.clear()
        self._due.clear()

    def recall(self) -> None:
        """Know again what was asked of people who are there, and has no answer yet."""
        for person in self.world.numbered:
            # Whoever is kept in brief was asked nothing.
            for visit in person.visits if isinstance(person, Person) else ():
                if isinstance(visit.step, Task | Confirm):
                    key = visit.hold.get("key") or visit.hold.get("sent")
                    if key:
                        self.opened[key] = Question(visit, visit.step, key)

    def note(
        self, visit: Visit, step: Step | None, kind: str, verdict: str, more: dict[str, Any]
    ) -> None:
        """Note what a record about a task or a wait says: what was asked, and what needs no answer any more."""
        if kind == "task" and verdict == "taken" and isinstance(step, Task):
            words = tuple(told for told, _ in step.answers.values()) or ("answered",)
            self._ask(Question(visit, step, more["key"]), words, more["due"])
        elif kind == "wait" and isinstance(step, Task | Confirm):
            key = visit.hold.get("key") or visit.hold.get("sent", "")
            if verdict == "held":
                question = Question(visit, step, key)
                self._ask(question, YES_OR_NO, more["until"])
            else:
                self.opened.pop(key, None)

    def _ask(self, question: Question, words: tuple[str, ...], due: int | None) -> None:
        """Note an open question; where its hash says so, it will be answered at half the time up to ``due``."""
        self.opened[question.key] = question
        if not self._share or due is None:
            return
        number = int.from_bytes(sha256(question.key.encode()).digest()[:8])
        if number % WHOLE < self._share:
            self._number += 1
            at = (self.world.now + due) // 2
            said = words[number // WHOLE % len(words)]
            heapq.heappush(self._due, (at, self._number, question, said))

    def reach(self, now: int) -> None:
        """Move the world's clock to ``now``, with every answer by hash at its time; timers at ``now`` fire later."""
        world, due = self.world, self._due
        while True:
            alarm = world.alarms[0] >> BITS if world.alarms else now
            if due and due[0][0] < now and due[0][0] <= alarm:
                at, _, question, words = heapq.heappop(due)
                world.until(at)
                self.given += self._give(question, words, NO_CAUSE)
            elif alarm < now:
                world.fire(alarm + 1)
            else:
                break
        world.until(now)

    def recorded(self, event: Event, number: int | None) -> bool:
        """Let the answer in ``event`` be given, which names a key, or is about the person and names a desk; else false.

        A person says yes or no, however it is written: whatever else they say is no answer.
        """
        key, desk, words = (event.data.get(name) for name in ("key", "desk", "answer"))
        if words is True or words is False:
            words = YES_OR_NO[words]
        if not isinstance(words, str):
            return False
        is_desk = event.type == DESK
        if not is_desk and (words := words.casefold().strip()) not in YES_OR_NO:
            return False
        question = self.opened.get(key) if isinstance(key, str) else None
        if question is None and key is None and number is not None:
            question = self._of(number, desk if is_desk else "")
        if question is None or isinstance(question.step, Task) != is_desk:
            return False
        return self._give(question, words, (event.source, event.id))

    def _of(self, number: int, desk: object) -> Question | None:
        """Return what a desk, or the person where none is named, was asked first about the person and has not answered."""
        person = self.world.people.get(f"P{number}")
        if person is None or not isinstance(desk, str):
            return None
        visit = open_at(person, desk) if desk else asked(person)
        if visit is None:
            return None
        key = visit.hold["key"] if desk else visit.hold["sent"]
        return Question(visit, visit.step, key)

    def _give(self, question: Question, words: str, cause: Cause) -> bool:
        """Let a question be answered; return whether it was still open."""
        world, visit = self.world, question.visit
        person = world.people[visit.person]
        if not question.is_open(person):
            return False
        world.turn.begin(person, world.now, cause, world.now)
        answer(world.turn, visit, words)
        world.drain()
        world.arm(person)
        return True
