"""Keys of what a visit has decided. Rule: they follow from the visit alone, so that nobody has to keep them."""

from __future__ import annotations

from hashlib import sha256

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.person.record import Visit


def keys_of(visit: Visit) -> tuple[str, ...]:
    """Return the key of each effect that a visit has had: as `Visit.key` makes it, for every step and occurrence."""
    return tuple(
        sha256(f"{visit.id}\0{step}\0{number}".encode()).hexdigest()[:32]
        for step, times in visit.done.items()
        for number in range(1, times + 1)
    )


def later_key(key: str, why: str, at: int) -> str:
    """Return the key of what is told about an intent later, once for each instant."""
    return f"{key}-{why}-{at}"
