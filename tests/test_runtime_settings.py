"""The tables of ``verbline.toml`` that only the runtime reads: what they mean, and what is found wrong with them."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tree import ROOT
from verbline.interpreter.problems import page
from verbline.runtime.settings.read import UnknownEnvironmentError, runtime_of
from verbline.runtime.settings.secret import Secret, SecretError
from verbline.runtime.settings.tables import Runtime

PROJECT = '[project]\nzone = "UTC"\ncountry = "SI"\n'
RIGHT = """\
[channels.email]
adapter = "smtp"
host = "mail.example"
port = 465
tls = "implicit"
user = "club"
password = { env = "SMTP_PASSWORD" }
from = "Club <club@club.example>"
rate = "20 in 1 second"
timeout = "30 seconds"
concurrency = 4
repeatable = "no"

[channels.sms]
adapter = "webhook"
url = "https://gate.example/sms"
secret = { file = "secrets/sms" }
allow = ["10.1.0.0/16"]

[channels.push]
adapter = "club.push:Push"
options = { room = 7 }

[desks."Member welcome"]
email = "welcome@club.example"

[desks."Sales"]
webhook = "https://crm.example/tasks"

[links]
base = "https://club.example/v/"
key = { env = "LINKS" }
old = [{ env = "LINKS_BEFORE" }]

[outbox]
keep = "90 days"

[environments.test]
channels.email.adapter = "file"
channels.email.file = "mails.jsonl"
desks.Sales = { file = "tasks.jsonl" }

[environments.live.channels.email]
password = { file = "secrets/smtp" }
"""


def read(text: str, environment: str = "") -> tuple[Runtime, list[str]]:
    """Return the settings and the findings, one line each: place, code, variant."""
    found, problems = runtime_of("verbline.toml", text.encode(), environment)
    return found, [f"{one.span!r} {one.code} {one.variant}".strip() for one in problems]


def test_what_is_right_is_read() -> None:
    """Every setting arrives with its meaning: lengths as milliseconds, rates as number and length."""
    found, problems = read(PROJECT + RIGHT)
    assert problems == []
    mail = found.channels["email"]
    assert (mail.adapter, mail.host, mail.port, mail.tls) == (
        "smtp",
        "mail.example",
        465,
        "implicit",
    )
    assert (mail.rate, mail.timeout, mail.concurrency) == ((20, 1000), 30_000, 4)
    assert (mail.sender, mail.repeatable) == ("Club <club@club.example>", "no")
    assert found.channels["sms"].allow == ("10.1.0.0/16",)
    assert found.channels["push"].options == {"room": 7}
    assert found.desks["Sales"].webhook == "https://crm.example/tasks"
    assert found.links.base == "https://club.example/v"
    assert found.outbox.keep == 90 * 24 * 3_600_000
    assert found.links.old == (Secret("env", "LINKS_BEFORE"),)


def test_an_environment_is_laid_over_the_rest() -> None:
    """What an environment says replaces that key alone; a desk and a secret are replaced whole."""
    test, problems = read(PROJECT + RIGHT, "test")
    assert problems == []
    assert (test.channels["email"].adapter, test.channels["email"].file) == ("file", "mails.jsonl")
    assert test.channels["email"].sender == "Club <club@club.example>"
    assert (test.desks["Sales"].file, test.desks["Sales"].webhook) == ("tasks.jsonl", None)
    live, _ = read(PROJECT + RIGHT, "live")
    assert live.channels["email"].password == Secret("file", "secrets/smtp")
    assert live.channels["email"].adapter == "smtp"


def test_an_environment_that_is_not_there_is_told_with_the_nearest() -> None:
    """Nobody sends live because of a slip in the name of the test environment."""
    for name, told in (("tset", 'Did you mean "test"?'), ("staging", "There are: test, live.")):
        with pytest.raises(UnknownEnvironmentError, match=re.escape(told)):
            read(RIGHT, name)


CHANNEL = "[channels.email]\n"
SMTP = f'{CHANNEL}adapter = "smtp"\nhost = "m.example"\nfrom = "a@b.example"\n'


SLIPS = [
    (f"{CHANNEL}adaptor = 1\n", ["2:1-2:8 P002"]),
    (f"{CHANNEL}zzzzzz = 1\n", ["2:1-2:7 P002 none"]),
    (f'{CHANNEL}sender = "a@b.example"\n', ["2:1-2:7 P002 none"]),
    (f'{CHANNEL}adapter = "smpt"\n', ["2:1-2:8 P007 adapter"]),
    (f"{CHANNEL}adapter = 3\n", ["2:1-2:8 P004"]),
    (f'{CHANNEL}adapter = "smtp"\n', ["1:11-1:16 P007 missing"]),
    (f'{CHANNEL}adapter = "webhook"\n', ["1:11-1:16 P007 missing"]),
    (f'{SMTP}password = "hunter2"\n', ["5:1-5:9 P007 secret"]),
    (f'{SMTP}password = {{ env = "A", file = "b" }}\n', ["5:1-5:9 P007 secret"]),
    (f'{SMTP}password = {{ env = "A B" }}\n', ["5:1-5:9 P007 secret"]),
    (f'{SMTP}tls = "off"\npassword = {{ env = "A" }}\n', ["5:1-5:4 P007 clear"]),
    (f'{SMTP}tls = "ssl"\n', ["5:1-5:4 P007 one_of"]),
    (f'{SMTP}repeatable = "maybe"\n', ["5:1-5:11 P007 one_of"]),
    (f"{SMTP}port = 0\n", ["5:1-5:5 P007 range"]),
    (f"{SMTP}concurrency = 1000\n", ["5:1-5:12 P007 range"]),
    (f"{SMTP}concurrency = true\n", ["5:1-5:12 P004"]),
    (f'{SMTP}rate = "fast"\n', ["5:1-5:5 P007 rate"]),
    (f'{SMTP}rate = "0 in 1 second"\n', ["5:1-5:5 P007 rate"]),
    (f"{SMTP}timeout = 20\n", ["5:1-5:8 P007 length"]),
    (f'{SMTP}timeout = "soon"\n', ["5:1-5:8 P007 length"]),
    (f'{SMTP}reply-to = "a@b.example, c@d.example"\n', ["5:1-5:9 P007 address"]),
    (f'{SMTP}host = "a\\r\\nb"\n', ["5:1-5:16 P001 twice"]),
    (f'{CHANNEL}host = "a\\r\\nb"\n', ["2:1-2:5 P007 line"]),
    (f'{CHANNEL}url = "https://a@b.example/"\n', ["2:1-2:4 P007 url"]),
    (f'{CHANNEL}url = "ftp://b.example/"\n', ["2:1-2:4 P007 url"]),
    (f'{CHANNEL}allow = ["10.0.0.1/8"]\n', ["2:1-2:6 P007 network"]),
    (f'{CHANNEL}allow = "10.0.0.0/8"\n', ["2:1-2:6 P004"]),
    ('[desks.A]\nemail = "a@b.example"\nfile = "x"\n', ["1:8-1:9 P007 one_way"]),
    ("[desks.A]\n", ["1:8-1:9 P007 one_way"]),
    ('[desks.A]\nmail = "a@b.example"\n', ["2:1-2:5 P002"]),
    ('[links]\nbase = "https://a.example/v?x=1"\n', ["2:1-2:5 P007 url"]),
    ('[outbox]\nkeep = "ever"\n', ["2:1-2:5 P007 length"]),
    ('[outbox]\nkept = "9 days"\n', ["2:1-2:5 P002 none"]),
    ('channels = "x"\n', ["1:1-1:9 P004"]),
    ('[channels]\nemail = "x"\n', ["2:1-2:6 P004"]),
    ('[environments]\ntest = "x"\n', ["2:1-2:5 P004"]),
    ("[environments.test.chanels]\n", ["1:20-1:27 P002"]),
    ('[environments.test]\nchannels.email.adapter = "smpt"\n', ["2:16-2:23 P007 adapter"]),
    ("[channels\n", ["1:10-1:11 P001"]),
]


@pytest.mark.parametrize(("text", "expected"), SLIPS)
def test_a_slip_is_told_once_at_its_place(text: str, expected: list[str]) -> None:
    """A key that nobody reads and a value that means nothing are findings where they stand, in whichever environment."""
    found, problems = read(text)
    assert problems == expected
    assert found == Runtime() or not problems


def test_every_wording_is_told_and_in_the_language_of_the_project() -> None:
    """Each wording of the finding can be reached, and reads without a hole in either language."""
    texts = [text for text, _found in SLIPS]
    told: dict[str, set[str]] = {}
    for text in texts:
        for language in ("en", "sl"):
            _found, problems = runtime_of(
                "verbline.toml", f'{text}[project]\nlanguage = "{language}"\n'.encode()
            )
            for one in problems:
                if one.code == "P007":
                    told.setdefault(one.variant, set()).add(one.message)
    assert set(told) == set(page("P007")["message"])
    assert all(len(messages) > 1 for messages in told.values())


def test_a_secret_is_never_shown() -> None:
    """A secret that was written out stands in no finding, and one that is named in no ``repr``."""
    _found, problems = runtime_of("verbline.toml", f'{SMTP}password = "hunter2"\n'.encode())
    assert not any("hunter2" in f"{one.message} {one.suggestion} {one!r}" for one in problems)
    found, _ = read(PROJECT + RIGHT)
    assert repr(found.channels["email"].password) == "Secret(env SMTP_PASSWORD)"


def test_a_secret_is_read_where_its_name_says(tmp_path: Path) -> None:
    """From the environment, or the first line of a file; one that is missing or empty is told by its name."""
    (tmp_path / "kept").write_text("s3cret\nmore\n")
    (tmp_path / "empty").write_text("\n")
    assert Secret("env", "A").read(tmp_path, {"A": "x"}) == "x"
    assert Secret("file", "kept").read(tmp_path, {}) == "s3cret"
    for lost in (Secret("env", "A"), Secret("file", "gone"), Secret("file", "empty")):
        with pytest.raises(SecretError, match=lost.name):
            lost.read(tmp_path, {})


@pytest.mark.parametrize("project", sorted((ROOT / "journeys").glob("*/verbline.toml")), ids=str)
def test_the_settings_of_the_examples_are_right(project: Path) -> None:
    """The projects that people copy have no finding."""
    assert runtime_of("verbline.toml", project.read_bytes())[1] == ()


def test_the_settings_of_the_manual_are_right() -> None:
    """The example of the language reference has no finding for the runtime either."""
    manual = (ROOT / "grammar" / "README.md").read_text("utf-8")
    (example,) = re.findall(r"```toml\n(\[project\]\n.*?)```", manual, re.DOTALL)
    assert runtime_of("verbline.toml", example.encode())[1] == ()


def test_the_examples_of_the_page_are_run() -> None:
    """The bad example of the page has this finding and no other, the good one has none."""
    for kind, expected in (("Bad", ["P007"]), ("Good", [])):
        (example,) = re.findall(
            rf"## {kind}\n```journey\n=== verbline.toml\n(.*?)===", page("P007")["body"], re.DOTALL
        )
        problems = runtime_of("verbline.toml", example.encode())[1]
        assert [problem.code for problem in problems] == expected


PIECES = [
    "[channels.email]",
    "[desks.A]",
    "[links]",
    "[environments.t]",
    "channels.email.",
    "\n",
    "=",
    '"x"',
    "{",
    "}",
]
PIECES += [
    "adapter",
    "host",
    "allow",
    "password",
    "env",
    "[",
    "]",
    "1",
    "true",
    '"smtp"',
    "rate",
    "2026-01-01",
    ",",
]


@given(st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join))
def test_nothing_that_can_stand_in_a_file_breaks_the_reader(text: str) -> None:
    """Whatever the tables hold, every finding has a place and a sentence."""
    lines = text.split("\n")
    for problem in runtime_of("verbline.toml", text.encode())[1]:
        assert 1 <= problem.span.line <= len(lines)
        assert problem.message
