"""`verbline report`. Rule: see `cli.reporting`, which does the work, and `cli.report_text` for the text."""

import click

from verbline.cli import options

DIMENSIONS = ("journey", "step", "desk", "channel", "month", "week")


@click.command(short_help="Compute the numbers of a project from its log.")
@options.PROJECT
@click.option(
    "--log",
    "log_path",
    metavar="LOG",
    required=True,
    help="The log: a file, or a folder of .jsonl files.",
)
@click.option(
    "--store",
    metavar="FILE",
    help="Take what journeys decided from this store of the runtime, as it was decided then.",
)
@click.option("--from", "start", metavar="T", help="Report on what begins from then on.")
@click.option("--until", metavar="T", help="Let time end then: nothing later is known.")
@click.option(
    "--by",
    multiple=True,
    type=click.Choice(DIMENSIONS),
    help="Tell figures apart by this too; may be given several times.",
)
@click.option("--out", metavar="FILE", help="Write into this file instead of standard output.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json", "csv", "html")),
    default="text",
    show_default=True,
    help="How the report is written; html is one page that needs no network.",
)
@options.COLOR
def report(  # noqa: PLR0917 - click gives them by name
    project: str | None,
    log_path: str,
    start: str | None,
    until: str | None,
    by: tuple[str, ...],
    out: str | None,
    form: str,
    color: str,
    *,
    store: str | None,
) -> int:
    """Compute the numbers of a project from its log.

    PROJECT is a folder with a verbline.toml; by default the project around the working folder. Every
    number follows from the log and the files alone: goals and metrics, pipeline, response, interest,
    claims, experiments, messages, desks and people. The log is run with the files as they are; with
    --store what was decided then counts, by whatever version. Without --from each metric takes the latest window
    of its own length. T is a date (its first moment, in the project's zone), a date and time, or one with
    its offset. Ends in 1 when the project has errors.
    """
    from verbline.cli.reporting import Asked, answer

    asked = Asked(project, log_path, form=form, color=color)
    asked.start, asked.until, asked.by = start, until, by
    asked.out, asked.store = out, store
    return answer(asked)
