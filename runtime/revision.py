"""A project as it was at a revision of git. Rule: what is asked is the repository on this disk, and only read.

Nothing is fetched, no hook is run, and the working tree stays as it is.
"""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
from pathlib import Path

# Git asks nobody for anything, and takes no lock.
QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}


class RevisionError(Exception):
    """A revision that cannot be read: its text is a sentence for people."""


def unpacked(folder: Path, revision: str, into: Path) -> Path:
    """Write the files of the project in ``folder`` as they were at ``revision`` below ``into``, and return their folder."""
    commit = asked(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")  # fmt: skip
    if commit is None:
        raise RevisionError(f'"{revision}" is no revision here, and no folder.')
    places = asked(folder, "rev-parse", "--show-toplevel", "--show-prefix")
    assert places is not None, "a folder in which a revision was found is in a repository"
    top, prefix = os.fsdecode(places).split("\n")[:2]
    tree = f"{commit.decode().strip()}:{prefix.rstrip('/')}"
    packed = asked(Path(top), "archive", "--format=tar", tree)
    if packed is None:
        raise RevisionError(f'The project was not there at "{revision}".')
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(into, filter="data")
    return into


def asked(folder: Path, *arguments: str) -> bytes | None:
    """Return what git answers about the repository around ``folder``, None where it says no."""
    try:
        done = subprocess.run(  # noqa: S603 - words of our own, and a revision behind them
            ["git", "-C", str(folder), *arguments],  # noqa: S607 - git is where the user has it
            capture_output=True,
            check=False,
            env={**os.environ, **QUIET},
        )
    except OSError as error:
        raise RevisionError(f"git cannot be asked: {error.strerror}.") from error
    return done.stdout if done.returncode == 0 else None
