"""Answers that need no click. Rule: this file imports nothing that takes time to load."""

import sys

from verbline.cli.version import VERSION


def answer(arguments: list[str]) -> int | None:
    """Return the exit code of an answer printed here, or None where click has to read on."""
    if arguments == ["--version"]:
        sys.stdout.write(f"verbline {VERSION}\n")
        return 0
    return None
