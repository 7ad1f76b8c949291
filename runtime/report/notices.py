"""Claims as the log tells them. Rule: a claim is one from its first notice on, whatever is said of it later."""

from __future__ import annotations

from typing import NamedTuple

from verbline.runtime.report.cases import Occasion, by_key, first_after, occasions, once_each

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from verbline.runtime.report.roles import Family
    from verbline.runtime.report.run import Facts


class Claim(NamedTuple):
    """A claim: its notice, its closing where that holds, and what happened between."""

    start: Occasion
    way: int
    end: Occasion | None
    closings: tuple[int, ...]
    reopenings: tuple[int, ...]
    complete: int | None
    paid: int | None
    asked: tuple[tuple[int, str], ...]
    by: str

    def lasted(self, cut: int) -> int:
        """Return how long it lasted, or has lasted by the cut."""
        return max(0, (cut if self.end is None else self.end.at) - self.start.at)


class Told:
    """What a log tells of claims, which ``field`` numbers."""

    def __init__(self, facts: Facts, family: Family, field: str) -> None:
        self.facts, self.family, self.field = facts, family, field

    def happened(self, role: str) -> dict[Any, list[Occasion]]:
        """Return what happened in a role, by claim."""
        facts, name = self.facts, self.family.moments.get(role, "")
        if not name or (self.field and self.field not in facts.notes.fields[name]):
            return {}
        return by_key(occasions(facts, name, self.field))

    def place(self, role: str, field: str) -> int:
        """Return where the moment of a role keeps a field; -1 where it does not carry it."""
        fields = self.facts.notes.fields.get(self.family.moments.get(role, ""), ())
        return fields.index(field) if field in fields else -1

    def claims(self) -> Iterator[Claim]:
        """Yield each claim once."""
        by = {role: self.happened(role) for role in self.family.moments}
        kind, why = (
            self.place("notified", self.family.more["by"]),
            self.place("asked", self.family.more["reason"]),
        )
        starts = occasions(self.facts, self.family.moments["notified"], self.field)
        for start in once_each(starts):
            here = {
                role: [one for one in ones.get(start.key, ()) if one.at >= start.at]
                for role, ones in by.items()
            }
            reopened = tuple(one.at for one in here.get("reopened", ()))
            closed = here["closed"]
            last = (
                closed[-1] if closed and not any(at >= closed[-1].at for at in reopened) else None
            )
            complete = first_after(here.get("complete", ()), start.at, start.known)
            paid = first_after(here.get("paid", ()), start.at, start.known)
            yield Claim(
                start,
                int(last is not None),
                last,
                tuple(one.at for one in closed),
                reopened,
                None if complete is None else complete.at,
                None if paid is None else paid.at,
                tuple(
                    (one.at, str(one.values[why] or "") if why >= 0 else "")
                    for one in here.get("asked", ())
                ),
                str(start.values[kind] or "none") if kind >= 0 else "",
            )
