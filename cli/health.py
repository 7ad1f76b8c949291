"""`verbline health`. Rule: see `cli.healthy`, which does the work, and `cli.ailing` for what needs somebody."""

import click

from verbline.cli import options


@click.command(short_help="Tell how a running project is, and what needs somebody.")
@options.PROJECT
@click.option(
    "--store", metavar="FILE", required=True, help="The store of the runtime; it is only read."
)
@click.option("--log", metavar="LOG", help="The log: a file, or a folder of .jsonl files.")
@options.form("How the answer is written.")
def health(project: str | None, *, store: str, log: str | None, form: str) -> int:
    """Tell how a running project is, and what needs somebody.

    PROJECT is a folder with a verbline.toml; by default the project around the working folder. Told are the last sign of
    life of `verbline run`, what is to leave, what was set aside, and with --log how far each file was read and whether
    moments come as often as they are expected (`expected at least 5 times in 1 working day`).

    Ends in 1 where something needs somebody: nobody is at work for a minute though there is work, a message waits for a
    word, a channel is closed or failed, a moment is silent, a file was taken away. Each is a sentence with the next
    command.
    """
    from verbline.cli.healthy import Asked, told

    return told(Asked(project, store, log, form))
