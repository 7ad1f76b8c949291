"""`verbline identity`. Rule: see `cli.identity_plan`, which does the work, and `cli.identity_text` for the text."""

from __future__ import annotations

import click

from verbline.cli import options


@click.group(short_help="Show what a change of the rules of who is who does.")
def identity() -> None:
    """Show what a change of the rules of who is who does.

    Nobody is joined or taken apart by it: both sides read the log in memory, and what differs is told.
    """


@identity.command(short_help="Whom a change of the rules joins and takes apart.")
@click.argument("project", required=False)
@click.option(
    "--against",
    metavar="REF",
    help="The old side: a revision of git, or another project's folder.",
)
@click.option("--log", metavar="LOG", help="The log: a file, or a folder of .jsonl files.")
@options.form("How the answer is written.", "markdown")
@options.COLOR
def plan(project: str | None, against: str | None, log: str | None, form: str, color: str) -> int:
    """Tell whom the rules of PROJECT join and take apart that were others by the rules of REF.

    Both read the same log. Told is what speaks for each pair and what against it, which journeys these people are
    inside, and for what they may be written to before and after. Nothing is stored. Ends in 0 where people stay who
    they are, in 2 where they do not, in 1 where that cannot be told.
    """
    from verbline.cli.identity_plan import plan_of

    return plan_of(project, against, log, form, color)
