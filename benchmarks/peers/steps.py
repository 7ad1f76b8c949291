"""The cart journey with DBOS on SQLite: one workflow a person, whose messages come on the log's own time.

Run it as `python steps.py LOG EFFECTS STORE`. A workflow waits for a message: that somebody has ordered, or that their day is
over. Who reads the log sends it, since the library waits by the clock on the wall.
"""

from __future__ import annotations

import heapq
import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dbos import DBOS, SetWorkflowID

DAY = timedelta(days=1).total_seconds()
# How long a workflow waits for its message, in seconds on the wall.
PATIENCE = 600
TOPIC = "what comes first"
TARGET: list[Path] = []


@DBOS.step()
def remind(effect: dict[str, str]) -> None:
    """Write a reminder."""
    with TARGET[0].open("a", encoding="utf-8") as file:
        file.write(json.dumps(effect) + "\n")


@DBOS.workflow()
def cart(email: str, agrees: bool | None, due: float) -> None:  # noqa: FBT001
    """Wait for what comes first, and remind whoever has not ordered."""
    if DBOS.recv(TOPIC, PATIENCE) == "order":
        return
    at = datetime.fromtimestamp(due, UTC)
    remind({
        "at": at.isoformat(timespec="milliseconds"),
        "contact": email,
        "message": "Still there",
        "verdict": "sent" if agrees else "refused",
        "reason": "consent" if agrees else "no_consent" if agrees is None else "opted_out",
    })  # fmt: skip


class Reader:
    """Reads the log, begins the workflows and sends them what comes first."""

    def __init__(self) -> None:
        self.running: dict[str, Any] = {}
        self.timers: list[tuple[float, str]] = []
        self.over: set[str] = set()

    def take(self, event: dict[str, Any]) -> None:
        """Take one event; whose day was over before it is told first."""
        now = datetime.fromisoformat(event["time"]).timestamp()
        while self.timers and self.timers[0][0] < now:
            self.tell(heapq.heappop(self.timers)[1], "due")
        person = event["data"]["customer-number"]
        if event["type"] == "signup" and person not in self.running:
            agrees = event.get("agrees", {}).get("offers", {}).get("email")
            with SetWorkflowID(person):
                self.running[person] = DBOS.start_workflow(
                    cart, event["data"]["email"], agrees, now + DAY
                )
            heapq.heappush(self.timers, (now + DAY, person))
        elif event["type"] == "order" and person in self.running:
            self.tell(person, "order")

    def tell(self, person: str, what: str) -> None:
        """Send the first thing that comes, and wait until the workflow has ended."""
        if person not in self.over:
            self.over.add(person)
            DBOS.send(person, what, TOPIC)
            self.running[person].get_result(polling_interval_sec=0.001)


def main(log: str, effects: str, store: str) -> None:
    """Run the journey over the log."""
    TARGET.append(Path(effects))
    TARGET[0].write_text("")
    DBOS(
        config={
            "name": "cart",
            "system_database_url": f"sqlite:///{store}",
            "log_level": "ERROR",
            "max_executor_threads": 4_096,
            # A second by default, which would be most of what is measured.
            "notification_listener_polling_interval_sec": 0.001,
        }
    )
    DBOS.launch()
    reader = Reader()
    with Path(log).open(encoding="utf-8") as lines:
        for line in lines:
            reader.take(json.loads(line))
    # Whoever waits still has a thread that would be waited for.
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
