"""`verbline replay`. Rule: see `cli.replaying`, which does the work."""

from __future__ import annotations

import click

from verbline.cli import options


@click.command(short_help="Check that recorded decisions come out again.")
@options.PROJECT
@click.option("--check", is_flag=True, help="Compare what comes out with what was recorded.")
@options.LOG
@click.option("--store", metavar="FILE", required=True, help="The store that holds the record.")
@click.option("--environment", metavar="NAME", default="", help="With the settings of this environment.")  # fmt: skip
@options.form("How the answer is written.")
def replay(
    project: str | None,
    check: bool,  # noqa: FBT001 - an option
    log: str,
    store: str,
    environment: str,
    form: str,
) -> int:
    """Check that recorded decisions come out again.

    The log happens once more, in the order in which the runtime handled it, and every record is compared with the one
    that was kept, byte for byte. Another table of time zones or countries, another Verbline and another version of a
    journey are named first: then decisions may be others with good reason. The store is only read, also while the
    runtime goes on; nothing is sent. Ends in 1 when a record does not come out again.
    """
    from verbline.cli import WrongUsageError
    from verbline.cli.replaying import checked
    from verbline.cli.running import Asked

    if not check:
        raise WrongUsageError("Say --check: it is what a replay is for.")
    return checked(Asked(project, log, store, environment=environment, form=form))
