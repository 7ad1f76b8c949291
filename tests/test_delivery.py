"""What channels say later: as events of the log, once each, and with what they change about an address."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.club import made
from tests.receivers import AT, intent
from tests.tree import ROOT
from verbline.cli import run
from verbline.interpreter.guard.said import Occasion, consents_of_event
from verbline.runtime.channels.answers import Accepted, Answer, Later, Refused, Unknown
from verbline.runtime.channels.delivery import (
    Report,
    event_of,
    event_of_report,
    reports_of,
)
from verbline.runtime.channels.letters import letter_of
from verbline.runtime.channels.returned import report_of_mail
from verbline.runtime.decode import Decoder
from verbline.runtime.events import Event

BLOCKED = {"act": "suppress", "purpose": "*", "channel": "email", "contact": "tina@mail.example"}
WITHDRAWN = {
    "act": "withdraw", "purpose": "course service", "channel": "email", "contact": "tina@mail.example", "actor": "subject",
}  # fmt: skip
ANSWERS: list[tuple[Answer, str, list[dict[str, str]]]] = [
    (Accepted("x"), "handed", []),
    (Unknown("cut_off"), "unknown", []),
    (Later("busy"), "", []),
    (Refused("too_large"), "", []),
    (
        Refused("recipient_refused", suppress="bounced"),
        "bounced",
        [{**BLOCKED, "basis": "bounced"}],
    ),
    (Refused("bad_address", suppress="invalid"), "bounced", [{**BLOCKED, "basis": "invalid"}]),
]


@pytest.mark.parametrize(
    ("answer", "kind", "consent"), ANSWERS, ids=[repr(one[0]) for one in ANSWERS]
)
def test_what_became_of_an_intent_is_an_event(
    answer: Answer, kind: str, consent: list[dict[str, str]]
) -> None:
    """What was taken, refused by the address or is not known is told; what is tried again is not."""
    event = event_of(intent(), answer, AT)
    assert (event["type"] if event else "") == (f"verbline.message.{kind}" if kind else "")
    if event:
        assert event.get("consent", []) == consent
        # The number says who it is; the address is not written down again.
        assert event["data"]["person"] == "P1"
        assert "tina" not in json.dumps(event["data"])
        later = event_of(intent(attempts=3), answer, AT + 1)
        # What is sent again may be unknown again; everything else happens once.
        assert later is not None
        assert (later["id"] == event["id"]) is (kind != "unknown")


def test_every_event_is_a_moment_of_the_library_that_a_log_can_hold() -> None:
    """Types and fields are those of standard/delivery; a line with one is read as an event, not parked."""
    library = (ROOT / "stdlib" / "delivery.journey").read_text()
    reports = [
        Report.model_validate(
            {"event": kind, "key": "0a1b2c", "bounce-kind": "hard", "url": "https://a.example/"}
        )
        for kind in ("bounced", "complained", "unsubscribed", "delivered", "opened", "clicked")
    ]
    events = [event_of_report(report, intent(), AT) for report in reports]
    events += [
        found for answer, _kind, _consent in ANSWERS if (found := event_of(intent(), answer, AT))
    ]
    for event in events:
        known = f'comes from "verbline" as "{event["type"]}"'
        assert known in library or event["type"] == "verbline.message.unknown"
        block = library.partition(known)[2].partition("\nmoment ")[0]
        carried = {line.split()[1] for line in block.splitlines() if line.startswith("  carries ")}
        assert carried <= set(event["data"])
        (read,) = Decoder().events(json.dumps(event).encode() + b"\n", "verbline.runtime.jsonl", 0)
        assert isinstance(read, Event)


def said(event: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """Return what an event says about being written to, as the guard reads it."""
    occasion = Occasion({}, "verbline", "P1", AT, AT)
    taken, refused = consents_of_event(event["type"], event, occasion)
    assert refused == []
    return [(one.act, one.basis, str(one.contact), one.actor) for one in taken]


def test_the_guard_takes_what_an_event_says_about_an_address() -> None:
    """A hard bounce blocks the address, a soft one counts; a complaint blocks it and withdraws; the way out withdraws."""
    address = "email:tina@mail.example"
    cases: list[tuple[dict[str, str], list[tuple[str, str, str, str]]]] = [
        ({"event": "bounced", "bounce-kind": "hard"}, [("suppress", "bounced", address, "system:verbline")]),
        ({"event": "bounced"}, [("bounce", "soft", address, "system:verbline")]),
        ({"event": "complained"}, [("suppress", "complained", address, "system:verbline"), ("withdraw", "consent", address, "subject")]),
        ({"event": "unsubscribed"}, [("withdraw", "consent", address, "subject")]),
        ({"event": "delivered"}, []),
    ]  # fmt: skip
    for given_, expected in cases:
        report = Report.model_validate({**given_, "key": "k"})
        assert said(event_of_report(report, intent(), AT)) == expected


def test_the_same_report_twice_is_one_event() -> None:
    """A provider that calls back again says nothing new; two clicks are two."""
    report = Report.model_validate({"event": "bounce", "key": "k", "type": "bounce"})
    first, again = (event_of_report(report, intent(), AT + late) for late in (0, 60_000))
    assert first["id"] == again["id"]
    clicks = [
        Report.model_validate({"event": "click", "key": "k", "timestamp": at}) for at in (5, 5, 6)
    ]
    assert len({event_of_report(one, intent(), AT)["id"] for one in clicks}) == 2
    assert event_of_report(clicks[0], intent(), AT)["time"] == "1970-01-01T00:00:05Z"


@pytest.mark.parametrize(
    ("body", "events", "faults"),
    [
        ('{"event": "bounced", "key": "k", "bounce-kind": "hard"}', ["bounced hard"], 0),
        ('[{"event": "bounce", "type": "blocked", "key": "k", "email": "a@b.example", "sg_event_id": "x"}]', ["bounced soft"], 0),
        ('[{"event": "bounce", "type": "bounce", "key": "k"}, {"event": "spamreport", "key": "l"}]', ["bounced hard", "complained soft"], 0),
        ('{"events": [{"event": "processed", "key": "k"}, {"event": "unsubscribe", "key": "k"}]}', ["unsubscribed soft"], 0),
        ('[{"event": "bounce"}, {"key": "k"}, {"event": "exploded", "key": "k"}, 3, null, {"event": "open", "key": "k"}]', ["opened soft"], 5),
        ('{"event": 3, "key": ["k"]}', [], 1),
        ('{"event": "open", "key": ""}', [], 1),
        ("[]", [], 0), ("{}", [], 1), ("3", [], 1), ("", [], 1), ("{", [], 1), ("[" * 99_999, [], 1), ("NaN", [], 1),
        ('{"events": 3}', [], 1), (f'[{"1," * 3000}1]', [], 1), ('"' + "x" * (1 << 20) + '"', [], 1),
    ],
    ids=lambda value: str(value)[:30],
)  # fmt: skip
def test_a_call_back_is_read_with_care(body: str, events: list[str], faults: int) -> None:
    """What is a report is taken, in our words or those of providers; what is not leaves the others alone."""
    found, refused = reports_of(body.encode())
    assert [f"{one.event} {one.bounce}" for one in found] == events
    assert len(refused) == faults
    assert not any("exploded" in one for one in refused)


@given(st.binary(max_size=60))
def test_no_body_breaks_the_reader(body: bytes) -> None:
    """Whatever is posted, there is an answer."""
    reports_of(body)
    assert report_of_mail(body) is None


def returned(
    action: str, status: str, *, headers_only: bool = False, kind: str = "delivery-status"
) -> bytes:
    """Return a mail that comes back, as servers write them."""
    original = letter_of(intent(), "Club <club@club.example>").content
    report = (
        f"Reporting-MTA: dns; m.example\r\n\r\nFinal-Recipient: rfc822; tina@mail.example\r\nAction: {action}\r\nStatus: {status}\r\n"
        if kind == "delivery-status"
        else f"Feedback-Type: {action}\r\nUser-Agent: x\r\nVersion: 1\r\n"
    )
    inner = "text/rfc822-headers" if headers_only else "message/rfc822"
    if headers_only:
        original = original.partition(b"\r\n\r\n")[0] + b"\r\n"
    head = (
        "From: mailer@m.example\r\nTo: club@club.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/report; report-type={kind}; boundary="B"\r\n\r\n'
        "--B\r\nContent-Type: text/plain\r\n\r\nIt did not work.\r\n"
        f"--B\r\nContent-Type: message/{kind}\r\n\r\n{report}\r\n--B\r\nContent-Type: {inner}\r\n\r\n"
    )
    return head.encode() + original + b"\r\n--B--\r\n"


@pytest.mark.parametrize("headers_only", [False, True])
@pytest.mark.parametrize(
    ("action", "status", "told"),
    [
        ("failed", "5.1.1", "bounced hard"),
        ("failed", "5.2.1", "bounced hard"),
        ("failed", "5.2.2", "bounced soft"),
        ("failed", "5.7.1", "bounced soft"),
        ("failed", "4.4.7", "bounced soft"),
        ("delayed", "4.4.1", "bounced soft"),
        ("delivered", "2.0.0", ""),
        ("relayed", "2.0.0", ""),
    ],
)
def test_a_mail_that_comes_back_is_a_report(
    action: str,
    status: str,
    told: str,
    headers_only: bool,  # noqa: FBT001
) -> None:
    """It names the intent by the Message-ID of the mail inside, and is hard where the address is dead."""
    report = report_of_mail(returned(action, status, headers_only=headers_only))
    assert (f"{report.event} {report.bounce}" if report else "") == told
    assert report is None or report.key == "0a1b2c"


def test_a_complaint_by_mail_is_a_report() -> None:
    """The feedback of a mailbox provider; what is no abuse is none, and what names no mail of ours neither."""
    report = report_of_mail(returned("abuse", "", kind="feedback-report"))
    assert report is not None
    assert (report.event, report.key) == ("complained", "0a1b2c")
    assert report_of_mail(returned("not-spam", "", kind="feedback-report")) is None
    strange = returned("failed", "5.1.1").replace(b"<0a1b2c@", b"<somebody.else+x@")
    assert report_of_mail(strange) is None


def test_an_address_that_bounced_is_not_written_to_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a channel said stands in the log, and the guard of the next run has read it; who bounced softly is written to."""
    project, log = tmp_path / "club", tmp_path / "log"
    project.mkdir()
    log.mkdir()
    made(project)
    joined = [
        {"id": name, "source": "desk", "type": "member.joined", "time": "2026-03-10T09:00:00Z", "data": {"email": f"{name}@mail.example"}}
        for name in ("tina", "ana", "eva")
    ] + [
        {"id": "x", "source": "desk", "type": "till.closed", "time": "2026-03-14T09:00:00Z", "data": {}}
    ]  # fmt: skip
    (log / "desk.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in joined))
    told = [
        event_of(
            intent(address="tina@mail.example", person="P1"),
            Refused("recipient_refused", suppress="bounced"),
            AT + 36 * 3_600_000,  # when she is known
        ),
        event_of_report(
            Report(event="bounced", key="k"), intent(address="ana@mail.example", person=""), AT
        ),
    ]
    (log / "verbline.runtime.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in told))
    assert run(["simulate", str(project), "--log", str(log), "--format", "jsonl"]) == 0
    records = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    became = {
        one["contact"]: one["verdict"]
        for one in records
        if one["kind"] == "message" and "contact" in one
    }
    refused = [one["reason"] for one in records if one["verdict"] == "refused"]
    assert became == {"ana@mail.example": "sent", "eva@mail.example": "sent"}
    assert refused == ["suppressed_bounce"]
