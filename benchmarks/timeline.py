"""Where the time goes between a line and its message. Rule: a station is told by what passed since the one before.

    python -m benchmarks.timeline [--rate 1000] [--seconds 5]

Lines are appended as in rows 6 and 7, and the run is marked (`marked`): that costs some microseconds at each station.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from benchmarks import receiving
from benchmarks.case import Room
from benchmarks.cases.latency import Open
from benchmarks.marked import STATIONS

WHAT = {
    "woken": "the line is there; the run begins to look",
    "read": "its line is read and decoded",
    "decided": "the message is decided",
    "noted": "its words are made, and the receipt of its batch is on its way to the disk",
    "written": "all of its batch is written into the transaction",
    "stored": "that is on the disk",
    "committed": "so is the receipt",
    "called": "a courier has it",
    "handed": "it is handed over",
    "answered": "the answer is on the disk",
}
MARKS = "marks.json"


def at(found: list[float], part: float) -> float:
    """Return a quantile of numbers that are in order."""
    return found[min(len(found) - 1, int(len(found) * part))] if found else 0.0


def row(name: str, found: list[float], what: str = "") -> str:
    """Return one line of the table."""
    one = sorted(found)
    return f"{name:10} {at(one, 0.5):9.0f} {at(one, 0.9):9.0f} {at(one, 0.99):9.0f} {at(one, 1):9.0f}  {what}"


def told(sent: Mapping[str, int], marks: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """Yield the table; ``sent`` are the instants of the lines by address."""
    yield f"{'us':10} {'p50':>9} {'p90':>9} {'p99':>9} {'max':>9}"
    before = sent
    for name in STATIONS:
        here = marks[name]
        yield row(
            name,
            [(here[to] - before[to]) / 1e3 for to in sent if to in here and to in before],
            WHAT[name],
        )
        before = here
    handed = marks["handed"]
    yield row(
        "line-hand",
        [(handed[to] - sent[to]) / 1e3 for to in sent if to in handed],
        "from the line to the hand-over",
    )


@click.command()
@click.option("--rate", default=1_000, help="Lines a second.")
@click.option("--seconds", default=5, help="How long.")
def main(rate: int, seconds: int) -> None:
    """Print where the time goes between a line and its message."""
    with tempfile.TemporaryDirectory() as name:
        opened = Open(Room(Path(name), None, "s"), rate)  # type: ignore[arg-type]  # nothing is installed for it
        opened.seconds = seconds
        opened.prepare()
        path = opened.folder / MARKS
        sent = opened.followed(
            [sys.executable, "-m", "benchmarks.marked", str(path), *opened.words]
        )
        marks = json.loads(path.read_text("utf-8"))
        twice = sum(len(one) > 1 for one in receiving.received(opened.folder).values())
    for line in told(sent, marks["at"]):
        print(line)
    lines = [one for one, _taken in marks["batches"]]
    print(
        row(
            "batch",
            [taken / 1e3 for _one, taken in marks["batches"]],
            f"{len(lines)} batches, {sum(lines)} lines",
        )
    )
    print(f"{len(sent)} messages, {twice} handed over twice")


if __name__ == "__main__":
    main()
