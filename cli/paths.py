"""From the paths of a call to the projects they are about. Rule: a path says whose findings are shown, never which names are known."""

from __future__ import annotations

import os
import sys

from verbline.cli import WrongUsageError
from verbline.cli.folders import (
    SETTINGS,
    SUFFIX,
    below,
    name_of,
    project_folder,
    readable,
    shown_below,
)
from verbline.cli.project import READ_MAX, Reading, content_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

STDIN = "<stdin>"


class Ask:
    """What paths ask of one project: the files at ``paths``, those below ``folders``, or all of them."""

    __slots__ = ("folders", "paths", "whole")

    def __init__(self) -> None:
        self.whole = False
        self.paths: list[str] = []
        self.folders: list[str] = []


def readings(paths: Sequence[str], stdin_filename: str | None = None) -> list[Reading]:
    """Return the projects that ``paths`` are about, in their order; the one around the working folder by default."""
    here = working_folder()
    if "-" in paths:
        if len(paths) > 1:
            raise WrongUsageError('"-" (standard input) stands alone, without other paths.')
        return of_stdin(here, stdin_filename)
    asked: dict[str, Ask] = {}
    left_out = []
    for path in paths or (project_folder(here) or here,):
        place = os.path.normpath(os.path.join(here, path))
        if not os.path.exists(place):
            raise WrongUsageError(f'There is no file or folder "{readable(path)}".')
        if not (ask_folder if os.path.isdir(place) else ask_file)(place, asked):
            left_out.append(readable(path))
    found: list[Reading] = []
    for place, ask in asked.items():
        found += of_project(place, ask, here) if os.path.isdir(place) else [loose(place, here)]
    found = [reading for reading in found if reading.asked or reading.unread]
    tell_left_out(left_out, paths, nothing_else=not found)
    return found


def one_file(path: str, stdin_filename: str | None = None) -> tuple[Reading, str]:
    """Return the project around the file at ``path``, and the file's name in it; wrong usage where it is none."""
    if path != "-" and os.path.isdir(path):
        raise WrongUsageError(f'"{readable(path)}" is a folder; name one file in it.')
    for reading in readings((path,), stdin_filename):
        for name in reading.asked:
            return reading, name
        for problem in reading.problems():
            raise WrongUsageError(problem.message)
    raise AssertionError("readings() complains where a path leads to nothing")


def working_folder() -> str:
    """Return the working folder; wrong usage where it has been removed."""
    try:
        return os.getcwd()
    except OSError as error:
        raise WrongUsageError("The working folder is gone.") from error


def tell_left_out(left_out: Sequence[str], paths: Sequence[str], *, nothing_else: bool) -> None:
    """Say which paths hold no journeys; wrong usage where no other path does."""
    if nothing_else:
        where = " or ".join(f'"{readable(path)}"' for path in paths)
        where = f"in {where}" if where else "here or below"
        raise WrongUsageError(f"There is no journey {where}: no file with a name like a.journey.")
    if left_out:
        sys.stderr.write(f"Left out, for want of a .journey file: {', '.join(left_out)}\n")


def ask_folder(place: str, asked: dict[str, Ask]) -> bool:
    """Ask for what a folder holds and return whether it holds anything."""
    project = project_folder(place)
    if project == place:
        asked.setdefault(place, Ask()).whole = True
    elif project is not None:
        asked.setdefault(project, Ask()).folders.append(os.path.join(place, ""))
    else:
        inside = below(place)
        for one in (*inside.files.values(), *inside.projects):
            asked.setdefault(one, Ask()).whole = True
        return bool(inside.files or inside.projects)
    return True


def ask_file(place: str, asked: dict[str, Ask]) -> bool:
    """Ask for one file, or for the project whose settings it holds, and return whether it is either."""
    folder, name = os.path.split(place)
    if name == SETTINGS:
        asked.setdefault(folder, Ask()).whole = True
    elif name.endswith(SUFFIX):
        project = project_folder(folder)
        asked.setdefault(project or place, Ask()).paths.append(place)
    return name == SETTINGS or name.endswith(SUFFIX)


def of_project(folder: str, ask: Ask, here: str) -> list[Reading]:
    """Return the project in ``folder``, and each file asked for that is no part of it as a project of its own."""
    reading = Reading(folder)
    told = shown_below(folder, here)
    take_settings(reading, folder, told)
    inside = below(folder)
    for name, path in inside.files.items():
        reading.read(name, path, told(path))
    reading.unread.update((told(path), error) for path, error in inside.unread.items())
    wanted = {path: name_in(inside.files, path) for path in ask.paths}
    folders = tuple(ask.folders)
    reading.asked = [
        name
        for name, path in reading.paths.items()
        if ask.whole or path.startswith(folders) or name in wanted.values()
    ]
    others = [path for path, name in wanted.items() if name is None]
    return [reading, *(loose(path, here) for path in others)]


def name_in(files: Mapping[str, str], path: str) -> str | None:
    """Return the name of the file at ``path``, or None where the project has no such file."""
    for name, place in files.items():
        if place == path:
            return name
    # Another spelling of the path, or a link.
    return next((name for name, place in files.items() if same(place, path)), None)


def same(place: str, path: str) -> bool:
    """Return whether two paths lead to one file that is still there."""
    try:
        return os.path.samefile(place, path)
    except OSError:
        return False


def take_settings(reading: Reading, folder: str, told: Callable[[str], str]) -> None:
    """Read ``verbline.toml`` where there is one."""
    path = os.path.join(folder, SETTINGS)
    reading.settings_shown = told(path)
    try:
        reading.settings = content_of(path)
    except OSError as error:
        if os.path.lexists(path):
            reading.unread[told(path)] = error


def loose(path: str, here: str) -> Reading:
    """Return a file outside every project as a project of its own."""
    folder, base = os.path.split(path)
    reading = Reading(folder)
    reading.read(name_of(base), path, shown_below(folder, here)(path))
    reading.asked = list(reading.contents)
    return reading


def of_stdin(here: str, filename: str | None) -> list[Reading]:
    """Return the project around ``filename`` with standard input in the place of that file."""
    content = sys.stdin.buffer.read(READ_MAX)
    if filename is None:
        reading = Reading(here)
        reading.put(STDIN, STDIN, STDIN, content)
        reading.asked = [STDIN]
        return [reading]
    path = os.path.normpath(os.path.join(here, filename))
    folder = project_folder(os.path.dirname(path))
    if folder is None:
        reading = Reading(os.path.dirname(path))
        name = name_of(os.path.basename(path))
    else:
        reading = of_project(folder, Ask(), here)[0]
        name = name_of(os.path.relpath(path, folder))
    told = shown_below(reading.folder, here)(path)
    reading.unread.pop(told, None)
    reading.put(name, path, told, content)
    reading.asked = [name]
    return [reading]
