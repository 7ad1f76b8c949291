"""`verbline simulate`. Rule: see `cli.simulation`, which does the work, and `cli.sums` for the text."""

import click

from verbline.cli import options


@click.command(short_help="Run the journeys over a log, in memory.")
@options.PROJECT
@click.option(
    "--log",
    "log_path",
    metavar="LOG",
    required=True,
    help="The log: a file, or a folder of .jsonl files.",
)
@click.option("--from", "start", metavar="T", help="Count only what happens from then on.")
@click.option("--until", metavar="T", help="Let time end then, though the log may go on.")
@click.option(
    "--answers",
    metavar="P%",
    help="Let this share of the desks and people who are asked answer, where the log has no answer.",
)
@options.form("How the answer is written; jsonl is the trace, one record a line.", "jsonl")
@options.COLOR
def simulate(
    project: str | None,
    log_path: str,
    start: str | None,
    until: str | None,
    answers: str | None,
    form: str,
    color: str,
) -> int:
    """Run the journeys over a log, in memory.

    PROJECT is a folder with a verbline.toml; by default the project around the working folder. The
    log is read on its own time, from its first line to its last. T is a date (its first moment, in the
    project's zone), a date and time, or one with its offset. Ends in 1 when the project has errors.
    """
    from verbline.cli.simulation import Asked, answer

    asked = Asked(project, log_path, form=form, color=color)
    asked.start, asked.until, asked.answers = start, until, answers
    return answer(asked)
