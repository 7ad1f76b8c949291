"""`verbline translate`. Rule: the tree stays the same, so a file is translated whole or not at all."""

from __future__ import annotations

import os

import click

from verbline.cli import WrongUsageError, options
from verbline.cli.changes import replace
from verbline.cli.output import complain, write, write_utf8
from verbline.cli.paths import one_file

LANGUAGES = ("en", "sl")


@click.command(short_help="Write a journey in another language.")
@options.FILE
@click.option(
    "--to",
    type=click.Choice(LANGUAGES),
    required=True,
    help="The language whose words the file gets.",
)
@click.option("--write", "in_place", is_flag=True, help="Put the translation in the file's place.")
@click.option("--output", metavar="PATH", help="Write the translation to a new file.")
@options.STDIN
def translate(
    file: str, to: str, output: str | None, stdin_filename: str | None, *, in_place: bool
) -> int:
    """Write a journey in another language.

    The sentences get the words of the other language; names, texts and data words stay as they are.
    Without --write and --output the translation goes to standard output.
    """
    from verbline.interpreter.translate import translate as translated

    if in_place and (output or file == "-"):
        raise click.UsageError("--write goes with a file, and without --output.")
    if output and os.path.lexists(output):
        raise WrongUsageError(f'"{output}" is there already.')
    reading, name = one_file(file, stdin_filename)
    found = translated(reading.parsed(name), to)
    if not isinstance(found, str):
        complain(f"{found.path}:{found.span.line}:{found.span.column} {found.message}")
        return 1
    if in_place:
        return put_in_place(reading.paths[name], reading.contents[name], found, file)
    if output:
        put(output, found)
    else:
        write_utf8(found)
    return 0


def put_in_place(path: str, before: bytes, after: str, shown: str) -> int:
    """Write the translation over the file and return the exit code."""
    if before == after.encode("utf-8"):
        return 0
    try:
        replace(path, before, after)
    except OSError as error:
        complain(f"{shown} is not written: {error.strerror or error}")
        return 1
    write(f"translated {shown}\n")
    return 0


def put(path: str, text: str) -> None:
    """Write a new file; wrong usage where it cannot be made."""
    try:
        with open(path, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise WrongUsageError(f'"{path}" cannot be written: {error.strerror}.') from error
    write(f"translated to {path}\n")
