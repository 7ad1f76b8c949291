"""Everything known of somebody, for them; and what shows that somebody is erased."""

from __future__ import annotations

import json
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.clubs import BOR, TINA, YES, club
from tests.known import event
from verbline import cli
from verbline.runtime.identity.links import Links, Moment
from verbline.runtime.identity.store import Note

KEY = "sixteen bytes or more"
HOME = {"member-number": "M-2", "email": "tina@mail.example"}


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the key of the ledger."""
    monkeypatch.setenv("VERBLINE_CONSENT_KEY", KEY)


def run(capsys: pytest.CaptureFixture[str], *arguments: object, code: int = 0) -> str:
    """Return what a command writes; a refusal where the ``code`` is not 0."""
    assert cli.run([str(one) for one in arguments]) == code
    shown = capsys.readouterr()
    return shown.err if code else shown.out


def exported(capsys: pytest.CaptureFixture[str], folder: Path, *more: object) -> Any:
    """Return what is exported of P1."""
    path = folder / "export.json"
    run(capsys, "explain", folder, "P1", "--log", folder / "log", "--export", path, *more)
    return json.loads(path.read_text("utf-8"))


def store_of(capsys: pytest.CaptureFixture[str], folder: Path) -> Path:
    """Return the store of a rehearsal."""
    path = folder / "s.db"
    run(capsys, "run", folder, "--log", folder / "log", "--store", path, "--rehearse")
    return path


def proof(capsys: pytest.CaptureFixture[str], folder: Path, *more: object) -> Any:
    """Return what shows that P1 is erased."""
    given = more or ("--log", folder / "log")
    return json.loads(run(capsys, "explain", folder, "P1", *given, "--format", "json"))["erasure"]


def test_everything_known_is_exported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Identifiers, events with their fields, consents with the words, records, visits and facts are there, from log and store."""
    data = {**TINA, "shoe-size": 38}
    club(tmp_path, event(2, data=data, agrees=YES), event(9, "other", data=BOR))
    found = exported(capsys, tmp_path)
    assert [one["value"] for one in found["identity"]["identifiers"]] == [
        "M-1",
        "tina@mail.example",
    ]
    assert [one["data"]["shoe-size"] for one in found["events"]] == [38]
    assert found["consents"]["events"][0]["words"] == "Yes, offers by email, please."
    assert found["consent_records"][0]["dpv:hasConsentStatus"] == "dpv:ConsentGiven"
    assert [one["kind"] for one in found["trace"]] == [
        "entry", "wait", "wait", "message", "outcome",
    ]  # fmt: skip
    assert found["visits"][0]["outcome"] == "told"
    assert found["facts"].keys() >= {"fields", "sources", "labels", "scores", "offers"}
    (tmp_path / "export.json").unlink()
    of_store = exported(capsys, tmp_path, "--store", store_of(capsys, tmp_path))
    for name in ("identity", "events", "consents", "trace", "visits"):
        assert of_store[name] == found[name]


def test_nothing_of_somebody_else_is_exported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """What another one said at a shared address is there, since it binds; who that is, is not."""
    deny = [{"purpose": "offers", "channel": "email", "act": "deny", "contact": HOME["email"]}]
    club(
        tmp_path,
        event(2, data=TINA, agrees=YES),
        event(3, "preferences", "centre", data=HOME, consent=deny, id="theirs"),
    )
    found = exported(capsys, tmp_path)
    acts = [(one["act"], one["person"]) for one in found["consents"]["events"]]
    assert acts == [("grant", "P1"), ("deny", None)]
    text = json.dumps(found)
    assert "M-2" not in text
    assert "P2" not in text
    assert "theirs" not in text


def test_an_export_is_for_its_owner_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """The file can be read by nobody else, and none that is there is written over."""
    club(tmp_path, event(2, data=TINA, agrees=YES))
    exported(capsys, tmp_path)
    path = tmp_path / "export.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    error = run(capsys, "explain", tmp_path, "P1", "--log", tmp_path / "log", "--export", path, code=2)  # fmt: skip
    assert "cannot be made" in error


def erased(capsys: pytest.CaptureFixture[str], folder: Path, *more: str) -> None:
    """Let P1 of a club be erased, who got an offer before."""
    club(folder, event(2, data=TINA, agrees=YES), event(9, "other", data=BOR))
    run(capsys, "consent", "erase", "P1", "--project", folder, "--log", folder / "log", "--by", "staff:1", *more)  # fmt: skip


def test_who_is_erased_everywhere_is_shown_to_be(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """Nothing names them any more; the chain says that they were erased, and is whole."""
    erased(capsys, tmp_path, "--overwrite")
    found = proof(capsys, tmp_path)
    assert found["holds"]
    assert found["identifiers"] == found["still_said"] == 0
    assert found["entries"]
    assert found["chain"]["first_bad"] is None
    text = run(capsys, "explain", tmp_path, "P1", "--log", tmp_path / "log")
    assert "P1 is erased" in text
    assert "nothing here names them any more" in text
    assert "tina" not in text.lower()


def test_a_log_that_still_names_them_is_no_proof(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """Where the lines of the log were not overwritten, a run over them names the person again, and that is said."""
    erased(capsys, tmp_path)
    found = proof(capsys, tmp_path)
    assert not found["holds"]
    assert found["trace"]["named"] == ["contact"]


def test_a_store_forgets_what_names_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """In the store the records stand under the number, without an address; one that has it left is found."""
    erased(capsys, tmp_path)
    store = store_of(capsys, tmp_path)
    found = proof(capsys, tmp_path, "--store", store)
    assert found["holds"]
    assert found["trace"]["records"] >= 5
    assert b"tina@mail" not in store.read_bytes()
    with closing(sqlite3.connect(store)) as connection, connection:
        hash_ = "update entry set purpose = 'news' where act <> 'erase'"
        connection.execute(hash_)
    changed = proof(capsys, tmp_path, "--store", store)
    assert not changed["holds"]
    assert changed["chain"]["first_bad"] == 1
    assert "something is left: see below" in changed["sentences"][0]
    assert changed["sentences"][2].startswith("Chain: entry 1 is not what it was")


def test_a_store_forgets_whoever_never_agreed_to_anything(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """The ledger knows their address by the erasure alone, and does not keep it; other words of theirs are gone from the log."""
    club(tmp_path, event(2, data=TINA), event(9, "other", data=BOR))
    store = store_of(capsys, tmp_path)
    run(capsys, "consent", "erase", "P1", "--project", tmp_path, "--log", tmp_path / "log", "--overwrite")  # fmt: skip
    assert store_of(capsys, tmp_path) == store
    assert proof(capsys, tmp_path, "--store", store)["holds"]
    assert b"tina@mail" not in store.read_bytes()


def test_what_leads_to_them_still_is_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the graph forgets nobody, that is said."""

    def noted(links: Links, person: int, moment: Moment) -> int:
        links.store.note(Note(*moment, "forget", person, 0, "asked for"))
        return 0

    monkeypatch.setattr(Links, "forget", noted)
    erased(capsys, tmp_path)
    found = proof(capsys, tmp_path)
    assert not found["holds"]
    assert found["sentences"][-1] == "Identity: by 2 values they are found still."
