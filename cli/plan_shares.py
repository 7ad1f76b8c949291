"""Both sides of a plan in one go, over a large log. Rule: where that is no way nothing is told, and each side is replayed for itself."""

from __future__ import annotations

from functools import partial

from verbline.cli import WrongUsageError
from verbline.cli.plan_sides import shown, sources_in, with_ids
from verbline.cli.progress import Progress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.cli.programs import Compiled
    from verbline.runtime.plan.changes import Changes
    from verbline.runtime.plan.planned import Gathered
    from verbline.runtime.plan.replay import Period
    from verbline.runtime.plan.unreacted import Totals


def at_once(
    period: Period, old: Compiled, new: Compiled, meant: Changes, details: int
) -> tuple[Gathered, Totals | None] | None:
    """Return both sides held against one another, and the new one without the reactions that are in doubt; None where that is no way."""
    from verbline.runtime.entries import OutOfOrderError
    from verbline.runtime.plan.gathered import has_one_reading, in_shares
    from verbline.runtime.plan.lived import Living
    from verbline.runtime.shares import EndedError, room

    if not has_one_reading(meant) or not has_same_people(old, new):
        return None
    after = with_ids(new, meant.formerly) if meant.formerly else new
    before, *afters = (
        Living(one.project, one.program, period, sources_in(one)) for one in (old, after, after)
    )
    progress = Progress()
    try:
        runs = before, afters[0], afters[1]
        return in_shares(runs, period, meant, details, room(), partial(shown, progress))
    except OutOfOrderError:
        return None
    except EndedError as error:
        raise WrongUsageError(str(error)) from error
    finally:
        progress.clear()


def has_same_people(old: Compiled, new: Compiled) -> bool:
    """Return whether both sides tell people apart by the same rules, and read the same fields of events."""
    from verbline.runtime.plan.replay import same_people

    return (
        same_people(old.project, new.project) and sources_in(old).fields == sources_in(new).fields
    )
