"""`verbline returned`. Rule: see `cli.returning`, which does the work."""

import click

from verbline.cli import options


@click.command(short_help="Write down what came back: bounces, complaints, call-backs.")
@click.argument("files", nargs=-1, metavar="[FILE]...")
@options.LOG
@click.option("--store", metavar="FILE", required=True, help="The store of the runtime; it is only read.")  # fmt: skip
@options.form("How the answer is written.")
def returned(files: tuple[str, ...], *, log: str, store: str, form: str) -> int:
    """Write down what came back: bounces, complaints, call-backs.

    FILE is the body of a provider's call-back in JSON, or a mail that came back to the sender (RFC 3464, RFC 5965); without
    one it is read from standard input. What it says about messages of the store is appended to the runtime's own log, once
    however often it comes. Reports about other messages are counted and left. Ends in 1 where nothing in a FILE can be read.
    """
    from verbline.cli.returning import take

    return take(files or ("-",), log, store, form)
