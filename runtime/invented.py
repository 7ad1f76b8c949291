"""People who do not exist, and what they might do. Rule: the same project, number and seed give the same log, and it shows nothing but the journeys.

Whoever is invented is known by what the project knows people by, said yes or no to its purposes, and did what starts a
journey now and then; of what the journeys wait for, each happens or not. So every way of a journey is taken by somebody;
how many take it says nothing about real people.
"""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from random import Random

from verbline.interpreter.guard.consent import KIND_OF_CHANNEL
from verbline.interpreter.kinds import kind_of_type
from verbline.interpreter.names import fields_of_moment, fields_of_person
from verbline.interpreter.step.records import instant_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from verbline.interpreter.kinds import Kind
    from verbline.interpreter.names import Field
    from verbline.interpreter.program.parts import Journey, Moment
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project

OWN = "verbline"
# Shares from 0 to 1: who has an address of each kind, says yes, starts once more, does what is awaited, stops.
REACHED, SAYING, AGAIN, AWAITED, STOPPING = 0.9, 0.65, 0.35, 0.55, 0.1
# A Monday, which is as good as any other day; and how many days people are given to begin.
BEGIN, DAYS = "2026-01-05", 90
# An awaited moment comes after so many days on average; none comes later than the second number.
DAYS_MEAN, DAYS_MAX = 4.0, 60
# Numbers are small as often as large.
DIGITS_MAX = 5
# So many moments bring points before somebody enters by a segment.
POINTS_MAX = 6


class Line:
    """One event of an invented person, ``at`` an instant."""

    __slots__ = ("at", "consent", "content", "kind", "source")

    def __init__(self, at: int, source: str, kind: str, content: dict[str, Any]) -> None:
        self.at = at
        self.source = source
        self.kind = kind
        self.content = content
        self.consent: list[dict[str, Any]] = []


class Inventor:
    """Invents the people of a project: what they do begins within 90 days from ``begin``, an instant."""

    def __init__(self, project: Project, program: Program, seed: int, begin: int) -> None:
        self.program = program
        self.begin = program.zone.local(begin)
        self.share = Random(f"invented {seed}").random  # noqa: S311 - chance that can be had again
        overview = project.overview
        persons = overview.declarations("person")
        self.fields: dict[str, Field] = {
            field.name: field for one in persons for field in fields_of_person(one)
        }
        self.carried = {one.name: fields_of_moment(one) for one in overview.declarations("moment")}
        self.moments = [one for one in program.moments.values() if one.code and one.source != OWN]

        met = {name for one in program.journeys.values() for name in (*one.awaits, *one.stops)}
        # They begin and end nothing, and what they carry is remembered.
        self.telling = [
            one for one in self.moments if one.facts and not one.starts and one.name not in met
        ]

    def lines(self, people: int) -> Iterator[bytes]:
        """Yield the events of so many people as the lines of a log, in the order of their times."""
        found = [line for number in range(1, people + 1) for line in self.person(number)]
        found.sort(key=lambda one: one.at)
        for number, line in enumerate(found, 1):
            event: dict[str, Any] = {"specversion": "1.0", "id": f"invented-{number}", "source": line.source, "type": line.kind, "time": instant_text(line.at), "data": line.content}  # fmt: skip
            if line.consent:
                event["consent"] = line.consent
            yield json.dumps(event, ensure_ascii=False).encode() + b"\n"

    def person(self, number: int) -> list[Line]:
        """Return what one person does; first is told who they are, and what they say about being written to."""
        names = self.names(number)
        found: list[Line] = []
        for journey in self.program.journeys.values():
            turn = 1
            while turn == 1 or self.share() < AGAIN:
                found += self.visit(journey, names, f"{number}-{turn}")
                turn += 1
        if found:
            before = self.program.zone.local(min(one.at for one in found)) - timedelta(minutes=1)
            told = self.facts(number)
            found += [self.line(one, names, told, before, "") for one in self.telling]
            found += self.says(names, self.program.zone.instant(before))
        return found

    def names(self, number: int) -> dict[str, str]:
        """Return what a person is known by and reached at."""
        found = {
            name: f"{name}-{number}"
            for name, field in self.fields.items()
            if field.known and field.kind is None and name not in ("email", "phone")
        }
        if "email" in self.fields and self.share() < REACHED:
            found["email"] = f"person{number}@invented.example"
        if "phone" in self.fields and (self.share() < REACHED or "email" not in found):
            found["phone"] = f"+38641{number % 1_000_000:06}"
        return found

    def facts(self, number: int) -> dict[str, Any]:
        """Return what is known of a person."""
        fields = (one for one in self.fields.values() if one.kind is not None)
        return {one.name: self.value(kind_of_type(one.kind), f"{one.name} {number}", self.begin) for one in fields}  # fmt: skip

    def says(self, names: dict[str, str], at: int) -> Iterator[Line]:
        """Yield what a person says about being written to, as the systems tell it that keep it."""
        for purpose in self.program.purposes.values():
            if purpose.basis != "consent":
                continue
            line = Line(at, purpose.keeper or "invented", "invented.answer", dict(names))
            for channel in purpose.channels:
                address = names.get(KIND_OF_CHANNEL.get(channel, ""))
                if address:
                    act = "grant" if self.share() < SAYING else "deny"
                    line.consent.append({"purpose": purpose.name, "channel": channel, "contact": address, "act": act, "actor": "subject", "words": purpose.wording or "invented"})  # fmt: skip
            if line.consent:
                yield line

    def visit(self, journey: Journey, names: dict[str, str], turn: str) -> Iterator[Line]:
        """Yield what may let a person into a journey, and what they do inside."""
        starts = [one for one in self.moments if any(start.journey is journey for start in one.starts)]  # fmt: skip
        at = self.begin + timedelta(days=self.share() * DAYS)
        at = datetime.combine(at.date(), time(7)) + timedelta(hours=14 * self.share())
        known: dict[str, Any] = {}
        if starts:
            yield self.line(self.one(starts), names, known, at, turn)
        else:
            pointed = [one for one in self.moments if one.points] or self.moments
            for _ in range(int(self.share() * POINTS_MAX) + 1 if pointed else 0):
                yield self.line(self.one(pointed), names, known, at, turn)
                at += timedelta(minutes=20 * self.share())
        awaited = {name for step in journey.steps.values() for name in step.awaits}
        for moment in self.moments:
            stops = moment.name in journey.stops
            if moment.name in awaited or stops:
                at_most = STOPPING if stops else AWAITED
                if self.share() < at_most:
                    later = min(DAYS_MAX, -DAYS_MEAN * 2 * (self.share() - 1) / max(self.share(), 0.05))  # fmt: skip
                    yield self.line(moment, names, known, at + timedelta(days=later), turn)

    def line(
        self, moment: Moment, names: dict[str, str], known: dict[str, Any], at: datetime, turn: str
    ) -> Line:
        """Return a moment as an event; ``known`` are the values that the same turn has given before."""
        for field in self.carried.get(moment.name, ()):
            if field.name not in known and field.name not in names:
                known[field.name] = self.value(kind_of_type(field.kind), f"{field.name} {turn}", at)
        carried = {one for one, _read in moment.readers}
        content = {name: value for name, value in known.items() if name in carried}
        return Line(self.program.zone.instant(at), moment.source, moment.code, names | content)

    def value(self, kind: Kind, text: str, at: datetime) -> Any:
        """Return an invented value of a kind; ``text`` where it is a text."""
        share = self.share()
        match kind.name:
            case "number":
                return int(10 ** (share * DIGITS_MAX))
            case "money":
                return f"{10 + int(share * 99) * 10} {kind.currency or 'EUR'}"
            case "date" | "datetime":
                later = at + timedelta(days=1 + int(share * 40))
                return later.date().isoformat() if kind.name == "date" else f"{later:%Y-%m-%dT10:00:00}Z"  # fmt: skip
            case "yesno":
                return share < SAYING
            case "one_of":
                return kind.values[int(share * len(kind.values))]
            case "list":
                return [self.value(kind.of, text, at)] if kind.of else []
            case _:
                return text

    def one(self, moments: list[Moment]) -> Moment:
        """Return one of some moments."""
        return moments[int(self.share() * len(moments))]
