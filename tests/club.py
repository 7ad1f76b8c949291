"""A small project with scenarios, for the tests of what runs them."""

from pathlib import Path

WORDS = """\
person member
  also written members
  known by member-number
  also known by email, phone
  has first-name as text

moment "member joins"
  comes from "desk" as "member.joined"

moment "member leaves"
  comes from "desk" as "member.left"

purpose "service"
  is service
  rests on contract
  covers email, sms
  kept in "desk"

metric "joined"
  owned by "Ana Kos"
  counts people who had "member leaves" within 60 days after "member joins"
  compared over 90 days
  should be at least 70%

message "Hello"
  subject "Hello"
  says "Hello."

journey "Welcome"
  owned by "Ana Kos"
  because "Hello"
  aims for "joined"
  starts when "member joins"
  stops when "member leaves" as "left"
  keeps quiet from 20:00 to 08:00
  gives up after 60 days

  wait 1 day
  notify the member by email with "Hello" for "service"
  wait 2 days
  finish as "done"

scenario "hello"
  given it is 2026-03-02 09:00
  given a member with first-name "Tina"
  when "member joins" happens
  when 3 days pass
  then the member gets "Hello" by email at 2026-03-03 09:00
  then the journey finishes as "done"
"""
LEAVES = """
scenario "who leaves is left alone"
  given it is 2026-03-02 09:00
  given a member with first-name "Tina"
  when "member joins" happens
  when "member leaves" happens
  then the journey finishes as "left"
"""
FAILS = """
scenario "at noon & later"
  given it is 2026-03-02 09:00
  given a member with first-name "Tina"
  when "member joins" happens
  when 3 days pass
  then the member gets "Hello" by email at 2026-03-03 12:00
  then the member gets "Hello" by sms
"""
SETTINGS = """\
[project]
name = "club"
language = "en"
zone = "Europe/Ljubljana"
country = "SI"
"""


def made(folder: Path) -> Path:
    """Return ``folder`` with the project in it; its scenarios pass."""
    (folder / "verbline.toml").write_text(SETTINGS)
    (folder / "club.journey").write_text(WORDS + LEAVES)
    return folder
