"""`verbline run`. Rule: see `cli.running`, which does the work; a module called `run` would hide the function of that name."""

import click

from verbline.cli import options


@click.command(short_help="Run the journeys on a log, for good.")
@options.PROJECT
@options.LOG
@click.option(
    "--store",
    metavar="FILE",
    required=True,
    help="The file that keeps all that is known; it is made where there is none.",
)
@click.option(
    "--rehearse", is_flag=True, help="Let the log happen on its own time, and send nothing."
)
@click.option("--once", is_flag=True, help="Take what is there, send what is due, and end.")
@click.option(
    "--end",
    metavar="JOURNEY",
    multiple=True,
    help="Let out who is inside a journey that is gone; without it they finish. May be repeated.",
)
@click.option("--environment", metavar="NAME", default="", help="With the settings of this environment.")  # fmt: skip
@click.option(
    "--metrics",
    metavar="PORT",
    help="Serve numbers for Prometheus at this port; this machine alone sees them, unless it is ADDRESS:PORT.",
)
@options.form("How the sums at the end are written.")
def run(
    project: str | None,
    log: str,
    store: str,
    *,
    rehearse: bool,
    once: bool,
    end: tuple[str, ...],
    environment: str,
    metrics: str | None,
    form: str,
) -> int:
    """Run the journeys on a log, for good.

    PROJECT is a folder with a verbline.toml; by default the project around the working folder. First
    what stands in the log is taken, then what is due is sent, then each line as it comes. It ends when it
    is told to (SIGTERM, or Ctrl-C), behind the transaction in hand, and goes on from there the next time.

    A project that was saved is taken up while it runs, once it checks, its scenarios pass, its certificate
    matches where there is one, and people inside can go on; else the last good version stays and it is
    said why. People inside finish the version they started, unless their journey says that they move.

    With --once it ends when nothing is left that is due. With --rehearse the log happens on its own time,
    as in `verbline simulate`, but through the store: nothing is sent, and what would be stands in a file
    beside the store, which is never run on. Ends in 1 when the project has errors, or when the store or
    the log cannot be used.
    """
    from verbline.cli.running import Asked, run_as

    asked = Asked(project, log, store, environment=environment, form=form)
    asked.source.ends = end
    return run_as(asked, rehearse=rehearse, once=once, metrics=metrics)
