"""A project from disk. Rule: everything that is read, and so everything that can change an answer, is read here.

What is on disk is only gathered; `Reading.project` then brings it to the interpreter. A file that cannot be read is a
finding like any other.
"""

from __future__ import annotations

import os

from verbline.cli.folders import SUFFIX

TYPE_CHECKING = False
if TYPE_CHECKING:
    from verbline.interpreter.parse import File
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.project import Project, Settings
    from verbline.interpreter.source import Source

# One byte more than a file may have, so that the interpreter sees that it is too long.
READ_MAX = 2 * 1024 * 1024 + 1
# What the mode of a file says about its kind, the same on every system.
TYPE_OF_FILE, REGULAR = 0o170000, 0o100000
INVALID = 22  # EINVAL everywhere; the module that says so would be one more to load


class Reading:
    """One project as it was read.

    ``contents`` maps the name of each file to its bytes, ``paths`` to its place on disk, ``shown`` to the path that
    findings name. ``settings`` are the bytes of ``verbline.toml``, None where there is none. ``asked`` are the names
    whose findings are wanted; ``unread`` says why a path could not be read. ``texts`` holds the text files that were
    asked for, with their bytes, or None where there is no such file.
    """

    __slots__ = (
        "_read",
        "asked",
        "contents",
        "folder",
        "paths",
        "settings",
        "settings_shown",
        "shown",
        "texts",
        "unread",
    )

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.settings: bytes | None = None
        self._read: Settings | None = None
        self.settings_shown = ""
        self.contents: dict[str, bytes] = {}
        self.paths: dict[str, str] = {}
        self.shown: dict[str, str] = {}
        self.asked: list[str] = []
        self.unread: dict[str, OSError] = {}
        self.texts: dict[str, bytes | None] = {}

    def put(self, name: str, path: str, told: str, content: bytes) -> None:
        """Add one file."""
        self.contents[name] = content
        self.paths[name] = path
        self.shown[name] = told

    def read(self, name: str, path: str, told: str) -> None:
        """Add the file at ``path``, or the reason why it cannot be read."""
        try:
            self.put(name, path, told, content_of(path))
        except OSError as error:
            self.unread[told] = error

    def project(self) -> Project:
        """Return the project, parsed and joined."""
        from verbline.interpreter.project import Project
        from verbline.interpreter.source import Source

        sources = {
            name: Source.of_bytes(self.shown[name], content)
            for name, content in self.contents.items()
        }
        return Project(sources, self.read_settings(), library, self.text)

    def read_settings(self) -> Settings:
        """Return the settings, read once; those of a project without a file where there is none."""
        if self._read is None:
            if self.settings is None:
                from verbline.interpreter.project import Settings

                self._read = Settings()
            else:
                from verbline.interpreter.settings import settings_of

                self._read = settings_of(self.settings_shown, self.settings)
        return self._read

    def errors(self, project: Project) -> list[Problem]:
        """Return what keeps the project that was read from being run, in the order of its files and lines."""
        from verbline.interpreter.check import check

        problems = [*project.settings.problems, *self.problems(), *check(project)]
        return sorted((one for one in problems if one.level == "error"), key=lambda one: one.key)

    def lines(self, project: Project) -> dict[str, list[str]]:
        """Return the lines of the project's files and of its settings, by the path that findings name."""
        lines = {file.path: file.source.lines for file in project.files.values()}
        lines[self.settings_shown] = self.settings_lines()
        return lines

    def parsed(self, name: str) -> File:
        """Return one file, parsed alone."""
        from verbline.interpreter.parse import parse
        from verbline.interpreter.sentence import grammar
        from verbline.interpreter.source import Source

        source = Source.of_bytes(self.shown[name], self.contents[name])
        return parse(source, grammar(), self.read_settings().language)

    def settings_lines(self) -> list[str]:
        """Return the lines of ``verbline.toml``, to show them."""
        return (self.settings or b"").decode("utf-8", "replace").splitlines()

    def text(self, path: str) -> str | None:
        """Return the text file at ``path`` from the project's folder, or None where there is none inside it."""
        if path not in self.texts:
            self.texts[path] = text_content(self.folder, path)
        content = self.texts[path]
        if content is None:
            return None
        return content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")

    def problems(self) -> list[Problem]:
        """Return a finding for each path that could not be read."""
        return [unreadable(path, error) for path, error in self.unread.items()]


def unreadable(path: str, error: OSError) -> Problem:
    """Return the finding for a path that could not be read."""
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.source import Span

    variant = "denied" if isinstance(error, PermissionError) else ""
    return Problem(
        "P005",
        path,
        Span(1, 1, 1, 1),
        variant=variant,
        values={"path": path, "reason": error.strerror or type(error).__name__},
    )


def content_of(path: str) -> bytes:
    """Return the bytes of a file, as far as the interpreter looks at them."""
    with open(path, "rb", buffering=0, opener=opened) as file:
        status = os.fstat(file.fileno())
        if status.st_mode & TYPE_OF_FILE != REGULAR:
            raise OSError(INVALID, "It is not an ordinary file")
        if status.st_size < READ_MAX:
            return file.readall()
        parts, left = [], READ_MAX
        while left and (part := file.read(left)):
            parts.append(part)
            left -= len(part)
        return b"".join(parts)


def opened(path: str, flags: int) -> int:
    """Return a file opened without waiting: a pipe would make whoever opens it wait for a writer."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def text_content(folder: str, path: str) -> bytes | None:
    """Return the bytes of a text file, or None where ``path`` names no file inside ``folder``."""
    # A backslash would name another file on Windows than elsewhere.
    if "\\" in path or "\0" in path:
        return None
    top = os.path.realpath(folder)
    # A link may lead out of the project, so the place is compared once all links are resolved.
    place = os.path.realpath(os.path.join(top, path))
    if not place.startswith(os.path.join(top, "")) or not os.path.isfile(place):
        return None
    try:
        return content_of(place)
    except OSError:
        return None


def library(name: str) -> Source | None:
    """Return the file of the standard library that `use` calls ``name``, or None where there is none."""
    from verbline import stdlib
    from verbline.interpreter.source import Source

    short = name.removeprefix("standard/")
    if not short.replace("-", "").isalnum() or not short.isascii():
        return None
    assert stdlib.__spec__ is not None
    try:
        # The loader reads from a folder and from an archive alike.
        content = stdlib.__spec__.loader.get_data(  # type: ignore[union-attr]
            os.path.join(os.path.dirname(stdlib.__file__), short + SUFFIX)
        )
    except OSError:
        return None
    return Source.of_bytes(name, content)
