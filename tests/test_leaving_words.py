"""Words of what leaves: in the language of the person, with links, and where they cannot be made nothing is sent."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path

import pytest

from tests.leavers import (
    ALL,
    AT,
    BASE,
    COURSE,
    HELLO_STEP,
    HOUR,
    JOINING,
    KEY,
    OFFER,
    QUESTION,
    opened,
)
from verbline.interpreter.guard.consent import Consent
from verbline.interpreter.program.worded import filled
from verbline.interpreter.program.words import question_of
from verbline.interpreter.sentence import grammar
from verbline.runtime.channels.answers import Refused, Unknown
from verbline.runtime.channels.courier import in_full
from verbline.runtime.channels.intent import URGENT
from verbline.runtime.channels.links import ANSWER, LEAVE
from verbline.runtime.leaving.words import asking
from verbline.runtime.store.outbox import FAILED, READY
from verbline.runtime.templates.rendering import written_in


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
        assert f'<a href="{links["no"]}">' in in_full(row.intent).words.html
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
        assert f'<a href="{intent.links["confirm"]}">' in in_full(intent).words.html


OFFERED = """
message "Course"
  subject "A course for {first-name or you}"
  says "Come to the course. Leave: {leave-link}"

offer called "course"
  shows "Course"
"""


def test_an_offer_has_the_words_of_its_message(tmp_path: Path) -> None:
    """It is marketing whatever its purpose is called, and the guard is told so when it is asked again."""
    steps = '  offer the best of "course" by email for "offers"\n  wait 9 days\n'
    with opened(tmp_path, steps, more=OFFERED) as club:
        club.member(first_name="Tina")
        club.says("grant", "P1", AT)
        club.happens("P1", "member joins")
        club.commit()
        (row,) = club.all()
        intent = row.intent
        assert (intent.kind, intent.message, intent.cls) == ("offer", "course", "marketing")
        assert intent.words.subject == "A course for Tina"
        assert intent.words.text == f"Come to the course. Leave: {intent.links['leave']}"
        assert intent.asked is not None
        assert (intent.asked.promotion, intent.asked.similar) == (True, True)


def test_words_in_html_are_rendered_with_all_that_are_of_the_batch(tmp_path: Path) -> None:
    """A text from a file that ends with .html: values are escaped, and the plain part is made of it."""
    rich = '\nmessage "Rich"\n  subject "Hello"\n  text from "rich.html"\n'
    page = (
        "<h1>Hello {first-name or you}</h1><p>Look <a href='https://club.example/a'>here</a>.</p>"
    )
    steps = '  notify the member by email with "Rich" for "care"\n'
    with opened(tmp_path, steps, more=rich, texts=(("rich.html", page),)) as club:
        names = ["Tina", "<b>Eva</b>", "{{ x }}"]
        for number, name in enumerate(names, 1):
            club.member(f"m{number}@mail.example", first_name=name)
            club.happens(f"P{number}", "member joins")
        club.commit()
        for row, name in zip(club.all(), names, strict=True):
            words = in_full(row.intent).words
            assert f"<h1>Hello {escape(name)}</h1>" in words.html
            assert words.text == f"Hello {name}\n\nLook here (https://club.example/a).\n"
        assert club.kit.worker.started == 1


def test_a_task_that_is_passed_up_shows_what_the_one_before_it_showed(tmp_path: Path) -> None:
    """The desk above sees the same fields, with what is shown besides."""
    steps = """
  escalate to desk "Front desk" within 4 working hours because "Call"
    show first-name
    if nobody answers
      pass it up to desk "Front desk" within 4 working hours because "Nobody called"
        show course-date
"""
    with opened(tmp_path, steps) as club:
        club.member(first_name="Tina")
        club.happens("P1", "member joins", **COURSE)
        club.world.advance(AT + 9 * HOUR)
        club.commit()
        tasks = [row.intent.task for row in club.all() if row.intent.task is not None]
        assert [one.because for one in tasks] == ["Call", "Nobody called"]
        assert tasks[1].shown == (("first-name", "Tina"), ("course-date", "14 March 2026"))


def test_a_question_that_lacks_a_value_is_not_asked(tmp_path: Path) -> None:
    """It counts as unanswered at once, as any question that may not be sent; with words in its place it is asked."""
    with opened(tmp_path, QUESTION) as club:
        club.member()
        club.happens("P1", "member joins")
        club.commit()
        assert club.all() == []
        assert club.world.people["P1"].visits == []
    with opened(
        tmp_path / "other", QUESTION.replace("{course-date}", "{course-date or soon}")
    ) as club:
        club.member()
        club.happens("P1", "member joins")
        club.commit()
        assert club.all()[0].intent.words.subject == "Will you come on soon?"


def test_a_question_is_written_in_the_language_of_its_file() -> None:
    """Its gaps, its values and its two answers are, whatever language the project has."""
    slovenian = question_of("Pridete {dan ali kmalu}?", grammar().language("sl"))
    assert (slovenian.needs, slovenian.reads) == ((), ("dan",))
    written = asking(written_in(slovenian, "en"), is_linked=True)
    assert written.language == "sl"
    assert filled(written.body, {"dan": None, "yes link": "a", "no link": "b"}) == "Pridete kmalu?\n\nDa: a\nNe: b"  # fmt: skip
