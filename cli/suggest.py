"""`verbline people suggest`. Rule: see `cli.suggesting`, which does the work."""

from __future__ import annotations

import click

from verbline.cli import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.cli.knowing import Place


@click.command(short_help="Who may be one person written twice.")
@options.in_place
@click.option(
    "--least",
    type=click.IntRange(0, 100),
    default=50,
    show_default=True,
    help="The lowest score that is told, of 100.",
)
@click.option(
    "--pairs",
    metavar="FILE",
    help="Say of the pairs of another tool, a CSV file with two people a row, what stands against each.",
)
@options.form("How the answer is written; csv is a table of pairs for other tools.", "csv")
def suggest(
    *,
    place: Place,
    least: int,
    pairs: str | None,
    form: str,
) -> int:
    """Propose people who may be one: two of first name, surname and birth date are the same, the third has a slip.

    A slip is a letter too many, too few, another, or two that changed places; in a date also the day and the month. The
    score says how likely the two are one person, since namesakes come by chance. Nobody is joined: `verbline people
    merge` does that.
    """
    from verbline.cli.suggesting import suggest_people

    return suggest_people(place, least, pairs, form)
