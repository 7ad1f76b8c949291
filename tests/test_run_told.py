"""What a running project tells its operator: lines and numbers. Rule: neither names a person, and both can be read by programs."""

import io
import json
import socket
import urllib.request

import pytest

from verbline.runtime.metrics import LOOPBACK, Metrics
from verbline.runtime.notices import ERROR, WARNING, Notices

SECRET = "tina@mail.example"  # noqa: S105 - no password


def test_a_notice_is_one_line_of_json() -> None:
    """The time first, then how bad it is, what happened, and where; a newline in a value makes no second line."""
    stream = io.StringIO()
    Notices(stream).tell("parked", WARNING, file="a\nb.jsonl", offset=17, reason="bad_json")
    (line,) = stream.getvalue().splitlines()
    told = json.loads(line)
    assert list(told) == ["at", "level", "event", "file", "offset", "reason"]
    assert (told["level"], told["event"], told["file"]) == ("warning", "parked", "a\nb.jsonl")


def test_what_may_name_a_person_has_no_place() -> None:
    """A field that is not in the list is a mistake of ours."""
    with pytest.raises(AssertionError, match="a notice has no field person"):
        Notices(io.StringIO()).tell("parked", person=SECRET)


def test_an_exception_is_told_by_its_places() -> None:
    """Never by its text, which may hold what somebody wrote."""
    stream = io.StringIO()
    try:
        int(SECRET)
    except ValueError as error:
        Notices(stream).fault("event_failed", error, file="a.jsonl", offset=3, tries=3)
    told = json.loads(stream.getvalue())
    assert told["error"] == "builtins.ValueError"
    assert told["places"][0].endswith(" in test_an_exception_is_told_by_its_places")
    assert SECRET not in stream.getvalue()


def test_only_what_is_bad_enough_is_written() -> None:
    """Whoever wants errors alone gets them alone."""
    stream = io.StringIO()
    notices = Notices(stream, least=ERROR)
    notices.tell("started")
    notices.tell("closed", WARNING)
    notices.tell("stopped", ERROR)
    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["stopped"]


def served(metrics: Metrics) -> str:
    """Return what the numbers are over a connection."""
    port = metrics.serve(0)
    try:
        with urllib.request.urlopen(f"http://{LOOPBACK}:{port}/metrics", timeout=10) as answer:
            found: str = answer.read().decode()
            return found
    finally:
        metrics.close()


def test_numbers_are_served_as_prometheus_reads_them() -> None:
    """Counters, gauges and sums by journey and step; a name that is no plain word does not break its line."""
    metrics = Metrics({"version": "0.1.0", "zones": "2026f"})
    metrics.batch(500, 0.02)
    metrics.parked("bad_json")
    metrics.decided('Say "hello"\n', "a1b2", "message", "refused", "opted_out")
    metrics.handed("email", "accepted")
    metrics.stands(unread=310, behind=1.5, timers=7, people=20, outbox={"ready": 3}, channels={"email": "open", "sms": "closed"})  # fmt: skip
    text = served(metrics)
    for line in (
        'verbline_info{version="0.1.0",zones="2026f"} 1.0',
        "verbline_events_total 500.0",
        'verbline_parked_total{reason="bad_json"} 1.0',
        'verbline_decisions_total{journey="Say \\"hello\\"\\n",kind="message",reason="opted_out",step="a1b2",verdict="refused"} 1.0',
        'verbline_handovers_total{answer="accepted",channel="email"} 1.0',
        'verbline_outbox{state="ready"} 3.0',
        'verbline_channel_open{channel="sms"} 0.0',
        "verbline_log_unread_bytes 310.0",
        'verbline_batch_seconds_bucket{le="0.025"} 1.0',
    ):
        assert f"{line}\n" in text


def test_a_state_of_which_no_row_is_left_is_gone() -> None:
    """The outbox is told as it stands, not as it stood."""
    metrics = Metrics({"version": "0.1.0"})
    for outbox in ({"ready": 3}, {"sent": 3}):
        metrics.stands(unread=0, behind=0, timers=0, people=0, outbox=outbox, channels={})
    text = served(metrics)
    assert 'state="sent"' in text
    assert 'state="ready"' not in text


def test_they_are_served_to_this_machine_alone() -> None:
    """The socket is bound to the loopback address, and let go of."""
    metrics = Metrics({"version": "0.1.0"})
    port = metrics.serve(0)
    with socket.create_connection((LOOPBACK, port), timeout=10) as connection:
        assert connection.getpeername()[0] == LOOPBACK
    assert metrics._server is not None
    assert metrics._server[0].server_address[0] == LOOPBACK
    metrics.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((LOOPBACK, port), timeout=10)
