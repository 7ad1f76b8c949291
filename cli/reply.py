"""`verbline reply`. Rule: see `cli.replying`, which does the work."""

import click

from verbline.cli import options


@click.command(short_help="Write down what a link in a message says.")
@click.argument("link")
@options.OF_PROJECT
@options.LOG
@click.option("--store", metavar="FILE", required=True, help="The store of the runtime; it is only read.")  # fmt: skip
@click.option("--look", "is_look", is_flag=True, help="Say what the link would do, and append nothing.")  # fmt: skip
@click.option("--environment", metavar="NAME", default="", help="With the settings of this environment.")  # fmt: skip
@options.form("How the answer is written.")
def reply(
    link: str,
    *,
    project: str | None,
    log: str,
    store: str,
    is_look: bool,
    environment: str,
    form: str,
) -> int:
    """Write down what a link in a message says.

    For the page behind [links]: LINK is a link of a message, or what stands at its end. Mail programs and scanners look at
    links, so the page is shown with --look, and written down is what is sent from it: a withdrawal, an answer, a
    confirmation. It is appended to the runtime's own log, once however often it is sent. Ends in 1 where the link is none of
    ours, is over, or stood in no message of the store.
    """
    from verbline.cli.replying import Asked, take

    asked = Asked(link, log, store, form)
    asked.project, asked.environment, asked.is_look = project, environment, is_look
    return take(asked)
