"""A club whose messages leave, for the tests of leaving. Rule: a world decides, the store keeps, and the test is the channel."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from tests.cases import project_of
from verbline.interpreter.guard.consent import Consent
from verbline.interpreter.person.record import Contact, Person, put
from verbline.interpreter.program.compile import compile_project
from verbline.interpreter.program.program import Program
from verbline.interpreter.project import Project
from verbline.interpreter.step.world import World
from verbline.runtime.channels.answers import Accepted, Answer
from verbline.runtime.channels.intent import Intent
from verbline.runtime.channels.links import Links
from verbline.runtime.consent.ledger import Ledger
from verbline.runtime.consent.rows import Said
from verbline.runtime.leaving.leaving import Leaving
from verbline.runtime.leaving.making import Kit, live, rehearsed
from verbline.runtime.leaving.rows import Rows
from verbline.runtime.settings.tables import Runtime
from verbline.runtime.store.rows import Row
from verbline.runtime.store.writer import Writer

AT = 1_773_129_600_000  # Tue 2026-03-10 09:00 in Ljubljana
HOUR = 3_600_000
DAY = 24 * HOUR
BASE, LINKS_KEY = "https://club.example/v", "sixteen signs or more"
SETTINGS = """
[project]
name = "club"
zone = "Europe/Ljubljana"
country = "SI"
language = "en"
[people]
"Ana Kos" = { role = "Head", email = "ana@club.example" }
[channels.email]
adapter = "file"
[links]
base = "https://club.example/v"
key = { env = "LINKS_KEY" }
"""
CLUB = """
person member
  known by member-number
  also known by email, phone
  has first-name as text

purpose "care"
  is service
  rests on contract
  covers email, sms
  kept in "crm"

purpose "tickets"
  is transactional
  rests on contract
  covers email, sms
  kept in "crm"

purpose "offers"
  is marketing
  rests on consent
  covers email, sms
  kept in "crm"

desk "Front desk"
  answers within 4 working hours

moment "member joins"
  comes from "shop" as "joined"
  carries course-date as date
  carries price as money in EUR
  carries secret door-link as text

moment "member leaves"
  comes from "shop" as "left"

moment "member is welcome"
  carries called as text

message "Hello"
  in en
    subject "Hello {first-name or dear member}"
    says "We meet on {course-date or some day}. It costs {price or nothing}."
  in sl
    subject "Pozdravljeni, {first-name or spoštovani član}"
    says "Srečamo se {course-date or nekega dne}."

message "News"
  subject "News"
  says "There is news for {first-name}. Leave: {leave-link}"

message "Key"
  subject "Your key"
  says "Open {door-link}"

message "Note"
  subject "A new member"
  says "{first-name or Somebody} has joined."
"""

HELLO = 'notify the member by email with "Hello" for "care"'
HELLO_STEP = f"  {HELLO}\n"
ALL = f"""
  {HELLO}
  notify desk "Front desk" with "Note"
    show first-name
  escalate to desk "Front desk" within 4 working hours because "Call"
    if the answer is "reached"
      go on
    show first-name, price, door-link
  finish as "done"
"""
WAITS = f"""
  {HELLO}
  wait 2 days
  {HELLO}
  wait 2 days
"""
QUESTION = """
  confirm "Will you come on {course-date}?" by email within 2 days for "care"
    if yes
      finish as "comes"
    if no
      finish as "stays away"
    if there is no answer
      finish as "silent"
"""
KEY = """
  notify the member by email with "Key" for "tickets"
"""
OFFER = """
  notify the member by email with "News" for "offers"
"""
JOINING = "what joins a yes and its confirmation"
COURSE: dict[str, Any] = {"course_date": date(2026, 3, 14), "price": (Decimal("45.50"), "EUR")}


class Club:
    """A world with a store under it; ``left`` is what was handed over, in order."""

    def __init__(
        self,
        folder: Path,
        steps: str,
        *,
        links: bool = True,
        file: str = "",
        fields: str = "",
        more: str = "",
        texts: tuple[tuple[str, str], ...] = (),
    ) -> None:
        self.folder = folder
        text = text_of(steps, fields, more)
        self.project, self.program = club(text, texts)
        folder.mkdir(exist_ok=True)
        (folder / "club.journey").write_text(text, "utf-8")
        (folder / "verbline.toml").write_text(SETTINGS, "utf-8")
        self.links = Links(BASE, [LINKS_KEY])
        settings = Runtime.model_validate({"channels": {"email": {"adapter": "file"}}})
        used = self.links if links else None
        self.kit = Kit(self.project, self.program, settings, folder, used)
        self.writer = Writer(folder / "store.db")
        self.ledger = Ledger(self.writer.connection, key=b"sixteen bytes or more")
        self.own = folder / "verbline.runtime.jsonl"
        self.clock = AT
        self.leaving: Leaving
        self.rows: Rows
        if file:
            self.leaving = rehearsed(self.kit, self.writer, folder / file)
        else:
            self.leaving, self.rows = live(
                self.kit, self.writer, self.ledger, self.own, lambda: self.clock, self.ids
            )
        self.world = World(self.program, sink=self.leaving.take)
        self.left: list[Intent] = []

    def ids(self, person: str) -> tuple[str, ...]:
        """Return every id that somebody has had."""
        found = self.world.people[person]
        return found.id, *found.merged

    def close(self) -> None:
        """Close all that is open."""
        self.kit.close()
        self.writer.close()

    def member(self, email: str = "tina@mail.example", **values: Any) -> Person:
        """Return somebody new."""
        person = self.world.add(f"P{len(self.world.numbered)}")
        for name, value in values.items():
            put(person, "values", name.replace("_", "-"), value)
        if email:
            self.world.hold(person, Contact("email", email, self.world.now))
        return person

    def happens(self, person: str, moment: str, at: int = AT, **fields: Any) -> None:
        """Let a moment happen."""
        self.clock = max(self.clock, at)
        given = {name.replace("_", "-"): value for name, value in fields.items()}
        self.world.moment(person, moment, given, at, ("shop", f"e-{at}"))

    def says(self, act: str, person: str, at: int, **more: Any) -> None:
        """Let somebody say something about offers by email, in the world and in the ledger."""
        self.clock = max(self.clock, at)
        given: dict[str, Any] = {
            "at": at, "known": at, "act": act, "actor": "subject", "source": "crm", "person": person, "channel": "email",
            "purpose": "offers", "contact": "email:tina@mail.example", "complete": True, **more,
        }  # fmt: skip
        self.world.consent(person, Consent(**given), at)
        self.record(Consent(**given))

    def record(self, *consents: Consent, record: str = "") -> None:
        """Append to the ledger; ``record`` is what it rests on, of a merge who survives."""
        with self.writer.writing():
            self.ledger.append([Said(one, "", record) for one in consents])

    def commit(self, error: Exception | None = None) -> None:
        """Write a batch, which ``error`` takes back."""
        with self.writer.writing():
            self.leaving.write(self.clock)
            if error is not None:
                raise error
        self.leaving.done()

    def send(self, answer: Answer | None = None, channel: str = "email") -> list[Intent]:
        """Hand over what is due and return it; ``answer`` is what the channel says."""
        found = []
        outbox = self.rows.outbox
        for lane in (0, 1):
            while waiting := outbox.due(channel, lane, self.clock, 1):
                for one in waiting:
                    if outbox.taken(one.key, self.clock):
                        found.append(one)
                        outbox.answered(one.key, answer or Accepted(), self.clock, None)
        self.left += found
        return found

    def states(self) -> dict[str, int]:
        """Return how many rows are in each state."""
        return self.rows.outbox.counts()

    def all(self) -> list[Row]:
        """Return all rows."""
        return list(self.rows.outbox.rows())

    def told(self) -> list[str]:
        """Return the events of the runtime's own log, once they are appended."""
        self.rows.append()
        return self.own.read_text("utf-8").splitlines() if self.own.exists() else []


@cache
def club(text: str, texts: tuple[tuple[str, str], ...] = ()) -> tuple[Project, Program]:
    """Return the club of which this is the file, with ``texts`` beside it."""
    project = project_of({"verbline.toml": SETTINGS, "club.journey": text, **dict(texts)})
    return project, compile_project(project)


def text_of(steps: str, fields: str, more: str) -> str:
    """Return the file of the club with a journey, with ``fields`` of members and ``more`` beside it."""
    words = CLUB.replace("  has first-name as text\n", f"  has first-name as text\n{fields}")
    journey = f"""
journey "Welcome"
  owned by "Ana Kos"
  starts when "member joins"
  stops when "member leaves" as "left"
{steps}
"""
    return words + more + journey


@contextmanager
def opened(folder: Path, steps: str, **more: Any) -> Iterator[Club]:
    """Open a club, and close it."""
    found = Club(folder, steps, **more)
    try:
        yield found
    finally:
        found.close()


def by_kind(intents: list[Intent]) -> Mapping[str, Intent]:
    """Return intents by what they are."""
    return {one.kind: one for one in intents}
