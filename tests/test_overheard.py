"""A no at an address that several people share, of which nobody can tell who said it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.test_cli_identity import SETTINGS
from verbline import cli
from verbline.cli.programs import compiled
from verbline.interpreter.guard.consent import Consent
from verbline.runtime.known import known
from verbline.runtime.log import Log
from verbline.runtime.simulate import Simulation

PROJECT = """language: en

person member
  known by member-number
  also known by email, phone

purpose "offers"
  is marketing
  rests on consent
  covers email
  kept in "shop"

moment "member asks"
  comes from "shop" as "asked"

journey "Follow a question up"
  owned by "Maja Kos", "Service"
  because "Whoever asks is answered"
  starts when "member asks"
  runs again after 30 days
  gives up after 20 days

  notify the member by email with "Hello" for "offers"
  finish as "answered"

message "Hello"
  subject "Hello"
  says "Hello."
"""
MAIL = {"email": "ana@mail.example"}
GRANT = {"purpose": "offers", "channel": "email", "contact": MAIL["email"], "act": "grant", "record": "r"}  # fmt: skip
# Two who share an address; one of them said yes there.
BEFORE: list[dict[str, Any]] = [
    {"type": "asked", "data": {"member-number": "M-1", **MAIL}, "consent": [GRANT]},
    {"type": "asked", "data": {"member-number": "M-2", **MAIL}},
]
AFTER = {"type": "asked", "data": {"member-number": "M-1"}}
SAID: dict[str, dict[str, Any]] = {
    "in full": {"type": "seen", "data": MAIL, "consent": [{"purpose": "offers", "channel": "email", "act": "withdraw"}]},
    "shortly": {"type": "seen", "data": MAIL, "agrees": {"offers": {"email": False}}},
    "by itself": {"type": "verbline.consent.object", "data": {**MAIL, "purpose": "offers"}},
    "at an address": {"type": "seen", "data": MAIL, "consent": [{"act": "deny", "contact": MAIL["email"]}]},
}  # fmt: skip


def run(folder: Path, *events: dict[str, Any]) -> list[str]:
    """Return what became of the messages of a log."""
    folder.mkdir(exist_ok=True)
    (folder / "verbline.toml").write_text(SETTINGS, "utf-8")
    (folder / "a.journey").write_text(PROJECT, "utf-8")
    lines = [
        json.dumps({"id": f"e{at}", "source": "shop", "time": f"2026-0{at + 1}-01T10:00:00Z", **one})
        for at, one in enumerate(events)
    ]  # fmt: skip
    (folder / "log.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    found = compiled(str(folder))
    assert found is not None, "the project has no errors"
    told: list[str] = []
    simulation = Simulation(
        found.project,
        found.program,
        tell=lambda one: told.append(f"{one.verdict} {one.reason}") if one.kind == "message" else None,
    )  # fmt: skip
    simulation.run(Log(folder / "log.jsonl"))
    return told


def heard(folder: Path) -> list[Consent]:
    """Return what the ledger has about the address."""
    found = compiled(str(folder))
    assert found is not None, "the project has no errors"
    ledger = known(found.project, found.program, folder / "log.jsonl").ledger
    return ledger.consents_of(contacts=[f"email:{MAIL['email']}"])


@pytest.mark.parametrize("name", SAID)
def test_a_no_of_nobody_counts_for_everybody_there(tmp_path: Path, name: str) -> None:
    """Nobody behind the address is written to any more, however the no was written; without it the one who agreed is."""
    assert run(tmp_path / "yes", *BEFORE, AFTER) == ["sent consent", "refused no_consent", "sent consent"]  # fmt: skip
    assert run(tmp_path / "no", *BEFORE, SAID[name], AFTER)[-1].startswith("refused o")


def test_a_yes_of_nobody_is_nobodys(tmp_path: Path) -> None:
    """A yes gives nothing to the people behind an address where nobody can tell which of them agreed."""
    yes = {"type": "seen", "data": MAIL, "consent": [GRANT]}
    second = {"type": "asked", "data": {"member-number": "M-2"}}
    assert run(tmp_path, *BEFORE, yes, second)[-1] == "refused no_consent"
    assert len(heard(tmp_path)) == 1


@pytest.mark.parametrize("name", SAID)
def test_the_ledger_has_it_too(tmp_path: Path, name: str) -> None:
    """The no is recorded at the address, with nobody's name."""
    run(tmp_path, *BEFORE, SAID[name])
    last = heard(tmp_path)[-1]
    assert (last.person, last.act in ("withdraw", "deny", "object")) == (None, True)
    arguments = ["consent", "show", "P1", "--project", str(tmp_path), "--log", str(tmp_path / "log.jsonl")]  # fmt: skip
    assert cli.run(arguments) == 0
