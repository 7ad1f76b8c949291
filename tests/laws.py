"""The laws of consent, on invented histories. Rule: a law that cannot be broken by a fault that is planted proves nothing.

    python -m tests.laws --questions 200000
    python -m tests.laws --questions 4000 --plant 3

A question is one answer of the guard, of the ledger, or of a run. Planted, the fault of a law has to be found by that law.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

from tests import test_guard_laws as invented
from tests.faults import planted
from tests.known import known_of
from tests.ledgers import KEY
from tests.offered import RUNS
from verbline.interpreter.guard.consent import MERGE, Consent
from verbline.interpreter.guard.decide import Decision
from verbline.interpreter.program.compile import compile_project
from verbline.runtime.consent import standing as asking
from verbline.runtime.consent.ledger import Ledger
from verbline.runtime.consent.notes import note
from verbline.runtime.consent.rows import Said

# What was broken, told in a sentence; nothing where the law held. And how many questions that took.
Found = tuple[str, int]
SIGNS = {"P1": "email:a", "P2": "phone:1"}


class Dice(Random):
    """Throws what histories are made of."""

    def made(self, most: int = 6) -> list[dict[str, Any]]:
        """Return some events."""
        return [self.one() for _time in range(self.randrange(most + 1))]

    def one(self, *acts: str) -> dict[str, Any]:
        """Return an event, with one or two things that are unusual."""
        odd = self.choices(invented.ODDITIES, k=self.choice((0, 0, 1, 1, 2)))
        return invented.made_of(self.choice(acts or invented.ACTS), self.randint(1, 14), odd)

    def ask(self) -> dict[str, Any]:
        """Return what is asked."""
        cls = self.choice(("marketing", "service", "tracking", "recognition", "transactional"))
        basis = self.choice(("consent", "legitimate", "contract"))
        extra = self.choice(("", "soft", "confirmed", "lapses"))
        return {
            "country": self.choice(("SI", "DE", "US", "CA", "ZZ")),
            "channel": self.choice(("email", "email", "email", "sms", "post")),
            "day": self.randint(1, 16),
            "purpose": invented.purpose(cls, basis, extra),
            "topic": self.choice(("", "", "t")),
        }


def opened(before: Decision, after: Decision) -> bool:
    """Return whether what was refused is not refused any more."""
    return before.verdict == "deny" and after.verdict != "deny"


def no_more_after_a_no(dice: Dice) -> Found:
    """1: one more no of the person opens nothing."""
    made, ask = dice.made(), dice.ask()
    before = invented.asked(ask, invented.person(invented.recorded(made)))
    no = {**dice.one("withdraw", "deny", "object"), "actor": "subject", "person": "P1"}
    consents = invented.recorded(made)
    for one in consents:
        one.seq *= 10
        one.corrects = one.corrects and one.corrects * 10
    fresh = invented.event(no, 0)
    fresh.seq = dice.randrange(8) * 10 + 5
    after = invented.asked(ask, invented.person([*consents, fresh]))
    return ("a no opened something" if opened(before, after) else ""), 2


def no_permission_by_a_merge(dice: Dice) -> Found:
    """2: an address that neither could be written to stays closed when the two are one."""
    made, ask = dice.made(), dice.ask()
    ledger = invented.recorded(made)
    merge = Consent(seq=99, at=0, known=0, act=MERGE, actor="system:x", person="P2", basis=dice.choice(("exclusive", "contact")))  # fmt: skip
    places = {who: places_of(ledger, who) for who in SIGNS}
    apart = {who: invented.person(invented.record_of(ledger, who, held), *held, identity=who) for who, held in places.items()}  # fmt: skip
    both = sorted({*places["P1"], *places["P2"]})
    one = invented.person([*ledger, merge], *both)
    one.merged = ("P2",)
    asked = [""] if ask["purpose"].cls == "recognition" else both
    number = 0
    for place in asked:
        number += 3
        alone = [invented.asked(ask, each, place) for each in apart.values()]
        if invented.asked(ask, one, place).verdict != "deny" and all(
            a.verdict == "deny" for a in alone
        ):
            return "a merge gave a permission that neither had", number
    return "", number


def places_of(ledger: list[Consent], who: str) -> list[str]:
    """Return the addresses of somebody: whoever speaks for one holds it."""
    return [place for place in invented.PLACES if place == SIGNS[who] or any(one.person == who and one.contact == place for one in ledger)]  # fmt: skip


def a_split_restores(dice: Dice) -> Found:
    """3: two people who were one for a while have the answers again that they had, by the ledger."""
    made, ask = sorted(dice.made(), key=known_day), dice.ask()
    with Ledger(key=KEY) as ledger:
        ledger.append([Said(one) for one in spoken(made)])
        before = {who: told_by(ledger, ask, who) for who in SIGNS}
        last = max(ledger.last_known(), 0)
        merge = Consent(at=last, known=last, act=MERGE, actor="system:x", person="P2", basis="exclusive")  # fmt: skip
        ledger.append([Said(merge, "", "P1")])
        told_by(ledger, ask, "P1")
        note(ledger, "split", "P2", "system:x", last, "P1")
        after = {who: told_by(ledger, ask, who) for who in SIGNS}
    return ("a split did not restore an answer" if before != after else ""), 5


def nothing_late_changes_what_was_known(dice: Dice) -> Found:
    """4: what was decided by what was known stays so, whatever is recorded later, by the ledger."""
    made, later, ask = dice.made(), dice.made(3), dice.ask()
    found = spoken(sorted([*made, *later], key=known_day))
    place = len(made)
    with Ledger(key=KEY) as ledger:
        ledger.append([Said(one) for one in found[:place]])
        known = ledger.last().seq
        before = told_by(ledger, ask, "P1", known)
        ledger.append([Said(one) for one in found[place:]])
        after = told_by(ledger, ask, "P1", known)
    return ("what came later changed what was known" if before != after else ""), 2


def known_day(made: dict[str, Any]) -> int:
    """Return when an event is recorded."""
    return int(made["day"] + made["lag"])


def spoken(made: list[dict[str, Any]]) -> list[Consent]:
    """Return events that a ledger can hold: somebody is named, and nobody erases by hand."""
    return [
        one for one in invented.recorded(made) if one.act != "erase" and (one.person or one.contact)
    ]


def told_by(
    ledger: Ledger, ask: dict[str, Any], who: str, known: int | None = None
) -> tuple[object, ...]:
    """Return the guard's answer about somebody whose record is read from the ledger."""
    contacts = [
        (place[:5], place[6:]) if place[5:6] == ":" else (place[:4], place[5:])
        for place in invented.PLACES
    ]
    somebody = asking.Somebody(who, list(SIGNS), contacts, {})
    person = asking.person_of(ledger, somebody, known)
    return invented.told(invented.asked(ask, person, "", known))


def order_plays_no_part(dice: Dice) -> Found:
    """5: only when it happened and when it was recorded counts, not where it is stored."""
    made, ask = dice.made(), dice.ask()
    consents = invented.recorded(made)
    mixed = list(consents)
    dice.shuffle(mixed)
    before, after = invented.person(consents), invented.person(mixed)
    before.merged = after.merged = dice.choice(((), ("P2",)))
    same = invented.told(invented.asked(ask, before)) == invented.told(invented.asked(ask, after))
    return ("" if same else "the order of storage changed an answer"), 2


def no_answer_leaks(dice: Dice) -> Found:
    """6: a yes by another channel, at another address, to another purpose or topic changes nothing."""
    made, ask = dice.made(), dice.ask()
    what = dice.choice(("channel", "contact", "purpose", "topic"))
    if what == "contact" and ask["purpose"].cls == "recognition":
        return "", 0
    other = {"channel": "whatsapp", "contact": "phone:9", "purpose": "r", "topic": "u"}[what]
    yes = {**dice.one("grant", "confirm"), what: other, "corrects": None}
    before = invented.asked(ask, invented.person(invented.recorded(made)))
    after = invented.asked(ask, invented.person(invented.recorded([*made, yes])))
    # A confirmed yes to anything takes back that an address is forgotten.
    is_back = any(one["act"] == "erase" for one in made)
    same = is_back or invented.told(before) == invented.told(after)
    return ("" if same else f"a yes leaked by its {what}"), 2


def decided_on_what_was_known(dice: Dice) -> Found:
    """7: every message was decided on all that the ledger knew when it was sent."""
    with tempfile.TemporaryDirectory() as folder:
        log = RUNS.log(dice, Path(folder))
        records = [one for one in RUNS.records(log) if one.kind == "message"]
        found = known_of(log, KEY)
        program = compile_project(RUNS.project)
        for one in records:
            number = int(one.person[1:])
            somebody = asking.Somebody(one.person, found.names(number), found.contacts(number), {})
            known = found.ledger.seq_at(one.at)
            rows = asking.standings(program, found.ledger, somebody, one.at, known)
            row = next(row for row in rows if row.channel == "email" and row.purpose == "offers")
            if (row.verdict == "allow") != (one.verdict == "sent") or row.reason != one.reason:
                return f"{one.verdict} ({one.reason}), though the ledger says {row.reason}", len(
                    records
                )
        return "", len(records)


def every_refusal_is_seen(dice: Dice) -> Found:
    """8: whoever came to a message has a record of what became of it."""
    with tempfile.TemporaryDirectory() as folder:
        records = RUNS.records(RUNS.log(dice, Path(folder)))
    over = {one.visit for one in records if one.kind == "outcome"}
    told = {one.visit for one in records if one.kind == "message"}
    return ("a message left no trace" if over - told else ""), len(over)


LAWS: tuple[Callable[[Dice], Found], ...] = (
    no_more_after_a_no,
    no_permission_by_a_merge,
    a_split_restores,
    nothing_late_changes_what_was_known,
    order_plays_no_part,
    no_answer_leaks,
    decided_on_what_was_known,
    every_refusal_is_seen,
)


def asked_of(law: Callable[[Dice], Found], questions: int, seed: int = 0) -> Found:
    """Return what broke a law within so many questions, if anything, and how many were asked."""
    dice, asked = Dice(seed), 0
    while asked < questions:
        why, number = law(dice)
        asked += number
        if why:
            return why, asked
    return "", asked


def main() -> int:
    """Ask, print what was found, and return 1 where a law is broken, or a planted fault is not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)  # fmt: skip
    parser.add_argument("--questions", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--plant", type=int, choices=range(1, len(LAWS) + 1))
    wish = parser.parse_args()
    broken, total = 0, 0
    for number, law in enumerate(LAWS, 1):
        if wish.plant in (None, number):
            if wish.plant is not None:
                with planted(number):
                    why, asked = asked_of(law, wish.questions, wish.seed)
            else:
                why, asked = asked_of(law, wish.questions // len(LAWS), wish.seed)
            broken, total = broken + bool(why), total + asked
            sys.stdout.write(f"{law.__doc__}\n   {asked:,} questions: {why or 'it holds'}\n")
    sys.stdout.write(f"{total:,} questions\n")
    return int(bool(broken) is (wish.plant is None))


if __name__ == "__main__":
    sys.exit(main())
