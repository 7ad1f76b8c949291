"""The compiled build, made once. Rule: it is built from a copy, as a user's is, and made anew where what is compiled has changed.

What is kept between two runs lies under ``build/compiled-<hash>``: compiling takes half a minute.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

from tests.limits import LONGEST
from tests.tree import FOLDERS, ROOT, files

ROOM = ROOT / "build"
# Compiling takes so long on a slow machine, in seconds.
LONG = 4 * LONGEST


class Build(NamedTuple):
    """The wheel, and the folder into which it was unpacked."""

    wheel: Path
    package: Path

    def run(self, *arguments: str, plain: bool = False) -> str:
        """Return what a Python says that sees this build, or its text alone, instead of the tree."""
        asked = {"VERBLINE_PURE": "1" if plain else "0", "PYTHONPATH": f"{self.package}:{ROOT}"}
        done = subprocess.run(
            [sys.executable, *arguments],
            env=os.environ | asked,
            cwd=self.package,
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST,
        )
        assert done.returncode == 0, f"{done.stdout}{done.stderr}"
        return done.stdout


def typed() -> list[Path]:
    """Return the files that say what is compiled and how: those with types, and the text beside them."""
    types = [path for folder in FOLDERS.values() for path in files(folder) if path.suffix == ".pxd"]
    texts = [path.with_suffix(".py") for path in types if path.with_suffix(".py").exists()]
    return sorted([*types, *texts, ROOT / "setup.py", ROOT / "pyproject.toml"])


def compiled() -> Build:
    """Return the compiled build; another process that wants it too waits for it."""
    said = hashlib.sha256(sys.version.encode())
    for path in typed():
        said.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    ROOM.mkdir(exist_ok=True)
    place = ROOM / f"compiled-{said.hexdigest()[:16]}"
    with (ROOM / "compiled.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (place / "ready").exists():
            for old in ROOM.glob("compiled-*"):
                shutil.rmtree(old, ignore_errors=True)
            build(place / "tree", place / "wheel")
            (place / "ready").touch()
    return unpacked(next((place / "wheel").glob("*.whl")), place / f"package-{os.getpid()}")


def build(tree: Path, into: Path, **variables: str) -> str:
    """Build a wheel from a copy of the repository into a folder, and return what was said."""
    for folder in FOLDERS.values():
        for path in files(folder):
            copied(path, tree)
    for name in ("setup.py", "pyproject.toml", "MANIFEST.in", "README.md", "LICENSE"):
        copied(ROOT / name, tree)
    command = [sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir"]
    done = subprocess.run(
        [*command, str(into), str(tree)],
        env=os.environ | {"VERBLINE_PURE": "0"} | variables,
        capture_output=True,
        text=True,
        check=False,
        timeout=LONG,
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}"
    return done.stdout + done.stderr


def copied(path: Path, tree: Path) -> None:
    """Copy a file of the repository to its place in ``tree``."""
    place = tree / path.relative_to(ROOT)
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, place)


def unpacked(wheel: Path, place: Path) -> Build:
    """Unpack a wheel, with the files as they are now: only what is compiled may be older."""
    shutil.rmtree(place, ignore_errors=True)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
    for package, folder in FOLDERS.items():
        for path in files(folder):
            now = place.joinpath(*package.split("."), path.relative_to(ROOT / folder))
            now.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, now)
    return Build(wheel, place)
