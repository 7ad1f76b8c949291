"""A record that is told to the store without being made is packed as one that was."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from benchmarks.years.made import PROJECTS, year_of
from tests.cases import CASES
from tests.test_simulate import CASE_FILES, case_of
from tests.tree import ROOT
from verbline.cli.programs import compiled
from verbline.interpreter.step.records import Record
from verbline.runtime.clock import now
from verbline.runtime.log import Log
from verbline.runtime.simulate import Simulation
from verbline.runtime.sources import sources_of
from verbline.runtime.store.writer import Writer
from verbline.runtime.traces.told import Told
from verbline.runtime.traces.traces import Traces


class Twice(Simulation):
    """A run that tells every record as one that was made, and as what the sink is told."""

    taken: Traces
    told: Traces

    def _sink(  # noqa: PLR0917 - a sink is called with these, in this order
        self,
        turn: Any,
        journey: Any,
        visit: Any,
        step: Any,
        kind: str,
        verdict: str,
        reason: str,
        more: dict[str, Any],
    ) -> None:
        again = dict(more)
        self.taken.take(Record(turn, journey, visit, step, kind, verdict, reason, more))
        self.told.tell(turn, journey, visit, step, kind, verdict, reason, again)


@pytest.mark.parametrize("name", [*PROJECTS, *(path.stem for path in CASE_FILES)])
def test_what_a_sink_is_told_is_packed_as_the_record(name: str, tmp_path: Path) -> None:
    """Without a record being made, the same bytes are written for years of the example projects and for all cases."""
    if name in PROJECTS:
        year_of(name, 40, 3).write(tmp_path / "log")
        one = compiled(str(ROOT / "journeys" / name))
    else:
        case_of(CASES / "simulate" / f"{name}.case").write(tmp_path)
        one = compiled(str(tmp_path))
    assert one is not None
    run = Twice(one.project, one.program, tell=lambda _: None, sources=sources_of(one.reading.settings))  # fmt: skip
    with closing(Writer(tmp_path / "1.db")) as first, closing(Writer(tmp_path / "2.db")) as second:
        run.taken, run.told = (Traces(writer, one.program.folder) for writer in (first, second))
        run.run(Log(tmp_path / "log", now=now(), park=run.park))
        for traces in (run.taken, run.told):
            traces.write()
            traces.done()
        found = list(Told(first.connection).all())
        assert list(Told(second.connection).all()) == found
        rows = [list(one.connection.execute("select * from trace_batch")) for one in (first, second)]  # fmt: skip
        assert rows[0] == rows[1]
        assert found
