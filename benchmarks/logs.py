"""The data sets with a log: a project, the events of its people, and the right effects. Rule: a name and a size say all.

| name | seed | what it holds |
| --- | ---: | --- |
| cart | 7 | one sign-up a shopper, an order for 60 %, page views; 70 % agree to offers |
| consent | 13 | all agree; 10 % withdraw inside the wait, 3 % come back, some within a second of its end |
| journeys-J | 19 | J journeys, each with two event names of its own; half of all events are nobody's |
| matching-K | 19 | K journeys on the same two names; the log of journeys-1 |
| guards | 23 | a thousand journeys on one event name, told apart by `plan is "p17"`; a third of the choices is named |
| timers | 29 | waits of an hour, a day, three days and a week; 60 % end early |
| burst | 29 | waits that all end at one instant |
| waiting | 7 | sign-ups of one night, and nobody's wait is over |
"""

from __future__ import annotations

import hashlib
import string
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from benchmarks import crowd, events
from benchmarks.crowd import DAY, HOUR, MORNING, Shopper
from benchmarks.effects import Effect, after, checksum, confirmations, reminders

HERE = Path(__file__).resolve().parent
TEMPLATES = HERE / "templates"
SUMS = HERE / "datasets.toml"

SHOP = "vocabulary/shop.journey"
SETTINGS = """[project]
name = "shop"
language = "en"
zone = "Europe/Ljubljana"
country = "SI"

[people]
"Eva Lah" = { role = "Head of the Shop" }
"""

Names = Callable[[int], tuple[str, str]]
Journeys = Callable[[Shopper], list[str]]

# Events by size; people are a third of them, or what the data set says.
EVENTS = {"s": 3_000, "m": 300_000, "l": 3_000_000}
SPREAD = {"s": 3_000, "m": 100_000, "l": 1_000_000}
PLANS, PLANS_CHOSEN = 1_000, 3_000
CHOICES = {"s": 3_000, "m": 50_000, "l": 500_000}
WAITS = {"s": 10_000, "m": 100_000, "l": 1_000_000}
# Without a word of it no more than 10,000 people enter a journey in an hour.
ONCE, NO_BRAKE = "  runs once per person\n", "  entered by at most 1000000 people in 1 hour\n"
LENGTHS = {"1 hour": HOUR, "1 day": DAY, "3 days": 3 * DAY, "7 days": 7 * DAY}


class Log(NamedTuple):
    """A project by its paths, and functions that make the lines of its log and the right effects."""

    name: str
    size: str
    files: dict[str, str]
    lines: Callable[[], Iterator[bytes]]
    effects: Callable[[], Iterator[Effect]]

    @property
    def sha256(self) -> str:
        """The checksum of all paths and bytes."""
        total = hashlib.sha256()
        for path, text in sorted(self.files.items()):
            total.update(f"{path}\0{text}\0".encode())
        for line in self.lines():
            total.update(line + b"\n")
        return total.hexdigest()

    def write(self, folder: Path) -> int:
        """Write the project into ``folder`` and its log into ``folder``/log.jsonl; return how many events it holds."""
        for path, text in self.files.items():
            place = folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, "utf-8")
        count = 0
        with (folder / "log.jsonl").open("wb") as file:
            for count, line in enumerate(self.lines(), 1):  # noqa: B007 - how many there are
                file.write(line + b"\n")
        return count


def filled(template: str, **values: object) -> str:
    """Return a template with its values."""
    return string.Template((TEMPLATES / f"{template}.txt").read_text("utf-8")).substitute(values)


def project(*journeys: tuple[str, str]) -> dict[str, str]:
    """Return the files of a project with these files of journeys, each a path and a text."""
    return {"verbline.toml": SETTINGS, SHOP: filled("shop"), **dict(journeys)}


def only(_group: int) -> tuple[str, str]:
    """Return the two event names where all shoppers are of one group."""
    return "signup", "order"


def own(group: int) -> tuple[str, str]:
    """Return the two event names of one of many groups."""
    return f"signup.{group}", f"order.{group}"


def cart_file(where: str, names: tuple[str, str], journeys: list[str], length: str) -> str:
    """Return a file that declares two moments, and journeys that wait for the second one."""
    head = filled("wait", where=where, signup=names[0], order=names[1])
    return head + "".join(
        filled("cart", where=where, journey=journey, length=length) for journey in journeys
    )


def carts(names: list[str]) -> dict[str, str]:
    """Return a project whose journeys all wait a day for the same order."""
    return project(("journeys/cart.journey", cart_file("", only(0), names, "1 day")))


def open_cart(length: str) -> str:
    """Return the journey of a cart, which waits so long, and which all may enter at once."""
    return cart_file("", only(0), ["Cart"], length).replace(ONCE, f"{ONCE}{NO_BRAKE}")


def in_group(group: int) -> str:
    """Return how the names of one of many groups end."""
    return f" in shop {group}"


def cart(size: str) -> Log:
    """Return the data set ``cart``."""
    people = EVENTS[size] // 3
    return crowded("cart", size, crowd.shoppers("7", people), EVENTS[size], ["Cart"])


def consent(size: str) -> Log:
    """Return the data set ``consent``."""
    people = EVENTS[size] // 3
    return crowded("consent", size, crowd.fickle("13", people), EVENTS[size], ["Cart"])


def matching(count: int, size: str) -> Log:
    """Return the data set ``matching-K``."""
    people = crowd.shoppers("19", SPREAD[size] * 10 // 32)
    names = [f"Cart {number}" for number in range(1, count + 1)]
    return crowded(f"matching-{count}", size, people, SPREAD[size], names)


def crowded(name: str, size: str, people: list[Shopper], count: int, journeys: list[str]) -> Log:
    """Return a data set whose journeys all wait for everybody; page views fill it up to ``count`` events."""
    return Log(
        name,
        size,
        carts(journeys),
        partial(filled_up, f"{name.partition('-')[0]} views", people, count, only),
        lambda: reminders(people, after(DAY), lambda _one: journeys),
    )


def filled_up(seed: str, people: list[Shopper], count: int, names: Names) -> Iterator[bytes]:
    """Return the lines of a log of ``count`` events."""
    done = sum(1 + (one.orders is not None) + len(one.changes) for one in people)
    return events.lines(people, crowd.views(seed, people, count - done - 1), names)


def spread(count: int, size: str) -> Log:
    """Return the data set ``journeys-J``."""
    people = crowd.shoppers("19", SPREAD[size] * 10 // 32, groups=count)
    files = [
        (
            f"journeys/shop-{group}.journey",
            cart_file(in_group(group), own(group), [f"Cart{in_group(group)}"], "1 day"),
        )
        for group in range(count)
    ]
    return Log(
        f"journeys-{count}",
        size,
        project(*files),
        partial(filled_up, "journeys views", people, SPREAD[size], own),
        lambda: reminders(people, after(DAY), lambda one: [f"Cart{in_group(one.group)}"]),
    )


def guards(size: str) -> Log:
    """Return the data set ``guards``."""
    made = crowd.choices("23", CHOICES[size], CHOICES[size] // 3, PLANS_CHOSEN)
    files = [
        (f"journeys/plan-{plan}.journey", filled("plan", plan=f"p{plan}")) for plan in range(PLANS)
    ]
    return Log(
        "guards",
        size,
        project(("vocabulary/plans.journey", filled("plans")), *files),
        lambda: events.chosen(made),
        lambda: confirmations(made, PLANS),
    )


def timers(size: str) -> Log:
    """Return the data set ``timers``."""
    lengths = list(LENGTHS.values())
    people = crowd.patient("29", tuple(lengths), WAITS[size])
    files = [
        (
            f"journeys/shop-{group}.journey",
            cart_file(in_group(group), own(group), [f"Cart{in_group(group)}"], length),
        )
        for group, length in enumerate(LENGTHS)
    ]
    return Log(
        "timers",
        size,
        project(*files),
        lambda: events.lines(people, (), own),
        lambda: reminders(
            people,
            lambda one: one.signs_up + lengths[one.group],
            lambda one: [f"Cart{in_group(one.group)}"],
        ),
    )


def burst(size: str) -> Log:
    """Return the data set ``burst``."""
    people = crowd.sleepless("29", WAITS[size])
    text = filled("wait", where="", signup="signup", order="order") + filled(
        "morning", where="", journey="Morning"
    )
    return Log(
        "burst",
        size,
        project(("journeys/morning.journey", text)),
        lambda: events.lines(people, (), only),
        lambda: reminders(people, lambda _one: MORNING, lambda _one: ["Morning"]),
    )


def waiting(size: str) -> Log:
    """Return the data set ``waiting``."""
    people = crowd.sleepless("7", WAITS[size])
    return Log(
        "waiting",
        size,
        project(("journeys/cart.journey", open_cart("1 day"))),
        lambda: events.lines(people, (), only, closed=False),
        lambda: iter(()),
    )


MAKERS: dict[str, Callable[[str], Log]] = {
    "cart": cart,
    "consent": consent,
    **{f"journeys-{count}": partial(spread, count) for count in (1, 10, 100, 1_000)},
    **{f"matching-{count}": partial(matching, count) for count in (1, 3, 10)},
    "guards": guards,
    "timers": timers,
    "burst": burst,
    "waiting": waiting,
}
SIZES = ("s", "m", "l")


def make(name: str, size: str) -> Log:
    """Return the data set ``name`` in one size."""
    return MAKERS[name](size)


def expected() -> dict[str, dict[str, str]]:
    """Return the checksums that have to come out: of the bytes and of the effects, each by name and size."""
    table = tomllib.loads(SUMS.read_text("utf-8"))
    return {"log": table["log"], "effects": table["effects"]}


def checked(name: str, size: str) -> Log:
    """Return the data set ``name``, once its checksum is the one in datasets.toml."""
    made = make(name, size)
    assert made.sha256 == expected()["log"][f"{name} {size}"], (
        f"the generator of {name} gives other bytes"
    )
    return made


def sums() -> str:
    """Return the tables of datasets.toml that belong to the logs, as the generators would have them now."""
    logs, effects = ["[log]"], ["[effects]"]
    for name in MAKERS:
        for size in SIZES:
            one = make(name, size)
            logs.append(f'"{name} {size}" = "{one.sha256}"')
            effects.append(f'"{name} {size}" = "{checksum(one.effects())}"')
    return "\n".join(["", *logs, "", *effects])
