"""``python -m benchmarks.years PROJECT --people N --seed S --out FOLDER``. Rule: it says what it invents."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.years.made import PROJECTS, year_of


def main() -> None:
    """Write the year of a project and tell how large it is."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.years", description=__doc__)
    parser.add_argument("project", choices=PROJECTS)
    parser.add_argument("--people", type=int, default=800, help="how many people are invented")
    parser.add_argument("--seed", type=int, default=7, help="another seed, other people")
    parser.add_argument("--out", type=Path, required=True, help="a folder for the files")
    given = parser.parse_args()
    lines = year_of(given.project, given.people, given.seed).write(given.out)
    print(f"{given.people} invented people, {lines} events of one year in {given.out}")


if __name__ == "__main__":
    main()
