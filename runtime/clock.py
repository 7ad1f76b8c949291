"""What time it is. Rule: nobody else asks the machine; everybody else is told."""

from __future__ import annotations

import time


def now() -> int:
    """Return the machine's time, in milliseconds since 1970 UTC."""
    return time.time_ns() // 1_000_000
