"""What must hold while people change their minds, merge, are erased and are put back: the runtime cases R01 to R18.

Those that need a live channel (R02, R04, R05, R06) come with it; R09 is a finding of the linter, C218.
"""

from __future__ import annotations

import json
import shlex
import sqlite3
import tomllib
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from tests.cases import project_of
from tests.guarded import HOME, POLICY
from tests.known import CLUB, SETTINGS, event, no, write
from verbline import cli
from verbline.interpreter.check import check
from verbline.interpreter.guard.consent import Consent
from verbline.interpreter.guard.decide import Decision, decide
from verbline.interpreter.guard.policy import Policy, policy_of
from verbline.interpreter.guard.purpose import Purpose
from verbline.interpreter.guard.question import Question, Sending
from verbline.interpreter.person.record import Contact, Person

TINA = {"member-number": "M-1", "email": "tina@mail.example"}
BOR = {"email": "bor@mail.example"}
YES = {"offers": {"email": True}}
# Without a moment of its own an address is nobody that a journey can be in.
WELCOME = """
message "Offer"
  subject "Offer"
  says "An offer."

journey "Welcome"
  starts when "member signs up"
  runs once per person
  keeps quiet from 20:00 to 08:00

  wait 3 days
  notify the member by email with "Offer" for "offers"
    if nothing was sent
      finish as "not told"
  finish as "told"
"""
MAPPING = """
batch = "crm"
[columns]
contact = "E-mail"
answer = "Newsletter"
[always]
channel = "email"
purpose = "offers"
[answers]
grant = ["yes"]
"""
Run = Callable[..., str]


def club(folder: Path, *events: dict[str, Any], journey: str = WELCOME) -> Path:
    """Write a club with a journey and a log."""
    log = write(folder, *events)
    with (folder / "club.journey").open("a", encoding="utf-8") as file:
        file.write(journey)
    return log


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder of its own, with a key."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VERBLINE_CONSENT_KEY", "sixteen bytes or more")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return what runs a command over the log here: what it writes, after its exit code; a refusal writes nothing."""

    def of(command: str, code: int = 0) -> str:
        assert cli.run([*shlex.split(command), "--log", "log"]) == code
        shown = capsys.readouterr()
        return shown.err if code == 2 else shown.out

    return of


def trace(run: Run) -> list[dict[str, Any]]:
    """Return what the journeys did."""
    return [json.loads(line) for line in run("simulate --format jsonl").splitlines()]


def messages(run: Run) -> list[tuple[str, str, str]]:
    """Return what became of each message: when, the verdict and the reason."""
    return [
        (one["at"], one["verdict"], one["reason"]) for one in trace(run) if one["kind"] == "message"
    ]


def outcomes(run: Run) -> list[tuple[str, str]]:
    """Return how each visit ended, and whose it was."""
    return [(one["person"], one["outcome"]) for one in trace(run) if one["kind"] == "outcome"]


def told(run: Run, command: str) -> Any:
    """Return what a consent command says as JSON."""
    return json.loads(run(f"consent {command} --format json"))


def reason(run: Run, person: str, more: str = "") -> str:
    """Return what the guard says now about offers by email."""
    return str(told(run, f"show {person}{more}")["now"][0]["reason"])


def test_r01_a_no_during_a_wait_stops_what_comes_after_it(tmp_path: Path, run: Run) -> None:
    """The step after the wait is refused, the refusal is on record, and the journey goes on as it says."""
    club(tmp_path, event(1, data=TINA, agrees=YES), no(2, TINA), event(9, "seen", data=TINA))
    assert messages(run) == [("2026-03-04T09:00:00Z", "refused", "opted_out")]
    assert outcomes(run) == [("P1", "not told")]


def test_r03_a_no_at_night_reaches_what_waits_for_the_morning(tmp_path: Path, run: Run) -> None:
    """What is held over night is asked about again in the morning, and not sent."""
    late = event(1, data=TINA, agrees=YES, time="2026-03-01T21:00:00Z")
    night = {**no(5, TINA), "time": "2026-03-05T01:00:00Z"}
    club(tmp_path, late, night, event(9, "seen", data=TINA))
    assert messages(run) == [
        ("2026-03-04T21:00:00Z", "held", "quiet_hours"),
        ("2026-03-05T07:00:00Z", "refused", "opted_out"),
    ]


def test_r07_a_list_of_bare_yeses_gives_nothing(tmp_path: Path, run: Run) -> None:
    """Ten thousand rows without a day, words or a source are recorded, reported, and open nothing."""
    club(tmp_path, event(1, data=TINA))
    Path("m.toml").write_text(MAPPING, "utf-8")
    rows = "".join(f"p{number}@mail.example,yes\n" for number in range(10_000))
    Path("l.csv").write_text(f"E-mail,Newsletter\n{rows}", "utf-8")
    report = told(run, "import l.csv --mapping m.toml")
    assert (report["rows"], report["appended"], report["without_evidence"]) == (
        10_000,
        10_000,
        10_000,
    )
    assert report["lacking"] == {"date": 10_000, "words": 10_000, "source": 10_000}
    assert reason(run, "email=p77@mail.example") == "no_evidence"


def test_r08_an_erased_address_on_a_list_is_recognised(tmp_path: Path, run: Run) -> None:
    """It is counted, refused, and stands nowhere afterwards."""
    club(tmp_path, event(1, data=TINA, agrees=YES))
    run("consent erase P1 --overwrite")
    Path("m.toml").write_text(MAPPING, "utf-8")
    Path("l.csv").write_text(
        "E-mail,Newsletter\nTina@mail.example,yes\nnew@mail.example,yes\n", "utf-8"
    )
    report = told(run, "import l.csv --mapping m.toml")
    assert (report["erased"], report["appended"]) == (1, 1)
    assert not any(b"tina" in one.read_bytes().lower() for one in Path("log").iterdir())


def test_r10_after_a_backup_nobody_is_answered_about_too_early(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A log of last week is put back: no answer before the no and the erasure since then are known again."""
    club(tmp_path, event(1, data=TINA, agrees=YES), event(2, data=BOR, agrees=YES))
    backup = Path("log/log.jsonl").read_bytes()
    club(tmp_path, event(1, data=TINA, agrees=YES), event(2, data=BOR, agrees=YES), no(5, TINA))
    run("consent erase P2")
    Path("anchors").write_text(run("consent anchor"), "utf-8")
    Path("list").write_text(run("consent withdrawals --since 2026-03-03"), "utf-8")
    monkeypatch.setenv("VERBLINE_CONSENT_ANCHOR_FILE", "anchors")
    assert reason(run, "P1") == "opted_out"
    Path("log/log.jsonl").write_bytes(backup)
    Path("log/verbline.runtime.jsonl").unlink()
    for command in ("show P1", "at 2026-03-09 P1", "export --all", "contradictions", "erase P1"):
        assert "Nobody is answered about" in run(f"consent {command}", 2)
    assert run("consent replay list") == "3 of 3 events were put back.\n"
    assert reason(run, "P1") == "opted_out"
    assert told(run, "show P2")["erased"]
    assert told(run, "at 2026-03-09 P1")["was_true"][0]["reason"] == "opted_out"
    assert run("consent replay list") == "0 of 3 events were put back.\n"


MERGE = event(3, "verbline.merge", "verbline", data={"people": ["P1", "P2"]})
SPLIT = {
    **event(3, "verbline.split", "verbline", data={"person": "P1", "apart": "P2"}),
    "time": "2026-03-03T12:00:00Z",
}


def test_r11_two_who_are_one_go_on_as_one(tmp_path: Path, run: Run) -> None:
    """Both are in the same journey when they turn out to be one: one visit goes on, and one message is sent."""
    club(
        tmp_path,
        event(1, data=TINA, agrees=YES),
        event(2, data=BOR, agrees=YES),
        MERGE,
        event(9, "seen"),
    )
    assert outcomes(run) == [("P1", "merged"), ("P1", "told")]
    assert [one[1] for one in messages(run)] == ["sent"]


def test_r12_a_split_gives_each_their_own_again(tmp_path: Path, run: Run) -> None:
    """What was decided while they were one stays; the visit stays with the one who began it, and each is asked as before."""
    events = [
        event(1, data=TINA, agrees=YES),
        event(2, data=BOR, agrees=YES),
        no(2, BOR),
        MERGE,
        SPLIT,
        event(9, "seen"),
    ]
    club(tmp_path, *events)
    split = [one for one in trace(run) if one["at"] < "2026-03-03T12:00:00Z"]
    club(tmp_path, *events[:4], event(9, "seen"))
    assert [one for one in trace(run) if one["at"] < "2026-03-03T12:00:00Z"] == split
    club(tmp_path, *events)
    assert ("P1", "told") in outcomes(run)
    assert (reason(run, "P1"), reason(run, "P2")) == ("consent", "opted_out")
    assert (
        told(run, "at 2026-03-03T10:30 P1")["was_known"][0]["contact"] == "email:tina@mail.example"
    )


def test_r13_a_changed_byte_is_named(tmp_path: Path, run: Run) -> None:
    """One letter of an old row is changed on disk: the check names the first bad place, and its exit code says so."""
    club(
        tmp_path,
        *(event(day, data={"email": f"p{day}@mail.example"}, agrees=YES) for day in range(1, 20)),
    )
    run("consent verify --store known.db")
    with sqlite3.connect("known.db") as connection:
        connection.execute(
            "update payload set content = replace(content, 'signup-7', 'signup-8') where seq = 7"
        )
    connection.close()
    assert "Entry 7:" in run("consent verify --store known.db", 1)
    assert told_bad(run) == 7


def told_bad(run: Run) -> int:
    """Return the first bad place."""
    return int(json.loads(run("consent verify --store known.db --format json", 1))["first_bad"])


def test_r14_what_was_cut_off_shows_by_the_anchor_alone(tmp_path: Path, run: Run) -> None:
    """Without its last hundred rows the chain holds in itself; the anchor knows that it went further."""
    club(
        tmp_path,
        *(
            event(1, id=f"e{n}", data={"email": f"p{n}@mail.example"}, agrees=YES)
            for n in range(150)
        ),
    )
    anchor = run("consent anchor --store known.db").strip()
    with sqlite3.connect("known.db") as connection:
        for table in ("entry", "payload"):
            connection.execute(f"delete from {table} where seq > 50")  # noqa: S608 - both names stand above
    connection.close()
    assert "50 entries, each as it was written." in run("consent verify --store known.db")
    shown = run(f"consent verify --store known.db --anchor '{anchor}'", 1)
    assert "the ledger ends at 50, the anchor was taken at 150" in shown


def asked_in_germany(policy: Policy) -> Decision:
    """Return whether somebody in Germany who said yes and used no link may get an offer."""
    person = Person("P1")
    person.contacts.append(Contact("email", "a@b", 0))
    person.consents.append(
        Consent(seq=1, at=0, known=0, act="grant", actor="subject", person="P1", contact="email:a@b", channel="email", purpose="offers", complete=True)
    )  # fmt: skip
    sending = Sending(Purpose("offers", "marketing", "consent", ("email",)))
    return decide(Question(sending, "email", 1_000, "DE", (HOME,)), person, policy)


def test_r15_a_changed_table_decides_anew_and_not_again() -> None:
    """With another table decisions name another version; asked with the old table, they are what they were."""
    text = resources.files("verbline.stdlib").joinpath("countries.toml").read_text("utf-8")
    table = tomllib.loads(text)
    before = asked_in_germany(POLICY)
    assert (before.verdict, before.reason, before.policy) == (
        "deny",
        "pending_confirmation",
        POLICY.version,
    )
    table["countries"]["DE"]["double_opt_in"] = False
    changed = policy_of(table)
    after = asked_in_germany(changed)
    assert (after.verdict, after.reason, after.policy) == ("allow", "consent", changed.version)
    assert changed.version != POLICY.version
    again = asked_in_germany(policy_of(tomllib.loads(text)))
    assert (again.verdict, again.reason, again.policy) == (
        before.verdict,
        before.reason,
        before.policy,
    )


def test_r16_a_topic_that_is_gone_is_still_on_record(tmp_path: Path, run: Run) -> None:
    """Its events stay and are exported; a journey that asks for it is an error."""
    answer = {
        "act": "grant",
        "purpose": "offers",
        "channel": "email",
        "contact": TINA["email"],
        "topic": "winter",
        "words": "Yes.",
    }
    club(tmp_path, event(1, data=TINA, consent=[{**answer, "actor": "subject"}]))
    assert [one["topic"] for one in told(run, "show P1")["now"] if one["state"] == "granted"] == [
        "winter"
    ]
    without = CLUB.replace('  about "winter"\n', "")
    Path("club.journey").write_text(without, "utf-8")
    assert [one["topic"] for one in json.loads(run("consent export P1"))["events"]] == ["winter"]
    assert all(one["topic"] is None for one in told(run, "show P1")["now"])
    sends = WELCOME.replace('for "offers"', 'for "offers" about "winter"')
    text = without + sends
    found = [
        one.code for one in check(project_of({"club.journey": text, "verbline.toml": SETTINGS}))
    ]
    assert any(code.startswith(("C", "N")) for code in found), found
    assert not check(project_of({"club.journey": CLUB + sends, "verbline.toml": SETTINGS}))


def test_r17_another_machine_comes_to_the_same(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same log, settings, key and table: the same people, the same decisions, the same hashes."""
    events = [
        event(1, data=TINA, agrees=YES),
        event(2, data=BOR, agrees=YES),
        MERGE,
        no(5, BOR),
        SPLIT,
        event(9, "seen"),
    ]
    found = []
    for name in ("here", "there"):
        folder = tmp_path / name
        folder.mkdir()
        club(folder, *events)
        monkeypatch.chdir(folder)
        found.append(
            (run("consent anchor"), trace(run), told(run, "show P1"), told(run, "show P2"))
        )
    assert found[0] == found[1]


def test_r18_what_comes_late_changes_no_decision_and_is_told(tmp_path: Path, run: Run) -> None:
    """Words that come late change nothing that was decided before; who was written to all the same is listed."""
    early = [
        event(1, id=f"s{n}", data={"email": f"p{n}@mail.example"}, agrees=YES) for n in range(20)
    ]
    early.append(event(8, "seen"))
    late = [
        {
            **no(2, {"email": f"p{n}@mail.example"}),
            "id": f"late-{n}",
            "time": "2026-03-02T10:00:00Z",
        }
        for n in range(5)
    ]
    club(tmp_path, *early)
    before = messages(run)
    assert [one[1] for one in before] == ["sent"] * 20
    assert told(run, "contradictions")["messages"] == []
    club(tmp_path, *early, *late)
    assert messages(run) == before
    wrong = told(run, "contradictions")["messages"]
    assert [one["contact"] for one in wrong] == [f"email:p{n}@mail.example" for n in range(5)]
    first = wrong[0]
    assert (first["at"], first["today"]["reason"]) == ("2026-03-04T09:00:00Z", "opted_out")
    assert [(one["at"], one["recorded"]) for one in first["late"]] == [
        ("2026-03-02T10:00:00Z", "2026-03-08T09:00:00Z")
    ]
    assert "today it would not go out: opted_out" in run("consent contradictions")
