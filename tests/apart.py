"""A log taken in both ways: one person after the other, and in the order of time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from verbline.cli.programs import Compiled, compiled
from verbline.runtime.apart import Apart
from verbline.runtime.entries import OutOfOrderError
from verbline.runtime.log import Log
from verbline.runtime.simulate import Simulation
from verbline.runtime.sources import sources_of

# People who share addresses, are written to, and turn out to be one; two a day may come in.
CLUB = """
person member
  known by member-number, web-account
  also known by email, phone
  has last-name as text
  merge when email is the same and last-name is the same
  ask desk "Data" when phone is the same and last-name is different

desk "Data"
  led by "Maja Kos"
  answers within 4 hours
  open monday to friday from 08:00 to 16:00

purpose "offers"
  is marketing
  rests on consent
  covers email
  asked with "Yes, write to me about offers."
  kept in "site"

moment "visit begins"
  comes from "site" as "visit.begun"
  carries last-name as text

moment "page is read"
  comes from "site" as "page.read"

message "Come again"
  subject "Come again"
  says "Come again."

journey "Visit"
  starts when "visit begins"
  runs again after 2 days
  BRAKE

  wait for "page is read" up to 1 day
    if it happens
      finish as "read"
  notify the member by email with "Come again" for "offers"
  escalate to desk "Data" because "Call"
    if the answer is "reached"
      finish as "reached"
  finish as "written to"
"""
MARK = "verbline.desk.answered"


def club(folder: Path, brake: str = "") -> Compiled:
    """Return the project of `CLUB` in ``folder``, with an entry brake or without one of its own."""
    folder.mkdir(exist_ok=True)
    settings_text = '[project]\nzone = "Europe/Ljubljana"\ncountry = "SI"\n'
    (folder / "verbline.toml").write_text(settings_text, "utf-8")
    (folder / "a.journey").write_text(CLUB.replace("BRAKE", brake), "utf-8")
    return project_at(folder)


def project_at(folder: Path) -> Compiled:
    """Return the project in a folder."""
    found = compiled(str(folder))
    assert found is not None
    return found


def run(found: Compiled, path: Path, way: str, **options: Any) -> str:
    """Return the summary of a run over the log at ``path``, as JSON."""
    sources = sources_of(found.reading.settings)
    made = Simulation(found.project, found.program, sources=sources, **options)
    log = Log(path, park=made.park)
    if way == "apart":
        Apart(made, log).run()
    else:
        made.run(log)
    return json.dumps(made.summary(log))


def are_same(found: Compiled, path: Path, **options: Any) -> bool:
    """Assert that both ways come to the same; return false where only the order of time is a way."""
    try:
        told = run(found, path, "apart", **options)
    except OutOfOrderError:
        return False
    assert told == run(found, path, "in order", **options)
    return True


def bounds(path: Path) -> list[dict[str, int]]:
    """Return a few spans of time within a log."""
    known = sorted(event.known for event in Log(path))
    middle, late = known[len(known) // 2], known[len(known) * 3 // 4]
    return [{}, {"start": middle}, {"until": late}, {"start": middle, "until": late + 1}]


def visit(number: int, at: str, **fields: str) -> str:
    """Return a line of a log: somebody begins a visit."""
    event = {"id": f"e{number}", "source": "site", "type": "visit.begun", "time": at}
    return (
        json.dumps(
            {
                **event,
                "data": {
                    "member-number": f"M-{number}",
                    "email": f"{number}@mail.example",
                    **fields,
                },
            }
        )
        + "\n"
    )
