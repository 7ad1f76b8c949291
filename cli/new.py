"""`verbline new`. Rule: what it makes passes every check, so a newcomer's first finding is about their own words."""

from __future__ import annotations

import json
import os

import click

from verbline.cli import WrongUsageError
from verbline.cli.output import write

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

LANGUAGES = ("en", "sl")
# A folder that holds only this is as good as empty.
EMPTY = frozenset((".git",))
HIDDEN = {"gitignore": ".gitignore"}


@click.command(short_help="Make a project to start from.")
@click.argument("folder", metavar="DIR")
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="The language of its journeys and texts.",
)
def new(folder: str, language: str) -> None:
    """Make a project to start from.

    DIR is a new or an empty folder. It gets settings, people, purposes, moments, one journey with
    scenarios, a message, a few events and a README that says what to change first.
    """
    make_folder(folder)
    name = os.path.basename(os.path.abspath(folder)) or "journeys"
    paths = []
    for path, content in template(language):
        put(os.path.join(folder, path), content.replace("{{name}}", in_toml(path, name)))
        paths.append(path)
    write(f"Made {folder} with {len(paths)} files:\n")
    write("".join(f"  {path}\n" for path in paths))
    write(f'Next: cd "{folder}", then verbline check, then README.md\n')


def make_folder(folder: str) -> None:
    """Make the folder; wrong usage where something stands there already."""
    try:
        os.makedirs(folder, exist_ok=True)
        found = sorted(set(os.listdir(folder)) - EMPTY)
    except OSError as error:
        raise WrongUsageError(f'"{folder}" cannot be made: {error.strerror}.') from error
    if found:
        raise WrongUsageError(f'"{folder}" is not empty: it holds "{found[0]}".')


def template(language: str) -> Iterator[tuple[str, str]]:
    """Yield the path and the text of every file of a new project, in the order of the paths."""
    from importlib.resources import files

    top = files("verbline.cli").joinpath("template", language)
    yield from sorted((path, one.read_text("utf-8")) for path, one in below(top, ""))


def below(folder: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    """Yield each file below ``folder`` with its path in the new project."""
    for one in folder.iterdir():
        if one.is_dir():
            yield from below(one, os.path.join(prefix, one.name))
        else:
            yield os.path.join(prefix, HIDDEN.get(one.name, one.name)), one


def in_toml(path: str, name: str) -> str:
    """Return the project's name as it is written in the file at ``path``."""
    # Quotes and backslashes are written in TOML as in JSON.
    return json.dumps(name, ensure_ascii=False)[1:-1] if path.endswith(".toml") else name


def put(path: str, text: str) -> None:
    """Write a new file, whose folder is made with it."""
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise WrongUsageError(f'"{path}" cannot be written: {error.strerror}.') from error
