"""How fast the consent ledger is, on a file. Rule: every number stands beside its goal, and no number without its right answer.

    python -m benchmarks.ledger --events 600000

Appended in batches of a thousand; asked is what one person said at one address, as of half of the ledger, and folded. Each
figure is told twice: in time of the processor, which others on the machine hardly change, and by the clock. The goals are
of the first; the erasure waits for the disk.
"""

from __future__ import annotations

import argparse
import gc
import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

from verbline.interpreter.guard.consent import Consent
from verbline.interpreter.guard.fold import state
from verbline.interpreter.guard.heard import Asked
from verbline.interpreter.guard.policy import standard_policy
from verbline.interpreter.guard.purpose import Purpose
from verbline.interpreter.zones import MINUTE, zone
from verbline.runtime.consent.erasure import Erasing, erase
from verbline.runtime.consent.ledger import Ledger
from verbline.runtime.consent.rows import Said
from verbline.runtime.consent.verify import Verified, verify

START = 1_767_265_200_000
BATCH = 1_000
ACTS = ("grant", "grant", "grant", "withdraw", "object")
NOTICE = "sha256:" + "5" * 64
ASKED = 5_000
POLICY = standard_policy()


class Rate(NamedTuple):
    """So many a second: of the processor's time, and by the clock."""

    processor: float
    clock: float


class Result(NamedTuple):
    """What was measured; seconds for the erasure of so many people, bytes for an event; half of all questions take ``half`` µs."""

    appended: Rate
    asked: Rate
    half: float
    verified: Rate
    erased: int
    erasing: float
    size: float


class Watch:
    """How long something takes, both ways."""

    def __init__(self) -> None:
        self._begun = time.process_time(), time.perf_counter()

    def rate(self, number: int) -> Rate:
        """Return how many a second that is."""
        processor, clock = self._begun
        return Rate(
            number / (time.process_time() - processor), number / (time.perf_counter() - clock)
        )


def address(person: int) -> str:
    """Return the address of a person."""
    return f"email:person.{person}@mail.example"


def history(events: int) -> list[Said]:
    """Return so many events; each person has about three, the same ones every time."""
    dice, people = random.Random(7), max(events // 3, 1)
    found = []
    for seq in range(events):
        person, at = dice.randrange(people), START + seq * MINUTE
        found.append(Said(Consent(
            seq=seq + 1, at=at - dice.randrange(3) * MINUTE, known=at, act=dice.choice(ACTS), actor="subject", source="shop",
            person=f"P{person}", contact=address(person), channel="email", purpose="offers", complete=True,
        ), NOTICE))  # fmt: skip
    return found


def question(person: int) -> Asked:
    """Return whether a person may be sent offers."""
    home = zone("Europe/Ljubljana")
    assert home is not None
    purpose = Purpose("offers", "marketing", "consent", ("email",))
    return Asked(f"P{person}", address(person), "email", purpose, home, POLICY.row("SI", "email"))


def append(ledger: Ledger, events: Sequence[Said]) -> Rate:
    """Return how many events a second are appended."""
    watch = Watch()
    for place in range(0, len(events), BATCH):
        ledger.append(events[place : place + BATCH])
    return watch.rate(len(events))


def ask(ledger: Ledger, events: Sequence[Said]) -> tuple[Rate, float]:
    """Return how many questions about the past are answered in a second, and microseconds of half of them; every fiftieth is checked."""
    dice, people = random.Random(8), max(len(events) // 3, 1)
    known = len(events) // 2
    asked = [question(dice.randrange(people)) for _time in range(ASKED)]
    at = START + known * MINUTE
    watch, found, spent = Watch(), [], []
    for one in asked:
        begun = time.process_time_ns()
        found.append(ledger.state(one, at, known).evidence)
        spent.append(time.process_time_ns() - begun)
    rate = watch.rate(ASKED)
    by_person: dict[str | None, list[Consent]] = {}
    for said in events[:known]:
        by_person.setdefault(said.consent.person, []).append(said.consent)
    for one, evidence in list(zip(asked, found, strict=True))[::50]:
        assert evidence == state(one, by_person.get(one.person, []), at).evidence
    return rate, median(spent) / 1_000


def check(ledger: Ledger, entries: int) -> Rate:
    """Return how many entries a second are verified."""
    watch = Watch()
    found = verify(ledger)
    rate = watch.rate(entries)
    assert found == Verified(entries), found
    return rate


def measured(events: int, gone: int, folder: Path) -> Result:
    """Return what a ledger of so many events comes to, of which so many people are erased."""
    path = folder / "consent.db"
    with Ledger(str(path), key=b"the key of a benchmark") as ledger:
        made = history(events)
        gc.freeze()  # what was made up is no part of the ledger: no collection goes through it
        appended, (asked, half) = append(ledger, made), ask(ledger, made)
        verified = check(ledger, events)
        people = sorted({int(str(one.consent.person)[1:]) for one in made})[:gone]
        begun = time.perf_counter()
        done = erase(ledger, [Erasing([f"P{one}"]) for one in people], "staff:1", START + events * MINUTE)  # fmt: skip
        erasing = time.perf_counter() - begun
        check(ledger, events + done.addresses + len(people))
        assert not any(address(one).encode() in path.read_bytes() for one in people[::100])
        return Result(
            appended, asked, half, verified, len(people), erasing, path.stat().st_size / events
        )


def main() -> None:
    """Print what was measured beside its goal."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--events", type=int, default=600_000)
    parser.add_argument("--erased", type=int, default=1_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = measured(asked.events, asked.erased, Path(folder))
    print(f"{asked.events:,} events, {found.size:,.0f} bytes each")
    print("                processor        clock")
    print(f"appended   {told(found.appended)}  events/s, goal 30,000")
    asked_us = Rate(*(1e6 / one for one in found.asked))
    print(f"asked      {told(asked_us)}  us, goal 50 at most; half of them in {found.half:.0f}")
    print(f"verified   {told(found.verified)}  entries/s, goal 150,000")
    print(f"erased     {found.erased:,} people in {found.erasing:.1f} s; the chain holds after it")


def told(rate: Rate) -> str:
    """Return both figures in columns."""
    return "".join(f"{one:13,.0f}" for one in rate)


if __name__ == "__main__":
    main()
