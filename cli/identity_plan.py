"""The work of `verbline identity plan`. Rule: both sides read the same log, and only the rules of who is who differ.

So whatever differs in journeys and answers comes from the people. What else changed in the project is not this command's.
"""

from __future__ import annotations

import os
from array import array
from collections import Counter
from copy import copy
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from verbline.cli import WrongUsageError
from verbline.cli.output import complain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any

    from verbline.cli.programs import Compiled
    from verbline.runtime.consent.standing import Standing
    from verbline.runtime.events import Event
    from verbline.runtime.identity.regrouped import Group
    from verbline.runtime.identity.rules import Rules
    from verbline.runtime.known import Known
    from verbline.runtime.log import Log

# What a clause of a file is kept as has no name of its own: that they differ shows in the hash.
FIELDS = ("keys", "contacts", "weak", "traits", "region")


def plan_of(project: str | None, against: str | None, log: str | None, form: str, color: str) -> int:  # fmt: skip
    """Write whom a change of the rules joins and takes apart; return 0, 2 where there is somebody, 1 where it failed."""
    from verbline.runtime.consent.keys import NoKeyError
    from verbline.runtime.lines import LogError
    from verbline.runtime.revision import RevisionError

    try:
        found = planned(project, against, log)
    except (WrongUsageError, LogError, NoKeyError, RevisionError) as error:
        complain(str(error))
        return 1
    if found is None:
        return 1
    from verbline.cli.identity_text import pieces
    from verbline.cli.pieces import write

    write(found, pieces, form, color)
    return 0 if found["same"] else 2


def planned(project: str | None, against: str | None, log: str | None) -> dict[str, Any] | None:
    """Return what changes, as JSON has it; None where one of the projects has errors, which are then told."""
    from verbline.cli.programs import compiled
    from verbline.runtime.identity.rules import rules_of

    if against is None or log is None:
        raise WrongUsageError("Name the old side with --against, and the log with --log.")
    new = compiled(project)
    if new is None:
        return None
    with TemporaryDirectory(prefix="verbline-") as folder:
        old = compiled(str(old_side(Path(new.reading.folder), against, Path(folder))))
        if old is None:
            complain(f'The project has errors at "{against}".')
            return None
        before, after = rules_of(old.project), rules_of(new.project)
        sides = [Side(new, rules, Path(log)) for rules in (before, after)]
        changed = differing(old, new, before, after)
    return {"format": 1, "against": against, "rules": changed, **compared(*sides)}


def old_side(folder: Path, against: str, into: Path) -> Path:
    """Return the folder of the old side's project."""
    from verbline.runtime.revision import unpacked

    place = Path(against)
    return place if place.is_dir() else unpacked(folder, against, into)


def differing(old: Compiled, new: Compiled, before: Rules, after: Rules) -> dict[str, Any]:
    """Return which fields the rules name on either side, where that differs, and whether anything of them does."""
    from verbline.runtime.identity.rules import print_of

    told = {name: [plain(getattr(before, name)), plain(getattr(after, name))] for name in FIELDS}
    return {
        "same": print_of(old.project) == print_of(new.project),
        "fields": {name: {"before": one, "after": other} for name, (one, other) in told.items() if one != other},
    }  # fmt: skip


def plain(value: Any) -> Any:
    """Return what rules are made of as JSON has it."""
    return value if isinstance(value, str | dict) else list(value)


class Side:
    """What a log says by one side's rules, and where its people are: ``owners`` are whom each event was about."""

    def __init__(self, compiled: Compiled, rules: Rules, path: Path) -> None:
        from verbline.cli.simulation import ran
        from verbline.runtime.consent.keys import key_in
        from verbline.runtime.consent.ledger import Ledger
        from verbline.runtime.known import Known
        from verbline.runtime.simulate import Simulation
        from verbline.runtime.sources import SourcesError, sources_of

        try:
            sources = sources_of(compiled.reading.settings)
        except SourcesError as error:
            raise WrongUsageError(str(error)) from error
        self.compiled = compiled
        self.owners = array("i")
        ledger = Ledger(key=key_in(os.environ))
        self.known = Known(compiled.project, compiled.program, ledger, sources, self._owned, rules=rules)  # fmt: skip
        self.simulation = Simulation(compiled.project, compiled.program, sources=sources, rules=rules)  # fmt: skip
        log = opened(path)
        ran(partial(self.simulation.run, log, hear=self._hear), log)

    def _hear(self, events: Iterable[Event]) -> None:
        """Let the graph hear what the journeys hear next: so the log is read once."""
        self.known.take([copy(one) for one in events])

    def _owned(self, _event: Event, number: int, _people: int) -> None:
        self.owners.append(number)

    @property
    def now(self) -> int:
        """When the last event was known."""
        return self.known.last or 0

    def inside(self, people: Iterable[int]) -> Counter[str]:
        """Return how many visits of ``people`` are inside of which journey."""
        known = self.simulation.world.people
        there = [known.get(f"P{one}") for one in people]
        return Counter(visit.journey for one in there if one is not None for visit in one.visits)

    def standings(self, number: int) -> list[Standing]:
        """Return where somebody stands at the end of the log."""
        from verbline.runtime.consent.standing import Somebody, standings

        known = self.known
        who = Somebody(f"P{number}", known.names(number), known.contacts(number), {})
        return standings(self.compiled.program, known.ledger, who, self.now)


def opened(path: Path) -> Log:
    """Return the log at ``path``."""
    from verbline.runtime.clock import now
    from verbline.runtime.log import Log

    return Log(path, now=now())


def compared(before: Side, after: Side) -> dict[str, Any]:
    """Return what differs between two sides."""
    from verbline.runtime.identity.counting import people
    from verbline.runtime.identity.regrouped import regrouped

    identities = before.known.identity, after.known.identity
    found = regrouped(identities, (before.owners, after.owners))
    groups = [told(one, before, after) for one in found.groups]
    counts = [people(one) for one in identities]
    return {
        "same": not groups and not found.found and not found.lost,
        "people": {"before": counts[0].high, "after": counts[1].high},
        "events": {"found": found.found, "lost": found.lost},
        "groups": groups,
        "journeys": journeys(found.groups, before, after),
    }


def told(group: Group, before: Side, after: Side) -> dict[str, Any]:
    """Return what becomes of some people, why, and for what."""
    from verbline.runtime.identity.regrouped import evidence
    from verbline.runtime.trial import differences, named

    old, new = before.known, after.known
    why = []
    if len(group.before) > 1:
        why += evidence(new.identity, group.after, old.identity, group.before)
    parted = evidence(old.identity, group.before, new.identity, group.after) if len(group.after) > 1 else []  # fmt: skip
    answers = {one: before.standings(one) for one in group.before}, {one: after.standings(one) for one in group.after}  # fmt: skip
    return {
        "kind": group.kind,
        "before": who(old, group.before),
        "after": who(new, group.after),
        "joined": why,
        "parted": parted,
        "inside": {"before": dict(before.inside(group.before)), "after": dict(after.inside(group.after))},
        "answers": list(differences(*answers)),
        "known_by": named(new.identity, group.after),
    }  # fmt: skip


def who(known: Known, people: Sequence[int]) -> list[str]:
    """Return the ids of people."""
    return [f"P{known.identity.now(one)}" for one in people]


def journeys(groups: Sequence[Group], before: Side, after: Side) -> list[dict[str, Any]]:
    """Return how many visits of the people who change are inside each journey, where there are any."""
    old = before.inside(one for group in groups for one in group.before)
    new = after.inside(one for group in groups for one in group.after)
    return [{"journey": name, "before": old[name], "after": new[name]} for name in sorted({*old, *new})]  # fmt: skip
