"""A receiver that does whatever it likes, and a runtime that dies in between. Nothing is lost, nothing arrives twice."""

from __future__ import annotations

import socket
import threading
from random import Random

import pytest

from tests.receivers import RESET, Server, intent, plays, request_of, web_server
from tests.rows import Rows
from verbline.runtime.channels import queues
from verbline.runtime.channels.answers import Answer, Channel, Later
from verbline.runtime.channels.courier import Courier
from verbline.runtime.channels.guarding import Guard
from verbline.runtime.channels.intent import RELAXED, URGENT, Intent
from verbline.runtime.channels.webhook import Webhook

PEOPLE, TURNS = 12, 8


class Receiver:
    """Keeps each key once, in the order in which it came, and then does something at random."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - the same in each run
        self.lock = threading.Lock()
        self.kept: list[str] = []
        self.calls = 0

    def __call__(self, line: socket.socket, server: Server) -> None:
        """Take a call."""
        with self.lock:
            self.calls += 1
            chance = self.random.random()
        if chance < 0.1:
            play = plays(RESET) if chance < 0.05 else plays()
            play(line, server)
            return
        asked = request_of(line)
        if asked is None:
            return
        if chance < 0.2:
            status = "503 Busy" if chance < 0.15 else "500 Oops"
        else:
            status = "502 Bad Gateway" if chance < 0.25 else "200 OK"
            with self.lock:
                key = asked.headers["idempotency-key"]
                if key not in self.kept:
                    self.kept.append(key)
        if 0.25 <= chance < 0.4:
            plays(RESET if chance < 0.3 else b"HTTP/1.1 2")(line, server)
            return
        reply = f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n"
        line.sendall(reply.encode())


class Mortal:
    """A channel of a runtime that may be dead: the dead send nothing."""

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.declares = channel.declares
        self.is_dead = False

    def send(self, intent: Intent, deadline: float) -> Answer:
        """Send, unless dead."""
        return Later("dead") if self.is_dead else self.channel.send(intent, deadline)

    def close(self) -> None:
        """Nothing is open."""


def after_a_crash(rows: Rows) -> Rows:
    """Return what a store holds after a kill: what was being sent is ready again, since the receiver knows keys."""
    with rows.lock:
        fresh = Rows(*rows.ready.values())
        fresh.settled = dict(rows.settled)
        return fresh


def campaign() -> list[Intent]:
    """Return messages to some people, each with an order of its own in either lane."""
    return [
        intent(key=f"{person}-{lane}-{turn}", person=f"P{person}", lane=lane)
        for turn in range(TURNS)
        for person in range(PEOPLE)
        for lane in (URGENT, RELAXED)
        if lane == RELAXED or turn < 2
    ]


def reached(rows: Rows, goal: int) -> bool:
    """Wait a moment, and return whether so many are settled."""
    with rows.changed:
        return rows.changed.wait_for(lambda: len(rows.settled) >= goal, 0.02)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_happens_each_message_arrives_once_and_in_order(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Resets, half answers, refusals and four deaths of the runtime: lost 0, twice 0, out of order 0."""
    monkeypatch.setattr(queues, "BASE", 2)
    monkeypatch.setattr(queues, "LONGEST", 20)
    monkeypatch.setattr(queues, "PAUSE_MAX", 5)
    receiver, random = Receiver(seed), Random(seed)  # noqa: S311
    intents = campaign()
    rows = Rows(*intents)
    dead: list[Courier] = []
    with web_server(receiver) as server:
        for life in range(5):
            channel = Mortal(Webhook(server.url, guard=Guard(["127.0.0.1"])))
            courier = Courier("email", channel, rows, concurrency=4, random=random)
            courier.start()
            goal = len(intents) if life == 4 else (life + 1) * len(intents) // 6
            for _ in range(2000):
                courier.wake()
                if reached(rows, goal):
                    break
            channel.is_dead = life < 4
            dead.append(courier)
            courier.end()
            rows = after_a_crash(rows)
        assert [courier.stop(10) for courier in dead] == [True] * 5
    assert sorted(receiver.kept) == sorted(one.key for one in intents)
    for person in range(PEOPLE):
        for lane in (URGENT, RELAXED):
            turns = [key for key in receiver.kept if key.startswith(f"{person}-{lane}-")]
            assert turns == sorted(turns)
    assert receiver.calls > len(intents) * 1.2, "nothing went wrong, so nothing was shown"


@pytest.mark.parametrize(("repeatable", "number"), [("yes", 2), ("no", 1)])
def test_a_receiver_without_keys_shows_the_window(
    repeatable: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was taken and not answered arrives twice where the channel says that this is harmless, and else waits."""
    monkeypatch.setattr(queues, "BASE", 1)
    monkeypatch.setattr(queues, "PAUSE_MAX", 0)
    kept: list[str] = []

    def keeps(line: socket.socket, server: Server) -> None:
        asked = request_of(line)
        if asked is not None:
            kept.append(asked.headers["webhook-id"])
            plays(RESET if len(kept) == 1 else b"HTTP/1.1 204 Taken\r\n\r\n")(line, server)

    rows = Rows(intent())
    with web_server(keeps) as server:
        hook = Webhook(server.url, guard=Guard(["127.0.0.1"]), repeatable=repeatable)
        courier = Courier("email", hook, rows)
        courier.start()
        for _ in range(200):
            courier.wake()
            if rows.wait(number, 0.02):
                break
        assert courier.stop(5)
    assert kept == ["0a1b2c"] * number
