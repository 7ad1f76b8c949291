"""`verbline outbox`. Rule: see `cli.outboxing`, which does the work, and `cli.outbox_text` for the text."""

import click

from verbline.cli import options

STATES = ("ready", "sending", "sent", "refused", "stale", "withdrawn", "failed", "unknown", "all")


@click.command(short_help="Show what is to leave, and decide what nobody knows about.")
@click.argument("names", nargs=-1, metavar="[PROJECT] [KEY]")
@click.option(
    "--store", metavar="FILE", required=True, help="The store of the runtime; it is only read."
)
@click.option("--state", type=click.Choice(STATES), help="Show the messages in this state.")
@click.option(
    "--send-again", metavar="KEY", multiple=True, help="Send this message again; as often as needed."
)  # fmt: skip
@click.option(
    "--leave", metavar="KEY", multiple=True, help="Leave this message as it is; as often as needed."
)
@click.option("--log", metavar="LOG", help="The log, where what you decide is written down.")
@options.BY
@options.WHY
@options.form("How the answer is written.")
def outbox(
    names: tuple[str, ...],
    *,
    store: str,
    state: str | None,
    send_again: tuple[str, ...],
    leave: tuple[str, ...],
    log: str | None,
    by: str | None,
    why: str,
    form: str,
) -> int:
    """Show what is to leave, and decide what nobody knows about.

    Without KEY the messages and tasks are counted by state, and listed are those that have not left or wait for a person.
    KEY shows one of them whole. PROJECT is a folder with a verbline.toml, in whose time zone times are told.

    A message is unknown when it was handed over and no answer came. Where it may arrive twice, it waits for your word:
    --send-again or --leave. That is appended to the log, and the runtime does it. Ends in 1 where KEY is none, or is not
    unknown.
    """
    from verbline.cli.outboxing import Asked, decide, show

    asked = Asked(names, store, form)
    asked.state, asked.log, asked.by, asked.why = state, log, by, why
    if send_again or leave:
        return decide(asked, send_again, leave)
    return show(asked)
