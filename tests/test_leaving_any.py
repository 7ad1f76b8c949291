"""Whatever happens in whatever order: what was stopped does not leave, what has left is told, and nothing leaves twice.

People join and leave by chance while batches are written, crash and are written again, and while messages are handed over,
refused, put off, or handed over without an answer.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from tests.leavers import AT, HOUR, Club, opened
from verbline.runtime.channels.answers import Accepted, Answer, Later, Refused, Unknown
from verbline.runtime.channels.intent import Intent
from verbline.runtime.leaving.keys import keys_of

STEPS = """
  notify the member by email with "Hello" for "care"
  escalate to desk "Front desk" within 40 working hours because "Call"
    if the answer is "reached"
      go on
    if nobody answers
      go on
  notify the member by email with "Hello" for "care"
  wait 3 hours
  notify the member by email with "Hello" for "care"
  escalate to desk "Front desk" within 40 working hours because "Call again"
  wait 400 days
"""
CHANNELS = ("email", "desk:Front desk")
ANSWERS: tuple[Answer, ...] = (
    Accepted(), Accepted(), Later("busy"), Refused("no_such_user"), Unknown("cut_off"),
)  # fmt: skip


class Chance:
    """A club to which things happen by chance; it holds what it sees to what may be."""

    def __init__(self, club: Club, seed: int) -> None:
        self.club = club
        self.random = Random(seed)  # noqa: S311 - a test
        self.stopped: set[str] = set()  # keys of visits that were stopped, once that was committed
        self.stopping: set[str] = set()
        self.handed: Counter[str] = Counter()
        self.again: set[str] = set()  # what may be handed over once more
        self.open: set[str] = (
            set()
        )  # tasks that stood open when their visit was stopped, until that is committed
        self.taken_back: Counter[str] = Counter()  # tasks that a desk has and is to be told of
        self.people = 0

    def run(self, steps: int) -> None:
        """Let so many things happen."""
        doings = (self.join, self.join, self.leave, self.pass_time, self.answer, self.commit, self.hand, self.hand, self.hand, self.crash)  # fmt: skip
        for _ in range(steps):
            self.random.choice(doings)()
            self.club.clock += 1
        self.commit()

    def join(self) -> None:
        """Let somebody new join."""
        self.people += 1
        self.club.member(f"m{self.people}@mail.example", first_name="Tina")
        self.club.happens(f"P{self.people}", "member joins", self.club.clock)

    def leave(self) -> None:
        """Let somebody leave who is inside: their visits stop."""
        inside = [one for one in self.club.world.people.values() if one.visits]
        if inside:
            person = self.random.choice(inside)
            self.stopping |= {key for visit in person.visits for key in keys_of(visit)}
            self.open |= {visit.hold["key"] for visit in person.visits if "task" in visit.hold}
            self.club.happens(person.id, "member leaves", self.club.clock)

    def pass_time(self) -> None:
        """Let time pass."""
        self.club.clock += self.random.choice((1, HOUR, 4 * HOUR))
        self.club.world.advance(self.club.clock)

    def answer(self) -> None:
        """Let the desk answer a task."""
        waiting = [one for one in self.club.world.people.values() if any("task" in visit.hold for visit in one.visits)]  # fmt: skip
        if waiting:
            person = self.random.choice(waiting)
            self.club.world.answer_task(person.id, "Front desk", "reached", self.club.clock)

    def commit(self) -> None:
        """Write the batch, now and then after it failed once."""
        if self.random.random() < 0.2:
            with pytest.raises(OSError, match="disk"):
                self.club.commit(OSError("no disk"))
        self.club.commit()
        self.stopped |= self.stopping
        self.stopping.clear()
        for key in self.open:
            row = self.club.rows.outbox.find(key)
            assert row is not None, "it was decided"
            assert row.state != "ready", "what was stopped cannot leave"
            self.taken_back[key] += row.state in ("sent", "unknown")
        self.open.clear()

    def hand(self) -> None:
        """Hand over one of what is due."""
        outbox, now = self.club.rows.outbox, self.club.clock
        channel, lane = self.random.choice(CHANNELS), self.random.randrange(2)
        due = outbox.due(channel, lane, now, 20)
        if not due:
            return
        one = self.random.choice(due)
        if self.random.random() < 0.1:
            self.commit()  # between the look and the hand-over
        if outbox.taken(one.key, now):
            self.leaves(one)
            answer = self.random.choice(ANSWERS)
            again = now if isinstance(answer, Later) else None
            if again is not None:
                self.again.add(one.key)
            outbox.answered(one.key, answer, now, again)

    def leaves(self, one: Intent) -> None:
        """Hold what is handed over to what may be."""
        self.handed[one.key] += 1
        assert self.handed[one.key] == 1 or one.key in self.again, "nothing leaves twice"
        self.again.discard(one.key)
        if one.task is not None and one.task.is_withdrawn:
            assert one.task.key in self.handed, "only what a desk has is taken back"
            self.taken_back[one.task.key] -= self.handed[one.key] == 1
            assert self.taken_back[one.task.key] == 0, "a desk is told once of what it has"
        else:
            assert one.key not in self.stopped, "what was stopped does not leave"

    def crash(self) -> None:
        """Lose the process between a hand-over and its answer."""
        if self.random.random() < 0.3:
            outbox, now = self.club.rows.outbox, self.club.clock
            due = outbox.due(self.random.choice(CHANNELS), self.random.randrange(2), now, 1)
            if due and outbox.taken(due[0].key, now):
                self.leaves(due[0])
                self.club.rows.recover({}, now)


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_what_was_stopped_does_not_leave(tmp_path: Path, seed: int) -> None:
    """Over a thousand stops against as many hand-overs: every row ends in one state, and the log tells that once."""
    with opened(tmp_path, STEPS) as club:
        club.writer.connection.execute("pragma synchronous = off")
        club.clock = AT
        chance = Chance(club, seed)
        chance.run(1_500)
        rows = club.all()
        assert len(rows) > 200
        assert len(chance.stopped) > 50
        # Of what was stopped nothing is left that could still leave.
        assert not [
            row for row in rows if row.intent.key in chance.stopped and row.state == "ready"
        ]
        states = {row.intent.key: row.state for row in rows}
        backs = [
            row.intent.task.key for row in rows if row.intent.task and row.intent.task.is_withdrawn
        ]
        assert len(backs) > 5
        assert len(set(backs)) == len(backs)
        waiting = {key for key, number in chance.taken_back.items() if number}
        assert waiting == {
            row.intent.task.key for row in rows
            if row.intent.task and row.intent.task.is_withdrawn and row.state == "ready" and not row.attempts
        }  # fmt: skip
        told_events = Counter(
            (one["data"]["key"], one["type"].rpartition(".")[2])
            for one in map(json.loads, club.told())
        )
        assert set(told_events.values()) == {1}
        wanted = {"sent": "handed", "unknown": "unknown", "refused": "refused", "withdrawn": "withdrawn"}  # fmt: skip
        messages = {row.intent.key for row in rows if row.intent.kind == "message"}
        assert set(told_events) == {
            (key, wanted[state]) for key, state in states.items() if key in messages and state in wanted
        }  # fmt: skip


def test_without_its_rule_that_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    """A stop that takes nothing back lets something leave that was stopped."""
    with opened(tmp_path, STEPS) as club:
        club.writer.connection.execute("pragma synchronous = off")
        monkeypatch.setattr(type(club.rows), "withdraw", lambda *_: [])
        with pytest.raises(AssertionError, match="what was stopped cannot leave"):
            Chance(club, 0).run(1_500)
