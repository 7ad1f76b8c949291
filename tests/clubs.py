"""A club with a journey that writes to whoever signs up, for the runtime cases. Rule: what is told is what commands write."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.known import event, write
from verbline import cli

TINA = {"member-number": "M-1", "email": "tina@mail.example"}
BOR = {"email": "bor@mail.example"}
YES = {"offers": {"email": True}}
# Without a moment of its own an address is nobody that a journey can be in.
WELCOME = """
message "Offer"
  subject "Offer"
  says "An offer."

journey "Welcome"
  starts when "member signs up"
  runs once per person
  keeps quiet from 20:00 to 08:00

  wait 3 days
  notify the member by email with "Offer" for "offers"
    if nothing was sent
      finish as "not told"
  finish as "told"
"""
MAPPING = """
batch = "crm"
[columns]
contact = "E-mail"
answer = "Newsletter"
[always]
channel = "email"
purpose = "offers"
[answers]
grant = ["yes"]
"""
Run = Callable[..., str]


def club(folder: Path, *events: dict[str, Any], journey: str = WELCOME) -> Path:
    """Write a club with a journey and a log."""
    log = write(folder, *events)
    with (folder / "club.journey").open("a", encoding="utf-8") as file:
        file.write(journey)
    return log


def runner(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Return what runs a command over the log of ``folder``: what it writes, after its exit code; a refusal says why."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("VERBLINE_CONSENT_KEY", "sixteen bytes or more")

    def of(command: str, code: int = 0) -> str:
        assert cli.run([*shlex.split(command), "--log", "log"]) == code
        shown = capsys.readouterr()
        return shown.err if code == 2 else shown.out

    return of


def trace(run: Run) -> list[dict[str, Any]]:
    """Return what the journeys did."""
    return [json.loads(line) for line in run("simulate --format jsonl").splitlines()]


def messages(run: Run) -> list[tuple[str, str, str]]:
    """Return what became of each message: when, the verdict and the reason."""
    return [
        (one["at"], one["verdict"], one["reason"]) for one in trace(run) if one["kind"] == "message"
    ]


def outcomes(run: Run) -> list[tuple[str, str]]:
    """Return how each visit ended, and whose it was."""
    return [(one["person"], one["outcome"]) for one in trace(run) if one["kind"] == "outcome"]


def told(run: Run, command: str) -> Any:
    """Return what a consent command says as JSON."""
    return json.loads(run(f"consent {command} --format json"))


def reason(run: Run, person: str, more: str = "") -> str:
    """Return what the guard says now about offers by email."""
    return str(told(run, f"show {person}{more}")["now"][0]["reason"])


MERGE = event(3, "verbline.merge", "verbline", data={"people": ["P1", "P2"]})
SPLIT = {
    **event(3, "verbline.split", "verbline", data={"person": "P1", "apart": "P2"}),
    "time": "2026-03-03T12:00:00Z",
}
