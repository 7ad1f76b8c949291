"""Every expectation there is. Rule: a `then` of the grammar is one row here; `gets nothing` and `nothing more` wait for the end."""

from __future__ import annotations

from verbline.interpreter.scenarios import desks, endings, facts, writing
from verbline.interpreter.scenarios.judging import Judge

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    from verbline.interpreter.scenarios.miss import Miss
    from verbline.interpreter.scenarios.script import Line
    from verbline.interpreter.scenarios.stage import Stage

    Look: TypeAlias = "Callable[[Judge], Miss | None]"

LOOKS: Mapping[str, Look] = {
    "t_gets": writing.gets,
    "t_offer": writing.gets,
    "t_asked": writing.gets,
    "t_once": writing.once,
    "t_not": writing.gets_not,
    "t_no_offer": writing.gets_not,
    "t_nothing": writing.gets_not,
    "t_no_more": writing.gets_no_more,
    "t_task": desks.gets_task,
    "t_no_task": desks.gets_no_task,
    "t_told": desks.is_told,
    "t_not_told": desks.is_not_told,
    "t_responsible": desks.is_responsible,
    "t_fact": facts.holds,
    "t_finish": endings.finishes,
    "t_waiting": endings.is_waiting,
}
# These speak about what follows, too.
AT_THE_END = ("t_nothing", "t_no_more")


def judged(stage: Stage, line: Line, since: int) -> Miss | None:
    """Return what is missed of the expectation in ``line``; ``since`` is how many records there were when it stood there."""
    return LOOKS[line.shape](Judge(stage, line, since))
