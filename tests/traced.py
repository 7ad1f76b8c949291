"""Records of a trace for tests, and stores with them. Rule: what the scenarios of the example projects tell is every kind there is."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.tree import ROOT
from verbline.cli.programs import compiled
from verbline.interpreter.scenarios.run import Runner
from verbline.interpreter.step.records import Record
from verbline.runtime.store.writer import Writer
from verbline.runtime.traces.told import Told
from verbline.runtime.traces.traces import Traces

FOLDER = "/club/"


def record(**given: Any) -> Record:
    """Return a record as it is told, with what is usual for what is not given."""
    made = Record.__new__(Record)
    usual = {
        "at": 1_000, "person": "P1", "journey": "Welcome", "version": "ab12", "visit": "00" * 8, "step": "5f",
        "line": FOLDER + "club.journey:12", "kind": "message", "verdict": "sent", "reason": "consent",
        "cause": ("shop", "e-1"), "more": {},
    }  # fmt: skip
    for name, value in (usual | given).items():
        setattr(made, name, value)
    return made


@cache
def of_scenarios() -> tuple[tuple[str, list[Record]], ...]:
    """Return what the scenarios of the example projects come to, by the folder of each."""
    found = []
    for path in sorted(one.parent for one in (ROOT / "journeys").glob("*/verbline.toml")):
        one = compiled(str(path))
        assert one is not None
        runner = Runner(one.project)
        told = [
            record
            for name in one.project.scopes
            for script in runner.scripts(name)
            for record in runner.run(name, script).story.records
        ]
        found.append((one.program.folder, told))
    return tuple(found)


def fill(traces: Traces, records: list[Record], sizes: list[int]) -> None:
    """Write records in batches of these sizes, over and over."""
    index = turn = 0
    while index < len(records):
        size = sizes[turn % len(sizes)]
        for one in records[index : index + size]:
            traces.take(one)
        traces.write()
        traces.done()
        index, turn = index + size, turn + 1


def told(writer: Writer, *people: str) -> list[dict[str, Any]]:
    """Return what a store tells: of some people, or everything."""
    reader = Told(writer.connection)
    return reader.of(people) if people else list(reader.all())
