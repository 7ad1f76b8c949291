"""`verbline check`. Rule: see `cli.findings`, which does the work."""

import click

from verbline.cli import options
from verbline.cli.findings import Options, answer


@click.command(short_help="Find mistakes in sentences, names and kinds.")
@options.PATHS
@options.FORMAT
@options.STDIN
@options.COLOR
@options.QUIET
def check(
    paths: tuple[str, ...],
    form: str,
    stdin_filename: str | None,
    color: str,
    *,
    quiet: bool,
) -> int:
    """Find mistakes in sentences, names and kinds.

    PATH is a file or a folder, or "-" for standard input; by default the project around the working
    folder. A path says whose findings are shown: the names of the whole project are always known.
    Ends in 1 when there is an error.
    """
    return answer(
        Options(
            "check",
            paths,
            form=form,
            color=color,
            quiet=quiet,
            stdin_filename=stdin_filename,
        )
    )
