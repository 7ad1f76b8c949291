"""What comes back: a crash between hand-over and answer, people who were taken for one, and what owners are told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.leavers import AT, DAY, HOUR, Club, opened
from verbline.runtime.channels.answers import Unknown
from verbline.runtime.channels.desk import Desk
from verbline.runtime.channels.lines import Lines
from verbline.runtime.channels.links import ANSWER
from verbline.runtime.events import Event
from verbline.runtime.leaving.owners import Owners, plain_of
from verbline.runtime.store.outbox import READY, UNKNOWN, WITHDRAWN

TASK = """
  escalate to desk "Front desk" within 40 working hours because "Call"
    if the answer is "reached"
      go on
  wait 400 days
"""
HELLO = '  notify the member by email with "Hello" for "care"\n  wait 9 days\n'


def two(club: Club) -> None:
    """Let two people stand at the same task, who are taken for one."""
    for number in (1, 2):
        club.member(f"m{number}@mail.example", first_name="Tina")
        club.happens(f"P{number}", "member joins", AT + number)


def test_a_task_that_never_left_is_ready_again_after_a_split(tmp_path: Path) -> None:
    """Taken back when the two became one, ready again when they are two: the same row under the same key."""
    with opened(tmp_path, TASK) as club:
        two(club)
        club.commit()
        before = [row.intent.key for row in club.all()]
        club.world.merge("P1", "P2", AT + HOUR)
        club.commit()
        assert [row.state for row in club.all()] == [READY, WITHDRAWN]
        club.world.split("P1", "P2", AT + 2 * HOUR)
        club.clock = AT + 2 * HOUR
        club.commit()
        assert [row.state for row in club.all()] == [READY, READY]
        assert [one.key for one in club.send(channel="desk:Front desk")] == before


def test_a_task_that_has_left_is_handed_over_once_more_after_a_split(tmp_path: Path) -> None:
    """The desk was told that it is taken back, so it gets it again, and answers it by the key of the first."""
    with opened(tmp_path, TASK) as club:
        two(club)
        club.commit()
        club.send(channel="desk:Front desk")
        club.world.merge("P1", "P2", AT + HOUR)
        club.clock = AT + HOUR
        club.commit()
        (back,) = club.send(channel="desk:Front desk")
        assert back.task is not None
        assert back.task.is_withdrawn
        club.world.split("P1", "P2", AT + 2 * HOUR)
        club.clock = AT + 2 * HOUR
        club.commit()
        (again,) = club.send(channel="desk:Front desk")
        assert again.task is not None
        first = club.left[1]
        assert (again.task.key, again.task.is_withdrawn) == (first.key, False)
        assert len({first.key, back.key, again.key}) == 3
        desk = Desk(Lines(tmp_path / "desk.jsonl"), club.links)
        link = desk.answers(again, again.task)["reached"]
        claim = club.links.read(link.rpartition("/")[2], club.clock)
        assert (claim.kind, claim.key, claim.answer) == (ANSWER, first.key, "reached")
        assert club.world.answer_task("P2", "Front desk", "reached", AT + 3 * HOUR)


@pytest.mark.parametrize(("repeatable", "notes"), [("no", 1), ("by key", 0), ("yes", 0)])
def test_what_was_under_way_at_a_crash_is_told(tmp_path: Path, repeatable: str, notes: int) -> None:
    """Where it may arrive twice the log says unknown and the owner gets one mail; else it is just sent again."""
    with opened(tmp_path, HELLO) as club:
        for number in (1, 2, 3):
            club.member(f"m{number}@mail.example")
            club.happens(f"P{number}", "member joins", AT + number)
        club.commit()
        for row in club.all()[:2]:
            assert club.rows.outbox.taken(row.intent.key, club.clock)
        club.clock += HOUR
        assert club.rows.recover({"email": repeatable}, club.clock) == 2
        told = [json.loads(line)["type"] for line in club.told()]
        assert told == ["verbline.message.unknown"] * (2 if notes else 0)
        sent = club.send()
        assert [one.kind for one in sent].count("note") == notes
        assert [one.kind for one in sent].count("message") == (1 if notes else 3)
        assert club.rows.recover({"email": repeatable}, club.clock) == 0


def test_an_owner_is_told_once_a_day(tmp_path: Path) -> None:
    """However much is unknown: one mail a day for each journey, and none about the mail itself."""
    with opened(tmp_path, HELLO) as club:
        for day in range(2):
            for number in range(3):
                club.member(f"m{day}{number}@mail.example")
                person = f"P{day * 3 + number + 1}"
                club.happens(person, "member joins", AT + day * DAY + number)
                club.commit()
                club.send(Unknown("cut_off"))
        notes = [row for row in club.all() if row.intent.kind == "note"]
        assert len(notes) == 2
        assert {row.intent.address for row in notes} == {"ana@club.example"}
        assert {row.state for row in notes} == {UNKNOWN}
        assert "Welcome: a message waits for your word" in notes[0].intent.words.subject
        assert notes[0].intent.asked is None


def test_what_is_unknown_twice_is_told_twice(tmp_path: Path) -> None:
    """Sent again by a person's word, and again nobody answered: two events, of which neither contradicts the other."""
    with opened(tmp_path, HELLO) as club:
        club.member()
        club.happens("P1", "member joins")
        club.commit()
        (one,) = club.send(Unknown("cut_off"))
        club.clock += HOUR
        assert club.rows.outbox.decide(one.key, club.clock, again=True)
        club.send(Unknown("cut_off"))
        told = [json.loads(line) for line in club.told()]
        assert [event["type"] for event in told] == ["verbline.message.unknown"] * 2
        assert len({event["id"] for event in told}) == 2


def test_without_an_address_nobody_is_told(tmp_path: Path) -> None:
    """An owner who is not in the settings, or whose address is none; the row says it all the same."""
    with opened(tmp_path, HELLO) as club:
        club.member()
        club.happens("P1", "member joins")
        club.commit()
        intent = club.all()[0].intent
        nobody: list[dict[str, str]] = [{}, {"Somebody": "a@club.example"}, {"Ana Kos": "none"}]
        for addresses in nobody:
            assert Owners(club.program, addresses).unknown(intent, "crash", AT) is None
        told = Owners(club.program, {"Ana Kos": "Ana <ana@club.example>"}).failed(intent, "missing_field", AT)  # fmt: skip
        assert told is not None
        assert told.address == "ana@club.example"
        assert "missing_field" in told.words.text
    assert (
        plain_of("Ana <ana@club.example>") == plain_of(" ana@club.example ") == "ana@club.example"
    )
    assert plain_of("ana@club.example, eva@club.example") == ""


def test_only_a_word_about_something_unknown_is_heeded(tmp_path: Path) -> None:
    """Another event, another key, another state, another wish: nothing happens."""
    with opened(tmp_path, HELLO) as club:
        club.member()
        club.happens("P1", "member joins")
        club.commit()
        key = club.all()[0].intent.key
        for word in ({"key": key, "what": "send again"}, {"key": "none", "what": "leave"}):
            said = Event(id="x", type="verbline.decided", source="verbline", data={**word})
            assert not club.rows.heed(said, AT)
        club.send(Unknown("cut_off"))
        wrong: list[tuple[str, dict[str, object]]] = [
            ("verbline.desk.answered", {"key": key, "what": "leave"}),
            ("verbline.decided", {"key": key, "what": "burn"}),
            ("verbline.decided", {"key": 7, "what": "leave"}),
            ("verbline.decided", {}),
        ]
        for kind, given in wrong:
            assert not club.rows.heed(Event(id="x", type=kind, source="verbline", data=given), AT)
        assert club.all()[0].state == UNKNOWN
