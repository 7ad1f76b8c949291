"""Options that several commands have. Rule: one option has one name, one meaning and one help text everywhere."""

from __future__ import annotations

from functools import wraps

import click

from verbline.cli.findings import COLORS, FORMATS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, TypeAlias

    Decorator: TypeAlias = Callable[[Callable[..., Any]], Callable[..., Any]]


def form(help_text: str, *more: str) -> Decorator:
    """Return the option that says how what a command prints is written: for people, as JSON, or one of ``more``."""
    choice = click.Choice(("pretty", "json", *more))
    return click.option(
        "--format", "form", type=choice, default="pretty", show_default=True, help=help_text
    )


PATHS: Decorator = click.argument("paths", nargs=-1, metavar="[PATH]...")
FILE: Decorator = click.argument("file")
PROJECT: Decorator = click.argument("project", required=False)
LOG: Decorator = click.option(
    "--log", metavar="LOG", required=True, help="The log: a file, or a folder of .jsonl files."
)
STORE: Decorator = click.option(
    "--store",
    metavar="FILE",
    help="The file that keeps what is known; without it the whole log is read.",
)
OF_PROJECT: Decorator = click.option(
    "--project",
    metavar="PROJECT",
    help="The project; by default the one around the working folder.",
)
PERSON: Decorator = click.argument("person")
BY: Decorator = click.option(
    "--by", metavar="NAME", help="Who says it; by default whoever runs the command."
)
WHY: Decorator = click.option(
    "--why", metavar="TEXT", default="", help="The reason, in your words; kept with it."
)
DRY: Decorator = click.option(
    "--dry-run", "is_trial", is_flag=True, help="Say what would change, and append nothing."
)
FORMAT: Decorator = click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="pretty",
    show_default=True,
    help="How findings are written.",
)
COLOR: Decorator = click.option(
    "--color",
    type=click.Choice(COLORS),
    default="auto",
    show_default=True,
    help="Whether to use colours; auto uses them on a terminal where NO_COLOR is not set; always, whatever it says.",
)
QUIET: Decorator = click.option(
    "-q", "--quiet", is_flag=True, help="Leave out the last line, which says what was looked at."
)
STDIN: Decorator = click.option(
    "--stdin-filename",
    metavar="NAME",
    help='With "-" as PATH: the file that standard input stands for.',
)


def in_place(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give ``command`` the project, the log and the store that it asks, as its ``place``."""

    @wraps(command)
    def placed(*given: Any, project: str | None, log: str, store: str | None, **named: Any) -> Any:
        from verbline.cli.knowing import Place

        return command(*given, place=Place(project, log, store), **named)

    return OF_PROJECT(LOG(STORE(placed)))
