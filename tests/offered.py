"""Invented logs of people who change their minds, and a journey that writes to them."""

from __future__ import annotations

from pathlib import Path
from random import Random

from tests.cases import project_of
from tests.known import CLUB, DAY, SETTINGS, event, write
from verbline.interpreter.program.compile import compile_project
from verbline.interpreter.step.records import Record
from verbline.runtime.log import Log
from verbline.runtime.simulate import Simulation

OFFER = """
message "Offer"
  subject "Offer"
  says "An offer."

journey "Offers"
  starts when "member signs up"
  runs once per person

  wait 2 days
  notify the member by email with "Offer" for "offers"
  finish as "over"
"""


class Runs:
    """Invented logs with a journey that writes to people, run and read into a ledger."""

    def __init__(self) -> None:
        self.project = project_of({"club.journey": CLUB + OFFER, "verbline.toml": SETTINGS})

    def log(self, dice: Random, folder: Path) -> Path:
        """Write a log of ten people who sign up and change their minds, no two events at one instant."""
        said, minute = [], 0
        for number in range(10):
            data = {"member-number": f"M-{number}", "email": f"m{number}@mail.example"}
            for change in range(dice.randrange(1, 5)):
                minute += 1
                time = DAY.format(dice.randint(1, 9)).replace(
                    "09:00", f"{9 + minute // 60:02}:{minute % 60:02}"
                )
                one = {"act": dice.choice(("grant", "withdraw", "deny", "object")), "purpose": dice.choice(("offers", "*")), "channel": "email", "contact": data["email"], "actor": dice.choice(("subject", "subject", "staff:1")), "words": dice.choice(("Yes.", ""))}  # fmt: skip
                said.append(
                    event(
                        1,
                        "signup" if not change else "told",
                        id=f"e{number}.{change}",
                        time=time,
                        data=data,
                        consent=[one],
                    )
                )
        return write(
            folder,
            *sorted(said, key=lambda one: dice.gauss(ord(one["time"][9]), 1)),
            event(28, "seen"),
        )

    def records(self, log: Path) -> list[Record]:
        """Return what the journey does over a log."""
        found: list[Record] = []
        run = Simulation(self.project, compile_project(self.project), tell=found.append)
        run.run(Log(log))
        return found


RUNS = Runs()
