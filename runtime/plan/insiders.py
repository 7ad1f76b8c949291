"""Who is inside which version of which journey, and what becomes of them. Rule: the store is only read, and what is told is what `run` would do.

Whoever is inside the version that stays is not concerned. Others finish the version they started, or move to the step that has
become theirs where the journey says so. Where that is not possible for somebody, the new version is not taken up.
"""

from __future__ import annotations

from verbline.interpreter.program.compile import compile_project
from verbline.runtime.explain.stored import refuse_if_other
from verbline.runtime.moulds import moulds_in
from verbline.runtime.standing import read_only
from verbline.runtime.store.journal import loaded
from verbline.runtime.uptake.inside import inside_records
from verbline.runtime.uptake.stored import words_in
from verbline.runtime.uptake.uptake import NotTaken, take_up, with_older

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from verbline.interpreter.program.parts import Journey
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project
    from verbline.runtime.store.journal import Loaded

STAY, FINISH, MOVE, STRANDED = "stay", "finish", "move", "stranded"


def read(path: Path, project: Project) -> Loaded:
    """Return what the store at ``path`` of a running ``project`` holds; `StoreError` where it is none of it."""
    with read_only(path) as connection:
        refuse_if_other(connection, path, project, project.settings.name)
        connection.execute("begin")
        return loaded(connection)


def insiders(old: Program, project: Project, store: Loaded) -> dict[str, Any]:
    """Return who is inside and what becomes of them where ``project`` follows ``old``, as JSON has it."""
    inside = inside_records(store.records.values(), moulds_in(store.kept.items()))
    words = words_in(store.kept)
    taken = take_up(project, (), inside, words)
    program = compile_project(project)
    for _why in with_older(program, project, inside, words):
        pass  # `take_up` has told it
    rows = []
    for (name, version, step), number in sorted(inside.where.items()):
        journey = journey_of(old, program, name, version)
        there = journey.steps.get(step) if journey is not None else None
        row: dict[str, Any] = {"journey": name, "version": version, "people": number}
        row["step"] = there.text if there is not None else step
        rows.append({**row, **becomes(program, name, version, step)})
    return {
        "inside": sorted(rows, key=lambda row: (row["journey"], row["version"], -row["people"], row["step"])),
        "refused": list(taken.lines()) if isinstance(taken, NotTaken) else [],
    }  # fmt: skip


def journey_of(old: Program, new: Program, name: str, version: str) -> Journey | None:
    """Return a version of a journey, None where nobody has its words any more."""
    for journey in (new.journeys.get(name), old.journeys.get(name)):
        if journey is not None and journey.version == version:
            return journey
    return new.older.get((name, version))


def becomes(program: Program, name: str, version: str, step: str) -> dict[str, str]:
    """Return what becomes of whoever stands at a step of a version."""
    newest = program.journeys.get(name)
    if newest is not None and newest.version == version:
        return {"becomes": STAY}
    if newest is None or not newest.moves:
        return {"becomes": FINISH}
    older = program.older.get((name, version))
    target = newest.steps.get(program.targets.get((name, version), {}).get(step, step))
    if older is None or target is None or type(target) is not type(older.steps[step]):
        return {"becomes": STRANDED}
    return {"becomes": MOVE, "to": target.text}
