"""The runtime that is swept: a club over three days. Rule: all that it does follows from its log and from how far it has got.

The clock stands still on each day, so that two runs of the same days can be compared to the letter. Some people are kept by
their moulds: those who ask for news. Which of them are depends on where a run is broken off, what they are does not.
"""

from __future__ import annotations

import io
import json
import os
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from tests.run_club import JOURNEY, WORDS
from verbline.cli.taking import Source
from verbline.interpreter.step.records import instant_text
from verbline.interpreter.zones import DAY, HOUR
from verbline.runtime.channels.answers import Accepted, Answer, Declares
from verbline.runtime.channels.intent import Intent
from verbline.runtime.channels.making import Given
from verbline.runtime.engine import brief as briefs
from verbline.runtime.engine.again import made_store
from verbline.runtime.engine.live import Live
from verbline.runtime.engine.opened import LIVE, Store, refuse_to_begin_anew
from verbline.runtime.engine.telling import Telling
from verbline.runtime.moulds import is_brief, moulds_in, whole_record
from verbline.runtime.store.damage import understood
from verbline.runtime.traces.told import Told

# Of a second for which a runtime waits it waits so long a part here.
PARTS = 50
BEGIN = 1_772_442_000_000  # Mon 2026-03-02T09:00:00Z
SETTINGS = """\
[project]
name = "club"
language = "en"
zone = "Europe/Ljubljana"
country = "SI"

[channels.email]
adapter = "tests.sweeps.club:Channel"
options = {{ file = "{file}", repeatable = "{repeatable}" }}
"""
NEWS = """
moment "member asks"
  comes from "desk" as "member.asked"

purpose "news"
  is marketing
  rests on consent
  covers email

form "desk"
  captured by "desk"
  asks email
  asks agreement to "news" by email with "Yes, write to me."
  signals "member asks"

message "News"
  subject "News"
  says "There is news."

metric "asked"
  owned by "Ana Kos"
  counts people who had "member joins" within 60 days after "member asks"
  compared over 90 days
  should be at least 1%

journey "News"
  owned by "Ana Kos"
  because "News"
  aims for "asked"
  starts when "member asks"

  wait 2 hours
  notify the member by email with "News" for "news"
  wait until 09:00
  notify the member by email with "Again" for "news"
  wait for "member leaves" up to 1 day
    if it happens
      finish as "gone"
  finish as "done"

scenario "who asks is told"
  given it is 2026-03-02 09:00
  given a member with first-name "Tina"
  when "member asks" happens
  when 3 days pass
  then the journey finishes as "done"
"""
# By what addresses are known that were erased.
KEY = bytes(range(32))
# Whose record is erased by an operator, and which person that is: the third who became known.
ERASED, PERSON = 12, "P3"
# What happens on each day: who, and what they do.
DAYS = (
    ((1, "joined", 0), *((one, "asked", 1) for one in range(11, 16)), (2, "joined", 1), (2, "joined", 1), (16, "refused", 2)),
    ((2, "left", 2), (3, "joined", 3), (4, "torn", 4), (17, "asked", 4), (18, "asked", 4), (14, "joined", 5), (15, "left", 5), (ERASED, "erased", 6)),
    ((1, "joined", 5), (5, "joined", 6), (13, "asked", 6), (18, "refused", 6), (19, "asked", 6)),
)  # fmt: skip
# What is said along with an event, and the type of one that says more than its name.
SAYS, TYPES = {"asked": True, "refused": False}, {"refused": "asked"}
# So often something happens before it is looked what comes of it: people are kept by their moulds from the first event on.
OFTEN = 1
RECEIPT = "verbline.receipt"
OWN = "verbline.runtime.jsonl"


class Channel:
    """Appends the key of each message to a file, as a receiver would note it."""

    def __init__(self, given: Given) -> None:
        self.file = Path(given.options["file"])
        self.declares = Declares(repeatable=given.options["repeatable"])

    def send(self, intent: Intent, deadline: float) -> Answer:
        """Note what was sent."""
        descriptor = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(descriptor, f"{intent.key}\n".encode())
        os.close(descriptor)
        return Accepted()

    def close(self) -> None:
        """Nothing is open."""


class Place:
    """A club in a folder: its project, log, store and receiver."""

    def __init__(self, folder: Path, repeatable: str = "by key") -> None:
        self.folder = folder
        self.log, self.store = folder / "log", folder / "s.db"
        self.receiver = folder / "received"
        project = folder / "club"
        if not project.exists():
            self.log.mkdir(parents=True)
            project.mkdir()
            settings = SETTINGS.format(file=self.receiver, repeatable=repeatable)
            (project / "verbline.toml").write_text(settings, "utf-8")
            (project / "club.journey").write_text(WORDS + JOURNEY + NEWS, "utf-8")
        self.source = Source(str(project), self.log, "")
        self.given = self.source.read()
        self.given.key = KEY
        assert not self.given.errors

    def happens(self, day: int) -> bool:
        """Let the log hold what happened until the end of ``day``; return no where it holds more, so that the day is over."""
        lines = [line for number in range(day + 1) for line in lines_of(number)]
        path = self.log / "desk.jsonl"
        there = path.read_bytes() if path.exists() else b""
        text = b"".join(lines)
        if len(there) > len(text):
            return False
        assert text.startswith(there), "a log only grows"
        with path.open("ab") as file:
            file.write(text[len(there) :])
        return True

    def work(self) -> None:
        """Live through all days, from wherever an earlier run was broken off."""
        for day in range(len(DAYS)):
            if self.happens(day):
                self.live(BEGIN + day * DAY + 10 * HOUR)

    def live(self, instant: int) -> None:
        """Run once, at ``instant``."""
        refuse_to_begin_anew(self.store, self.log)
        with by_moulds(), closing(Store(self.store, self.given.wanted(LIVE))) as store:
            self.given.take_up(store.journal)
            told = Telling(io.StringIO(), lambda: instant)
            with closing(Live(self.source, store, told, lambda: instant)) as found:
                found.runner.pause = shortly
                found.begin()
                found.once()

    def again(self) -> Result:
        """Return what a store comes to that is made again from the log."""
        new = self.folder / "again.db"
        new.unlink(missing_ok=True)
        with by_moulds():
            made_store(self.given, new, self.store, lambda: BEGIN + len(DAYS) * DAY)
        return self.result(new)

    def result(self, path: Path | None = None) -> Result:
        """Return what it came to, by its store or by the one at ``path``."""
        path = path or self.store
        with closing(Store(path, self.given.wanted(LIVE))) as store, understood(path):
            loaded = store.journal.load()
            moulds = moulds_in(loaded.kept.items())
            people = {one: whole_record(body, one, moulds) for one, body in loaded.records.items()}
            brief = sum(map(is_brief, loaded.records.values()))
            rows = sorted((one.intent.key, one.state) for one in store.outbox.rows())
            trace = [json.dumps(one) for one in Told(store.writer.connection).all()]
            (whole,) = store.writer.connection.execute("pragma integrity_check").fetchone()
        left = any(
            b"m%d@mail" % ERASED in one.read_bytes() for one in path.parent.glob(f"{path.name}*")
        )
        events, torn = events_in(self.log / OWN)
        ids = Counter(one["id"] for one in events if one["type"] != RECEIPT)
        text = self.receiver.read_text("utf-8") if self.receiver.exists() else ""
        return Result(people, rows, trace, whole, ids, Counter(text.split()), torn, brief, left)


class Result(NamedTuple):
    """People, rows of the outbox, the trace, whether the file is whole, lines of the own log by id, and what arrived.

    ``torn`` are lines of the own log that are none. ``brief`` is how many are kept by their moulds; it may differ. ``left`` says that
    the address of somebody who was erased stands in the store.
    """

    people: dict[int, bytes]
    rows: list[tuple[str, str]]
    trace: list[str]
    whole: str
    own: Counter[str]
    arrived: Counter[str]
    torn: int
    brief: int
    left: bool

    def differs(self, clean: Result) -> str:
        """Return in what it differs from a run without a fault, but for what arrived twice; nothing where it does not."""
        for name in ("people", "rows", "trace", "whole", "torn"):
            if getattr(self, name) != getattr(clean, name):
                return name
        if self.left:
            return "left"
        if set(self.own) != set(clean.own):
            return "own log"
        return "" if set(self.arrived) == set(clean.arrived) else "arrived"

    @property
    def twice(self) -> int:
        """How much arrived more than once."""
        return self.arrived.total() - len(self.arrived)


def shortly(seconds: float) -> None:
    """Wait a moment where a runtime waits longer for what cannot be written: what it is refused is over with the next call."""
    time.sleep(seconds / PARTS)


@contextmanager
def by_moulds() -> Iterator[None]:
    """Let people be kept by their moulds from early on."""
    with mock.patch.object(briefs, "OFTEN", OFTEN):
        yield


def events_in(own: Path) -> tuple[list[dict[str, Any]], int]:
    """Return the events of the runtime's own log, and how many of its lines are none."""
    found, torn = [], 0
    for line in own.read_bytes().split(b"\n")[:-1]:
        try:
            found.append(json.loads(line))
        except ValueError:
            torn += 1
    return found, torn


def lines_of(day: int) -> list[bytes]:
    """Return the lines that the desk writes on a day."""
    return [line_of(day, *one) for one in DAYS[day]]


def line_of(day: int, number: int, what: str, hour: int) -> bytes:
    """Return one line; some are no event."""
    if what == "torn":
        return b'{"id": "torn\n'
    if what == "erased":
        told = {"id": "erased", "source": "verbline", "type": "verbline.person.erased", "data": {"person": PERSON}}  # fmt: skip
        return json.dumps({**told, "time": instant_text(BEGIN + day * DAY + hour * HOUR)}).encode() + b"\n"  # fmt: skip
    event: dict[str, Any] = {
        "id": f"{what}-{number}-{day}-{hour}",
        "source": "desk",
        "type": f"member.{TYPES.get(what, what)}",
        "time": instant_text(BEGIN + day * DAY + hour * HOUR),
        "data": {"member-number": f"M-{number}", "email": f"m{number}@mail.example"},
    }
    if what in SAYS:
        event["agrees"] = {"news": {"email": SAYS[what]}}
    return json.dumps(event).encode() + b"\n"
