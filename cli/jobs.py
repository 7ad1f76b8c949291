"""How many processes share a log. Rule: what comes of it is the same, however many; where one has to see all of it, it is one."""

from __future__ import annotations

from functools import partial

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from verbline.runtime.log import Log
    from verbline.runtime.simulate import Simulation

# From so many bytes on it pays to share a log.
SHARED = 20_000_000


def jobs_for(asked: int | None, size: int, large: int) -> int:
    """Return how many processes share a log of ``size`` bytes: so many as are asked for, else as there are cores.

    The people of one of ``large`` bytes do not fit into memory; it is taken in another way.
    """
    from verbline.runtime.shares import can_copy, cores

    if not can_copy():
        return 1
    if asked is not None:
        return asked
    return cores() if SHARED <= size < large else 1


def in_processes(
    make: Callable[[], Simulation], path: str, jobs: int
) -> tuple[Simulation, Log] | None:
    """Let the log at ``path`` happen in so many processes; None where one has to see all of it, or some could not go on."""
    from pathlib import Path

    from verbline.cli.progress import Progress, read_so_far
    from verbline.runtime.clock import now
    from verbline.runtime.lots.glimpse import NoWayError
    from verbline.runtime.lots.simulated import in_lots

    progress = Progress()

    def show(log: Log) -> None:
        progress.show(partial(read_so_far, log.counts))

    try:
        return in_lots(make, Path(path), jobs, now=now(), progress=show)
    except (NoWayError, ChildProcessError):
        return None
    finally:
        progress.clear()
