"""The work of `verbline health`. Rule: store, log and project are only read, and the process is not asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from verbline.cli import WrongUsageError
from verbline.cli.folders import readable
from verbline.cli.outboxing import instant, refuse_another, zone_of
from verbline.cli.output import write_document, write_utf8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.interpreter.zones import Zone
    from verbline.runtime.health import Health


class Asked:
    """What the command line asks for; see `verbline.cli.health`."""

    __slots__ = ("form", "log", "project", "store")

    def __init__(self, project: str | None, store: str, log: str | None, form: str) -> None:
        self.project = project
        self.store = Path(store)
        self.log = Path(log) if log is not None else None
        self.form = form


def told(asked: Asked) -> int:
    """Write how the project is; return 1 where something needs somebody."""
    from verbline.cli.ailing import findings
    from verbline.runtime.clock import now

    at = now()
    health, is_sound = looked(asked, at)
    found = list(findings(health, at, asked, is_sound=is_sound))
    answer = {
        "format": 1,
        "at": instant(at),
        **as_told(health, at),
        "findings": [one._asdict() for one in found],
    }
    if asked.form == "json":
        write_utf8(json.dumps(answer, ensure_ascii=False, indent=1) + "\n")
    else:
        write_document("\n".join(map(readable, lines(answer, zone_of(asked.project)))) + "\n")
    return 1 if any(one.level == "error" for one in found) else 0


def looked(asked: Asked, at: int) -> tuple[Health, bool]:
    """Return how the project is, and whether it could be read whole."""
    from verbline.runtime.health import health_of
    from verbline.runtime.leaving.looking import looking
    from verbline.runtime.lines import LogError
    from verbline.runtime.standing import StoreError

    if asked.log is not None and not asked.log.exists():
        raise WrongUsageError(f'"{readable(str(asked.log))}" cannot be read: there is no such log.')
    try:
        with looking(asked.store) as store:
            refuse_another(asked, store)
            health = health_of(store.connection, asked.log, at)
            return with_beats(health, asked, store.connection, at)
    except (StoreError, LogError) as error:
        raise WrongUsageError(str(error)) from error


def with_beats(health: Health, asked: Asked, connection: Any, at: int) -> tuple[Health, bool]:
    """Add what is expected of moments; return too whether the project could be read."""
    from verbline.cli.programs import compiled
    from verbline.runtime.health import beats_of, places_in
    from verbline.runtime.sources import SourcesError, sources_of

    found = compiled(asked.project)
    if found is None:
        return health, False
    if asked.log is None:
        return health, True
    try:
        sources_of(found.reading.settings).tell(found.program)
    except SourcesError as error:
        raise WrongUsageError(str(error)) from error
    places = places_in(connection)
    beats = beats_of(found.project, found.program, asked.log, places, at)
    return health._replace(beats=beats), True


def as_told(health: Health, now: int) -> dict[str, Any]:
    """Return all of it as JSON has it."""
    life, outbox = health.life, health.outbox
    return {
        "runtime": {
            "at": instant(life.at),
            "seconds": None if life.at is None else max(0, now - life.at) // 1000,
            "pid": life.pid,
            "is_there": life.is_there,
            "is_degraded": life.is_degraded,
            "channels": life.channels,
        },
        "last": instant(health.last),
        "outbox": {
            "counts": outbox.counts,
            "oldest_ready": instant(outbox.oldest),
            "due": outbox.due,
            "due_since": instant(outbox.due_since),
            "waiting": outbox.waiting,
        },
        "parked": health.parked,
        "log": None if health.log is None else [one._asdict() for one in health.log],
        "heartbeats": None
        if health.beats is None
        else [{**one._asdict(), "latest": instant(one.latest)} for one in health.beats],
    }


# For people


def lines(answer: dict[str, Any], zone: Zone) -> Iterator[str]:
    """Yield the lines of the answer."""
    from verbline.cli.sums import counted

    yield from (f"{name:<12} {value}" for name, value in rows(answer, zone) if value)
    needing = [one for one in answer["findings"] if one["level"] == "error"]
    for one in answer["findings"]:
        yield ""
        yield f"{'needs you' if one['level'] == 'error' else 'note'}: {one['sentence']}"
        yield f"  {one['next']}"
    yield ""
    yield f"{counted(len(needing), 'thing')} that {'needs' if len(needing) == 1 else 'need'} somebody"


def rows(answer: dict[str, Any], zone: Zone) -> Iterator[tuple[str, str]]:
    """Yield what is told of each part, with its name."""
    from verbline.cli.sums import counted, local, sums

    runtime, outbox = answer["runtime"], answer["outbox"]
    seconds = runtime["seconds"]
    yield (
        "runtime",
        "no sign of life yet"
        if seconds is None
        else f"last sign of life {counted(seconds, 'second')} ago",
    )
    if runtime["is_there"] and seconds is not None:
        yield "process", str(runtime["pid"])
    yield "channels", ", ".join(f"{name} {state}" for name, state in sorted(runtime["channels"].items()))  # fmt: skip
    yield "last event", local(answer["last"], zone) if answer["last"] else ""
    yield "outbox", sums(outbox["counts"]) or "empty"
    yield "ready since", local(outbox["oldest_ready"], zone) if outbox["oldest_ready"] else ""
    yield "set aside", sums(answer["parked"]) or "nothing"
    for one in answer["log"] or ():
        rest = "gone" if one["is_gone"] else f"{one['unread']:,} not read" if one["unread"] else "read"  # fmt: skip
        yield "log", f"{one['file']}: {counted(one['read'], 'byte')} read" + ("" if rest == "read" else f", {rest}")  # fmt: skip
    for one in answer["heartbeats"] or ():
        enough = f"at least {counted(one['number'], 'time')}"
        what = "silent" if one["is_silent"] else "enough" if one["came"] >= one["number"] else "not known yet"  # fmt: skip
        yield "expected", f'"{one["moment"]}" {enough} in {one["length"]}: {what}'
