"""`verbline consent`: what is told, what is appended, what is erased."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from tests.known import event, no, write
from verbline import cli

TINA = {"member-number": "M-1", "email": "tina@mail.example"}
ALES = {"email": "ales@mail.example"}
YES = {"offers": {"email": True, "sms": False}}
KEY = "sixteen-bytes-or-more"
MAPPING = """
batch = "crm"
[columns]
contact = "E-mail"
answer = "Newsletter"
at = "On"
notice = "Text"
source = "Form"
[always]
channel = "email"
purpose = "offers"
[answers]
grant = ["yes"]
deny = ["no"]
"""
ROWS = """E-mail,Newsletter,On,Text,Form
new@mail.example,yes,2026-03-02,Yes please,counter
bare@mail.example,yes,,,
tina@mail.example,yes,2026-03-20,Yes please,counter
ales@mail.example,no,,,
not an address,yes,,,
"""


@pytest.fixture(autouse=True)
def club(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a club the working folder, with a log in which a withdrawal comes four days late."""
    log = write(
        tmp_path,
        event(1, data=TINA, agrees=YES),
        event(2, data=ALES, agrees={"offers": {"email": True}}),
        event(9, "seen"),
        no(5, TINA),
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VERBLINE_CONSENT_KEY", KEY)
    Path("m.toml").write_text(MAPPING, "utf-8")
    Path("l.csv").write_text(ROWS, "utf-8")
    return log


Run = Any


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs a command: its standard output, after the exit code and an empty standard error."""

    def of(command: str, code: int = 0) -> str:
        assert cli.run(["consent", *shlex.split(command), "--log", "log"]) == code
        shown = capsys.readouterr()
        assert shown.err == ""
        return shown.out

    return of


def reasons_of(run: Run, command: str) -> list[tuple[str, str, str]]:
    """Return what the guard says, and why, for each address."""
    return [(one["contact"], one["verdict"], one["reason"]) for one in told(run, command)["now"]]


def told(run: Run, command: str) -> Any:
    """Return what a command says as JSON."""
    return json.loads(run(f"{command} --format json"))


def test_show_tells_what_was_said_and_what_it_comes_to(run: Run) -> None:
    """Each event with both times and what it rests on, and for each purpose, channel and address what the guard says."""
    found = told(run, "show email=TINA@mail.example")
    assert (found["person"], found["contacts"]) == ("P1", ["email:tina@mail.example"])
    assert [(one["act"], one["at"][:10], one["recorded"][:10]) for one in found["events"]] == [
        ("grant", "2026-03-01", "2026-03-01"),
        ("deny", "2026-03-01", "2026-03-01"),
        ("withdraw", "2026-03-05", "2026-03-09"),
    ]
    assert found["events"][0]["words"] == "Yes, offers by email, please."
    assert found["events"][0]["cause"] == {"source": "shop", "id": "signup-1"}
    assert [(one["purpose"], one["channel"], one["state"], one["verdict"], one["reason"]) for one in found["now"]] == [
        ("offers", "email", "denied", "deny", "opted_out"),
        ("offers", "sms", None, "deny", "no_contact_point"),
        ("care", "email", "none", "allow", "contract"),
    ]  # fmt: skip
    text = run("show P1")
    assert "withdraw offers email  by subject in centre  event left-5" in text
    assert "offers by email to email:tina@mail.example  denied  not: opted_out (#4)" in text


def test_at_tells_what_was_known_and_what_was_true(run: Run) -> None:
    """Before the withdrawal was known the answer was yes; by what is known today it was no, and why is told."""
    found = told(run, "at 2026-03-06 P1")
    assert [one["reason"] for one in found["was_known"] if one["channel"] == "email"] == [
        "consent",
        "contract",
    ]
    (other,) = found["differs"]
    assert (other["was_known"]["reason"], other["was_true"]["reason"]) == ("consent", "opted_out")
    assert [one["act"] for one in found["came_later"]] == ["withdraw"]
    assert told(run, "at 2026-03-06 P1 --known 2026-03-10")["differs"] == []
    assert "As it is known today, it was otherwise" in run("at 2026-03-06 P1")
    assert "Nothing that became known later changes this." in run("at 2026-03-04 P1")


def test_a_list_is_appended_once(run: Run) -> None:
    """What a list says is there for whoever reads the log again, with the day that it tells; twice is once."""
    assert "Yes please" not in run("import l.csv --mapping m.toml --dry-run")
    assert not Path("log/verbline.runtime.jsonl").exists()
    found = told(run, "import l.csv --mapping m.toml")
    assert (found["rows"], found["appended"], found["without_evidence"]) == (5, 4, 1)
    assert found["refused"] == [{"line": 6, "why": "the email address cannot be read"}]
    assert told(run, "import l.csv --mapping m.toml")["taken_before"] == 4
    new = told(run, "show email=new@mail.example")
    assert (new["events"][0]["at"], new["events"][0]["source"]) == (
        "2026-03-01T23:00:00Z",
        "counter",
    )
    assert new["now"][0]["reason"] == "consent"
    assert (
        told(run, "at 2026-04-01 email=new@mail.example")["was_known"][0]["reason"] == "no_consent"
    )
    reasons = {
        who: told(run, f"show email={who}@mail.example")["now"][0]["reason"]
        for who in ("bare", "tina", "ales")
    }
    assert reasons == {"bare": "no_evidence", "tina": "grant_not_from_subject", "ales": "opted_out"}


def test_everything_can_be_taken_away(run: Run) -> None:
    """One person as events or as records; everybody, one a line."""
    assert [one["act"] for one in json.loads(run("export P1"))["events"]] == [
        "grant",
        "deny",
        "withdraw",
    ]
    states = [one["dpv:hasConsentStatus"] for one in json.loads(run("export P1 --as records"))]
    assert states == ["dpv:ConsentWithdrawn", "dpv:ConsentRefused", "dpv:ConsentRefused"]
    assert [json.loads(line)["people"] for line in run("export --all").splitlines()] == [
        ["P1"],
        ["P2"],
    ]


def test_an_anchor_shows_what_was_cut_off_or_changed(run: Run) -> None:
    """The same log holds against its anchor; without its last line, or with one changed, it does not, and the code says so."""
    anchor = run("anchor").strip()
    assert "each as it was written" in run(f"verify --anchor '{anchor}'")
    log = Path("log/log.jsonl")
    whole = log.read_text("utf-8")
    log.write_text("".join(whole.splitlines(keepends=True)[:-1]), "utf-8")
    assert "the ledger ends at" in run(f"verify --anchor '{anchor}'", 1)
    log.write_text(whole.replace("withdraw", "object"), "utf-8")
    assert "is not the one the anchor was taken at" in run(f"verify --anchor '{anchor}'", 1)


@pytest.mark.parametrize("store", ["", " --store known.db"])
def test_who_is_erased_is_gone_everywhere(run: Run, store: str) -> None:
    """No file holds a word of them any more; nobody else's number changes; their address is recognised on the next list."""
    before = reasons_of(run, f"show P2{store}")
    length = Path("log/log.jsonl").stat().st_size
    trial = told(run, f"erase P1 --overwrite --dry-run{store}")
    assert [one["offset"] for one in trial["lines"]] == [0, 453]
    assert "tina" in Path("log/log.jsonl").read_text("utf-8")
    done = told(run, f"erase P1 --overwrite{store}")
    assert (done["events"], done["addresses"], done["overwritten"]) == (3, 1, True)
    assert Path("log/log.jsonl").stat().st_size == length
    for file in (*Path("log").iterdir(), *Path().glob("known.db*")):
        assert b"tina" not in file.read_bytes(), file
    for again in (store, ""):
        assert reasons_of(run, f"show P2{again}") == before
        gone = told(run, f"show P1{again}")
        assert (gone["erased"], gone["events"], gone["contacts"]) == (True, [], [])
        assert "each as it was written" in run(f"verify{again}")
    assert told(run, f"import l.csv --mapping m.toml{store}")["erased"] == 1
    ids = [json.loads(line)["id"] for line in Path("log/log.jsonl").read_text("utf-8").splitlines()]
    assert ids == ["signup-1", "signup-2", "seen-9", "left-5"]


def test_a_legal_hold_keeps_everything(run: Run) -> None:
    """Under a hold nothing is deleted, and the code says so; released, it is."""
    run("hold P1 --why court --by ana")
    assert "legal hold" in run("erase P1 --overwrite", 1)
    assert "tina" in Path("log/log.jsonl").read_text("utf-8")
    assert told(run, "show P1")["now"][0]["verdict"] == "deny"
    run("release P1")
    assert told(run, "erase P1 --overwrite")["events"] == 3


def test_whoever_comes_back_may_agree_again(run: Run) -> None:
    """After an erasure the address is silent for a new yes too, until a link was used that was sent there."""
    run("erase P1 --overwrite")
    more = [event(20, data=TINA, agrees=YES)]
    Path("log/more.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in more), "utf-8")
    assert told(run, "show email=tina@mail.example")["now"][0]["reason"] == "suppressed_erased"


WRONG = {
    "nobody of that number": ("show P9", 'There is nobody called "P9".'),
    "nobody at that address": ("show email=x@mail.example", "Nobody holds what PERSON names."),
    "no person at all": ("show tina", "Name a person by an id such as P7"),
    "neither one nor all": ("export", "Name one PERSON, or --all."),
    "both one and all": ("export P1 --all", "Name one PERSON, or --all."),
    "a time that is none": ("at soon P1", '"soon" is no time'),
    "a list that is not there": ("import x.csv --mapping m.toml", '"x.csv" cannot be read'),
    "a mapping that is none": ("import l.csv --mapping l.csv", 'The mapping "l.csv" cannot be used'),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong_usage_is_told(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What cannot be done ends in 2, or in 1 where nobody is meant, with a sentence that names nobody's address."""
    command, sentence = WRONG[name]
    code = 1 if name.startswith("nobody") else 2
    assert cli.run(["consent", *shlex.split(command), "--log", "log"]) == code
    shown = capsys.readouterr()
    assert (shown.out, "x@mail" in shown.err) == ("", False)
    assert sentence in shown.err


@pytest.mark.parametrize("command", ["erase P1", "anchor"])
def test_what_needs_the_key_says_so(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a key nobody can be recognised, and no hash comes out twice."""
    monkeypatch.delenv("VERBLINE_CONSENT_KEY")
    assert cli.run(["consent", *shlex.split(command), "--log", "log"]) == 2
    assert "key" in capsys.readouterr().err


def test_without_the_key_a_log_with_erasures_is_not_asked(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Who was erased could not be told from who was not."""
    run("erase P1")
    monkeypatch.delenv("VERBLINE_CONSENT_KEY")
    assert cli.run(["consent", "show", "P2", "--log", "log"]) == 2
    assert "key" in capsys.readouterr().err
