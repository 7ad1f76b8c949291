"""`verbline desk`. Rule: see `cli.desking`, which does the work."""

import click

from verbline.cli import options


@click.group(short_help="Write down what a desk answers.")
def desk() -> None:
    """Write down what a desk answers.

    It answers a task. The answer is appended to the runtime's own log; the runtime goes on when it reads that.
    """


@desk.command(short_help="Write down the answer to a task.")
@click.argument("names", nargs=-1, required=True, metavar="[PROJECT] KEY ANSWER")
@options.LOG
@click.option(
    "--store",
    metavar="FILE",
    help="The store of the runtime; with it KEY and ANSWER are looked up.",
)
@click.option(
    "--as-written", is_flag=True, help="Take the answer though the task does not ask for it."
)
@options.BY
@options.form("How the answer is written.")
def answer(
    names: tuple[str, ...],
    *,
    log: str,
    store: str | None,
    as_written: bool,
    by: str | None,
    form: str,
) -> int:
    """Write down the answer to a task, or to a question that somebody was asked.

    KEY is the key of the task, which stands in its webhook or file, and in `verbline outbox`. ANSWER is one of the answers
    that the task offers; where it offers none any word ends it, such as "done". The key of a question whether two people are one
    names both, such as same-P3-P9: "same" joins them, "not same" keeps them apart for good.

    With --store it is refused when there is no such task, when it was taken back, or when it does not offer that answer.
    An answer that comes too late is kept, and changes nothing.
    """
    from verbline.cli.desking import Asked, take

    asked = Asked(names, log, store)
    asked.as_written, asked.by, asked.form = as_written, by, form
    return take(asked)
