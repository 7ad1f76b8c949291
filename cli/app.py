"""The click group. Rule: a command is imported when it is called, and at no other time.

A command is a click command that returns its exit code, or None for 0.
"""

import os
from collections.abc import Iterable
from importlib import import_module

import click

from verbline.cli import INTERRUPTED
from verbline.cli.commands import COMMANDS, Entry
from verbline.cli.version import VERSION
from verbline.interpreter.compiled import word

PROGRAM = "verbline"
COMPLETION = "_VERBLINE_COMPLETE"


class LazyGroup(click.Group):
    """The commands of the table, each imported by its call; the list of them imports none."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the table, in its order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command called ``cmd_name``, or None where there is none."""
        entry = COMMANDS.get(cmd_name)
        return None if entry is None else load(entry)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that ``args`` begin with; wrong usage where there is none."""
        if self.get_command(ctx, args[0]) is None and not ctx.resilient_parsing:
            ctx.fail(no_such_command(args[0], COMMANDS))
        return super().resolve_command(ctx, args)


def load(entry: Entry) -> click.Command | None:
    """Return the command at ``entry``, or None where this release has no such module."""
    module, function = entry.place.split(":")
    try:
        command = getattr(import_module(module), function)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        return None
    assert isinstance(command, click.Command), f"{entry.place} is not a click command"
    return command


def no_such_command(name: str, known: Iterable[str]) -> str:
    """Return the sentence that says so, with the nearest other name where one is near."""
    from difflib import get_close_matches

    nearest = get_close_matches(name, (other for other in known if other != name), 1)
    hint = f' Did you mean "{nearest[0]}"?' if nearest else ""
    return f'There is no command "{name}".{hint}'


@click.group(
    PROGRAM,
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(VERSION, message=f"%(prog)s %(version)s ({word()})")
def group() -> None:
    """Customer journeys as plain text: check them, read them, run them."""


def run(arguments: list[str]) -> int:
    """Return the exit code of the command line ``arguments``."""
    if COMPLETION in os.environ:
        group.main(arguments, prog_name=PROGRAM)
    # Click would show colours on a terminal whatever NO_COLOR says.
    color = False if os.environ.get("NO_COLOR") else None
    try:
        with group.make_context(PROGRAM, list(arguments), color=color) as context:
            code = group.invoke(context)
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.Abort:
        return INTERRUPTED
    except click.ClickException as mistake:
        mistake.show()
        return mistake.exit_code
    assert code is None or isinstance(code, int), "a command returns its exit code, or None"
    return code or 0
