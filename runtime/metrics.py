"""Numbers of a running project for Prometheus. Rule: journeys, steps, channels and reasons are labels, people never are.

They are served as text at ``/metrics`` where a port is named, on the loopback address unless another is.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from threading import Thread
    from wsgiref.simple_server import WSGIServer

LOOPBACK = "127.0.0.1"
# Seconds: a batch takes less than one, unless the disk is slow.
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
NUMBERS = (1, 10, 100, 500, 1_000, 2_000, 5_000)


class Metrics:
    """The numbers of one running project."""

    def __init__(self, versions: Mapping[str, str]) -> None:
        self.registry = registry = CollectorRegistry()
        told = Gauge("verbline_info", "Versions of what runs; always 1.", list(versions), registry=registry)  # fmt: skip
        told.labels(**versions).set(1)
        self._events = Counter("verbline_events", "Events that were handled.", registry=registry)
        self._parked = Counter("verbline_parked", "Lines and events that were set aside.", ["reason"], registry=registry)  # fmt: skip
        self._decided = Counter(
            "verbline_decisions", "Trace records: what was decided at each step.",
            ["journey", "step", "kind", "verdict", "reason"], registry=registry,
        )  # fmt: skip
        self._handed = Counter("verbline_handovers", "Attempts to hand something over, by what became of them.", ["channel", "answer"], registry=registry)  # fmt: skip
        self._outbox = Gauge("verbline_outbox", "Rows of the outbox by state.", ["state"], registry=registry)  # fmt: skip
        self._channels = Gauge("verbline_channel_open", "Whether a channel takes anything: 1 or 0.", ["channel"], registry=registry)  # fmt: skip
        self._behind = Gauge("verbline_log_unread_bytes", "Bytes of the log that were not read yet.", registry=registry)  # fmt: skip
        self._late = Gauge("verbline_clock_behind_seconds", "How far the engine's time is behind the clock's.", registry=registry)  # fmt: skip
        self._timers = Gauge("verbline_timers", "Alarms that are set.", registry=registry)
        self._people = Gauge("verbline_people", "People who are known.", registry=registry)
        self._seconds = Histogram("verbline_batch_seconds", "Time that a batch took, its commit included.", buckets=SECONDS, registry=registry)  # fmt: skip
        self._sizes = Histogram("verbline_batch_events", "Events in one batch.", buckets=NUMBERS, registry=registry)  # fmt: skip
        self._server: tuple[WSGIServer, Thread] | None = None

    def batch(self, events: int, seconds: float) -> None:
        """Count a batch that was written."""
        self._events.inc(events)
        self._sizes.observe(events)
        self._seconds.observe(seconds)

    def parked(self, reason: str) -> None:
        """Count something that was set aside."""
        self._parked.labels(reason).inc()

    def decided(self, journey: str, step: str, kind: str, verdict: str, reason: str) -> None:
        """Count a trace record; ``step`` is the step's stable identity."""
        self._decided.labels(journey, step, kind, verdict, reason).inc()

    def handed(self, channel: str, answer: str) -> None:
        """Count an attempt to hand something over."""
        self._handed.labels(channel, answer).inc()

    def stands(
        self, *, unread: int, behind: float, timers: int, people: int,
        outbox: Mapping[str, int], channels: Mapping[str, str],
    ) -> None:  # fmt: skip
        """Say how things stand: bytes unread, seconds behind the clock, alarms, people, rows by state, channels by state."""
        self._behind.set(unread)
        self._late.set(behind)
        self._timers.set(timers)
        self._people.set(people)
        self._outbox.clear()
        for state, number in outbox.items():
            self._outbox.labels(state).set(number)
        for name, state in channels.items():
            self._channels.labels(name).set(state == "open")

    def serve(self, port: int, address: str = LOOPBACK) -> int:
        """Serve the numbers and return the port, which is a free one where 0 is asked for. `OSError` where it is taken."""
        assert self._server is None, "it is served once"
        self._server = start_http_server(port, address, self.registry)
        return int(self._server[0].server_port)

    def close(self) -> None:
        """Serve them no longer."""
        if self._server is not None:
            server, thread = self._server
            server.shutdown()
            server.server_close()
            thread.join()
            self._server = None
