"""The names of systems. Rule: `booking-system` is the "Booking system"."""

from __future__ import annotations


def system_key(name: str) -> str:
    """Return how the name of a system is compared: without case, blanks and hyphens."""
    return "".join(name.casefold().replace("-", " ").split())
