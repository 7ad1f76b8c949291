"""The work of `verbline replay --check`. Rule: the store and the log are only read; what happens again happens in a store of its own, which is thrown away."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from verbline.cli.output import write_document, write_utf8
from verbline.cli.progress import Progress

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from verbline.cli.running import Asked
    from verbline.runtime.engine.given import Given
    from verbline.runtime.plan.recorded import Recorded

# How the notes of a store are called.
WHAT = {"tz": "time zones (tzdata)", "policy": "country table", "program": "Verbline"}


def checked(asked: Asked) -> int:
    """Write whether the recorded decisions come out again; return 0 where they do, 1 where not, or where that cannot be told."""
    from verbline.cli.running import given_of, refusing
    from verbline.runtime.plan.recorded import opened

    given = given_of(asked)
    if given is None:
        return 1
    with (
        refusing() as answer,
        opened(asked.store, given.project) as recorded,
        TemporaryDirectory(prefix="verbline-") as folder,
    ):
        found = compared(given, recorded, Path(folder) / "again.db")
        write(found, asked.form)
        answer.code = 0 if found["same"] else 1
    return answer.code


def compared(given: Given, recorded: Recorded, place: Path) -> dict[str, Any]:
    """Return whether what a store tells comes out again in a new one at ``place``, as JSON has it."""
    from verbline.runtime.plan import recorded as records

    versions = lived_again(given, place) if recorded.kind == "live" else rehearsed_again(given, place)  # fmt: skip
    with records.opened(place, given.project) as again:
        found = records.compared(
            recorded.records(), again.records(),
            may_go_on=again.reached > recorded.reached, erased=recorded.erased,
        )  # fmt: skip
    return {
        "format": records.FORMAT,
        "same": found.first is None,
        "kind": recorded.kind,
        "others": records.others(recorded.notes, given.notes),
        "versions": sorted(versions),
        "records": found.same,
        "left_out": found.left_out,
        "first": None if found.first is None else found.first._asdict(),
    }


def lived_again(given: Given, place: Path) -> set[str]:
    """Let happen what the receipts say, and return the versions that ran then and do not run now."""
    from verbline.runtime.clock import now
    from verbline.runtime.engine.again import made_store

    progress = Progress()

    def show(done: int, of: int) -> str:
        return f"{done:,} of {of:,} batches"

    try:
        return made_store(given, place, place, now, lambda done, of: progress.show(partial(show, done, of))).others  # fmt: skip
    finally:
        progress.clear()


def rehearsed_again(given: Given, place: Path) -> set[str]:
    """Rehearse the log again; a rehearsal runs by what stands in the project."""
    from contextlib import closing

    from verbline.cli.running import happened
    from verbline.runtime.engine.opened import REHEARSAL, Store

    with closing(Store(place, given.wanted(REHEARSAL))) as store:
        given.take_up(store.journal)
        happened(given, store)
    return set()


def write(found: dict[str, Any], form: str) -> None:
    """Write the answer in the form asked for."""
    if form == "json":
        write_utf8(json.dumps(found, ensure_ascii=False, indent=1) + "\n")
        return
    write_document("".join(f"{line}\n" for line in lines(found)))


def lines(found: dict[str, Any]) -> Iterator[str]:
    """Yield the answer: first what is another one than it was, then whether the decisions are."""
    for one in found["others"]:
        yield f"Another {WHAT[one['what']]}: {one['recorded']} then, {one['now']} now."
    for one in found["versions"]:
        yield f"Another version ran then: {one}."
    if found["left_out"]:
        yield f"Left out: {found['left_out']:,} records of people who are erased; the log says no more what they rested on."
    first = found["first"]
    if first is None:
        yield f"{found['records']:,} records come out again, byte for byte."
        return
    yield f"{found['records']:,} records come out again. Number {first['number']:,} does not:"
    for name, words in (("recorded", "recorded"), ("now", "now     ")):
        record = first[name]
        yield f"  {words}  {'nothing more' if record is None else json.dumps(record, ensure_ascii=False)}"
