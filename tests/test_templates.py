"""Templates: what a scenario shows and what leaves are one text, nothing leaks, and nothing lasts."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tree import ROOT
from verbline.cli.programs import compiled
from verbline.interpreter.program.program import Program
from verbline.interpreter.program.worded import Gap, MissingFieldError, filled, pieces_of
from verbline.interpreter.sentence import grammar
from verbline.runtime.channels.intent import Words
from verbline.runtime.templates.compiling import FIELDS, liquid_of
from verbline.runtime.templates.faults import TemplateError
from verbline.runtime.templates.rendering import LINKS, Renderer, Written, question_in, written_in
from verbline.runtime.templates.rich import html_of, text_of
from verbline.runtime.templates.worker import Worker

EN = [grammar().language("en")]
PROJECTS = sorted(path.parent for path in ROOT.glob("journeys/*/verbline.toml"))
LEAVE = {"leave": "https://club.example/v/AWw.x"}
# What a person may be called.
NAMES = [
    "Tina",
    "<b>Tina</b> & Co",
    "{{ 7 | times: 7 }}",
    "{first-name}",
    "{% raw %}",
    "Tina\u00a0Kos",
    "",
    "0",
    "nil",
    "'\"",
    "čšž",
]


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    """Return a warm child."""
    with Worker() as found:
        found.warm()
        yield found


def texts_of(program: Program) -> Iterator[tuple[str, tuple[str | Gap, ...]]]:
    """Yield every text of a project: message, language and part, and its pieces."""
    for name, message in program.messages.items():
        for part, pieces in message.pieces.items():
            yield f"{name} {part}", pieces


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda folder: folder.name)
def test_every_message_of_the_examples_says_the_same_everywhere(
    worker: Worker, folder: Path
) -> None:
    """For each text and each way of knowing its fields, what the interpreter writes is what leaves, letter by letter."""
    found = compiled(str(folder))
    assert found is not None
    texts = dict(texts_of(found.program))
    assert len(texts) >= 4
    for pieces in texts.values():
        gaps = [piece for piece in pieces if isinstance(piece, Gap)]
        for name in (*NAMES, None):
            values = {gap.field: name for gap in gaps}
            if name is None and any(gap.fallback is None for gap in gaps):
                values |= {gap.field: "known" for gap in gaps if gap.fallback is None}
            text = filled(pieces, values)
            assert worker.render(liquid_of(pieces), {FIELDS: values}) == text
            assert worker.started == 1


SIGNS = [
    "{{",
    "}}",
    "{%",
    "%}",
    "{",
    "}",
    "{a}",
    "{a or b}",
    " or ",
    "a",
    " ",
    "-",
    "\n",
    "|",
    '"',
    "'",
    "#",
    "\\",
    "č",
    "<",
    "&",
]


@given(st.lists(st.sampled_from(SIGNS)).map("".join), st.text(alphabet="{}%ab<>&|\"'č\n"))
def test_any_text_says_the_same_everywhere(text: str, value: str) -> None:
    """No letter of an author and no value becomes a command of the template."""
    pieces = pieces_of(text, EN)
    values: dict[str, str | None] = {gap.field: value for gap in pieces if isinstance(gap, Gap)}
    assert SHARED.render(liquid_of(pieces), {FIELDS: values}) == filled(pieces, values)
    rich = SHARED.render(liquid_of(pieces), {FIELDS: values}, rich=True)
    plain = "".join(piece for piece in pieces if isinstance(piece, str))
    assert rich.count("<") == plain.count("<")


@pytest.fixture(scope="module", autouse=True)
def shared() -> Iterator[None]:
    """Close what the tests share."""
    yield
    SHARED.close()


SHARED = Worker()


def test_a_message_is_written_in_the_language_of_the_person(worker: Worker) -> None:
    """The person's language where the message has it, else that of the file."""
    found = compiled(str(ROOT / "journeys" / "mobility"))
    assert found is not None
    renderer = Renderer(worker)
    for message in found.program.messages.values():
        written = written_in(message, "xx", "en")
        assert written.language == "en"
        assert written_in(message, "en").body == written.body
        values = {
            gap.field: "x"
            for one in (written.subject, written.body)
            for gap in one
            if isinstance(gap, Gap)
        }
        words = renderer.words(
            written, values, {"leave": LEAVE["leave"], "confirm": "https://c.example/"}
        )
        assert words.text
        assert words.subject
        assert words.html == ""


def test_plain_words_need_no_child() -> None:
    """Without HTML of an author and without a layout nothing is started."""
    with Worker() as idle:
        words = Renderer(idle).words(
            Written(pieces_of("{a}", EN), pieces_of("Hello {a or b}", EN), "en"), {"a": "Tina"}, LEAVE, html=True
        )  # fmt: skip
        assert (words.subject, words.text) == ("Tina", "Hello Tina")
        assert idle.started == 0


def test_a_machine_without_room_is_no_fault_of_the_template(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where no process can be started, the reason says so, and the next try may succeed."""

    def full() -> None:
        raise OSError(11, "Resource temporarily unavailable")

    with Worker() as found:
        monkeypatch.setattr("verbline.runtime.templates.worker.started", full)
        with pytest.raises(TemplateError) as failed:
            found.render("x", {})
        assert failed.value.reason == "no_renderer"
        monkeypatch.undo()
        assert found.render("x", {}) == "x"


def test_a_question_has_gaps_too(worker: Worker) -> None:
    """It is asked in the words of its file."""
    written = question_in("Will you come on {course-date}, {first-name or dear member}?", "en")
    words = Renderer(worker).words(written, {"course-date": "14 March 2026"}, {})
    assert words.text == "Will you come on 14 March 2026, dear member?"
    slovenian = question_in("Pridete, {ime ali spoštovani član}?", "sl")
    assert Renderer(worker).words(slovenian, {}, {}).text == "Pridete, spoštovani član?"


def test_a_mail_has_both_parts_and_only_our_links_can_be_clicked(worker: Worker) -> None:
    """Names are escaped, a link in a name stays letters, the way out and the author's links can be clicked."""
    body = pieces_of(
        "Hello {first-name},\n\nlook at https://club.example/a?b=1&c=2.\nLeave: {leave-link}", EN
    )
    written = Written(pieces_of("For {first-name}", EN), body, "en")
    name = "<img src=x> https://evil.example/"
    words = Renderer(worker).words(written, {"first-name": name}, LEAVE, html=True)
    assert words.subject == f"For {name}"
    assert f"Hello {name}," in words.text
    assert "<img" not in words.html
    assert re.findall(r'href="(.*?)"', words.html) == [
        "https://club.example/a?b=1&amp;c=2",
        LEAVE["leave"],
    ]
    assert '<html lang="en">' in words.html


def test_html_of_an_author_is_escaped_where_values_stand(worker: Worker) -> None:
    """A file of HTML stays as it is but for its gaps, and its plain part has no tags."""
    body = pieces_of(
        '<h1>Hello {first-name}</h1><p>See <a href="https://club.example/">us</a>.<br>Bye</p><style>p</style>',
        EN,
    )
    words = Renderer(worker).words(
        Written((), body, "en", rich=True), {"first-name": "<i>T</i>"}, {}, html=True
    )
    assert "<h1>Hello &lt;i&gt;T&lt;/i&gt;</h1>" in words.html
    assert words.text == "Hello <i>T</i>\n\nSee us (https://club.example/).\nBye\n"


def test_a_layout_stands_around_the_words(worker: Worker) -> None:
    """The body keeps its tags, all else is escaped; a layout that is broken says so and nothing leaves."""
    layout = '<html><b>{{ subject }}</b>{{ body }}{% if leave != "" %}<a href="{{ leave }}">x</a>{% endif %}</html>'
    written = Written(pieces_of("A & {b}", EN), pieces_of("C < {b}", EN), "en")
    words = Renderer(worker, layout).words(written, {"b": "<i>"}, LEAVE, html=True)
    assert words == Words(
        subject="A & <i>",
        text="C < <i>",
        html=f'<html><b>A &amp; &lt;i&gt;</b><p>C &lt; &lt;i&gt;</p><a href="{LEAVE["leave"]}">x</a></html>',
    )
    for broken in ("{{ nothing }}", "{% if %}", "{{ body | safe }}", "{% include 'x' %}"):
        with pytest.raises(TemplateError):
            Renderer(worker, broken).words(written, {"b": "x"}, LEAVE, html=True)


def test_a_value_that_is_missing_is_named(worker: Worker) -> None:
    """Where nothing stands in for a value, nothing is written, and the reason names the field."""
    too_long = Written((), pieces_of("{a}{a}{a}", EN), "en")
    with pytest.raises(TemplateError, match="too long"):
        Renderer(worker).words(too_long, {"a": "x" * 400_000}, {})
    pieces = pieces_of("{first-name or x} {plate}", EN)
    with pytest.raises(TemplateError) as failed:
        Renderer(worker).words(Written((), pieces, "en"), {"first-name": "T"}, {})
    assert (failed.value.reason, str(failed.value)) == ("missing_field", "plate")
    with pytest.raises(MissingFieldError):
        filled(pieces, {"first-name": "T"})
    assert set(LINKS) == {"leave-link", "confirm-link"}


@given(
    st.text(),
    st.lists(st.sampled_from(["https://a.example/", "https://a.example/b", "x<y"]), max_size=3),
)
def test_plain_words_survive_becoming_html(text: str, links: list[str]) -> None:
    """As HTML the words are the same for a reader, and hold no tag that they did not get from us."""
    rich = html_of(text, links)
    assert set(re.findall(r"<(/?\w+)", rich)) <= {"p", "/p", "br", "a", "/a"}
    if not links:
        assert "".join(unescape(re.sub(r"<.*?>", "", rich)).split()) == "".join(text.split())


@given(st.text(alphabet="<>/ab p&;=\"'!-\n"))
def test_any_html_becomes_words(text: str) -> None:
    """Whatever stands in HTML, there are words, and they end with a line."""
    assert text_of(text).endswith("\n")
