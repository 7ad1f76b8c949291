"""`verbline collisions`. Rule: see `cli.colliding`, which does the work."""

from __future__ import annotations

import click

from verbline.cli import options


@click.command(short_help="Show where journeys meet in one person.")
@options.PROJECT
@options.LOG
@click.option("--from", "start", metavar="T", help="Look only at what happens from then on.")
@click.option("--until", metavar="T", help="Let time end then, though the log may go on.")
@click.option(
    "--answers",
    metavar="P%",
    help="Let this share of the desks and people who are asked answer, where the log has no answer.",
)
@options.form("How the answer is written.", "markdown")
@options.COLOR
def collisions(
    project: str | None,
    log: str,
    form: str,
    color: str,
    **period: str | None,
) -> int:
    """Show where journeys meet in one person.

    All journeys of PROJECT run together over a recorded period, as they do live. Told is who gets messages of two journeys on one day and whose leaves
    first, who is offered different things, whom a desk hears of twice, and whose messages wait or are refused because
    others had filled a cap. Nothing is stored and nothing is sent.
    """
    from verbline.cli.colliding import answer
    from verbline.cli.planning import Asked

    asked = Asked(project, None, log)
    asked.start, asked.until, asked.answers = (period[name] for name in ("start", "until", "answers"))  # fmt: skip
    return answer(asked, form, color)
