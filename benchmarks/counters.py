"""What can be counted instead of timed. Rule: the same tree gives the same numbers on every machine, so these may gate.

Each counter runs in a new process with a fixed hash seed: nothing that ran before can help it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import datasets, logs

ROOT = Path(__file__).resolve().parent.parent

# What a process that counts runs. It prints one JSON object.
MODULES = """
import json, sys
before = set(sys.modules)
sys.argv = ["verbline", *{arguments}]
sys.stdout = open("out", "w")
from verbline.cli import main
main()
sys.stdout = sys.__stdout__
print(json.dumps(sorted(set(sys.modules) - before)))
"""
CALLS = """
import json, sys
counted = [0]
def count(_frame, event, _argument):
    if event == "call":
        counted[0] += 1
from verbline.cli.paths import readings
from verbline.interpreter.lint import lint
project = None
[reading] = readings(["."])
sys.setprofile(count)
project = reading.project()
parsed = counted[0]
found = lint(project, preset="strict")
sys.setprofile(None)
lines = sum(content.count(b"\\n") for content in reading.contents.values())
print(json.dumps({"parsed": parsed, "all": counted[0], "lines": lines, "found": len(found)}))
"""
CHANGED = """
from verbline.cli.paths import readings
from verbline.interpreter.lint import lint
from verbline.interpreter.source import Source
[reading] = readings(["."])
project = reading.project()
lint(project)
known = set(project.grammar.known)
name = reading.asked[0]
text = reading.contents[name].replace(b"gives up after ", b"gives up after 1")
lint(project.renewed({name: Source.of_bytes(name, text)}), [name])
print(len(set(project.grammar.known) - known))
"""
SIMULATED = """
import json, sys
from pathlib import Path
from benchmarks.engine import Engine
counted = [0]
def count(_frame, event, _argument):
    if event == "call":
        counted[0] += 1
engine = Engine(Path("."))
engine.counted()
sys.setprofile(count)
events, _counts = engine.counted()
sys.setprofile(None)
print(counted[0] / events)
"""
WAITING = """
import tracemalloc
from pathlib import Path
from benchmarks.engine import Engine
engine = Engine(Path("."))
engine.counted()
engine.world = None
tracemalloc.start()
engine.counted()
print(tracemalloc.get_traced_memory()[0] / engine.waiting())
"""

STORED = """
import json, tempfile
from contextlib import closing
from pathlib import Path
from benchmarks import durable
from verbline.runtime.engine.engine import Engine
from verbline.runtime.engine.opened import REHEARSAL
from verbline.runtime.engine.outlets import File
from verbline.runtime.engine.rehearse import rehearse
EVENTS = 3_000
folder = Path(".")
durable.write("cart", "s", folder)
given = durable.given_in(folder).given
path = folder / durable.STORE
wal = path.with_name(path.name + "-wal")
with durable.opened(given, path, REHEARSAL) as store, closing(File(given, store)) as file:
    before, pages = durable.written(), wal.stat().st_size
    rehearse(Engine(store, given, file.leaving()), durable.end_of(given.log))
    pages = (wal.stat().st_size - pages) // durable.PAGE
print(json.dumps([(durable.written() - before) / EVENTS, pages / EVENTS * 1_000]))
"""
CALLED = """
import sys
from pathlib import Path
from benchmarks import durable
EVENTS = 3_000
counted = [0]
def count(_frame, event, _argument):
    if event == "call":
        counted[0] += 1
folder = Path(".")
durable.write("cart", "s", folder)
source = durable.given_in(folder)
durable.catch_up(source, folder / durable.STORE, "rehearsed")
durable.clear(folder)
taken = durable.rehearse
def rehearse(*given):
    sys.setprofile(count)
    taken(*given)
    sys.setprofile(None)
durable.rehearse = rehearse
durable.catch_up(source, folder / durable.STORE, "rehearsed")
print(counted[0] / EVENTS)
"""


def counters() -> dict[str, Any]:
    """Return every counter by its name."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        datasets.make("hundred").write(folder / "hundred")
        one = datasets.make("one")
        one.write(folder / "one")
        cold = loaded(folder / "one", "lint", *one.journeys)
        calls = counted(CALLS, folder / "hundred")
        return {
            "modules of Python loaded by lint FILE": len(others(cold)),
            "modules of ours loaded by lint FILE": len(cold) - len(others(cold)),
            "modules loaded by lint FILE, unchanged": len(
                loaded(folder / "one", "lint", *one.journeys)
            ),
            "modules loaded by --version": len(loaded(folder / "one", "--version")),
            "modules loaded by --help": len(loaded(folder / "one", "--help")),
            "Python calls a line, parsing": round(calls["parsed"] / calls["lines"], 1),
            "Python calls a line, all checks": round(calls["all"] / calls["lines"], 1),
            "lines parsed for one changed line": counted(CHANGED, folder / "one"),
            "Python calls an event, simulate": simulated("cart", SIMULATED, folder),
            "Python calls an event, 10 matching journeys": simulated(
                "matching-10", SIMULATED, folder
            ),
            "bytes for a person who waits": simulated("waiting", WAITING, folder),
            "Python calls an event, durable": called(folder),
            **stored(folder),
        }


def stored(folder: Path) -> dict[str, float]:
    """Return what a rehearsal of the smallest log writes; nothing where the system does not count bytes."""
    (folder / "stored").mkdir()
    written, pages = counted(STORED, folder / "stored")
    told = {"pages written for 1,000 events, durable": round(pages)}
    # To ten bytes: the salts of the ledger are random, and what is compressed is a few bytes longer or shorter for it.
    return {"bytes written an event, durable": round(written, -1), **told} if written else told


def called(folder: Path) -> float:
    """Return how many functions a rehearsal of the smallest log calls for an event."""
    (folder / "called").mkdir()
    return round(float(counted(CALLED, folder / "called")), 1)


def simulated(name: str, program: str, folder: Path) -> float:
    """Return what ``program`` prints, run beside the smallest size of the data set ``name``."""
    logs.make(name, "s").write(folder / name)
    return round(float(counted(program, folder / name)), 1)


def others(modules: list[str]) -> list[str]:
    """Return the modules that are not ours."""
    return [name for name in modules if name.partition(".")[0] != "verbline"]


def loaded(folder: Path, *arguments: str) -> list[str]:
    """Return the modules that a call of the command loads beyond those of a bare Python."""
    modules: list[str] = counted(MODULES.format(arguments=list(arguments)), folder)
    return modules


def counted(program: str, folder: Path) -> Any:
    """Return what ``program`` prints as JSON, run in ``folder``."""
    # Without site: an editable install would load modules of its own before anything is counted.
    environment = {
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": os.pathsep.join(
            [str(ROOT / ".types"), str(ROOT), sysconfig.get_path("purelib")]
        ),
        "XDG_CACHE_HOME": str(folder.parent / "cache"),
    }
    done = subprocess.run(
        [sys.executable, "-S", "-c", program],
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout)
