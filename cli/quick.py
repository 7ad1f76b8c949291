"""Answers that need no click. Rule: this file imports nothing that takes time to load.

A plain call of `check` or `lint` is read here; whatever is not plain (the help of a command, a mistake, a rarer option)
is left to click, which reads the same options from the same table.
"""

from __future__ import annotations

import os
import sys

from verbline.cli.version import VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.cli.findings import Options


# The narrowest terminal on which no line of the help has to be broken.
WIDE = 80
HELP = """\
Usage: verbline [OPTIONS] COMMAND [ARGS]...

  Customer journeys as plain text: check them, read them, run them.

Options:
  --version   Show the version and exit.
  -h, --help  Show this message and exit.

Commands:
"""


def answer(arguments: list[str]) -> int | None:
    """Return the exit code of an answer printed here, or None where click has to read on."""
    if arguments == ["--version"]:
        from verbline.interpreter.compiled import word

        sys.stdout.write(f"verbline {VERSION} ({word()})\n")
        return 0
    if arguments in (["--help"], ["-h"]) and is_wide():
        sys.stdout.write(help_text())
        return 0
    if arguments and arguments[0] in ("check", "lint"):
        options = plain(arguments[0], arguments[1:])
        if options is not None:
            from verbline.cli import findings

            return findings.answer(options)
    return None


def is_wide() -> bool:
    """Return whether the help may be written as it stands; click breaks its lines for a narrower reader."""
    if "COLUMNS" in os.environ:
        return False
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns >= WIDE
    except (OSError, ValueError):
        # No terminal reads along.
        return True


def help_text() -> str:
    """Return what click says to ``verbline --help``."""
    from verbline.cli.commands import COMMANDS

    width = max(map(len, COMMANDS))
    lines = [f"  {name:{width}}  {entry.summary}\n" for name, entry in COMMANDS.items()]
    return HELP + "".join(lines)


def plain(command: str, arguments: list[str]) -> Options | None:
    """Return the options of a plain call, or None where click has to read it."""
    from verbline.cli.findings import COLORS, FORMATS, PRESETS, Options

    choices = {"--format": ("form", FORMATS), "--color": ("color", COLORS)}
    if command == "lint":
        choices["--preset"] = ("preset", PRESETS)
    options = Options(command)
    paths: list[str] = []
    rest = iter(arguments)
    for argument in rest:
        name, equals, value = argument.partition("=")
        if argument in ("-q", "--quiet"):
            options.quiet = True
        elif name in choices:
            value = value if equals else next(rest, "")
            slot, known = choices[name]
            if value not in known:
                return None
            setattr(options, slot, value)
        elif argument[:1] == "-" and argument != "-":
            return None
        else:
            paths.append(argument)
    options.paths = tuple(paths)
    return options
