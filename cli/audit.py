"""`verbline audit`. Rule: see `cli.auditing`, which does the work, and `cli.audited` for the text."""

import click

from verbline.cli import options


@click.command(short_help="Find what to mend in a log before any journey.")
@click.argument("log")
@click.option(
    "--project",
    metavar="PROJECT",
    help="The project whose sources, people and purposes count; without one they are guessed, and the guess is told.",
)
@click.option(
    "--field",
    "fields",
    metavar="NAME=ROLE",
    multiple=True,
    help="Say what a field holds: time, recorded, type, source, key, email, phone, device, first-name, last-name, name, birth-date, agreement, none.",
)
@click.option("--zone", metavar="ZONE", help="Whose clock times without an offset show.")
@click.option("--country", metavar="CODE", help="Whose telephone numbers those without + are.")
@click.option(
    "--ceiling",
    metavar="P%",
    help="End in 1 where a larger share of keys and addresses belongs to several people.",
)
@click.option(
    "--show-values",
    is_flag=True,
    help="Show the values that most people share, most of their letters hidden.",
)
@options.form("How the answer is written.", "markdown")
@options.COLOR
def audit(
    log: str,
    *,
    project: str | None,
    fields: tuple[str, ...],
    zone: str | None,
    country: str | None,
    ceiling: str | None,
    show_values: bool,
    form: str,
    color: str,
) -> int:
    """Find what to mend in a log before any journey.

    LOG is a file or a folder: CloudEvents or plain JSON objects, one a line, or CSV. Told are the sources, who shares
    what, who has agreed to what, what is asked twice, and how late events come; and first, what to mend first. No value
    of any person is shown.
    """
    from verbline.cli.auditing import Asked, answer

    asked = Asked(log, project, fields, form=form, color=color)
    asked.zone, asked.country, asked.ceiling, asked.shows_values = zone, country, ceiling, show_values  # fmt: skip
    return answer(asked)
