"""`verbline parked`. Rule: see `cli.aside`, which does the work."""

from typing import Any

import click

from verbline.cli import options


@click.command(short_help="Show lines that were set aside, and decide about them.")
@options.PROJECT
@click.option(
    "--store", metavar="FILE", required=True, help="The store of the runtime; it is only read."
)
@click.option("--log", metavar="LOG", help="The log, where the lines stand and what you decide is written down.")  # fmt: skip
@click.option("--reason", metavar="REASON", help="Only what was set aside for this reason.")
@click.option("--show", is_flag=True, help="Show the lines themselves; they may hold personal data.")  # fmt: skip
@click.option(
    "--retry", metavar="FILE:OFFSET", multiple=True, help="Take this line again; as often as needed."
)  # fmt: skip
@click.option("--drop", metavar="FILE:OFFSET", multiple=True, help="Drop this line; as often as needed.")  # fmt: skip
@options.BY
@options.WHY
@options.form("How the answer is written.")
def parked(
    project: str | None,
    *,
    store: str,
    log: str | None,
    retry: tuple[str, ...],
    drop: tuple[str, ...],
    form: str,
    **more: Any,
) -> int:
    """Show lines that were set aside, and decide about them.

    A line that is no event, or that made the engine fail, is parked, and the others go on. Listed are those about which
    nothing is decided yet, with the file, the offset in bytes and the reason. PROJECT is a folder with a verbline.toml, in
    whose time zone times are told.

    --retry lets a line happen as if it came now: after a fault was mended, or where a newer Verbline reads it. --drop says
    that nothing is to come of it. That is appended to the log, and the runtime does it. Ends in 1 where a line is not
    parked, or cannot be taken again.
    """
    from verbline.cli.aside import Asked, decide, listed

    asked = Asked(project, store, log, form)
    asked.reason, asked.is_shown, asked.by, asked.why = (
        more[name] for name in ("reason", "show", "by", "why")
    )
    return decide(asked, retry, drop) if retry or drop else listed(asked)
