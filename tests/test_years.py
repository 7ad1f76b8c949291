"""The invented years of `benchmarks.years`. Rule: what the benchmarks and the demo run on is like a real year, and the same everywhere."""

import json
import os
import subprocess
import sys
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

from benchmarks.years.made import PROJECTS, year_of
from tests.limits import LONGEST
from verbline import cli

ROOT = Path(__file__).parent.parent
# What every year has, with so many people: moments that the journeys of the project wait for, and ends.
PEOPLE = 300
ENDS = {
    "mobility": {"prepared and welcomed", "the family grew", "nobody said welcome", "cancelled", "never came"},
    "manufacturing": {"lost in our own hands", "talked to", "no opportunity", "volume never told"},
    "beverages": {"delivered", "late and called", "offered", "left in peace", "held back"},
}  # fmt: skip


def digest_of(folder: Path) -> str:
    """Return one checksum of all files of a folder."""
    files = sorted(folder.iterdir())
    return sha256(b"\0".join(one.name.encode() + one.read_bytes() for one in files)).hexdigest()


@pytest.mark.parametrize("project", PROJECTS)
def test_a_year_comes_to_every_end(
    project: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A simulated year reads every line, and people come to the ends that the journeys have."""
    year_of(project, PEOPLE, 7).write(tmp_path)
    arguments = ["simulate", str(ROOT / "journeys" / project), "--log", str(tmp_path)]
    assert cli.run([*arguments, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    ended: Counter[str] = Counter()
    for journey in told["journeys"]:
        ended.update(journey["outcomes"])
    assert told["log"]["parked"] == {}
    assert set(ended) >= ENDS[project]
    assert told["log"]["duplicates"] > 0, "systems send things twice"
    assert told["answers"]["vain"] < sum(ended.values()) / 2


def test_a_year_is_the_same_everywhere(tmp_path: Path) -> None:
    """Another process with another order of its sets writes the same bytes."""
    year_of("beverages", 40, 3).write(tmp_path / "here")
    there = tmp_path / "there"
    subprocess.run(
        [sys.executable, "-m", "benchmarks.years", "beverages", "--people", "40", "--seed", "3", "--out", str(there)],
        check=True, capture_output=True, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "77"}, timeout=LONGEST,
    )  # fmt: skip
    assert digest_of(tmp_path / "here") == digest_of(there)
    year_of("beverages", 40, 4).write(tmp_path / "other")
    assert digest_of(tmp_path / "other") != digest_of(there)
