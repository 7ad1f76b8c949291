"""Both sides of a plan at once. Rule: a large log is replayed in a process of its own for each version, so that two cores are used.

A process reads the project and the log by itself and gives back what the run came to, as numbers. What goes wrong in it
comes back too, and is raised here.
"""

from __future__ import annotations

import gc
from functools import partial
from typing import NamedTuple

from verbline.cli import WrongUsageError
from verbline.cli.progress import Progress
from verbline.cli.project import library

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from multiprocessing.connection import Connection
    from typing import Any, TypeAlias

    from verbline.cli.programs import Compiled
    from verbline.runtime.log import Log
    from verbline.runtime.plan.replay import Period
    from verbline.runtime.sources import Sources

    # A process, and what it tells of itself.
    Helper: TypeAlias = "tuple[Any, Connection]"

# Below so many bytes of log a new process takes longer than what it would save.
APART_FROM = 16 << 20
# How often a process tells how far it is, in seconds.
PAUSE = 0.3
ENDED = "A process that replays the log was ended from outside, perhaps for want of memory."


class Ask(NamedTuple):
    """What is asked of one side: the project in ``folder``, and whom each event is about where ``owners`` are wanted.

    ``without`` are the hashes of events that are left out, which are about ``people``, as far as that is known; ``watching`` the text of a file that is added. ``formerly`` are the
    old identities of steps by the new ones: what was recorded of a step belongs to what it has become.
    """

    folder: str
    period: Period
    owners: bool = False
    without: frozenset[int] = frozenset()
    people: frozenset[int] = frozenset()
    watching: str = ""
    formerly: Mapping[str, str] = {}


def ran(asks: Sequence[Ask], known: Sequence[Compiled], *, large: bool) -> list[Any]:
    """Return what each of ``asks`` comes to, as `result_of` does: each in a process where the log is ``large``, else one after the other here."""
    if large:
        return in_processes(asks)
    progress = Progress()
    try:
        return [
            result_of(found, ask, partial(shown, progress))
            for ask, found in zip(asks, known, strict=True)
        ]
    finally:
        progress.clear()


def shown(progress: Progress, log: Log) -> None:
    """Show how far a run is."""
    from verbline.cli.progress import read_so_far

    progress.show(partial(read_so_far, log.counts))


def result_of(found: Compiled, ask: Ask, progress: Any) -> Any:
    """Return what one side comes to, its records put together by person; without some events, what is otherwise."""
    from verbline.runtime.plan.lasting import lengths_in
    from verbline.runtime.plan.replay import Replay, owners_of, replayed
    from verbline.runtime.plan.unreacted import unreacted

    sources = sources_in(found)
    found = with_file(found, ask.watching) if ask.watching else found
    found = with_ids(found, ask.formerly) if ask.formerly else found
    make = partial(Replay, found.project, found.program, ask.period, sources)
    if ask.without:
        return unreacted(make, ask.period, ask.without, ask.people, progress)
    result = replayed(make, ask.period, progress)
    now = None
    if ask.owners:
        result.owners, now = owners_of(found.project, found.program, ask.period, sources)
    result.outline.grouped(now)
    result.lengths = lengths_in(result.outline)
    return result


def with_file(found: Compiled, text: str) -> Compiled:
    """Return a project with one more file, compiled."""
    from verbline.cli.programs import Compiled
    from verbline.interpreter.program.compile import compile_project
    from verbline.interpreter.project import Project
    from verbline.interpreter.source import Source
    from verbline.runtime.plan.crossing import FILE

    reading = found.reading
    sources = {name: file.source for name, file in found.project.files.items()}
    sources[FILE] = Source.of_text(f"{FILE}.journey", text)
    project = Project(sources, reading.read_settings(), library, reading.text, known=found.project)
    return Compiled(reading, project, compile_project(project))


def with_ids(found: Compiled, formerly: Mapping[str, str]) -> Compiled:
    """Return a project compiled anew whose steps bear the identities that they had.

    Recorded answers name a message or a task by its key, which is made of the step's identity; so is what is drawn by hash.
    """
    from verbline.cli.programs import Compiled
    from verbline.interpreter.program.compile import compile_project

    program = compile_project(found.project)
    for journey in program.journeys.values():
        taken = journey.steps.keys() - formerly.keys()
        for step in journey.steps.values():
            before = formerly.get(step.id, step.id)
            step.id = before if before not in taken else step.id
            taken |= {step.id}
        journey.steps = {step.id: step for step in journey.steps.values()}
    return Compiled(found.reading, found.project, program)


def sources_in(found: Compiled) -> Sources:
    """Return how systems write themselves and their fields in a project."""
    from verbline.runtime.sources import SourcesError, sources_of

    try:
        return sources_of(found.reading.settings)
    except SourcesError as error:
        raise WrongUsageError(str(error)) from error


def in_processes(asks: Sequence[Ask]) -> list[Any]:
    """Return what each of ``asks`` comes to, each in a process of its own."""
    from multiprocessing import get_context

    context = get_context("spawn")
    helpers: list[Helper] = []
    progress = Progress()
    try:
        for ask in asks:
            mine, theirs = context.Pipe(duplex=False)
            process = context.Process(target=work, args=(ask, theirs), daemon=True)
            process.start()
            theirs.close()
            helpers.append((process, mine))
        return gathered(helpers, progress)
    finally:
        progress.clear()
        for process, pipe in helpers:
            pipe.close()
            if process.is_alive():
                process.terminate()
            process.join()


def gathered(helpers: Sequence[Helper], progress: Progress) -> list[Any]:
    """Return what the processes give back, and show meanwhile how far the slowest is."""
    from multiprocessing.connection import wait

    found: dict[int, Any] = {}
    shares = dict.fromkeys(range(len(helpers)), 0.0)
    pipes = {id(pipe): at for at, (_, pipe) in enumerate(helpers)}
    while len(found) < len(helpers):
        for pipe in wait([pipe for at, (_, pipe) in enumerate(helpers) if at not in found]):
            at = pipes[id(pipe)]
            try:
                what, told = helpers[at][1].recv()
            except EOFError:
                raise WrongUsageError(ENDED) from None
            if what == "error":
                raise told
            if what == "done":
                found[at] = told
            shares[at] = 1.0 if what == "done" else told
        progress.show(lambda: f"{min(shares.values()):.0%} of the log")
    return [found[at] for at in range(len(helpers))]


def work(ask: Ask, pipe: Connection) -> None:
    """Be a process for one side: tell now and then how far it is, and in the end what it came to."""
    from time import perf_counter

    gc.disable()  # as in every command: what is made lives to the end
    last = 0.0

    def progress(log: Log) -> None:
        nonlocal last
        if perf_counter() - last >= PAUSE:
            last = perf_counter()
            counts = log.counts
            pipe.send(("at", counts.read / max(1, counts.size * counts.passes)))

    try:
        from verbline.cli.programs import compiled

        found = compiled(ask.folder)
        assert found is not None, "the project was compiled before"
        pipe.send(("done", result_of(found, ask, progress)))
    except KeyboardInterrupt:
        pass  # whoever began it was told to stop too, and says so
    except Exception as error:  # noqa: BLE001 - whatever went wrong is told by whoever began it
        pipe.send(("error", error))
    finally:
        pipe.close()


def is_large(period: Period) -> bool:
    """Return whether the log is so large that processes are worth it."""
    from verbline.runtime.log import Log

    return Log(period.path, now=period.now).counts.size >= APART_FROM
