"""One person gathered from a log, or from a store. Rule: the log is read as the runtime reads it; a store is only read."""

from __future__ import annotations

from verbline.runtime.explain.case import Case
from verbline.runtime.explain.owned import Owned
from verbline.runtime.explain.stored import facts_of
from verbline.runtime.explain.texts import Texts
from verbline.runtime.identity.told import told
from verbline.runtime.log import Log

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project
    from verbline.runtime.explain.stored import Stored
    from verbline.runtime.explain.witness import Witness
    from verbline.runtime.known import Known
    from verbline.runtime.sources import Sources


def case_of_log(
    project: Project, program: Program, known: Known, number: int, run: Witness
) -> Case:
    """Return the person ``number`` as a log tells of them: ``known`` is what the whole log says of people, ``run`` what journeys did."""
    case = case_of(project, program, known, number)
    case.has_events = True
    people = frozenset(case.ids)
    case.rows = [row for row in run.rows if row.person in people]
    case.seen = [one for one in run.seen if f"P{one.person}" in people]
    case.record = run.world.people.get(case.id)
    return case


def witnessed(
    run: Witness, log: Path, now: int, progress: Callable[[Log], object] = bool
) -> Witness:
    """Let a log happen before a witness, in memory; ``now`` is what the clock shows."""
    read = Log(log, now=now, park=run.park)
    run.run(read, lambda: progress(read))
    return run


def case_of_store(
    project: Project,
    program: Program,
    store: Stored,
    number: int,
    *,
    at: int | None,
    log: Log | None = None,
    sources: Sources | None = None,
    progress: Callable[[Log], object] = bool,
) -> Case:
    """Return the person ``number`` as the store of a runtime tells of them, up to ``at``; their events where a ``log`` is given."""
    case = case_of(project, program, store, number)
    case.at = at
    case.texts = Texts(project, program, store.words)
    case.rows = [row for row in store.rows(case.ids) if at is None or row.at <= at]
    case.left = store.left(str(row.more["key"]) for row in case.rows if "key" in row.more)
    if sources is not None:
        sources.tell(program)
    if log is not None:
        case.has_events = True
        case.seen = Owned(case, sources).of(log, at, progress)
    case.record = store.person(number, program)
    case.sent = store.sent(case.ids)
    fields = (*program.country_fields, *program.zone_fields)
    case.values = dict(facts_of(case.record, fields))
    return case


def case_of(project: Project, program: Program, known: Known | Stored, number: int) -> Case:
    """Return what is known of a person, before anything that journeys told."""
    identity = known.identity
    texts = Texts(project, program)
    case = Case(project, program, texts, identity, known.ledger, known.names(number), told(identity, number))  # fmt: skip
    case.erased = number in known.erased
    return case
