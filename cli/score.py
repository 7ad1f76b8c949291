"""`verbline score`. Rule: see `cli.scoring`, which does the work, and `cli.score_text` for the text."""

from __future__ import annotations

import click

from verbline.cli import options
from verbline.cli.plan import Planning


@click.group(short_help="Show what a change of a score does.")
def score() -> None:
    """Show what a change of a score does.

    Nobody gets or loses points by it: both versions meet the log in memory.
    """


@score.command(cls=Planning, short_help="Who crosses the line, and whether that told anything.")
@options.PROJECT
@click.option(
    "--against",
    metavar="REF",
    help="The old side: a revision of git, or another project's folder.",
)
@click.option("--log", "log_path", metavar="LOG", help="The log: a file, or a folder of .jsonl files.")  # fmt: skip
@click.option("--score", "name", metavar="NAME", help="The score; by default all.")
@click.option(
    "--line",
    metavar="N",
    type=float,
    help="Watch who reaches so many points; by default every number that a sentence asks for.",
)
@click.option("--outcome", metavar="MOMENT", help="What was to be foretold, such as an order.")
@click.option(
    "--within",
    metavar="DAYS",
    type=click.IntRange(1),
    help="Count the outcome only so many days after the line was crossed; without it, ever after.",
)
@options.form("How the answer is written.", "markdown")
@options.COLOR
def plan(
    project: str | None,
    against: str | None,
    log_path: str | None,
    *,
    name: str | None,
    line: float | None,
    outcome: str | None,
    within: int | None,
    form: str,
    color: str,
) -> int:
    """Tell who crosses the line of a score by PROJECT that did not by REF, and when.

    With an outcome it says of how many who crossed the line it came later (precision), and how many of those to whom it
    came had crossed the line before (recall), by both versions. Ends in 0 where everybody crosses it when they did, in 2
    where not, in 1 where that cannot be told.
    """
    from verbline.cli.scoring import Scored, answer

    asked = Scored(project, against, log_path)
    asked.score, asked.line, asked.outcome, asked.within = name, line, outcome, within
    return answer(asked, form, color)
