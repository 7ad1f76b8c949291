"""Runs one sweep by its name. Rule: it ends in 1 where something differs, in 2 where it cannot be run here."""

import argparse
import sys

from tests.sweeps import (
    calls,
    erased,
    flipped,
    full,
    jumps,
    killed,
    mounts,
    power,
    rotated,
    torn,
    twenty,
)
from tests.sweeps.planted import FAULTS

SWEEPS = {
    "killed": lambda given: killed.main(
        given.part,
        range(given.first, 1 << 40, given.every or 499),
        given.crashes,
        given.plant,
        given.repeatable,
    ),
    "calls": lambda given: calls.main(("KILL",), given.every or 1, given.plant),
    "errors": lambda given: calls.main(calls.ERRORS, given.every or 1, given.plant),
    "erased": lambda given: erased.main(
        range(given.first, 1 << 40, given.every or 37), given.plant
    ),
    "turned": lambda given: calls.main(calls.READ_ONLY, given.every or 1, given.plant),
    "power": lambda given: power.main(given.every or 1, given.plant),
    "torn": lambda given: torn.main(given.every or 1),
    "rotated": lambda given: rotated.main(given.every or 1),
    "flipped": lambda given: flipped.main(given.many or 1000),
    "twenty": lambda given: twenty.main(given.many or twenty.MANY),
    "mounts": lambda given: mounts.main(given.plant),
    "jumps": lambda given: jumps.main(given.many or 200),
    "full": lambda given: full.main(given.every or 1, given.plant),
}
TOLD = """\
killed: at steps of our code; erased: while somebody is erased; calls: at system calls; errors: a call fails; turned: a disk may only be read for a while; power: on from each disk that a run may leave; torn: a line cut at every byte; rotated: the log, in
three ways; flipped: one byte of the store; twenty: runtimes at once; jumps: of the clock; full: a disk;
mounts: a store by another name, and a disk to read alone
"""


def main() -> int:
    """Return the exit code of the sweep that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.sweeps", description=__doc__)
    parser.add_argument("sweep", choices=SWEEPS, help=TOLD)
    parser.add_argument("--every", type=int, default=0, help="only every so many points")
    parser.add_argument(
        "--many", type=int, default=0, help="flipped: bytes; twenty: runtimes; jumps: clubs"
    )
    parser.add_argument("--part", choices=killed.PARTS, default="all", help="killed: in which code")
    parser.add_argument(
        "--repeatable",
        choices=("yes", "by key", "no"),
        default="by key",
        help="killed: what the receiver may get again",
    )
    parser.add_argument("--plant", choices=FAULTS, default="", help="in a runtime with a fault")
    parser.add_argument("--first", type=int, default=1, help="killed: the first point")
    parser.add_argument("--crashes", type=int, default=1, help="killed: how often in one run")
    given = parser.parse_args()
    return SWEEPS[given.sweep](given)


if __name__ == "__main__":
    sys.exit(main())
