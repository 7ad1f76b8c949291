"""What came of one event. Rule: it says what is new, and nothing of what the event was made of."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.runtime.identity.signs import Refusal


class Resolution:
    """What came of one event.

    ``person`` is the number of who it is about, or None; ``new`` says that nobody knew them. ``ambiguous``: several share
    the address and no name tells them apart. ``merged`` are (survivor, other), ``added`` the contact points the person did
    not hold before, as (kind, key), ``refused`` the fields that did not count and why, ``asked`` (desk, person, other).
    """

    __slots__ = ("added", "ambiguous", "asked", "merged", "new", "person", "refused")

    def __init__(
        self,
        person: int | None,
        new: bool = False,  # noqa: FBT001, FBT002 - by position, since it is made for every event
        merged: tuple[tuple[int, int], ...] = (),
        added: tuple[tuple[str, str], ...] = (),
        ambiguous: bool = False,  # noqa: FBT001, FBT002
        refused: tuple[Refusal, ...] = (),
        asked: tuple[tuple[str, int, int], ...] = (),
    ) -> None:
        self.person = person
        self.new = new
        self.merged = merged
        self.added = added
        self.ambiguous = ambiguous
        self.refused = refused
        self.asked = asked

    def __repr__(self) -> str:
        who = f"P{self.person}" if self.person else "ambiguous" if self.ambiguous else "nobody"
        return f"<{who}{' new' * self.new} merged={self.merged} added={len(self.added)} refused={self.refused}>"
