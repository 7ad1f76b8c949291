"""`verbline test`. Rule: see `cli.scenarios`, which does the work, and `cli.results` for the formats."""

import click

from verbline.cli import options


@click.command(short_help="Run the scenarios in virtual time.")
@options.PATHS
@click.option("-k", "name", metavar="NAME", help="Run only the scenarios whose name holds this.")
@click.option("--trace", is_flag=True, help="Tell what happened in each scenario, and when.")
@click.option(
    "--coverage", is_flag=True, help="List the sentences that no scenario passes through."
)
@click.option(
    "--drop-lines",
    is_flag=True,
    help="Take out each sentence in turn, and list those that no scenario misses.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("pretty", "json", "junit", "github")),
    default="pretty",
    show_default=True,
    help="How results are written.",
)
@options.COLOR
@options.QUIET
def test(
    paths: tuple[str, ...],
    name: str | None,
    form: str,
    color: str,
    *,
    trace: bool,
    coverage: bool,
    drop_lines: bool,
    quiet: bool,
) -> int:
    """Run the scenarios in virtual time.

    PATH is a file or a folder; by default the project around the working folder. Every scenario runs
    alone, with the journeys of its file and of the files it uses; nothing is sent, and no time
    passes. Ends in 1 when a scenario fails, or when the project has errors.
    """
    from verbline.cli.scenarios import Options, answer

    asked = Options(paths, form=form, color=color, quiet=quiet)
    asked.name = name or ""
    asked.trace, asked.coverage, asked.drop_lines = trace, coverage, drop_lines
    return answer(asked)
