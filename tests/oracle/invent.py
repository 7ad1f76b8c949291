"""Small projects and histories by chance. Rule: a seed gives the same ones in every process.

`invent` returns a project that `check` finds nothing in, one or two people, and up to thirty things that happen to them,
many of them on the very instant at which something falls due, at night, or when the clocks change.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from tests.cases import project_of
from tests.oracle.added import home
from tests.oracle.book import Settings
from tests.oracle.phrases import LENGTHS, SEGMENTS, Phrases, indented
from tests.oracle.values import Length
from tests.oracle.vocabulary import VOCABULARY
from verbline.interpreter.project import Project
from verbline.interpreter.zones import Zone, zone

STIMULI_MAX = 30
# How long everything may take to come to its end, in milliseconds: 40 days.
REST = 40 * 24 * 3600 * 1000
# The day on which a history begins, and the zone: weeks in which clocks change, a month's end, and an ordinary one.
WEEKS = (
    (date(2026, 3, 20), "Europe/Ljubljana"),
    (date(2026, 10, 17), "Europe/Ljubljana"),
    (date(2026, 1, 26), "Europe/Ljubljana"),
    (date(2026, 6, 1), "UTC"),
    (date(2026, 3, 1), "America/New_York"),
    (date(2026, 9, 28), "Australia/Lord_Howe"),
)
AUTUMN = (10,)
COUNTRIES = ("SI", "SI", "US", "NO", "GB")
TIMES = ("00:00", "02:30", "07:59", "08:00", "09:00", "12:00", "16:00", "20:00", "21:30", "23:00")
CHANNEL_OF = {"email": "email", "sms": "phone"}
ACTS = ("grant", "grant", "grant", "withdraw", "deny", "object")


@dataclass(frozen=True)
class Invented:
    """A project, its people and what happens: the arguments of `world.run`, and the files to show when it goes wrong."""

    seed: int
    files: dict[str, str]
    settings: Settings
    people: list[dict[str, Any]]
    stimuli: list[dict[str, Any]]
    until: int

    @property
    def project(self) -> Project:
        """The project, parsed."""
        return project_of(self.files)


def invent(seed: int) -> Invented:
    """Return what ``seed`` stands for."""
    dice = Random(seed)  # noqa: S311 - chance that can be repeated
    first, name = dice.choice(WEEKS)
    there = zone(name)
    assert there is not None, name
    capped = dice.random() < 0.3
    settings = Settings(
        zone=name,
        country=dice.choice(COUNTRIES),
        holidays=dice.choice(("", "SI")),
        marketing=(2, (Decimal(3), "day")) if capped else None,
    )
    people = [person(dice, key) for key in ("P1", "P2")[: dice.randint(1, 2)]]
    for one in people[1:]:  # what both were from the beginning would have no order when they merge
        one["facts"] = {k: v for k, v in one["facts"].items() if k not in people[0]["facts"]}
    files = {
        "verbline.toml": toml(settings),
        "vocabulary.journey": vocabulary(dice, first),
        "a.journey": journeys(dice, first),
    }
    stimuli = history(dice, there, first, people)
    return Invented(seed, files, settings, people, stimuli, stimuli[-1]["at"] + REST)


def again(invented: Invented, number: int) -> Invented:
    """Return the same project and people with another history: the one of this number."""
    dice = Random(f"{invented.seed} {number}")  # noqa: S311 - chance that can be repeated
    there = zone(invented.settings.zone)
    assert there is not None
    first = there.local(invented.stimuli[0]["at"]).date()
    stimuli = history(dice, there, first, invented.people)
    return replace(invented, stimuli=stimuli, until=stimuli[-1]["at"] + REST)


def toml(settings: Settings) -> str:
    """Return the text of the settings."""
    lines = ["[project]", 'name = "invented"', 'language = "en"']
    lines += [f'zone = "{settings.zone}"', f'country = "{settings.country}"']
    if settings.holidays:
        lines.append(f'holidays = "{settings.holidays}"')
    if settings.marketing:
        number, (amount, unit) = settings.marketing
        lines.append(f'marketing = "at most {number} messages in {amount} {unit}s"')
    return "\n".join(lines) + "\n"


def vocabulary(dice: Random, first: date) -> str:
    """Return the vocabulary with numbers by chance; where an hour comes twice, windows are counted in hours."""
    days = ("72 hours", "30 hours") if first.month in AUTUMN else ("3 days", "1 week", "30 hours")
    return VOCABULARY.format(
        lapse=dice.choice((1, 2, 50)),
        cap=dice.choice((1, 3, 7)),
        recent=dice.choice(days),
        quiet=dice.choice(days),
        eager=dice.choice((10, 21, 40)),
        half=dice.choice((1, 2, 10)),
        rest=dice.choice((1, 5, 30)),
    )


def journeys(dice: Random, first: date) -> str:
    """Return one to three journeys; a later one may go on with an earlier."""
    text = ["language: en", 'use "vocabulary"']
    names: list[str] = []
    for name in ("Alpha", "Beta", "Gamma")[: dice.randint(1, 3)]:
        starts, carried = start(dice)
        phrases = Phrases(dice, list(names), carried=carried)
        clauses = phrases.clauses(starts)
        if dice.random() < 0.05:
            clauses.append(f"takes people in until {first + timedelta(days=9)}")
        steps = [*phrases.steps(dice.randint(1, 5), 2), 'finish as "done"']
        # Of two journeys that take one label back it would be open which one says so.
        taken = "no longer" in "\n".join(text)
        if "qualify" in "\n".join(steps) and not taken and dice.random() < 0.5:
            clauses.append(f'no longer "ready" when interest is less than {dice.choice((3, 8))}')
        text += ["", f'journey "{name}"', *indented(clauses), "", *indented(steps)]
        names.append(name)
    if "qualify" not in "\n".join(text):
        text += ["", 'journey "Label"', '  starts when "tells age"', ""]
        text += ['  qualify as "ready" if age is at least 12', "    otherwise"]
        text += ['      finish as "no"', '  finish as "done"']
    return "\n".join(text) + "\n"


def start(dice: Random) -> tuple[list[str], bool]:
    """Return how a journey starts, and whether that moment carries number, seats and day."""
    if dice.random() < 0.55:
        where = dice.choice(("", "", " where seats is at least 2"))
        return [f'starts when "comes"{where}'], True
    if dice.random() < 0.5:
        return [f'starts when people enter segment "{dice.choice(SEGMENTS)}"'], False
    return [f'starts when "{dice.choice(("visits", "is noticed", "pays"))}"'], False


def person(dice: Random, key: str) -> dict[str, Any]:
    """Return a person; the second has no address that the first might have another of."""
    contacts = [("email", "shared@mail.example")]
    if key == "P1" and dice.random() < 0.7:
        contacts.append(("phone", "+38640111222"))
    if key == "P2" and dice.random() < 0.5:
        contacts = [("push", "token-2")]
    facts: dict[str, Any] = {}
    if dice.random() < 0.5:
        facts["age"] = dice.randint(10, 40)
    if dice.random() < 0.5:
        facts["region"] = dice.choice(("north", "south", "North "))
    if dice.random() < 0.4:
        facts["born"] = dice.choice((date(1990, 5, 4), date(2026, 3, 10)))
    if key == "P1" and dice.random() < 0.15:
        facts["home-zone"] = "America/New_York"
    facts |= home(Random(hash(dice.getstate()[1])))  # noqa: S311 - chance that can be repeated
    return {"key": key, "contacts": contacts, "facts": facts}


def history(
    dice: Random, there: Zone, first: date, people: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return what happens, in order of arrival."""
    found: list[dict[str, Any]] = []
    at = there.instant(datetime.fromisoformat(f"{first}T{dice.choice(TIMES)}"))
    merged = len(people) == 1
    for one in people:
        email = dict(one["contacts"]).get("email")
        if email and dice.random() < 0.5:
            yes = {"act": "grant", "purpose": "news", "channel": "email", "contact": email}
            found.append(
                {"at": at, "person": one["key"], "kind": "consent", "actor": "subject"} | yes
            )
    for _ in range(dice.randint(6, STIMULI_MAX)):
        at = later(dice, there, at, [one["at"] for one in found])
        one = dice.choice(people)
        if not merged and dice.random() < 0.08:
            if dice.random() < 0.6:  # both are inside
                same = moment(dice, there, at)
                found += [{"at": at, "person": key["key"]} | same for key in people]
                at = later(dice, there, at, [key["at"] for key in found])
            found.append({"at": at, "person": "P1", "kind": "merge", "other": "P2"})
            merged = True
            continue
        if merged and len(people) > 1 and dice.random() < 0.15:
            found.append({"at": at, "person": "P1", "kind": "split", "other": "P2"})
            merged = False
            continue
        found.append({"at": at, "person": one["key"]} | happening(dice, there, at, one))
    return found


def later(dice: Random, there: Zone, at: int, before: list[int]) -> int:
    """Return the instant of the next thing: at once, when something is due after an earlier one, or at a time of day."""
    chance = dice.random()
    if before and chance < 0.15:
        return at
    if before and chance < 0.55:
        number, unit = length(dice.choice(LENGTHS))
        exact = there.add(dice.choice(before[-4:]), int(number), unit)
        return max(at, exact + dice.choice((0, 0, 0, -1, 1, 60_000)))
    day = there.local(at).date() + timedelta(days=dice.choice((0, 0, 1, 1, 2, 4)))
    found = there.instant(datetime.fromisoformat(f"{day}T{dice.choice(TIMES)}"))
    return max(at, found)


def length(text: str) -> Length:
    """Return a length from its text."""
    number, unit = text.split()
    return Decimal(number), unit.removesuffix("s")


def happening(dice: Random, there: Zone, at: int, one: dict[str, Any]) -> dict[str, Any]:
    """Return one thing that happens to a person."""
    chance = dice.random()
    if chance < 0.62:
        return moment(dice, there, at)
    if chance < 0.8:
        return consent(dice, one)
    if chance < 0.92:
        desk = dice.choice(("Front", "Back"))
        return {"kind": "desk", "desk": desk, "answer": dice.choice((None, "won", "Lost", "later"))}
    return {"kind": "answer", "answer": dice.choice((True, False))}


def moment(dice: Random, there: Zone, at: int) -> dict[str, Any]:
    """Return a moment with what it carries; now and then something is missing."""
    name = dice.choice(("comes", "comes", "pays", "leaves", "visits", "visits", "tells age"))
    day = there.local(at).date() + timedelta(days=dice.choice((-1, 0, 1, 3, 8)))
    fields: dict[str, dict[str, Any]] = {
        "comes": {"number": dice.choice(("A", "B", "b ")), "seats": dice.randint(1, 3), "day": day},
        "pays": {
            "number": dice.choice(("A", "B")),
            "amount": (Decimal(dice.randint(5, 50)), "EUR"),
        },
        "tells age": {"age": dice.choice((9, 12, 17, 18, 40))},
    }
    carried = dict(fields.get(name, {}))
    if carried and dice.random() < 0.08:
        carried.pop(dice.choice(sorted(carried)))
    return {"kind": "moment", "moment": name, "fields": carried}


def consent(dice: Random, one: dict[str, Any]) -> dict[str, Any]:
    """Return a word on consent: a yes names the address, a no may leave it out."""
    contacts = dict(one["contacts"])
    act = dice.choice(ACTS)
    purpose = dice.choice(("news", "news", "buyers", "care"))
    channel = dice.choice([by for by, kind in CHANNEL_OF.items() if kind in contacts] or ["email"])
    contact = contacts.get(CHANNEL_OF[channel])
    if contact is None and act == "grant":
        act = "deny"
    if act != "grant" and (contact is None or dice.random() < 0.3):
        channel, contact = "", None
        purpose = dice.choice((purpose, "*"))
    topic = "winter" if purpose == "news" and dice.random() < 0.2 else None
    more = {"act": act, "purpose": purpose, "channel": channel or None, "topic": topic}
    return {"kind": "consent", "contact": contact, "actor": "subject", **more}
