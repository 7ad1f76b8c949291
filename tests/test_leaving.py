"""What journeys decide becomes rows of the outbox, once, with its words; what is taken back does not leave."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.leavers import AT, BASE, DAY, HOUR, by_kind, opened
from verbline.interpreter.guard.consent import Consent
from verbline.runtime.channels.answers import Refused, Unknown
from verbline.runtime.channels.intent import RELAXED, URGENT
from verbline.runtime.channels.links import ANSWER, LEAVE
from verbline.runtime.store.outbox import FAILED, READY, STALE, WITHDRAWN

HELLO = 'notify the member by email with "Hello" for "care"'
HELLO_STEP = f"  {HELLO}\n"
ALL = f"""
  {HELLO}
  notify desk "Front desk" with "Note"
    show first-name
  escalate to desk "Front desk" within 4 working hours because "Call"
    if the answer is "reached"
      go on
    show first-name, price, door-link
  finish as "done"
"""
WAITS = f"""
  {HELLO}
  wait 2 days
  {HELLO}
  wait 2 days
"""
QUESTION = """
  confirm "Will you come on {course-date}?" by email within 2 days for "care"
    if yes
      finish as "comes"
    if no
      finish as "stays away"
    if there is no answer
      finish as "silent"
"""
KEY = """
  notify the member by email with "Key" for "tickets"
"""
OFFER = """
  notify the member by email with "News" for "offers"
"""
JOINING = "what joins a yes and its confirmation"
COURSE: dict[str, Any] = {"course_date": date(2026, 3, 14), "price": (Decimal("45.50"), "EUR")}


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
        assert "<p>We meet on 14 March 2026. It costs €45.50.</p>" in message.words.html
        assert (message.address, message.person, message.journey) == ("tina@mail.example", "P1", "Welcome")  # fmt: skip
        assert message.expires == AT + DAY
        assert (note.channel, note.words.text) == ("desk:Front desk", "Tina has joined.\n\nfirst-name: Tina")  # fmt: skip
        assert task is not None
        assert task.shown == (("first-name", "Tina"), ("price", "€45.50"))
        assert (task.because, task.answers, task.due_text) == ("Call", ("reached",), "10 March 2026, 13:00")  # fmt: skip
        assert found["task"].expires == task.due == AT + 4 * HOUR
        assert club.states() == {READY: 3}


@pytest.mark.parametrize(
    ("language", "subject", "text"),
    [
        ("sl", "Pozdravljeni, Tina", "Srečamo se 14. marca 2026."),
        ("sl-SI", "Pozdravljeni, Tina", "Srečamo se 14. marca 2026."),
        ("fi", "Hello Tina", "We meet on 14 March 2026. It costs €45.50."),
        (None, "Hello Tina", "We meet on 14 March 2026. It costs €45.50."),
    ],
)
def test_words_are_in_the_language_of_the_person(
    tmp_path: Path, language: str | None, subject: str, text: str
) -> None:
    """A field called language says it; without one, or without words in it, it is the project's."""
    with opened(tmp_path, HELLO_STEP, fields="  has language as text\n") as club:
        club.member(first_name="Tina", language=language)
        club.happens("P1", "member joins", **COURSE)
        club.commit()
        (row,) = club.all()
        assert (row.intent.words.subject, row.intent.words.text) == (subject, text)


def test_a_question_has_its_two_answers_and_a_message_its_way_out(tmp_path: Path) -> None:
    """The links name the intent, and what they do; who has no links says the words alone."""
    with opened(tmp_path, QUESTION) as club:
        club.member(first_name="Tina")
        club.happens("P1", "member joins", **COURSE)
        club.commit()
        (row,) = club.all()
        words, links = row.intent.words, row.intent.links
        assert words.subject == "Will you come on 14 March 2026?"
        assert words.text == f"{words.subject}\n\nYes: {links['yes']}\nNo: {links['no']}"
        assert f'<a href="{links["no"]}">' in words.html
        claims = [club.links.read(one.removeprefix(f"{BASE}/"), AT) for one in links.values()]
        key = row.intent.key
        assert [(one.kind, one.key, one.answer) for one in claims] == [
            (ANSWER, key, "yes"), (ANSWER, key, "no"), (LEAVE, key, ""),
        ]  # fmt: skip
    with opened(tmp_path / "plain", QUESTION, links=False) as club:
        club.member()
        club.happens("P1", "member joins", **COURSE)
        club.commit()
        (row,) = club.all()
        assert row.intent.words.text == "Will you come on 14 March 2026?"
        assert row.intent.links == {}


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


def test_without_its_words_a_message_does_not_leave(tmp_path: Path) -> None:
    """The row says which field was missing, the log hears of it, and the owner is told once a day."""
    with opened(tmp_path, OFFER, links=False) as club:
        for number in (1, 2):
            club.member(f"m{number}@mail.example", first_name="Tina")
            club.says("grant", f"P{number}", AT, contact=f"email:m{number}@mail.example")
            club.happens(f"P{number}", "member joins")
        club.commit()
        failed = [row for row in club.all() if row.state == FAILED]
        assert [row.answer for row in failed] == [Refused("missing_field", "leave-link")] * 2
        assert [row.due for row in failed] == [None, None]
        (note,) = club.send()
        assert (note.kind, note.address, note.person) == ("note", "ana@club.example", "")
        assert "missing_field" in note.words.text
        told = [json.loads(line) for line in club.told()]
        assert [one["type"] for one in told] == ["verbline.message.failed"] * 2
        assert told[0]["data"]["reason"], told[0]["data"]["field"] == (
            "missing_field",
            "leave-link",
        )


def test_a_broken_layout_fails_its_messages_alone(tmp_path: Path) -> None:
    """A template that cannot be rendered is told; what does not need it leaves."""
    with opened(tmp_path, ALL) as club:
        club.leaving.wording.layouts = {"email": "{% if body %}"}
        club.member()
        club.happens("P1", "member joins")
        club.commit()
        states = {row.intent.kind: row.state for row in club.all() if row.intent.person}
        assert states == {"message": FAILED, "note": READY, "task": READY}
        (row,) = (one for one in club.all() if one.state == FAILED)
        assert isinstance(row.answer, Refused)
        assert row.answer.reason == "template_broken"


def test_a_layout_stands_around_the_words_of_a_whole_batch(tmp_path: Path) -> None:
    """All of them are rendered in one go, each with its own values, which are escaped."""
    with opened(tmp_path, HELLO_STEP) as club:
        club.leaving.wording.layouts = {"email": "<main>{{ subject }}|{{ body }}</main>"}
        for number in range(1, 41):
            club.member(f"m{number}@mail.example", first_name=f"<b>{number}</b>")
            club.happens(f"P{number}", "member joins")
        club.commit()
        rows = club.all()
        assert len(rows) == 40
        for number, row in enumerate(rows, 1):
            assert row.intent.words.subject == f"Hello <b>{number}</b>"
            assert row.intent.words.html.startswith(f"<main>Hello &lt;b&gt;{number}&lt;/b&gt;|<p>")
        assert club.kit.worker.started == 1


def test_a_secret_is_kept_until_it_has_left(tmp_path: Path) -> None:
    """It stands in the row as long as it may have to be said again; afterwards neither there nor in the log."""
    with opened(tmp_path, KEY) as club:
        club.member()
        club.happens("P1", "member joins", door_link="https://x.example/s3cret")
        club.commit()
        club.send(Unknown("cut_off"))
        assert club.all()[0].intent.words.text == "Open https://x.example/s3cret"
        with club.writer.writing():
            assert club.rows.outbox.decide(club.all()[0].intent.key, club.clock, again=True)
        (left,) = (one for one in club.send() if one.kind == "message")
        assert left.words.text == "Open https://x.example/s3cret"
        assert "s3cret" not in repr(club.all())
        assert "s3cret" not in "".join(club.told())


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


def test_a_yes_that_waits_for_a_link_gets_it(tmp_path: Path) -> None:
    """The request to confirm has the words of the library where the project has none, and bears what joins it with the yes."""
    confirmed = '\npurpose "letters"\n  is marketing\n  rests on consent\n  covers email\n  confirmed by a link within 28 days\n  kept in "crm"\n'
    with opened(tmp_path, HELLO_STEP, more=confirmed) as club:
        club.member()
        wish = Consent(
            at=AT, known=AT, act="grant", actor="subject", source="crm", person="P1", channel="email", purpose="letters",
            contact="email:tina@mail.example", complete=True,
        )  # fmt: skip
        wish.token = JOINING
        club.world.consent("P1", wish, AT)
        club.commit()
        (row,) = club.all()
        intent = row.intent
        assert (intent.kind, intent.cls, intent.lane, intent.token) == ("confirmation", "transactional", URGENT, JOINING)  # fmt: skip
        assert intent.words.subject == "Please confirm that you want to hear from us"
        assert intent.links["confirm"] in intent.words.text
        assert f'<a href="{intent.links["confirm"]}">' in intent.words.html


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
