"""Many histories, engine against oracle: ``python -m tests.oracle --histories 100000``. Rule: a difference ends in 1.

Each small project is asked about several histories. The first differences are told with the seed and the number that bring
them back: ``python -m tests.oracle --seed 532 --number 3``.
"""

import argparse
import sys
import time
from multiprocessing import Pool

from tests.oracle.compare import differences
from tests.oracle.engine import engine_records
from tests.oracle.invent import again, invent
from tests.oracle.world import run
from verbline.interpreter.program.compile import compile_project
from verbline.interpreter.zones import zone

PER_PROJECT = 10
TOLD_MAX = 5
# After how many histories it is told how far it is, where nobody looks on.
TOLD_EVERY = 1000


def compared(seed: int, numbers: range) -> list[tuple[int, list[str]]]:
    """Return for each history of a project in which the two differ its number and the first difference."""
    invented = invent(seed)
    project = invented.project
    program = compile_project(project)
    there = zone(invented.settings.zone)
    assert there is not None
    found = []
    for number in numbers:
        one = invented if number == 0 else again(invented, number)
        naive = run(project, one.settings, one.people, one.stimuli, one.until)
        told = differences(naive, engine_records(one, project, program), there, seed)
        if told:
            found.append((number, told))
    return found


def of_project(seed: int) -> tuple[int, list[tuple[int, list[str]]]]:
    """Return what `compared` finds for all histories of one project."""
    return seed, compared(seed, range(PER_PROJECT))


def sweep(first: int, histories: int, jobs: int) -> int:
    """Compare many histories, tell how far it is, and return how many differ."""
    seeds = range(first, first + -(-histories // PER_PROJECT))
    begun, done, wrong = time.monotonic(), 0, 0
    with Pool(jobs) as pool:
        for seed, found in pool.imap_unordered(of_project, seeds, chunksize=4):
            done += PER_PROJECT
            for number, told in found:
                wrong += 1
                if wrong <= TOLD_MAX:
                    print(f"--seed {seed} --number {number}", *told, sep="\n", flush=True)
            far = f"{done} of {len(seeds) * PER_PROJECT} histories, {wrong} differ"
            if sys.stderr.isatty():
                sys.stderr.write(f"\r{far}")
            elif done % TOLD_EVERY == 0:
                print(far, flush=True)
    seconds = time.monotonic() - begun
    print(f"{done} histories of {len(seeds)} projects, {wrong} differ, {seconds:.0f} s")
    return wrong


def main() -> int:
    """Read the command line and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("--histories", type=int, default=1000, help="how many to compare")
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--jobs", type=int, default=1, help="how many processes")
    parser.add_argument("--seed", type=int, help="one project")
    parser.add_argument("--number", type=int, default=0, help="one of its histories")
    given = parser.parse_args()
    if given.seed is None:
        return 1 if sweep(given.first, given.histories, given.jobs) else 0
    found = compared(given.seed, range(given.number, given.number + 1))
    for _number, told in found:
        print(*told, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
