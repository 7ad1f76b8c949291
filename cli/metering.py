"""Numbers of a run, served while it goes on. Rule: the loopback address, unless somebody names another."""

from __future__ import annotations

from contextlib import contextmanager

from verbline.cli import WrongUsageError
from verbline.cli.version import VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from verbline.runtime.metrics import Metrics

PORT_MAX = 65_535


@contextmanager
def serving(where: str) -> Iterator[Metrics]:
    """Serve numbers at ``where``, a port or an address with one, until this ends."""
    from verbline.interpreter.guard.policy import standard_policy
    from verbline.interpreter.zones import database_version
    from verbline.runtime.metrics import LOOPBACK, Metrics

    address, port = place_of(where)
    versions = {"version": VERSION, "zones": database_version(), "policy": standard_policy().version}  # fmt: skip
    metrics = Metrics(versions)
    try:
        metrics.serve(port, address or LOOPBACK)
    except OSError as error:
        raise WrongUsageError(f"Nothing can be served at {where}: {error.strerror}.") from error
    try:
        yield metrics
    finally:
        metrics.close()


def place_of(where: str) -> tuple[str, int]:
    """Return the address, nothing where none is named, and the port."""
    address, _, written = where.rpartition(":")
    port = int(written) if written.isascii() and written.isdecimal() else -1
    if not 0 <= port <= PORT_MAX:
        raise WrongUsageError(f'"{where}" is no port; write one such as 9400, or 127.0.0.1:9400.')
    return address.strip("[]"), port
