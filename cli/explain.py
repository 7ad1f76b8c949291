"""`verbline explain`. Rule: see `cli.explaining`, which does the work, and `cli.explain_text` for the text."""

import click

from verbline.cli import options


@click.command(short_help="Say why somebody got something, or did not.")
@click.argument("names", nargs=-1, metavar="[PROJECT] PERSON")
@click.option("--store", metavar="FILE", help="The store of the runtime; it is only read.")
@click.option("--log", metavar="LOG", help="The log: a file, or a folder of .jsonl files.")
@click.option("--at", metavar="T", help="Tell what was known up to then.")
@click.option("--journey", metavar="NAME", default="", help="Tell of this journey alone.")
@click.option(
    "--why", metavar="MESSAGE", multiple=True, help="Say why this message went out; as often as needed."
)  # fmt: skip
@click.option(
    "--why-not",
    metavar="MESSAGE",
    multiple=True,
    help="Say why this message did not go out; as often as needed.",
)
@click.option(
    "--export", metavar="FILE", help="Write all that is known of the person to a new file, as JSON."
)
@options.form("How the answer is written; html is one page that loads nothing.", "html")
def explain(
    names: tuple[str, ...],
    *,
    store: str | None,
    log: str | None,
    at: str | None,
    journey: str,
    why: tuple[str, ...],
    why_not: tuple[str, ...],
    export: str | None,
    form: str,
) -> int:
    """Say why somebody got something, or did not.

    PERSON is an id such as P7, or something that one person alone holds: member-number=M-7, email=tina@mail.example.
    PROJECT is a folder with a verbline.toml; by default the project around the working folder. Told is what happened,
    which journey did what at which line and why, and what it rests on. Without --store the journeys are run over the log
    in memory. T is a date, or a time with or without its offset. Ends in 1 where PERSON is nobody.
    """
    from verbline.cli.explaining import Asked, answer

    asked = Asked(names, log, form)
    asked.store, asked.export = store, export
    asked.at, asked.journey = at, journey
    asked.why, asked.why_not = why, why_not
    return answer(asked)
