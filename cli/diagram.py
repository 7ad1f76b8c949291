"""`verbline diagram`. Rule: the drawing is text, so that it can stand in a document beside the words."""

import click

from verbline.cli import WrongUsageError, options
from verbline.cli.output import write_document
from verbline.cli.paths import one_file


@click.command(short_help="Draw a journey as Mermaid or DOT text.")
@options.FILE
@click.option(
    "--format",
    "form",
    type=click.Choice(("mermaid", "dot")),
    default="mermaid",
    show_default=True,
    help="The language of the drawing: Mermaid, or DOT for Graphviz.",
)
@click.option("--journey", metavar="NAME", help="Draw this journey alone; by default all of them.")
@options.STDIN
def diagram(file: str, form: str, journey: str | None, stdin_filename: str | None) -> None:
    """Draw a journey as Mermaid or DOT text.

    FILE is one .journey file, or "-" for standard input. A box is a step, an arrow says when it is
    taken. Mermaid text is shown as a drawing by many wikis and code hosts; DOT text is for Graphviz.
    """
    from verbline.interpreter.diagram import dot, mermaid

    reading, name = one_file(file, stdin_filename)
    parsed = reading.parsed(name)
    nodes = [one.node for one in parsed.sentences if one.node and one.shape == "journey"]
    known = [node.text("name") for node in nodes]
    if not known:
        raise WrongUsageError("There is no journey in this file that could be drawn.")
    if journey is not None and journey not in known:
        names = ", ".join(f'"{one}"' for one in known)
        raise WrongUsageError(f'There is no journey "{journey}" in this file. There are: {names}.')
    write_document((dot if form == "dot" else mermaid)(parsed, journey or ""))
