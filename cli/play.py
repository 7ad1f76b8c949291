"""`verbline play`. Rule: nothing is stored or sent; what was played comes out as a scenario that passes."""

from __future__ import annotations

import os
from datetime import datetime

import click

from verbline.cli import WrongUsageError, options
from verbline.cli.output import write, write_document
from verbline.cli.paths import one_file

WRITTEN = "%Y-%m-%d %H:%M"


@click.command(short_help="Step through one person's journey.")
@options.FILE
@click.option("--journey", metavar="NAME", help="Which journey, where the file has several.")
@click.option("--at", "begin", metavar="TIME", help='When it begins, such as "2026-03-06 14:10"; by default now.')  # fmt: skip
@click.option("-o", "--output", metavar="FILE", help="Write the scenario into this new file.")
def play(file: str, journey: str | None, begin: str | None, output: str | None) -> int:
    """Step through one person's journey.

    FILE is a .journey file. You choose what happens next. Each turn shows what has happened and what may happen now: the moments that
    the journey waits for, answers that somebody owes, time. Choose a number, or write any line of a
    scenario. Nothing is stored or sent. At the end the scenario is printed, with what it has shown as
    its expectations, ready to be put beside the journey.
    """
    from verbline.cli.playing import game_of
    from verbline.cli.playing import play as played

    if output and os.path.lexists(output):
        raise WrongUsageError(f'"{output}" is there already.')
    reading, name = one_file(file, None)
    game = game_of(reading, name, journey, begun(begin))
    if game is None:
        return 1
    scenario = played(game)
    if not output:
        write_document(scenario)
        return 0
    try:
        with open(output, "x", encoding="utf-8", newline="\n") as made:
            made.write(scenario)
    except OSError as error:
        raise WrongUsageError(f'"{output}" cannot be written: {error.strerror}.') from error
    write(f"The scenario stands in {output}.\n")
    return 0


def begun(written: str | None) -> str:
    """Return when the scenario begins, as it is written there."""
    if written is None:
        from verbline.interpreter.zones import plain
        from verbline.runtime.clock import now

        return plain(now()).strftime(WRITTEN)
    try:
        return datetime.strptime(written.replace("T", " "), WRITTEN).strftime(WRITTEN)  # noqa: DTZ007 - a time on the wall of the project's zone
    except ValueError:
        raise WrongUsageError(f'"{written}" is no time such as "2026-03-06 14:10".') from None
