"""Hostile templates: nothing leaks, nothing lasts, and the next text is rendered as ever."""

import os
import re
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from html import unescape
from pathlib import Path

import pytest

from tests.limits import KILLED, joined
from tests.test_templates import EN, NAMES
from verbline.interpreter.program.worded import pieces_of
from verbline.runtime.templates.compiling import FIELDS, liquid_of
from verbline.runtime.templates.faults import TemplateError
from verbline.runtime.templates.worker import Worker


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    """Return a warm child."""
    with Worker() as found:
        found.warm()
        yield found


# What somebody may try in a template or hide in a value. None of it may show anything but itself, an error or nothing.
INJECTIONS = [
    "{{ ''.__class__ }}", "{{ f.__class__ }}", "{{ f.__init__.__globals__ }}", "{{ f['__class__'] }}", "{{ f.items }}", "{{ f.keys() }}",
    "{{ self }}", "{{ config }}", "{{ request }}", "{{ os }}", "{{ open('/etc/passwd') }}", "{{ 'now' | date: '%s' }}", "{{ 'today' | date }}",
    "{{ f | map: '__class__' }}", "{{ f | inspect }}", "{{ f.a | safe }}", "{{ f.a | raw }}", "{% include '/etc/passwd' %}", "{% render 'x' %}",
    "{% include f.a %}", "{% layout 'x' %}", "{% extends 'x' %}", "{% import os %}", "{{ ''|attr('__class__') }}", "{{ cycler.__init__ }}",
    "{{ lipsum.__globals__['os'].popen('id').read() }}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{{7*7}}", "{{'7'*7}}", "{% debug %}",
    "{{ [].class.base.subclasses() }}", "{{ site }}", "{{ shop.secret }}", "{{ template }}", "{{ block }}", "{{ forloop.parentloop }}",
    "{% raw %}{{ f }}{% endraw %}", "{{ f.a | base64_decode }}", "{{ f.a | escapejs }}", "{% liquid echo f %}", "{{ 'a' | url_decode }}",
]  # fmt: skip


def outcome(
    worker: Worker, source: str, values: dict[str, object], *, rich: bool
) -> tuple[str, str]:
    """Return why there is no text, or nothing; and the text, or what is told instead."""
    try:
        return "", worker.render(source, values, rich=rich)
    except TemplateError as error:
        return error.reason, str(error)


SHOWS = (
    "class '",
    "<function",
    "object at 0x",
    "root:",
    "builtin",
    "module '",
    "49",
    "7777777",
    "uid=",
    "Environment",
)


@pytest.mark.parametrize("text", INJECTIONS)
@pytest.mark.parametrize("rich", [False, True])
def test_no_template_reads_more_than_it_was_given(worker: Worker, text: str, rich: bool) -> None:  # noqa: FBT001
    """Attributes, methods, files, clocks, other templates: an error or nothing, and never a way around escaping."""
    started = worker.started
    reason, found = outcome(worker, text, {"f": {"a": "<img src=x>"}}, rich=rich)
    assert reason in ("", "template_broken", "missing_field")
    assert not any(shown in found for shown in SHOWS)
    assert not rich or "<img" not in found
    assert worker.started == started


@pytest.mark.parametrize("value", [*INJECTIONS, *NAMES, "<script>alert(1)</script>"])
def test_a_value_is_never_read_as_a_template(worker: Worker, value: str) -> None:
    """What a person is called is written, whatever it looks like."""
    pieces = pieces_of("{a or b}", EN)
    assert worker.render(liquid_of(pieces), {FIELDS: {"a": value}}) == value
    rich = worker.render(liquid_of(pieces), {FIELDS: {"a": value}}, rich=True)
    assert unescape(rich) == value
    assert "<" not in rich


GROW = "{% assign s = 'aaaaaaaaaa' %}{% for i in (1..40) %}{% assign s = s | append: s %}{% endfor %}{{ s }}"
BOMBS = {
    "loops": "{% for a in (1..100000) %}{% for b in (1..100000) %}x{% endfor %}{% endfor %}",
    "doubling": GROW,
    "doubling by replace": GROW.replace("append: s", "replace: 'a', 'aaaaaaaaaaaaaaaa'"),
    "doubling by split": GROW.replace("append: s", "split: '' | join: s"),
    "a range joined": "{{ (1..999999999) | join }}",
    "a range sorted": "{{ (1..999999999) | sort | last }}",
    "a range reversed": "{{ (1..999999999) | reverse | first }}",
    "a range measured": "{% assign a = (1..999999999) | uniq %}{{ a | size }}",
    "a range split": "{{ (1..99999999) | join | split: '' | join }}",
    "nesting": "{% if true %}" * 3000 + "{% endif %}" * 3000,
    "brackets": "{{ a" + "[0" * 3000 + "]" * 3000 + " }}",
    "a long number": "{{ 9999999999 | times: 9999999999 "
    + "| times: 9999999999999999 " * 3000
    + "}}",
    "powers": "{% assign n = 9 %}{% for i in (1..60) %}{% assign n = n | times: n %}{% endfor %}{{ n }}",
    "padding": "{{ 'a' | ljust: 2000000000 }}",
    "output": "{% for i in (1..9999) %}" + "x" * 999 + "{% endfor %}",
    "capture": "{% for i in (1..60) %}{% capture s %}{{ s }}{{ s }}aaaa{% endcapture %}{% endfor %}",
    "long template": "x" * 999_999,
    "cycle": "{% for i in (1..9999) %}{% cycle 'a', 'b' %}{% increment x %}{% endfor %}" * 40,
    "filters": "{{ 'a' " + "| append: 'aaaaaaaaaaaaaaaaaaaa' " * 9000 + "}}",
    "truncate": "{{ 'a' | truncate: 999999999999, 'b' }}{{ 'a' | slice: 0, 99999999999999 }}",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
@pytest.mark.parametrize("rich", [False, True])
def test_a_bomb_is_over_within_a_second(worker: Worker, bomb: str, rich: bool) -> None:  # noqa: FBT001
    """Within a second there is an error or a small text, and the next job is answered as ever."""
    start = time.monotonic()
    reason, found = outcome(worker, bomb, {}, rich=rich)
    assert reason in ("", "template_too_costly", "template_broken", "missing_field")
    assert time.monotonic() - start < 1.5, (
        "three quarters of a second, and what a busy machine adds"
    )
    assert len(found) <= 1 << 20
    assert worker.render("{{ a }}", {"a": "still here"}) == "still here"


def memory_of(worker: Worker) -> int:
    """Return how many bytes of memory the child has at most had."""
    assert worker._child is not None
    status = Path(f"/proc/{worker._child.pid}/status").read_text()
    return int(re.findall(r"VmPeak:\s+(\d+) kB", status)[0]) * 1024


def test_the_child_cannot_take_more_memory_than_it_may(worker: Worker) -> None:
    """Its address space ends 64 MiB above what the program itself needs."""
    worker.render("x", {})
    before = memory_of(worker)
    for bomb in ("doubling", "a range joined", "a range split", "capture"):
        with suppress(TemplateError):
            worker.render(BOMBS[bomb], {})
        worker.render("x", {})
        assert memory_of(worker) < before + (72 << 20)


def test_a_child_that_is_killed_is_made_anew() -> None:
    """One job is lost with it, and it says so; the next has a new child."""
    with Worker() as worker:
        worker.warm()
        assert worker._child is not None
        worker._child.kill()
        worker._child.wait(KILLED)
        assert worker.render("x", {}) == "x"
        assert worker.started == 2
    assert worker._child is None


def test_a_child_that_hangs_is_killed() -> None:
    """Where no limit of the language stops it, the clock does."""
    with Worker(seconds=0.2) as worker:
        worker.warm()
        assert worker._child is not None
        os.kill(worker._child.pid, signal.SIGSTOP)
        start = time.monotonic()
        with pytest.raises(TemplateError) as failed:
            worker.render("x", {})
        assert time.monotonic() - start < 1.5
        assert failed.value.reason == "template_too_costly"
        assert worker.render("x", {}) == "x"


def test_several_threads_share_a_child(worker: Worker) -> None:
    """Each has its own text."""
    found: dict[int, str] = {}

    def render(number: int) -> None:
        found[number] = worker.render("{{ a }}", {"a": str(number) * 50_000})

    threads = [threading.Thread(target=render, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    joined(*threads)
    assert found == {number: str(number) * 50_000 for number in range(8)}


def test_the_child_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the environment holds does not go along."""
    monkeypatch.setenv("SMTP_PASSWORD", "hunter2")
    with Worker() as worker:
        worker.warm()
        assert worker._child is not None
        assert b"hunter2" not in Path(f"/proc/{worker._child.pid}/environ").read_bytes()
