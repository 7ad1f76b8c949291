"""The work of `verbline explain`. Rule: the log and the store are only read; what is personal goes to standard output and nowhere else."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import cast

from verbline.cli import WrongUsageError
from verbline.cli.folders import readable
from verbline.cli.output import write_document, write_utf8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from verbline.cli.programs import Compiled
    from verbline.runtime.explain.case import Case
    from verbline.runtime.explain.stored import Stored
    from verbline.runtime.known import Known


class Asked:
    """What the command line asks for; see `verbline.cli.explain`."""

    __slots__ = (
        "at",
        "export",
        "form",
        "journey",
        "log",
        "person",
        "project",
        "store",
        "why",
        "why_not",
    )

    def __init__(self, names: tuple[str, ...], log: str | None, form: str) -> None:
        if not names or len(names) > 2:
            raise WrongUsageError("Name one PERSON, such as P7; before it the PROJECT, where it is another one.")  # fmt: skip
        self.project = names[0] if len(names) > 1 else None
        self.person = names[-1]
        self.log = log
        self.form = form
        self.store: str | None = None
        self.export: str | None = None
        self.at: str | None = None
        self.journey = ""
        self.why: tuple[str, ...] = ()
        self.why_not: tuple[str, ...] = ()


def answer(asked: Asked) -> int:
    """Write what explains a person, and return the exit code; 1 where that is nobody, or the project has errors."""
    from verbline.runtime.consent.keys import NoKeyError

    try:
        with gathered(asked) as case:
            return 1 if case is None else told(asked, case)
    except NoKeyError as error:
        raise WrongUsageError(f"{str(error)[:1].upper()}{str(error)[1:]}.") from error


def told(asked: Asked, case: Case) -> int:
    """Write what explains a person who was found, and return the exit code."""
    from verbline.runtime.explain.explained import Question, explained

    if asked.export is not None:
        export(case, Path(asked.export))
        return 0
    refuse_if_none(asked.journey, case)
    write(explained(case, Question(asked.journey, asked.why, asked.why_not)), case, asked)
    return 0


def export(case: Case, path: Path) -> None:
    """Write all that is known of a person to a new file, and say so."""
    from verbline.runtime.clock import now
    from verbline.runtime.explain.export import everything

    found = everything(case, now())
    try:
        # It holds what is personal: nobody else may read it, and nothing that is there is written over.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise WrongUsageError(f'"{path}" cannot be made: {error.strerror}.') from error
    with open(descriptor, "w", encoding="utf-8", errors="replace") as file:
        file.write(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    counts = f"{len(found['events'])} events, {len(found['consents']['events'])} words on consent, {len(found['trace'])} records"  # fmt: skip
    write_document(f'All that is known of {case.id} is in "{path}": {counts}.\n')


def refuse_if_none(journey: str, case: Case) -> None:
    """Refuse the name of a journey that there is not, and was not when something was told."""
    if journey and journey not in {*case.program.journeys, *(row.journey for row in case.rows)}:
        raise WrongUsageError(f'There is no journey "{readable(journey)}".{near(journey, case)}')


def near(name: str, case: Case) -> str:
    """Return a question with the nearest name of a journey; nothing where none is near."""
    from verbline.interpreter.nearness import nearest

    found = nearest(name, case.program.journeys)
    return f' Did you mean "{found}"?' if found else ""


@contextmanager
def gathered(asked: Asked) -> Iterator[Case | None]:
    """Hold the person who is asked about; None, and said on standard error, where that is nobody."""
    if asked.store is not None:
        with of_store(asked, Path(asked.store)) as case:
            yield case
    elif asked.log is not None:
        yield of_log(asked, asked.log)
    else:
        raise WrongUsageError("Name the store of the runtime with --store, or a log with --log.")


def of_log(asked: Asked, log: str) -> Case | None:
    """Return the person as a log tells of them, over which the journeys are run in memory."""
    from verbline.cli.knowing import Place, knowledge, number_of
    from verbline.cli.progress import Progress, read_so_far
    from verbline.cli.simulation import instant_of
    from verbline.runtime.explain.gathering import case_of_log, witnessed
    from verbline.runtime.explain.witness import Witness
    from verbline.runtime.sources import sources_of

    place = Place(asked.project, log, None)
    found = knowledge(place)
    number = found and number_of(found, asked.person)
    if not found or not number:
        return None
    compiled, at = found.compiled, instant_of(asked.at, found.compiled.program.zone)
    people = [int(one[1:]) for one in found.known.names(number)]
    until = None if at is None else at + 1  # what happened at that very instant is told too
    sources = sources_of(compiled.reading.settings)
    run = Witness(compiled.project, compiled.program, people, until, sources)
    progress = Progress()
    try:
        witnessed(run, place.log, found.now, lambda log: progress.show(partial(read_so_far, log.counts)))  # fmt: skip
    finally:
        progress.clear()
    case = case_of_log(compiled.project, compiled.program, found.known, number, run)
    case.at = at
    case.values = dict(found.somebody(number).values)
    return case


@contextmanager
def of_store(asked: Asked, path: Path) -> Iterator[Case | None]:
    """Hold the person as the store of a runtime tells of them."""
    from verbline.cli.programs import compiled
    from verbline.runtime.consent.keys import key_in
    from verbline.runtime.explain.stored import stored
    from verbline.runtime.lines import LogError
    from verbline.runtime.sources import SourcesError
    from verbline.runtime.standing import StoreError

    one = compiled(asked.project)
    if one is None:
        yield None
        return
    try:
        name, key = one.project.settings.name, key_in(os.environ)
        with stored(path, one.project, name, key) as store:
            yield in_store(asked, one, store)
    except (LogError, OSError, SourcesError, StoreError) as error:
        raise WrongUsageError(str(error)) from error


def in_store(asked: Asked, one: Compiled, store: Stored) -> Case | None:
    """Return the person as an open store tells of them; None where that is nobody."""
    from verbline.cli.knowing import Knowledge, Place, Values, number_of
    from verbline.cli.progress import Progress, read_so_far
    from verbline.cli.simulation import instant_of
    from verbline.runtime.clock import now
    from verbline.runtime.explain.gathering import case_of_store
    from verbline.runtime.log import Log
    from verbline.runtime.sources import sources_of

    place = Place(asked.project, asked.log or "", asked.store)
    # Whoever is asked for is found in a store as in what a log says.
    known = Knowledge(place, one, cast("Known", store), (0, Values(one.program)))
    number = number_of(known, asked.person)
    if not number:
        return None
    progress = Progress()
    try:
        return case_of_store(
            one.project,
            one.program,
            store,
            number,
            at=instant_of(asked.at, one.program.zone),
            log=None if asked.log is None else Log(place.log, now=now()),
            sources=sources_of(one.reading.settings),
            progress=lambda log: progress.show(partial(read_so_far, log.counts)),
        )
    finally:
        progress.clear()


def write(found: dict[str, Any], case: Case, asked: Asked) -> None:
    """Write an answer in the form asked for."""
    if asked.form == "json":
        write_utf8(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
        return
    from verbline.runtime.explain.explained import words_of

    if asked.form == "html":
        from verbline.runtime.explain.page import page
        from verbline.runtime.explain.path import paths_of

        write_utf8(page(found, words_of(case), paths_of(case, asked.journey)))
        return
    from verbline.cli.explain_text import text_of

    write_document(text_of(found, words_of(case)))
