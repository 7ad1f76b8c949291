"""Steps that put work on a desk. Rule: one task for each step of a visit; the deadline counts in the desk's open hours."""

from __future__ import annotations

from verbline.interpreter.step.steps import STAY, Step, arrive
from verbline.interpreter.zones import DAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from verbline.interpreter.person.record import Visit
    from verbline.interpreter.program.parts import Desk, Message
    from verbline.interpreter.step.steps import Next
    from verbline.interpreter.step.turn import Turn

# A desk that does not open for so long cannot be handed a task: the one that backs it up gets it.
CLOSED_MAX = 7 * DAY


class Task(Step):
    """``escalate``, ``pass it up``. ``desk`` finds the desk's name; the ways are by what came of it.

    ``within`` is the written length, else the desk's own holds; ``before`` reckons an instant instead. A task that is
    passed up shows what the one before it showed.
    """

    __slots__ = (
        "answers",
        "before",
        "desk",
        "no_desk",
        "nobody",
        "passed_up",
        "reason",
        "shows",
        "somebody",
        "within",
    )
    holds_up = True
    by_clock = frozenset(("nobody",))
    by_event = frozenset(("somebody", "the answer is"))
    desk: Callable[[Turn], str]
    within: tuple[Any, str] | None
    before: Callable[[Turn], int | None] | None
    reason: str
    shows: tuple[str, ...]
    passed_up: bool
    answers: Mapping[str, tuple[str, Next]]
    somebody: Next
    nobody: Next
    no_desk: Next

    def enter(self, turn: Turn, visit: Visit) -> Next:
        """Hand the task over and stay; return the way of nobody where it is too late, of no desk where there is none."""
        program = turn.program
        asked = program.desks.get(self.desk(turn))
        if asked is None:
            turn.note("task", "refused", "no_desk", visit, self)
            return self.no_desk
        desk = standing_in(program.desks, asked, turn.now)
        due = self.deadline(turn, desk)
        shown = self.shown(turn, visit)
        # What comes too late is still what is passed up.
        visit.task = {"shown": shown, "reason": self.reason or visit.task.get("reason", "")}
        if due is not None and due < turn.now:
            turn.note("task", "stale", "stale", visit, self, desk=desk.name, due=due)
            return self.nobody
        key = visit.key(self.id)
        arrive(turn, visit)
        visit.hold = {"task": desk.name, "due": due, "key": key}
        if due is not None:
            if due == turn.now and turn.depth:
                visit.hold["depth"] = turn.depth
            turn.person.set_timer(due, "step", visit.serial)
        turn.note(
            "task", "taken", "", visit, self,
            desk=desk.name, due=due, shown=shown, because=visit.task["reason"], key=key,
        )  # fmt: skip
        return STAY

    def deadline(self, turn: Turn, desk: Desk) -> int | None:
        """Return when the task has to be answered; None where nothing says it."""
        if self.before is not None:
            due = self.before(turn)
            if due is not None:
                return due
        length = self.within or desk.answers
        return turn.program.later(turn, turn.now, length, desk.time) if length else None

    def shown(self, turn: Turn, visit: Visit) -> dict[str, Any]:
        """Return the fields that the desk is shown, with their values."""
        shown = dict(visit.task.get("shown", {})) if self.passed_up else {}
        for name in self.shows:
            shown[name] = turn.program.value_of(turn, name)
        return shown

    def answered(self, turn: Turn, visit: Visit, answer: str) -> Next:
        """Return the way of the desk's answer."""
        turn.note("wait", "taken", "answered", visit, self, desk=visit.hold["task"], answer=answer)
        told = self.answers.get(" ".join(answer.casefold().split()))
        return told[1] if told is not None else self.somebody

    def due(self, turn: Turn, visit: Visit, what: str) -> Next:
        """Return the way of nobody having answered; a deadline at this very instant does not begin a chain anew."""
        turn.depth = visit.hold.get("depth", 0)
        turn.note("wait", "taken", "ran_out", visit, self, desk=visit.hold["task"])
        return self.nobody

    def left(self, turn: Turn, visit: Visit, reason: str) -> None:
        """Take the open task back; the desk is told."""
        if "task" in visit.hold:
            turn.note(
                "task", "withdrawn", "journey_stopped", visit, self,
                desk=visit.hold["task"], key=visit.hold["key"],
            )  # fmt: skip

    def taken_up(self, turn: Turn, visit: Visit) -> None:
        """Hand over again the task that was taken back when two people were taken for one."""
        if "task" in visit.hold:
            hold = visit.hold
            turn.note(
                "task", "taken", "identity_split", visit, self, desk=hold["task"], due=hold["due"],
                shown=visit.task["shown"], because=visit.task["reason"], key=hold["key"],
            )  # fmt: skip

    def branches(self) -> dict[str, Next]:
        """Return the ways by what came of the task."""
        return {
            **{f'the answer is "{told}"': way for told, way in self.answers.values()},
            "somebody": self.somebody,
            "nobody": self.nobody,
            "no_desk": self.no_desk,
        }


def standing_in(desks: Mapping[str, Desk], asked: Desk, now: int) -> Desk:
    """Return the desk that can be handed a task: ``asked``, or the first of those that back it up and open in time."""
    desk, seen = asked, {asked.name}
    while not opens(desk, now):
        backup = desks.get(desk.backup)
        if backup is None or backup.name in seen:
            return asked
        seen.add(backup.name)
        desk = backup
    return desk


def opens(desk: Desk, now: int) -> bool:
    """Return whether ``desk`` opens within the next seven days."""
    span = desk.time.open_from(now)
    return span is not None and span[0] <= now + CLOSED_MAX


class NotifyDesk(Step):
    """``notify desk``: words for a desk, without a task. ``words`` are those of its message, None where none is declared."""

    __slots__ = ("desk", "message", "no_desk", "shows", "words")
    desk: Callable[[Turn], str]
    message: str
    words: Message | None
    shows: tuple[str, ...]
    no_desk: Next

    def enter(self, turn: Turn, visit: Visit) -> Next:
        """Tell the desk and return the next step."""
        name = self.desk(turn)
        if name not in turn.program.desks:
            turn.note("message", "refused", "no_desk", visit, self, message=self.message)
            return self.no_desk
        shown = {field: turn.program.value_of(turn, field) for field in self.shows}
        key = visit.key(self.id)
        turn.note(
            "message", "sent", "internal", visit, self,
            desk=name, message=self.message, shown=shown, key=key,
        )  # fmt: skip
        return self.next

    def branches(self) -> dict[str, Next]:
        """Return the two ways."""
        return {"then": self.next, "no_desk": self.no_desk}
