"""Runs one sweep by its name. Rule: it ends in 1 where something differs."""

import argparse
import sys

from tests.sweeps import calls, killed


def main() -> int:
    """Return the exit code of the sweep that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.sweeps", description=__doc__)
    parser.add_argument("sweep", choices=("killed", "calls", "errors"), help="killed: at steps of our code; calls: at system calls; errors: a call fails")  # fmt: skip
    parser.add_argument("--every", type=int, default=0, help="only every so many points")
    parser.add_argument("--first", type=int, default=1, help="killed: the first point")
    parser.add_argument("--crashes", type=int, default=1, help="killed: how often in one run")
    given = parser.parse_args()
    if given.sweep == "killed":
        return killed.main(given.every or 499, given.first, given.crashes)
    whats = ("KILL",) if given.sweep == "calls" else calls.ERRORS
    return calls.main(whats, given.every or 1)


if __name__ == "__main__":
    sys.exit(main())
