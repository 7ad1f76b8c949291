"""The cart journey with bytewax: one stateful step keyed by person, on the log's own time.

Run it as `python flow.py LOG EFFECTS [RECOVERY]`. With a folder for recovery the state of everybody and the place in the
log are kept there once a second, so that a run that was killed goes on. What a person waits for is looked at when their next
event comes, or at the end: a reminder stands under the instant at which it was due, after the last event it is not due.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import bytewax.operators as op
from bytewax.connectors.files import FileSink, FileSource
from bytewax.dataflow import Dataflow
from bytewax.operators import StatefulLogic
from bytewax.recovery import RecoveryConfig, init_db_dir
from bytewax.run import cli_main

DAY = timedelta(days=1).total_seconds()
# What of a log is looked at to learn when it ends.
LAST = 4_096


class Cart(StatefulLogic):
    """One person: the instant of the sign-up, address, answer, and whether they are still waited for."""

    end = 0.0

    def __init__(self, kept: tuple[float, str, bool | None, bool] | None) -> None:
        self.kept = kept

    def on_item(self, value: dict[str, Any]) -> tuple[list[str], bool]:
        """Take the next event."""
        now = datetime.fromisoformat(value["time"]).timestamp()
        told = self.reached(now)
        if value["type"] == "signup":
            if self.kept is None:
                agrees = value.get("agrees", {}).get("offers", {}).get("email")
                self.kept = (now, value["data"]["email"], agrees, True)
        elif value["type"] == "order" and self.kept is not None and self.kept[3]:
            self.kept = (*self.kept[:3], False)
        return told, StatefulLogic.RETAIN

    def reached(self, now: float) -> list[str]:
        """Return the reminder that was due before ``now``, if there is one."""
        if self.kept is None:
            return []
        begun, email, agrees, waits = self.kept
        if not waits or begun + DAY >= now:
            return []
        self.kept = (begun, email, agrees, False)
        at = datetime.fromtimestamp(begun + DAY, UTC)
        effect = {
            "at": at.isoformat(timespec="milliseconds"),
            "contact": email,
            "message": "Still there",
            "verdict": "sent" if agrees else "refused",
            "reason": "consent" if agrees else "no_consent" if agrees is None else "opted_out",
        }
        return [json.dumps(effect)]

    def on_eof(self) -> tuple[list[str], bool]:
        """Let time pass to the end of the log."""
        return self.reached(self.end), StatefulLogic.RETAIN

    def snapshot(self) -> tuple[float, str, bool | None, bool] | None:
        """Return what is kept."""
        return self.kept


def ends(log: Path) -> float:
    """Return when the last event of a log happened."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - LAST))
        last = file.read().rstrip(b"\n").rpartition(b"\n")[2]
    return datetime.fromisoformat(json.loads(last)["time"]).timestamp()


def flow_of(log: Path, effects: Path) -> Dataflow:
    """Return the flow from a log to a file of effects."""
    Cart.end = ends(log)
    flow = Dataflow("cart")
    lines = op.input("log", flow, FileSource(log))
    events = op.map("event", lines, json.loads)
    keyed = op.key_on("person", events, lambda event: event["data"]["customer-number"])
    told = op.stateful("cart", keyed, Cart)
    op.output("effects", told, FileSink(effects))
    return flow


def main(log: str, effects: str, recovery: str | None = None) -> None:
    """Run the flow to the end of the log."""
    flow = flow_of(Path(log), Path(effects))
    if recovery is None:
        cli_main(flow)
        return
    folder = Path(recovery)
    folder.mkdir(exist_ok=True)
    init_db_dir(folder, 1)
    config = RecoveryConfig(str(folder))
    cli_main(flow, epoch_interval=timedelta(seconds=1), recovery_config=config)


if __name__ == "__main__":
    main(*sys.argv[1:])
