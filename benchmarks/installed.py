"""What users run: the wheel, in an environment of its own. Rule: the command is measured as it is installed, never as it is edited.

An editable install puts a finder of its own into every start of Python, some 14 ms that no user pays. So the wheel is
built from a copy of the working tree, put into a new environment by pip, and beside it the libraries of this
environment are copied file by file, with their bytecode. Nothing is fetched.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import venv
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PASSED_OVER = shutil.ignore_patterns(".git", ".venv", "build", "dist", "*_cache", "*.egg-info", "__pycache__")  # fmt: skip


class Installed:
    """An environment with the wheel: its Python and its ``verbline``."""

    def __init__(self, folder: Path) -> None:
        self.python = folder / "bin" / "python"
        self.program = folder / "bin" / "verbline"


def install(folder: Path) -> Installed:
    """Return a new environment under ``folder`` with the wheel of the working tree in it."""
    wheel = build(folder)
    place = folder / "environment"
    venv.create(place, symlinks=True)
    python = place / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check", "install",
        "--quiet", "--no-deps", "--no-index", str(wheel))  # fmt: skip
    for library in libraries():
        copy_library(library, site_packages(place))
    return Installed(place)


def libraries() -> list[str]:
    """Return the libraries that a user's installation holds beside ours."""
    asked = metadata.requires("verbline") or []
    return [re.split(r"[^\w.-]", one)[0] for one in asked if "extra ==" not in one]


def build(folder: Path) -> Path:
    """Return a wheel built from a copy of the working tree, by what is installed here."""
    source, out = folder / "source", folder / "wheel"
    shutil.copytree(ROOT, source, symlinks=True, ignore=PASSED_OVER)
    run(
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(out),
        str(source),
    )
    return next(out.glob("*.whl"))


def copy_library(name: str, into: Path) -> None:
    """Copy the installed library ``name`` with all files that its record names."""
    library = metadata.distribution(name)
    for file in library.files or ():
        origin = Path(str(library.locate_file(file)))
        if ".." not in file.parts and origin.exists():
            place = into / file
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(origin, place)


def site_packages(environment: Path) -> Path:
    """Return the folder of an environment that holds its packages."""
    return next((environment / "lib").glob("python*")) / "site-packages"


def run(*command: str) -> None:
    """Run a command to its end; what it says is shown only when it fails."""
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
