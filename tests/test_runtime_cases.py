"""What must hold while people change their minds, merge, are erased and are put back: runtime cases R01 to R12.

Others stand where what they are about is tested: R02, what was said between decision and hand-over, in `test_last_word`; R04, a
crash in between, in `test_store` and `test_run_live`; R09, two forms that ask the same in other words, is the finding C218
(`cases/findings/capture/wordings.case`). R05 and R06, a link that is fetched or used
twice, in `test_cli_reply`: the page behind the link calls `verbline reply`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.clubs import (
    BOR,
    MAPPING,
    MERGE,
    SPLIT,
    TINA,
    YES,
    Run,
    club,
    messages,
    outcomes,
    reason,
    runner,
    told,
    trace,
)
from tests.known import event, no


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Work in a folder of its own, with a key."""
    return runner(tmp_path, monkeypatch, capsys)


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
