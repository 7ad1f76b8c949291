"""Which files belong to which project. Rule: the answer depends on names and folders alone, in one order everywhere.

A project is the folder of a ``verbline.toml`` with every ``.journey`` file below it. What is hidden, what package
managers and virtual environments bring along, and projects inside the project are left out.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

SETTINGS = "verbline.toml"
SUFFIX = ".journey"
LEFT_OUT = frozenset(("node_modules", "site-packages", "__pycache__"))


class Below:
    """What stands below a folder.

    ``files`` maps a name as `use` says it (the path without ``.journey``) to the path on disk, ``projects`` are the
    folders of other projects, ``unread`` the folders that could not be looked into, each with the reason.
    """

    __slots__ = ("files", "projects", "unread")

    def __init__(self) -> None:
        self.files: dict[str, str] = {}
        self.projects: list[str] = []
        self.unread: dict[str, OSError] = {}


def project_folder(path: str) -> str | None:
    """Return the folder of the project around ``path``, an absolute path, or None where there is none."""
    while True:
        # A folder of that name, or a link to nothing, is found too, so that it is told and not overlooked.
        if os.path.lexists(os.path.join(path, SETTINGS)):
            return path
        above = os.path.dirname(path)
        if above == path:
            return None
        path = above


def below(folder: str) -> Below:
    """Return what stands below ``folder``, in the order of the names."""
    found = Below()
    seen: set[tuple[int, int]] = set()
    walk(folder, "", found, seen, os.path.realpath(folder))
    found.files = dict(sorted(found.files.items()))
    found.projects.sort()
    return found


def walk(folder: str, prefix: str, found: Below, seen: set[tuple[int, int]], top: str) -> None:
    """Add to ``found`` what stands in ``folder`` and below it; ``prefix`` is its name from the top."""
    pending = [(folder, prefix)]
    while pending:
        folder, prefix = pending.pop()
        try:
            status = os.stat(folder)
            with os.scandir(folder) as listing:
                entries = list(listing)
        except OSError as error:
            found.unread[folder] = error
            continue
        # A folder reached twice, by a link that leads back, is looked at once.
        if (status.st_dev, status.st_ino) in seen and status.st_ino:
            continue
        seen.add((status.st_dev, status.st_ino))
        if prefix and is_other(entries):
            found.projects += [folder] if any(one.name == SETTINGS for one in entries) else []
            continue
        for entry in entries:
            if not is_second_way(entry, top):
                take(entry, prefix, found, pending)


def is_other(entries: list[os.DirEntry[str]]) -> bool:
    """Return whether a folder with these entries is a project of its own or a virtual environment."""
    return any(entry.name in (SETTINGS, "pyvenv.cfg") for entry in entries)


def is_second_way(entry: os.DirEntry[str], top: str) -> bool:
    """Return whether ``entry`` is a link to something that is found below ``top`` anyway."""
    if not entry.is_symlink():
        return False
    try:
        target = os.path.realpath(entry.path)
    except OSError:
        # A link that is gone meanwhile, or one of those that systems keep for running programs.
        return True
    return target == top or target.startswith(os.path.join(top, ""))


def take(
    entry: os.DirEntry[str], prefix: str, found: Below, pending: list[tuple[str, str]]
) -> None:
    """Add one file to ``found``, or one folder to those still to be looked at."""
    name = entry.name
    try:
        if name[0] == "." or name in LEFT_OUT:
            return
        if name.endswith(SUFFIX) and entry.is_file():
            found.files[name_of(prefix + name)] = entry.path
        elif entry.is_dir():
            pending.append((entry.path, f"{prefix}{name}/"))
    except OSError as error:
        found.unread[entry.path] = error


def name_of(path: str) -> str:
    """Return the name that `use` has for the file at ``path`` from the project's folder."""
    name = path.removesuffix(SUFFIX).replace(os.sep, "/")
    if name.isascii():
        return name
    import unicodedata

    # Some systems keep names of files in decomposed letters.
    return unicodedata.normalize("NFC", name)


def shown_below(folder: str, here: str) -> Callable[[str], str]:
    """Return how paths below ``folder`` are written for somebody working in ``here``: short where the two are near."""
    inside = os.path.join(here, "")
    if os.path.join(folder, "").startswith(inside):
        return lambda path: readable(path[len(inside) :])
    if here.startswith(os.path.join(folder, "")):
        return lambda path: readable(os.path.relpath(path, here))
    return readable


def readable(path: str) -> str:
    """Return ``path`` as text that can be written anywhere: what is no text, or would command a terminal, is marked."""
    if path.isascii() and path.isprintable():
        return path
    text = path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(
        "\ufffd" if letter < " " or "\x7f" <= letter <= "\x9f" else letter for letter in text
    )
