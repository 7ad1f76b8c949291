"""Memory that is not needed any more. Rule: a large block goes back to the system as soon as it is free.

The C library of Linux keeps blocks of up to 32 megabytes for later, once one that large was free (mallopt(3), "dynamic mmap
threshold"). The tables of a log grow by being copied into larger ones, and none of those fits into the hole of the one before:
a tenth of the memory of people who wait was such holes.
"""

from __future__ import annotations

import sys

# How the C library calls the least size of a block that is given back at once, and that size in bytes: its own before it grows.
M_MMAP_THRESHOLD, LEAST = -3, 1 << 17


def give_back() -> bool:
    """Let large blocks go back at once in this process and its copies, where the C library can; return whether it can."""
    if not sys.platform.startswith("linux"):
        return False
    import ctypes  # noqa: PLC0415 - whoever takes no log does without

    try:
        return bool(ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, LEAST))
    except (OSError, AttributeError):  # another C library
        return False
