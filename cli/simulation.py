"""The work of `verbline simulate`. Rule: the log is only read, nothing is sent, and nothing but the answer goes to standard output."""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import partial

from verbline.cli import WrongUsageError
from verbline.cli.folders import readable
from verbline.cli.output import write_utf8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from verbline.cli.programs import Compiled
    from verbline.interpreter.step.records import Record
    from verbline.interpreter.zones import Zone
    from verbline.runtime.events import Parked
    from verbline.runtime.log import Log
    from verbline.runtime.simulate import Simulation

# So many trace records are written at a time.
ROWS = 500
# From so many bytes on a log is taken one person after the other: it names millions of people, at about 3 KB each.
LARGE = 1 << 30
# So many of those who are asked answer, where people are invented.
ANSWERS = "60%"
SHARE = re.compile(r"(\d{1,3}(?:\.\d+)?) ?%?")


class Asked:
    """What the command line asks for; see `verbline.cli.simulate`."""

    __slots__ = ("answers", "color", "form", "jobs", "log", "project", "start", "svg", "until")

    def __init__(self, project: str | None, log: str, *, form: str, color: str) -> None:
        self.project = project
        self.log = log
        self.form = form
        self.color = color
        self.start: str | None = None
        self.until: str | None = None
        self.answers: str | None = None
        self.svg: str | None = None
        self.jobs: int | None = None


def answer(asked: Asked) -> int:
    """Run the journeys over the log, write what it came to and return the exit code."""
    from verbline.cli.programs import compiled

    found = compiled(asked.project)
    return 1 if found is None else answer_for(asked, found)


def answer_for_invented(asked: Asked, people: int, seed: int) -> int:
    """Run the journeys over what invented people do, write what it came to and return the exit code."""
    import sys
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from verbline.cli.programs import compiled
    from verbline.runtime.invented import BEGIN, Inventor

    found = compiled(asked.project)
    if found is None:
        return 1
    zone = found.program.zone
    begin = instant_of(asked.start or BEGIN, zone)
    assert begin is not None, "a time is named"
    inventor = Inventor(found.project, found.program, seed, begin)
    with TemporaryDirectory(prefix="verbline-") as folder:
        path = Path(folder) / "invented.jsonl"
        path.write_bytes(b"".join(inventor.lines(people)))
        asked.log, asked.start = str(path), None
        asked.answers = asked.answers or ANSWERS
        told = f"{people:,} invented people (seed {seed}): they show what the journeys do, and nothing about anybody.\n"
        (sys.stdout if asked.form == "pretty" else sys.stderr).write(told)
        return answer_for(asked, found)


def answer_for(asked: Asked, found: Compiled) -> int:
    """Run the journeys of a project over the log, write what it came to and return the exit code."""
    from verbline.runtime.lines import LogError

    share = share_of(asked.answers)
    zone = found.program.zone
    start, until = instant_of(asked.start, zone), instant_of(asked.until, zone)
    if start is not None and until is not None and until <= start:
        raise WrongUsageError("The time of --until has to lie after that of --from.")
    rows = Rows(found.program.folder) if asked.form == "jsonl" else None
    make = partial(simulation_of, found, start, until, share, rows)
    if asked.svg is not None:
        from verbline.runtime.pictures.walked import Walked

        make = partial(make, kind=Walked)
    try:
        simulation, log = happened(make, asked, rows)
        if asked.svg is not None:
            draw(asked.svg, simulation)
        finish(asked, simulation, log, rows)
    except LogError as error:
        raise WrongUsageError(str(error)) from error
    return 0


def happened(
    make: Callable[[], Simulation], asked: Asked, rows: Rows | None
) -> tuple[Simulation, Log]:
    """Let the log happen in a new run, and return both.

    A log is shared between processes where that is a way. A large one is taken one person after the other, where that is:
    its people would not fit into memory.
    """
    simulation = make()
    log = opened(asked.log, simulation, rows)
    if rows is None and asked.svg is None:
        from verbline.cli.jobs import in_processes, jobs_for

        jobs = jobs_for(asked.jobs, log.counts.size, LARGE)
        if jobs > 1 and (shared := in_processes(make, asked.log, jobs)) is not None:
            return shared
    if rows is None and log.counts.size >= LARGE:
        from verbline.runtime.apart import Apart
        from verbline.runtime.entries import OutOfOrderError

        try:
            ran(Apart(simulation, log).run, log)
        except OutOfOrderError:
            simulation = make()
            log = opened(asked.log, simulation, rows)
        else:
            return simulation, log
    ran(partial(simulation.run, log), log)
    return simulation, log


def ran(run: Callable[[Callable[[], object]], None], log: Log) -> None:
    """Let ``run`` go on to its end, and show how far it is."""
    from verbline.cli.progress import Progress, read_so_far

    progress = Progress()
    try:
        run(partial(progress.show, partial(read_so_far, log.counts)))
    finally:
        progress.clear()


def simulation_of(
    found: Compiled,
    start: int | None,
    until: int | None,
    share: float,
    rows: Rows | None,
    kind: type[Simulation] | None = None,
) -> Simulation:
    """Return the run that is asked for."""
    from verbline.runtime.simulate import Simulation
    from verbline.runtime.sources import SourcesError, sources_of

    try:
        sources = sources_of(found.reading.settings)
    except SourcesError as error:
        raise WrongUsageError(str(error)) from error
    return (kind or Simulation)(
        found.project,
        found.program,
        start=start,
        until=until,
        share=share,
        sources=sources,
        tell=None if rows is None else rows.record,
    )


def opened(path: str, simulation: Simulation, rows: Rows | None) -> Log:
    """Return the log at ``path``; what is parked in it is told to the run, and written where the trace is."""
    from pathlib import Path

    from verbline.runtime.clock import now
    from verbline.runtime.lines import LogError
    from verbline.runtime.log import Log

    def park(parked: Parked) -> None:
        if simulation.park(parked) and rows is not None:
            rows.parked(parked, simulation.world.now)

    try:
        return Log(Path(path), now=now(), park=park)
    except LogError as error:
        raise WrongUsageError(str(error)) from error


def finish(asked: Asked, simulation: Simulation, log: Log, rows: Rows | None) -> None:
    """Write the answer in the form asked for."""
    if rows is not None:
        rows.write()
        return
    summary = simulation.summary(log)
    if asked.form == "json":
        write_utf8(json.dumps(summary, ensure_ascii=False, indent=1) + "\n")
        return
    from verbline.cli.output import wants_color, write_document
    from verbline.cli.sums import text_of

    write_document(text_of(summary, simulation.program.zone, color=wants_color(asked.color)))


def draw(path: str, simulation: Simulation) -> None:
    """Write the journeys as a picture, with how many went which way."""
    from verbline.cli.output import write_file
    from verbline.runtime.pictures.walked import Walked, sheet

    assert isinstance(simulation, Walked), "what is drawn was counted"
    write_file(path, sheet(simulation.project, simulation.walks))


def share_of(text: str | None) -> float:
    """Return a share such as ``60%`` as a number from 0 to 1."""
    if text is None:
        return 0.0
    found = SHARE.fullmatch(text.strip())
    share = float(found[1]) / 100 if found else 2
    if share > 1:
        raise WrongUsageError(f'"{readable(text)}" is no share; write one such as 60%.')
    return share


def instant_of(text: str | None, zone: Zone) -> int | None:
    """Return the instant that an option names: a date, a time of the project's zone, or a time with its offset."""
    if text is None:
        return None
    try:
        written = datetime.fromisoformat(text.strip())
    except ValueError:
        raise WrongUsageError(
            f'"{readable(text)}" is no time; write a date such as 2026-03-09, or 2026-03-09T08:00.'
        ) from None
    if written.tzinfo is None:
        return zone.instant(written)
    return int(written.timestamp() * 1000)


class Rows:
    """The trace as it is written: one JSON object a line."""

    __slots__ = ("_folder", "_rows")

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._rows: list[str] = []

    def record(self, record: Record) -> None:
        """Write a trace record."""
        self._add(record.as_dict(self._folder))

    def parked(self, parked: Parked, now: int) -> None:
        """Write that a line was parked; ``now`` is the time that the run has reached."""
        from verbline.interpreter.step.records import FORMAT, instant_text

        self._add({
            "format": FORMAT,
            "at": instant_text(now),
            "kind": "parked",
            "verdict": "ignored",
            "reason": parked.fault.reason,
            "file": parked.file,
            "offset": parked.offset,
            "length": parked.length,
        })  # fmt: skip

    def _add(self, row: dict[str, Any]) -> None:
        self._rows.append(json.dumps(row, ensure_ascii=False))
        if len(self._rows) >= ROWS:
            self.write()

    def write(self) -> None:
        """Write what was not written yet."""
        if self._rows:
            write_utf8("\n".join(self._rows) + "\n")
            self._rows = []
