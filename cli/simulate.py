"""`verbline simulate`. Rule: see `cli.simulation`, which does the work, and `cli.sums` for the text."""

import click

from verbline.cli import options


@click.command(short_help="Run the journeys over a log, in memory.")
@options.PROJECT
@click.option(
    "--log",
    "log_path",
    metavar="LOG",
    help="The log: a file, or a folder of .jsonl files.",
)
@click.option(
    "--people",
    type=click.IntRange(1, 1_000_000),
    metavar="N",
    help="Instead of a log: so many invented people, who show the journeys and nothing else.",
)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="Another number, other invented people."
)
@click.option("--from", "start", metavar="T", help="Count only what happens from then on.")
@click.option("--until", metavar="T", help="Let time end then, though the log may go on.")
@click.option(
    "--answers",
    metavar="P%",
    help="Let this share of the desks and people who are asked answer, where the log has no answer.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    metavar="N",
    help="Share a log between so many processes; by default as many as there are cores, where it is large.",
)
@click.option(
    "--svg",
    metavar="FILE",
    help="Also draw the journeys into this file, with how many people went which way.",
)
@options.form("How the answer is written; jsonl is the trace, one record a line.", "jsonl")
@options.COLOR
def simulate(  # noqa: PLR0913 - click gives them by name
    project: str | None,
    log_path: str | None,
    start: str | None,
    until: str | None,
    answers: str | None,
    form: str,
    color: str,
    *,
    people: int | None,
    seed: int,
    jobs: int | None,
    svg: str | None,
) -> int:
    """Run the journeys over a log, in memory.

    PROJECT is a folder with a verbline.toml; by default the project around the working folder. The
    log is read on its own time, from its first line to its last; without one, --people invents some, who
    do what the journeys look at within 90 days from --from on. T is a date (its first moment, in the
    project's zone), a date and time, or one with its offset. Ends in 1 when the project has errors.
    """
    from verbline.cli.simulation import Asked, answer, answer_for_invented

    if (log_path is None) == (people is None):
        raise click.UsageError(
            "Name a log with --log, or a number of invented people with --people."
        )
    asked = Asked(project, log_path or "", form=form, color=color)
    asked.start, asked.until, asked.answers, asked.svg = start, until, answers, svg
    asked.jobs = jobs
    return answer(asked) if people is None else answer_for_invented(asked, people, seed)
