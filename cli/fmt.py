"""`verbline fmt`. Rule: see `cli.rewriting`, which does the work."""

import click

from verbline.cli import options
from verbline.cli.output import write_bytes
from verbline.cli.paths import readings
from verbline.cli.rewriting import check_all, rewritings, show_all, tell_troubles, write_all


@click.command(short_help="Write journeys in their one true form.")
@options.PATHS
@click.option("--check", is_flag=True, help="Change nothing; end in 1 where something would.")
@click.option("--diff", is_flag=True, help="Show what would change, and change nothing.")
@click.option(
    "--move", is_flag=True, help="Put what a journey says about itself before its first step."
)
@options.FORMAT
@options.STDIN
@options.QUIET
def fmt(
    paths: tuple[str, ...],
    form: str,
    stdin_filename: str | None,
    *,
    check: bool,
    diff: bool,
    move: bool,
    quiet: bool,
) -> int:
    """Write journeys in their one true form.

    PATH is a file or a folder, or "-" to read standard input and write standard output; by default
    the project around the working folder. Only the form changes: a file is left as it is where its
    meaning would not stay the same.
    """
    if form != "pretty" and not check:
        raise click.UsageError("--format goes with --check.")
    found = readings(paths, stdin_filename)
    files = list(rewritings(found, move=move))
    troubles = tell_troubles(found, files)
    if diff:
        different = show_all(files, quiet=quiet)
    elif check:
        different = check_all(found, files, form, quiet=quiet)
    elif paths == ("-",):
        write_bytes(b"".join(one.before if one.why else one.after.encode() for one in files))
        different = 0
    else:
        different = write_all(files, quiet=quiet)
    return int(bool(troubles or different))
