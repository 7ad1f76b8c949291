"""What an installation answers, in hashes: ``python -m tests.answering FOLDER``. Rule: it imports what is installed, compiled or plain.

Each folder in FOLDER is a project with its log, each file there the lines of one.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

from tests.rehearsed import folder, given_of, opened, simulated, told
from verbline import cli
from verbline.cli.programs import compiled
from verbline.runtime.decode import Decoder
from verbline.runtime.engine.rehearse import rehearse
from verbline.runtime.log import Log
from verbline.runtime.sources import sources_of

# Where lines begin in a file: at its beginning, and behind 2 and 4 GiB.
OFFSETS = (0, 2**31 - 100, 2**32 + 5, 2**47)


def asked(*arguments: str) -> str:
    """Return what a command writes."""
    written = TextIOWrapper(BytesIO(), encoding="utf-8")
    with redirect_stdout(written):
        assert cli.run(list(arguments)) == 0
    written.flush()
    assert isinstance(written.buffer, BytesIO)
    return written.buffer.getvalue().decode()


def of_project(place: Path) -> Iterator[tuple[str, str]]:
    """Yield what is answered about a project and its log."""
    log = place / "log" if (place / "log").exists() else place / "log.jsonl"
    for form in ("json", "jsonl"):
        yield form, asked("simulate", str(place), "--log", str(log), "--jobs", "1", "--format", form)  # fmt: skip
    found = compiled(str(place))
    assert found is not None
    sources = sources_of(found.reading.settings)
    trace = simulated(found, log, sources)
    with folder() as room, opened(room / "store.db", given_of(found, log, sources)) as engine:
        rehearse(engine, None)
        stored = told(engine)
    assert stored == trace
    yield "trace", "\n".join(trace)


def of_lines(path: Path) -> Iterator[tuple[str, str]]:
    """Yield what lines are, one by one and together, and as a log."""
    text = path.read_bytes()
    lines, decoder = text.split(b"\n"), Decoder()
    for offset in OFFSETS:
        alone = [seen(item) for line in lines for item in decoder.events(line, "a.jsonl", offset)]
        whole = [seen(item) for item in decoder.events(text, "a.jsonl", offset)]
        yield str(offset), json.dumps([alone, whole])
    parked: list[Any] = []
    log = Log(path, park=parked.append)
    read = [seen(item) for item in log]
    counts = {name: getattr(log.counts, name) for name in log.counts.__slots__}
    yield "log", json.dumps([read, [seen(one) for one in parked], counts])


def seen(item: Any) -> str:
    """Return all that is known of a line."""
    if hasattr(item, "fault"):
        return repr((item.fault.reason, item.file, item.offset, item.length, item.known))
    names = ("id", "source", "type", "data", "consent", "stamp", "happened", "known", "sourced", "file", "offset")  # fmt: skip
    return repr([getattr(item, name) for name in names])


def main(place: Path) -> None:
    """Print a hash for each answer."""
    for one in sorted(place.iterdir()):
        for name, answer in of_project(one) if one.is_dir() else of_lines(one):
            sha = hashlib.sha256(answer.encode("utf-8", "surrogatepass")).hexdigest()
            print(one.name, name, len(answer), sha)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
