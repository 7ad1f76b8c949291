"""What must hold when files, tables and machines change: runtime cases R13 to R18."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tomllib
from importlib import resources
from pathlib import Path

import pytest

from tests.cases import project_of
from tests.clubs import (
    BOR,
    MERGE,
    SPLIT,
    TINA,
    WELCOME,
    YES,
    Run,
    club,
    messages,
    runner,
    told,
    trace,
)
from tests.guarded import HOME, POLICY
from tests.known import CLUB, SETTINGS, event, no
from tests.ledgers import cut_off
from tests.limits import LONGEST
from verbline.interpreter.check import check
from verbline.interpreter.guard.consent import Consent
from verbline.interpreter.guard.decide import Decision, decide
from verbline.interpreter.guard.policy import Policy, policy_of
from verbline.interpreter.guard.purpose import Purpose
from verbline.interpreter.guard.question import Question, Sending
from verbline.interpreter.person.record import Contact, Person


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Work in a folder of its own, with a key."""
    return runner(tmp_path, monkeypatch, capsys)


def test_r13_a_changed_byte_is_named(tmp_path: Path, run: Run) -> None:
    """One letter of an old row is changed on disk: the check names the first bad place, and its exit code says so."""
    club(
        tmp_path,
        *(event(day, data={"email": f"p{day}@mail.example"}, agrees=YES) for day in range(1, 20)),
    )
    run("consent verify --store known.db")
    with sqlite3.connect("known.db") as connection:
        (said,) = connection.execute("select said from entry where seq = 7").fetchone()
        changed = said.replace(b"signup-7", b"signup-8")
        assert changed != said
        connection.execute("update entry set said = ? where seq = 7", (changed,))
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
        cut_off(connection, 50)
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


def test_r17_neither_chance_nor_the_clock_of_the_machine_has_a_say(
    tmp_path: Path, run: Run
) -> None:
    """With another order of sets and another zone of the machine the hashes and the decisions are the same, byte for byte."""
    club(tmp_path, event(1, data=TINA, agrees=YES), event(2, data=BOR, agrees=YES), MERGE, no(5, BOR), SPLIT, event(9, "seen"))  # fmt: skip
    asked = (["consent", "anchor"], ["simulate", "--format", "jsonl"], ["people", "show", "P1", "--format", "json"])  # fmt: skip
    program = "import sys; from verbline import cli; sys.exit(cli.run(sys.argv[1:]))"
    found = []
    for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
        found.append([
            subprocess.run([sys.executable, "-c", program, *words, "--log", "log"], cwd=tmp_path, env=env, check=True, capture_output=True, timeout=LONGEST).stdout
            for words in asked
        ])  # fmt: skip
    assert all(found[0])
    assert found[0] == found[1]
    assert found[0][0].decode() == run("consent anchor")


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


def test_journeys_know_everybody_else_by_the_same_number(tmp_path: Path, run: Run) -> None:
    """A log from which the first person was erased gives everybody else the same number, and the same messages."""
    said = [event(1, data=TINA, agrees=YES), event(2, data=BOR, agrees=YES), event(9, "seen")]
    club(tmp_path, *said)
    before = [one for one in trace(run) if one["person"] == "P2"]
    assert before
    run("consent erase P1 --overwrite")
    after = trace(run)
    assert [one for one in after if one["person"] == "P2" and one["kind"] != "erased"] == before
    assert not [one for one in after if one["person"] == "P1" and one["kind"] == "message"]
