"""What journeys decide becomes rows of the outbox, once, with its words; what is taken back does not leave."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.leavers import ALL, AT, COURSE, DAY, HELLO_STEP, HOUR, KEY, WAITS, by_kind, opened
from verbline.runtime.channels.courier import in_full
from verbline.runtime.channels.intent import RELAXED, URGENT
from verbline.runtime.store.outbox import READY, STALE, WITHDRAWN


def test_what_is_decided_stands_in_the_outbox_with_its_words(tmp_path: Path) -> None:
    """A message, a note and a task: the values as the language writes them, and to a desk no secret."""
    with opened(tmp_path, ALL) as club:
        club.member(first_name="Tina")
        club.happens("P1", "member joins", **COURSE, door_link="https://x.example/s3cret")
        club.commit()
        found = by_kind([row.intent for row in club.all()])
        message, note, task = found["message"], found["note"], found["task"].task
        assert message.words.subject == "Hello Tina"
        assert message.words.text == "We meet on 14 March 2026. It costs €45.50."
        assert "<p>We meet on 14 March 2026. It costs €45.50.</p>" in in_full(message).words.html
        assert (message.address, message.person, message.journey) == ("tina@mail.example", "P1", "Welcome")  # fmt: skip
        assert message.expires == AT + DAY
        assert (note.channel, note.words.text) == ("desk:Front desk", "Tina has joined.\n\nfirst-name: Tina")  # fmt: skip
        assert task is not None
        assert task.shown == (("first-name", "Tina"), ("price", "€45.50"))
        assert (task.because, task.answers, task.due_text) == ("Call", ("reached",), "10 March 2026, 13:00")  # fmt: skip
        assert found["task"].expires == task.due == AT + 4 * HOUR
        assert club.states() == {READY: 3}


def test_what_is_urgent_goes_in_its_own_lane(tmp_path: Path) -> None:
    """What no consent holds back and what goes out at once is urgent; a task with a deadline too."""
    steps = f'{HELLO_STEP}  notify the member by sms or email with "Hello" for "care"\n    goes out at once\n{KEY}'
    with opened(tmp_path, steps) as club:
        club.member()
        club.happens("P1", "member joins", door_link="x", **COURSE)
        club.commit()
        assert [row.intent.lane for row in club.all()] == [RELAXED, URGENT, URGENT]
        assert [one.message for one in club.send()] == ["Hello", "Key", "Hello"]


def test_what_a_stop_finds_waiting_is_withdrawn(tmp_path: Path) -> None:
    """What was handed over stays; what was not is taken back, and that is told to the log, for its place under a cap."""
    with opened(tmp_path, WAITS) as club:
        club.member()
        club.happens("P1", "member joins")
        club.commit()
        club.send()
        club.world.advance(AT + 2 * DAY)
        club.clock = AT + 2 * DAY
        club.happens("P1", "member leaves", AT + 2 * DAY + HOUR)
        club.commit()
        assert [row.state for row in club.all()] == ["sent", WITHDRAWN]
        assert club.send() == []
        first, last = map(json.loads, club.told())
        assert first["type"] == "verbline.message.handed"
        assert last["type"] == "verbline.message.withdrawn"
        assert last["data"]["key"] == club.all()[1].intent.key
        assert last["data"]["person"] == "P1"


def test_what_was_decided_and_stopped_in_one_batch_never_leaves(tmp_path: Path) -> None:
    """The order of deciding counts, not the batch."""
    with opened(tmp_path, f"{HELLO_STEP}  wait 2 days\n") as club:
        club.member()
        club.happens("P1", "member joins")
        club.happens("P1", "member leaves", AT + HOUR)
        club.commit()
        assert club.states() == {WITHDRAWN: 1}


def test_a_visit_that_ends_by_itself_takes_nothing_back(tmp_path: Path) -> None:
    """What a journey has decided leaves, though the journey is over."""
    with opened(tmp_path, HELLO_STEP) as club:
        club.member()
        club.happens("P1", "member joins")
        club.happens("P1", "member leaves", AT + HOUR)
        club.commit()
        assert club.states() == {READY: 1}


def test_a_desk_is_told_of_a_task_that_is_taken_back(tmp_path: Path) -> None:
    """Before it has left nobody needs to know; behind that the desk is told, by the key of its task."""
    with opened(tmp_path, ALL) as club:
        for number, person in ((1, "P1"), (2, "P2")):
            club.member(f"m{number}@mail.example")
            club.happens(person, "member joins")
        club.commit()
        task = club.send(channel="desk:Front desk")[0]
        club.send(channel="email")
        club.happens(task.person, "member leaves", AT + HOUR)
        club.commit()
        told = [one for one in club.send(channel="desk:Front desk") if one.task is not None]
        others = [one for one in told if one.person != task.person]
        (back,) = (one for one in told if one.task is not None and one.task.is_withdrawn)
        assert back.task is not None
        assert (back.task.key, back.task.desk, back.person) == (task.key, "Front desk", task.person)
        assert back.key != task.key
        assert all(one.task is not None and not one.task.is_withdrawn for one in others)


def test_a_batch_that_is_taken_back_leaves_nothing(tmp_path: Path) -> None:
    """Rows, withdrawals and lines for the log are in the transaction of the batch; it can be written again."""
    with opened(tmp_path, ALL) as club:
        club.member()
        club.happens("P1", "member joins")
        with pytest.raises(OSError, match="disk"):
            club.commit(OSError("no disk"))
        assert club.all() == []
        club.commit()
        club.commit()
        assert club.states() == {READY: 3}


def test_what_is_too_late_when_the_log_is_first_read_gets_no_words(tmp_path: Path) -> None:
    """The decision stands in the outbox, without words and without an address; nobody is told."""
    with opened(tmp_path, ALL) as club:
        club.member()
        club.happens("P1", "member joins")
        club.clock = AT + 2 * DAY
        club.commit()
        rows = {row.intent.kind: row for row in club.all()}
        assert {kind: row.state for kind, row in rows.items()} == {
            "message": STALE, "note": READY, "task": STALE,
        }  # fmt: skip
        assert (rows["message"].intent.words.text, rows["message"].intent.address) == ("", "")
        assert club.told() == []


def test_who_is_erased_leaves_no_trace_in_the_outbox(tmp_path: Path) -> None:
    """Nothing leaves any more, and neither address nor words stay, of what has left neither."""
    with opened(tmp_path, WAITS) as club:
        club.member(first_name="Tinkara")
        club.happens("P1", "member joins")
        club.commit()
        club.send()
        club.world.advance(AT + 2 * DAY)
        club.world.erase("P1", AT + 2 * DAY)
        club.commit()
        assert club.states() == {"sent": 1, WITHDRAWN: 1}
        rows = repr(club.all())
        assert "mail.example" not in rows
        assert "Tinkara" not in rows


def test_nothing_goes_out_twice_by_being_written_twice(tmp_path: Path) -> None:
    """A key is there once: whoever decides the same again, after a crash, changes nothing."""
    with opened(tmp_path, ALL) as club:
        club.member()
        club.happens("P1", "member joins")
        for _ in range(2):
            with club.writer.writing():
                club.leaving.write(AT)
        assert club.states() == {READY: 3}
        assert len(club.send()) == 1
        with club.writer.writing():
            club.leaving.write(AT)
        assert club.send() == []
