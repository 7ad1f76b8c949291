"""What a log says, for tests. Rule: a club whose form asks for agreement; people are told by number, addresses or both."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cases import project_of
from verbline.interpreter.program.compile import compile_project
from verbline.runtime.known import Known, known

SETTINGS = """
[project]
name = "club"
zone = "Europe/Ljubljana"
country = "SI"
language = "en"
"""
CLUB = """
person member
  known by member-number
  also known by email, phone
  recognised by device
  has first-name as text

purpose "offers"
  is marketing
  rests on consent
  also rests on a sale of similar goods when "member buys"
  covers email, sms
  about "winter"
  asked with "Yes, write to me."
  kept in "centre"

purpose "care"
  is service
  rests on contract
  covers email
  kept in "crm"

moment "member signs up"
  comes from "shop" as "signup"

moment "member buys"
  comes from "shop" as "bought"

form "sign-up page"
  captured by "shop"
  asks email
  asks agreement to "offers" by email with "Yes, offers by email, please."
  asks agreement to "offers" by sms
  signals "member signs up"
"""
KEY = b"sixteen bytes or more"
DAY = "2026-03-{:02}T09:00:00Z"


def event(day: int, kind: str = "signup", source: str = "shop", **members: Any) -> dict[str, Any]:
    """Return an event of a day in March; its id says what it is unless ``id`` does."""
    said = {"id": f"{kind}-{day}", "type": kind, "source": source, "time": DAY.format(day)}
    return {**said, **members}


def no(day: int, who: dict[str, Any], **members: Any) -> dict[str, Any]:
    """Return a withdrawal of everything, as the preference centre tells it."""
    answer = {"act": "withdraw", "purpose": "offers", "channel": "email", **members}
    return event(day, "left", "centre", data=who, consent=[answer])


def write(folder: Path, *events: dict[str, Any], name: str = "log.jsonl") -> Path:
    """Write a project with a log into ``folder``, and return the log."""
    (folder / "verbline.toml").write_text(SETTINGS, "utf-8")
    (folder / "club.journey").write_text(CLUB, "utf-8")
    log = folder / "log"
    log.mkdir(exist_ok=True)
    (log / name).write_text("".join(f"{json.dumps(one)}\n" for one in events), "utf-8")
    return log


def known_of(log: Path, key: bytes | None = KEY, **more: Any) -> Known:
    """Return what the log at ``log`` says."""
    project = project_of({"club.journey": CLUB, "verbline.toml": SETTINGS})
    return known(project, compile_project(project), log, key=key, **more)
