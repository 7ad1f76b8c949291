"""Changing files. Rule: a file is replaced whole or not at all, keeps its rights, and is left alone where nothing changes."""

from __future__ import annotations

import contextlib
import os

from verbline.cli.project import content_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator


class ChangedMeanwhileError(OSError):
    """Somebody else has written the file since it was read."""

    def __init__(self) -> None:
        super().__init__("it was changed by somebody else while it was read")


def replace(path: str, before: bytes, after: str) -> None:
    """Write ``after`` in the place of the file at ``path``, in one step; a link keeps pointing to its file."""
    import tempfile

    path = os.path.realpath(path)
    folder, name = os.path.split(path)
    status = os.stat(path)
    number, made = tempfile.mkstemp(prefix=f".{name}.", dir=folder)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(after.encode("utf-8"))
            file.flush()
            os.fsync(number)
        keep_rights(made, status)
        assert_same(path, before)
        os.replace(made, path)
    except BaseException:
        os.unlink(made)
        raise


def assert_same(path: str, before: bytes) -> None:
    """Do nothing where the file still holds what was read."""
    if content_of(path) != before:
        raise ChangedMeanwhileError


def keep_rights(path: str, status: os.stat_result) -> None:
    """Give the new file the owner and the rights of the old one."""
    if hasattr(os, "chown"):
        # Only a superuser may give files away; what is written matters more than the group.
        with contextlib.suppress(OSError):
            os.chown(path, status.st_uid, status.st_gid)
    os.chmod(path, status.st_mode & 0o7777)


def difference(path: str, before: str, after: str) -> Iterator[str]:
    """Yield the lines of a unified diff, each with its line end."""
    from difflib import unified_diff

    for line in unified_diff(lines_of(before), lines_of(after), path, path):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def lines_of(text: str) -> list[str]:
    """Return the lines of ``text`` with their ends; the last one may have none."""
    *lines, last = text.split("\n")
    return [f"{line}\n" for line in lines] + ([last] if last else [])
