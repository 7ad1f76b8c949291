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
@click.option("--environment", metavar="NAME", default="", help="With the settings of this environment.")  # fmt: skip
@options.form("How the sums at the end are written.")
def run(
    project: str | None,
    log: str,
    store: str,
    rehearse: bool,  # noqa: FBT001 - an option
    environment: str,
    form: str,
) -> int:
    """Run the journeys on a log, for good.

    PROJECT is a folder with a verbline.toml; by default the project around the working folder. With
    --rehearse the log happens on its own time, as in `verbline simulate`, but through the store, and ends
    with its last event. What was read stays read: the next rehearsal goes on behind it. A store of a
    rehearsal is never run on. Ends in 1 when the project has errors or the store cannot be used.
    """
    from verbline.cli import WrongUsageError
    from verbline.cli.running import Asked, rehearsed

    if not rehearse:
        raise WrongUsageError("Say --rehearse: without it nothing is run yet.")
    asked = Asked(project, log, store, form)
    asked.environment = environment
    return rehearsed(asked)
