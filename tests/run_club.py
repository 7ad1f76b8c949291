"""A club that writes to whoever joins, at once, and again after a day. Rule: its channel is ours, so that a test waits for no clock.

What was sent stands in `SENT`; `ARRIVED` is set whenever something was.
"""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from verbline.cli.taking import Source
from verbline.interpreter.step.records import instant_text
from verbline.runtime.channels.answers import Accepted, Answer, Declares
from verbline.runtime.channels.intent import Intent
from verbline.runtime.channels.making import Given
from verbline.runtime.clock import now
from verbline.runtime.engine.live import Live
from verbline.runtime.engine.opened import LIVE, Store
from verbline.runtime.engine.telling import Telling

SETTINGS = """\
[project]
name = "club"
language = "en"
zone = "Europe/Ljubljana"
country = "SI"

[channels.email]
adapter = "tests.run_club:Channel"
"""
WORDS = """\
person member
  also written members
  known by member-number
  also known by email
  has first-name as text

moment "member joins"
  comes from "desk" as "member.joined"

moment "member leaves"
  comes from "desk" as "member.left"

purpose "service"
  is service
  rests on contract
  covers email
  kept in "desk"

metric "joined"
  owned by "Ana Kos"
  counts people who had "member leaves" within 60 days after "member joins"
  compared over 90 days
  should be at least 70%

message "Hello"
  subject "Hello"
  says "Hello."

message "Again"
  subject "Again"
  says "Are you well?"
"""
JOURNEY = """
journey "Welcome"
  owned by "Ana Kos"
  because "Hello"
  aims for "joined"
  starts when "member joins"
  stops when "member leaves" as "left"
  gives up after 60 days

  notify the member by email with "Hello" for "service"
  wait 1 day
  notify the member by email with "Again" for "service"
  finish as "done"

scenario "hello"
  given it is 2026-03-02 09:00
  given a member with first-name "Tina"
  when "member joins" happens
  then the member gets "Hello" by email
  when 3 days pass
  then the journey finishes as "done"

scenario "who leaves is left alone"
  given it is 2026-03-02 09:00
  given a member with first-name "Tina"
  when "member joins" happens
  when "member leaves" happens
  then the journey finishes as "left"
"""
SENT: list[Intent] = []
ARRIVED = threading.Event()


class Channel:
    """Takes everything."""

    def __init__(self, given: Given) -> None:
        self.declares = Declares(repeatable="by key")

    def send(self, intent: Intent, deadline: float) -> Answer:
        """Note what was sent."""
        SENT.append(intent)
        ARRIVED.set()
        return Accepted()

    def close(self) -> None:
        """Nothing is open."""


def club(folder: Path, journey: str = JOURNEY) -> tuple[Path, Path]:
    """Write the club and an empty log into ``folder``; return both places."""
    SENT.clear()
    ARRIVED.clear()
    project, log = folder / "club", folder / "log"
    project.mkdir()
    log.mkdir()
    (project / "verbline.toml").write_text(SETTINGS)
    (project / "club.journey").write_text(WORDS + journey)
    return project, log


def joins(log: Path, number: int, at: int | None = None, kind: str = "member.joined") -> None:
    """Let somebody join, or do something else, at ``at``."""
    event = {
        "id": f"{kind}-{number}",
        "source": "desk",
        "type": kind,
        "time": instant_text(now() if at is None else at),
        "data": {"member-number": f"M-{number}", "email": f"m{number}@mail.example"},
    }
    with (log / "desk.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(event) + "\n")


def own_events(log: Path, kind: str) -> list[dict[str, Any]]:
    """Return the events of a kind in the runtime's own log."""
    own = log / "verbline.runtime.jsonl"
    lines = own.read_text("utf-8").splitlines() if own.exists() else []
    return [event for event in map(json.loads, lines) if event["type"] == kind]


@contextmanager
def live(project: Path, log: Path, told: io.StringIO | None = None, clock: Any = now) -> Iterator[Live]:  # fmt: skip
    """Open the store of the club beside its log."""
    source = Source(str(project), log, "")
    given = source.read()
    assert not given.errors
    with closing(Store(log.parent / "s.db", given.wanted(LIVE))) as store:
        given.take_up(store.journal)
        found = Live(source, store, Telling(told or io.StringIO(), clock), clock)
        with closing(found):
            yield found
