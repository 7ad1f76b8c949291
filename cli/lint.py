"""`verbline lint`. Rule: see `cli.findings`, which does the work, and `cli.mend` for `--fix`."""

import click

from verbline.cli import options
from verbline.cli.findings import PRESETS, Options, answer


@click.command(short_help="Find what is allowed but unwise.")
@options.PATHS
@click.option("--fix", is_flag=True, help="Mend what can be mended safely, and show the rest.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, and change nothing.")
@click.option(
    "--preset",
    type=click.Choice(PRESETS),
    default="standard",
    show_default=True,
    help="starter: errors; standard: warnings too; strict: hints too, and warnings fail.",
)
@options.FORMAT
@options.STDIN
@options.COLOR
@options.QUIET
def lint(
    paths: tuple[str, ...],
    preset: str,
    form: str,
    stdin_filename: str | None,
    color: str,
    *,
    fix: bool,
    diff: bool,
    quiet: bool,
) -> int:
    """Find what is allowed but unwise.

    What check finds is found, too. PATH is a file or a folder, or "-" for standard input; by default
    the project around the working folder. Ends in 1 when there is an error; with --preset strict also
    for a warning.

    A finding is accepted by a comment on the line above it: # accept F308 because "…"
    """
    asked = Options(
        "lint",
        paths,
        form=form,
        color=color,
        quiet=quiet,
        preset=preset,
        stdin_filename=stdin_filename,
    )
    if fix or diff:
        from verbline.cli.mend import mend

        return mend(asked, diff=diff)
    return answer(asked)
