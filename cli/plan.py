"""`verbline plan`. Rule: see `cli.planning`, which does the work, and `cli.plan_text` for the text."""

from __future__ import annotations

import click

from verbline.cli import options
from verbline.cli.planning import DETAILS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class WrongPlanError(click.UsageError):
    """Wrong usage of a command in which 2 says that something changes."""

    exit_code = 1


class Planning(click.Command):
    """A command in which 2 says that something changes, so that wrong usage is 1."""

    def make_context(self, *given: Any, **named: Any) -> click.Context:
        """Return the context of a call; wrong usage ends in 1."""
        try:
            return super().make_context(*given, **named)
        except click.UsageError as error:
            raise WrongPlanError(error.format_message(), error.ctx) from None


@click.command(cls=Planning, short_help="Show what a change would do, before it is live.")
@options.PROJECT
@click.option(
    "--against",
    metavar="REF",
    help="The old side: a revision of git, or another project's folder.",
)
@click.option(
    "--log",
    "log_path",
    metavar="LOG",
    help="What to replay: a file, or a folder of .jsonl files; without it only the texts are compared.",
)
@click.option(
    "--store",
    metavar="FILE",
    help="The store of the running project: who is inside what, and what becomes of them.",
)
@click.option("--from", "start", metavar="T", help="Compare only what happens from then on.")
@click.option("--until", metavar="T", help="Let time end then, though the log may go on.")
@click.option(
    "--answers",
    metavar="P%",
    help="Let this share of the desks and people who are asked answer, where the log has no answer.",
)
@click.option(
    "--details",
    metavar="N",
    type=click.IntRange(0),
    default=DETAILS,
    show_default=True,
    help="Tell so many people record by record; JSON names all.",
)
@options.form("How the answer is written.", "markdown")
@options.COLOR
def plan(
    project: str | None,
    against: str | None,
    log_path: str | None,
    store: str | None,
    details: int,
    form: str,
    color: str,
    **period: str | None,
) -> int:
    """Show what a change would do, before it is live.

    Told is what PROJECT does that it did not at REF, and whom that reaches. The texts are compared by what they mean: who only lays out otherwise has changed nothing. With a log both versions
    are replayed over it, in memory: who would get more, fewer or other messages, whose waits and outcomes change, what
    desks are handed. How people would have reacted to what they never got is told as a range. Ends in 0 where nothing
    changes, in 2 where something does, in 1 where that cannot be told.
    """
    from verbline.cli.planning import Asked, answer

    asked = Asked(project, against, log_path)
    asked.store, asked.details = store, details
    asked.start, asked.until, asked.answers = (
        period[name] for name in ("start", "until", "answers")
    )
    return answer(asked, form, color)
