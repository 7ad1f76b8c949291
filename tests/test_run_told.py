"""What a running project tells its operator: lines and numbers. Rule: neither names a person, and both can be read by programs."""

import io
import json
import re
import socket
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.run_club import club, joins
from verbline import cli
from verbline.cli.taking import Source
from verbline.runtime.clock import now
from verbline.runtime.engine.live import Live
from verbline.runtime.engine.opened import LIVE, Store
from verbline.runtime.engine.pulse import Pulse
from verbline.runtime.engine.telling import Telling
from verbline.runtime.metrics import LOOPBACK, Metrics

SECRET = "tina@mail.example"  # noqa: S105 - no password


def test_what_is_told_is_one_line_of_json() -> None:
    """The time, how bad it is, what happened, and where; a newline in a value makes no second line."""
    stream = io.StringIO()
    Telling(stream, lambda: 0).warn("parked", file="a\nb.jsonl", offset=17, reason="bad_json")
    (line,) = stream.getvalue().splitlines()
    assert json.loads(line) == {
        "time": "1970-01-01T00:00:00Z", "level": "warning", "event": "parked", "file": "a\nb.jsonl", "offset": 17, "reason": "bad_json",
    }  # fmt: skip


def test_what_may_name_a_person_has_no_place() -> None:
    """A field that is not in the list is a mistake of ours."""
    with pytest.raises(AssertionError, match="operators are told of no person"):
        Telling(io.StringIO(), lambda: 0).note("parked", person=SECRET)


def test_an_exception_is_told_by_its_places() -> None:
    """Never by its text, which may hold what somebody wrote."""
    stream = io.StringIO()
    try:
        int(SECRET)
    except ValueError as error:
        Telling(stream, lambda: 0).fail("tried in vain", error, left=2)
    told = json.loads(stream.getvalue())
    assert told["error"] == "ValueError"
    assert "test_run_told" in told["at_line"][0]
    assert SECRET not in stream.getvalue()


def test_only_what_is_wrong_is_written_where_nobody_wants_notes() -> None:
    """As with --once."""
    stream = io.StringIO()
    telling = Telling(stream, lambda: 0, notes=False)
    telling.note("started")
    telling.warn("waiting")
    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == ["waiting"]


STANDS: dict[str, Any] = {"events": 0, "parked": {}, "behind": 0.0, "timers": 0, "people": 0, "outbox": {}, "channels": {}, "degraded": False}  # fmt: skip


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
    metrics.decided(('Say "hello"\n', "a1b2", "message", "refused", "opted_out"), 2)
    metrics.stands(**{**STANDS, "events": 500, "parked": {"bad_json": 1}, "behind": 1.5, "outbox": {"ready": 3}, "channels": {"email": "open", "sms": "closed"}})  # fmt: skip
    text = served(metrics)
    for line in (
        'verbline_info{version="0.1.0",zones="2026f"} 1.0',
        "verbline_events 500.0",
        'verbline_parked{reason="bad_json"} 1.0',
        'verbline_decisions_total{journey="Say \\"hello\\"\\n",kind="message",reason="opted_out",step="a1b2",verdict="refused"} 2.0',
        'verbline_outbox{state="ready"} 3.0',
        'verbline_channel_open{channel="sms"} 0.0',
        "verbline_clock_behind_seconds 1.5",
    ):
        assert f"{line}\n" in text


def test_a_state_of_which_no_row_is_left_is_gone() -> None:
    """The outbox is told as it stands, not as it stood."""
    metrics = Metrics({"version": "0.1.0"})
    for outbox in ({"ready": 3}, {"sent": 3}):
        metrics.stands(**{**STANDS, "outbox": outbox})
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


def test_a_run_counts_what_it_has_written(tmp_path: Path) -> None:
    """What was decided stands there by step; how things stand is told with the first sign of life."""
    project, log = club(tmp_path)
    joins(log, 1)
    joins(log, 2)
    metrics = Metrics({"version": "0.1.0"})
    source = Source(str(project), log, "")
    source.metrics = metrics
    given = source.read()
    with closing(Store(tmp_path / "s.db", given.wanted(LIVE))) as store:
        given.take_up(store.journal)
        with closing(Live(source, store, Telling(io.StringIO(), now), now)) as found:
            found.begin()
            found.once()
            Pulse(store, now, metrics).beat(found.engine, found.channels, degraded=True)
    text = served(metrics)
    assert re.search(r'verbline_decisions_total\{journey="Welcome",kind="message",reason="contract",step="\w+",verdict="sent"\} 2\.0', text)  # fmt: skip
    assert 'verbline_outbox{state="sent"} 2.0' in text
    assert "verbline_people 2.0" in text
    assert "verbline_watch_degraded 1.0" in text


@pytest.mark.parametrize("where", ["x", "70000", "-1", "127.0.0.1:", "203.0.113.1:9400"])
def test_a_place_that_cannot_be_served_is_wrong_usage(where: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """It ends in 2 before anything is opened."""
    project, log = club(tmp_path)
    command = ["run", str(project), "--log", str(log), "--store", str(tmp_path / "s.db")]
    assert cli.run([*command, "--metrics", where]) == 2
    assert where in capsys.readouterr().err
    assert not (tmp_path / "s.db").exists()
