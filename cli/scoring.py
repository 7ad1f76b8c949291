"""The work of `verbline score plan`. Rule: both versions of the score meet the same log, and what came later judges both alike."""

from __future__ import annotations

from verbline.cli import WrongUsageError
from verbline.cli.output import complain
from verbline.cli.planning import Asked, both, compared_runs, period_of, side_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from verbline.cli.programs import Compiled
    from verbline.runtime.plan.crossing import Watch

    # A line on both sides; one that a side does not ask for is watched there all the same.
    Pairs = list[tuple[Watch, Watch]]

DAY = 86_400_000


class Scored(Asked):
    """What the command line asks for; see `verbline.cli.score`."""

    __slots__ = ("line", "outcome", "score", "within")

    def __init__(self, project: str | None, against: str | None, log: str | None) -> None:
        super().__init__(project, against, log)
        self.score: str | None = None
        self.outcome: str | None = None
        self.line: float | None = None
        self.within: int | None = None


def answer(asked: Scored, form: str, color: str) -> int:
    """Write who crosses the line; return 0 where that is who did, 2 where it is not, 1 where it cannot be told."""
    from verbline.runtime.lines import LogError
    from verbline.runtime.revision import RevisionError

    try:
        found = planned(asked)
    except (WrongUsageError, LogError, RevisionError) as error:
        complain(str(error))
        return 1
    if found is None:
        return 1
    from verbline.cli.pieces import write
    from verbline.cli.score_text import pieces

    write(found, pieces, form, color)
    return 0 if found["same"] else 2


def planned(asked: Scored) -> dict[str, Any] | None:
    """Return who crosses the lines under both versions, as JSON has it; None where a project has errors, which are then told."""
    if asked.against is None or asked.log is None:
        raise WrongUsageError("Name the old side with --against, and the log with --log.")
    with both(asked.project, asked.against) as sides:
        return None if sides is None else compared(asked, *sides)


def compared(asked: Scored, old: Compiled, new: Compiled) -> dict[str, Any]:
    """Return who crosses which line on which side, and how well that tells the outcome."""
    from verbline.runtime.plan.changes import changes
    from verbline.runtime.plan.crossing import crossings, told, watching

    pairs = [pair for score in scores(asked, old, new) for pair in watched(asked, score, old, new)]
    check_outcome(asked.outcome, old, new)
    texts = [
        watching(side.project, dict.fromkeys(pair[at] for pair in pairs), asked.outcome)
        for at, side in enumerate((old, new))
    ]
    period = period_of(asked, new)
    meant = changes(side_of(old), side_of(new))
    pair, _large = compared_runs(period, old, new, meant, texts)
    horizon = None if asked.within is None else asked.within * DAY
    sides = pair.before, pair.after
    lines = [told(one, crossings(pair, one, sides), horizon) for one in pairs]
    return {
        "format": 1,
        "against": asked.against,
        "same": not any(one[way] for one in lines for way in ("now", "no_longer", "earlier", "later")),
        "log": {"events": pair.after.events, "parked": pair.after.parked},
        "people": {"before": pair.before.people, "after": pair.after.people},
        "outcome": asked.outcome,
        "within_days": asked.within,
        "lines": lines,
    }  # fmt: skip


def scores(asked: Scored, old: Compiled, new: Compiled) -> list[str]:
    """Return the scores that are compared: the one that is named, else all that both sides have."""
    both_have = [name for name in new.program.scores if name in old.program.scores]
    if asked.score is None:
        if not both_have:
            raise WrongUsageError("There is no score that both versions have.")
        return both_have
    for side, where in ((new, "the project"), (old, f'"{asked.against}"')):
        if asked.score not in side.program.scores:
            raise WrongUsageError(f'There is no score "{asked.score}" in {where}.')
    return [asked.score]


def watched(asked: Scored, score: str, old: Compiled, new: Compiled) -> Pairs:
    """Return the lines of a score that are watched.

    Those that both sides ask for are compared with themselves. Where each side has one of its own, that one has become the
    other; else a line of one side is watched on both.
    """
    from verbline.runtime.plan.crossing import AT_LEAST, Watch, lines_of

    if asked.line is not None:
        line = f"{AT_LEAST} {asked.line:g}"
        return [(Watch(score, line), Watch(score, line))]
    before, after = lines_of(old.project, score), lines_of(new.project, score)
    gone, come = [one for one in before if one not in after], [one for one in after if one not in before]  # fmt: skip
    lines = [(one, one) for one in after if one in before]
    if len(gone) == len(come) == 1:
        lines += [(gone[0], come[0])]
    else:
        lines += [(one, one) for one in (*gone, *come)]
    if not lines and asked.score is not None:
        raise WrongUsageError(f'No sentence asks for "{score}" at a number; name a line with --line.')  # fmt: skip
    return [(Watch(score, one), Watch(score, other)) for one, other in lines]


def check_outcome(outcome: str | None, old: Compiled, new: Compiled) -> None:
    """Complain about an outcome that is no moment on both sides."""
    for side in (new, old):
        if outcome is not None and outcome not in side.program.moments:
            raise WrongUsageError(f'There is no moment "{outcome}" on both sides.')
