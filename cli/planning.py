"""The work of `verbline plan`. Rule: both versions are read and replayed in memory; the store, the log and both projects stay as they are."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from verbline.cli import WrongUsageError
from verbline.cli.output import complain
from verbline.cli.progress import Progress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from verbline.cli.plan_sides import Ask
    from verbline.cli.programs import Compiled
    from verbline.runtime.plan.changes import Changes, Side
    from verbline.runtime.plan.differing import Pair
    from verbline.runtime.plan.planned import Replayed
    from verbline.runtime.plan.replay import Period, Result
    from verbline.runtime.plan.unreacted import Totals

# So many people are told record by record.
DETAILS = 100


class Asked:
    """What the command line asks for; see `verbline.cli.plan`."""

    __slots__ = ("against", "answers", "details", "log", "project", "start", "store", "until")

    def __init__(self, project: str | None, against: str | None, log: str | None) -> None:
        self.project = project
        self.against = against
        self.log = log
        self.store: str | None = None
        self.start: str | None = None
        self.until: str | None = None
        self.answers: str | None = None
        self.details = DETAILS


def answer(asked: Asked, form: str, color: str) -> int:
    """Write what the change would do; return 0 where that is nothing, 2 where it is something, 1 where it cannot be told."""
    from verbline.runtime.lines import LogError
    from verbline.runtime.plan.planned import is_same
    from verbline.runtime.revision import RevisionError
    from verbline.runtime.standing import StoreError

    begun = time.perf_counter()
    try:
        found = planned(asked)
    except (WrongUsageError, LogError, RevisionError, StoreError) as error:
        complain(str(error))
        return 1
    if found is None:
        return 1
    took = found.pop("took", False)
    from verbline.cli.pieces import write
    from verbline.cli.plan_text import pieces

    write(found, pieces, form, color)
    if took:
        tell_cost(found["replay"]["log"]["events"], time.perf_counter() - begun)
    return 0 if is_same(found) else 2


def planned(asked: Asked) -> dict[str, Any] | None:
    """Return what the change would do, as JSON has it; None where a project has errors, which are then told."""
    if asked.against is None:
        raise WrongUsageError("Name the old side with --against: a revision of git, or another project's folder.")  # fmt: skip
    with both(asked.project, asked.against) as sides:
        if sides is None:
            return None
        return compared(asked, *sides)


@contextmanager
def both(project: str | None, against: str) -> Iterator[tuple[Compiled, Compiled] | None]:
    """Give the old side and the new one, compiled, as long as their files are there; None where one of them has errors."""
    from verbline.cli.programs import compiled
    from verbline.runtime.revision import unpacked

    new = compiled(project)
    if new is None:
        yield None
        return
    with TemporaryDirectory(prefix="verbline-") as into:
        place = Path(against)
        folder = place if place.is_dir() else unpacked(Path(new.reading.folder), against, Path(into))  # fmt: skip
        old = compiled(str(folder))
        if old is None:
            complain(f'The project has errors at "{against}".')
        yield None if old is None else (old, new)


def compared(asked: Asked, old: Compiled, new: Compiled) -> dict[str, Any]:
    """Return what differs between two versions: what they mean, and what they do over the log."""
    from verbline.runtime.plan.changes import changes
    from verbline.runtime.plan.planned import FORMAT, of_changes

    meant = changes(side_of(old), side_of(new))
    found: dict[str, Any] = {"format": FORMAT, "against": asked.against, **of_changes(meant)}
    if asked.store is not None:
        from verbline.runtime.plan.insiders import insiders, read

        loaded = read(Path(asked.store), old.project)
        found["store"] = insiders(old.program, new.project, loaded)
    if asked.log is None:
        return found
    from verbline.cli.plan_shares import at_once
    from verbline.cli.plan_sides import is_large

    period = period_of(asked, new)
    large = is_large(period)
    looked, unreacted = (large and at_once(period, old, new, meant, asked.details)) or one_by_one(
        asked, period, old, new, meant
    )
    found["replay"] = looked.form(unreacted)
    if large:
        found["took"] = True
    return found


def one_by_one(
    asked: Asked, period: Period, old: Compiled, new: Compiled, meant: Changes
) -> tuple[Replayed, Totals | None]:
    """Return both sides held against one another, each replayed for itself, and the new one without the reactions that are in doubt."""
    from verbline.runtime.plan.planned import Replayed

    pair, large = compared_runs(period, old, new, meant)
    looked = Replayed(pair, asked.details)
    progress = Progress()
    looked.look(partial(progress.show, lambda: "comparing people"))
    progress.clear()
    if not looked.doubts.answers:
        return looked, None
    ask = ask_of(new, period)._replace(
        without=frozenset(looked.doubts.answers),
        people=frozenset(looked.doubts.numbers),
        formerly=meant.formerly,
    )
    return looked, without_reactions(ask, new, pair.after, large=large)


def without_reactions(ask: Ask, found: Compiled, side: Result, *, large: bool) -> Totals:
    """Return what a side would have come to without some events."""
    from verbline.cli.plan_sides import ran
    from verbline.runtime.entries import OutOfOrderError
    from verbline.runtime.plan.unreacted import Part, Totals

    told: Part | Totals
    [told] = ran([ask], [found], large=large)
    if isinstance(told, Part):
        try:
            return told.beside(side, found.program.journeys)
        except OutOfOrderError:
            [told] = ran([ask._replace(people=frozenset())], [found], large=large)
    assert isinstance(told, Totals), "all of it was asked for"
    return told


def side_of(found: Compiled) -> Side:
    """Return a version as it is compared."""
    from verbline.cli.plan_sides import sources_in
    from verbline.runtime.plan.changes import Side

    return Side(found.project, found.program, sources_in(found))


def period_of(asked: Asked, found: Compiled) -> Period:
    """Return what is to be replayed."""
    from verbline.cli.simulation import instant_of, share_of
    from verbline.runtime.clock import now
    from verbline.runtime.plan.replay import Period

    zone = found.program.zone
    start, until = instant_of(asked.start, zone), instant_of(asked.until, zone)
    if start is not None and until is not None and until <= start:
        raise WrongUsageError("The time of --until has to lie after that of --from.")
    assert asked.log is not None, "without a log there is nothing to replay"
    return Period(Path(asked.log), now(), start, until, share_of(asked.answers))


def ask_of(found: Compiled, period: Period) -> Ask:
    """Return what is asked of one side."""
    from verbline.cli.plan_sides import Ask

    return Ask(os.path.abspath(found.reading.folder), period)


def compared_runs(
    period: Period,
    old: Compiled,
    new: Compiled,
    meant: Changes,
    watching: Sequence[str] = ("", ""),
) -> tuple[Pair, bool]:
    """Return both runs over the log, and whether they took processes of their own.

    Where people are told apart otherwise, they are compared by the events that are theirs. ``watching`` are texts that are
    added to both sides.
    """  # fmt: skip
    from verbline.cli.plan_shares import has_same_people
    from verbline.cli.plan_sides import is_large, ran
    from verbline.runtime.plan.differing import Pair

    sides, large = (old, new), is_large(period)
    asks = [
        ask_of(one, period)._replace(watching=text)
        for one, text in zip(sides, watching, strict=True)
    ]
    asks[1] = asks[1]._replace(formerly=meant.formerly)
    is_same = has_same_people(old, new)
    before, after = ran([one._replace(owners=not is_same) for one in asks], sides, large=large)
    if is_same and before.numbers != after.numbers:
        # What people said about addresses was heard by one side only, so that its numbers mean others.
        before, after = ran([one._replace(owners=True) for one in asks], sides, large=large)
    return Pair(before, after, meant.renamed), large


def tell_cost(events: int, seconds: float) -> None:
    """Say on standard error what the replay of a large log took."""
    from verbline.cli.memory import most

    sys.stderr.write(f"{events:,} events under both versions in {seconds:.0f} s{most()}\n")
