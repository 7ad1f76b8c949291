"""`verbline read`. Rule: what is told is the whole file; what was not understood is told as such."""

import click

from verbline.cli import options
from verbline.cli.output import write_document
from verbline.cli.paths import one_file


@click.command(short_help="Tell a journey in prose.")
@options.FILE
@options.STDIN
def read(file: str, stdin_filename: str | None) -> None:
    """Tell a journey in prose.

    FILE is one .journey file, or "-" for standard input. Every sentence of it is told, in the order
    in which a reader asks: who and why, who comes in, what happens, how it ends.
    """
    from verbline.interpreter.read import read as prose

    reading, name = one_file(file, stdin_filename)
    write_document(prose(reading.project(), name))
