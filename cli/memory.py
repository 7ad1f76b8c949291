"""How much memory a command needed. Rule: what is told is the most that one process held; nothing is told where nobody counts it."""

from __future__ import annotations

import sys


def held() -> int | None:
    """Return the most memory that this process, or one that it waited for, has held, in bytes; None where nobody says."""
    if sys.platform == "win32":
        return None
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return max(resource.getrusage(kind).ru_maxrss for kind in kinds) * unit


def most() -> str:
    """Return the same, as it is told behind how long something took."""
    found = held()
    return "" if found is None else f", at most {found / (1 << 20):,.0f} MiB in one process"
