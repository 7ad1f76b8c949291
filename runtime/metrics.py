"""Numbers of a running project for Prometheus. Rule: journeys, steps, channels and reasons are labels, people never are.

They are served as text at ``/metrics`` where a port is named, on the loopback address unless another is.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, start_http_server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from threading import Thread
    from wsgiref.simple_server import WSGIServer

LOOPBACK = "127.0.0.1"


class Metrics:
    """The numbers of one running project; ``versions`` are those of what runs, by name."""

    def __init__(self, versions: Mapping[str, str]) -> None:
        self.registry = registry = CollectorRegistry()
        told = Gauge("verbline_info", "Versions of what runs; always 1.", list(versions), registry=registry)  # fmt: skip
        told.labels(**versions).set(1)
        self._decided = Counter(
            "verbline_decisions", "Trace records: what was decided at each step.",
            ["journey", "step", "kind", "verdict", "reason"], registry=registry,
        )  # fmt: skip
        self._events = Gauge("verbline_events", "Events that were handled, since the store was made.", registry=registry)  # fmt: skip
        self._parked = Gauge("verbline_parked", "What was set aside, since the store was made.", ["reason"], registry=registry)  # fmt: skip
        self._outbox = Gauge("verbline_outbox", "Rows of the outbox by state.", ["state"], registry=registry)  # fmt: skip
        self._channels = Gauge("verbline_channel_open", "Whether a channel takes anything: 1 or 0.", ["channel"], registry=registry)  # fmt: skip
        self._late = Gauge("verbline_clock_behind_seconds", "How far the last thing that happened is behind the clock.", registry=registry)  # fmt: skip
        self._timers = Gauge("verbline_timers", "Alarms that are set.", registry=registry)
        self._people = Gauge("verbline_people", "People who are known.", registry=registry)
        self._degraded = Gauge("verbline_watch_degraded", "1 where the log is looked at once a second only.", registry=registry)  # fmt: skip
        self._server: tuple[WSGIServer, Thread] | None = None

    def decided(self, labels: tuple[str, str, str, str, str], number: int) -> None:
        """Count trace records with these ``labels``: journey, the step's stable identity, kind, verdict, reason."""
        self._decided.labels(*labels).inc(number)

    def stands(
        self, *, events: int, parked: Mapping[str, int], behind: float, timers: int, people: int,
        outbox: Mapping[str, int], channels: Mapping[str, str], degraded: bool,
    ) -> None:  # fmt: skip
        """Say how things stand: sums of the store, seconds behind the clock, alarms, people, rows and channels by state."""
        self._events.set(events)
        self._late.set(behind)
        self._timers.set(timers)
        self._people.set(people)
        self._degraded.set(degraded)
        for gauge, found in ((self._outbox, outbox), (self._parked, parked)):
            gauge.clear()
            for name, number in found.items():
                gauge.labels(name).set(number)
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
