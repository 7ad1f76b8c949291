"""What one writes without Verbline: the cart journey as a program. Rule: plain Python and its own library, an hour's work.

It does what the journey of the data set ``cart`` says, on the log's own time: whoever signs up and has not ordered a
day later is reminded by email, if they agree to offers. It reads each line, keeps the timers in a heap, and writes one
line for each reminder that goes out or may not. Who is who is simple here: one key, never two people in one.

Run it as `python written_by_hand.py LOG EFFECTS`; it prints how many of each there were.
"""

from __future__ import annotations

import heapq
import json
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any, TextIO

WAIT = timedelta(days=1).total_seconds()


class Cart:
    """Everybody who has signed up, and who is still waited for."""

    def __init__(self, effects: TextIO) -> None:
        self.effects = effects
        self.emails: dict[str, str] = {}
        self.agreed: dict[str, bool] = {}
        self.waiting: set[str] = set()
        self.timers: list[tuple[float, str]] = []
        self.counts: Counter[str] = Counter()

    def handle(self, event: dict[str, Any]) -> None:
        """Take one event; timers that were due before it come first."""
        now = datetime.fromisoformat(event["time"]).timestamp()
        while self.timers and self.timers[0][0] < now:
            self.fire(*heapq.heappop(self.timers))
        person = event["data"]["customer-number"]
        if event["type"] == "signup":
            self.signup(person, event, now)
        elif event["type"] == "order" and person in self.waiting:
            self.waiting.discard(person)
            self.counts["ordered"] += 1

    def signup(self, person: str, event: dict[str, Any], now: float) -> None:
        """Remember the address and the answer, and wait for a day."""
        if person in self.emails:
            return
        self.emails[person] = event["data"]["email"]
        agrees = event.get("agrees", {}).get("offers", {}).get("email")
        if agrees is not None:
            self.agreed[person] = agrees
        self.waiting.add(person)
        heapq.heappush(self.timers, (now + WAIT, person))

    def fire(self, due: float, person: str) -> None:
        """Remind somebody whose day is over, if they have not ordered."""
        if person not in self.waiting:
            return
        self.waiting.discard(person)
        agrees = self.agreed.get(person)
        verdict = "sent" if agrees else "refused"
        reason = "consent" if agrees else "no_consent" if agrees is None else "opted_out"
        self.counts[verdict] += 1
        effect = {
            "at": datetime.fromtimestamp(due, UTC).isoformat(timespec="milliseconds"),
            "contact": self.emails[person],
            "message": "Still there",
            "verdict": verdict,
            "reason": reason,
        }
        self.effects.write(json.dumps(effect) + "\n")


def main(log: str, effects: str) -> None:
    """Read the log, write the effects and print how many there were."""
    with open(log, encoding="utf-8") as lines, open(effects, "w", encoding="utf-8") as out:  # noqa: PTH123
        cart = Cart(out)
        for line in lines:
            cart.handle(json.loads(line))
    for what, count in sorted(cart.counts.items()):
        print(f"{what} {count}")


if __name__ == "__main__":
    main(*sys.argv[1:])
