"""What users run: the wheel, in an environment of its own. Rule: what is measured is what is installed, never what is edited.

An editable install puts a finder of its own into every start of Python, some 14 ms that no user pays. So the wheel is
built from a copy of the working tree, put into a new environment by pip, and beside it the libraries of this
environment are copied file by file, with their bytecode. Nothing is fetched. What a case calls without a command comes
from the wheel too: the benchmarks start themselves anew with the wheel before everything else that Python finds.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PASSED_OVER = shutil.ignore_patterns(".git", ".venv", "build", "dist", "*_cache", "*.egg-info", "__pycache__")  # fmt: skip


class Installed:
    """An environment with the wheel: its Python and its ``verbline``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.python = folder / "bin" / "python"
        self.program = folder / "bin" / "verbline"


def measured(arguments: list[str]) -> int:
    """Return the exit code of the benchmarks, run on the wheel of the working tree."""
    with tempfile.TemporaryDirectory(prefix="verbline-benchmarks-") as name:
        folder = Path(name)
        installed = install(folder)
        with zipfile.ZipFile(next((folder / "wheel").glob("*.whl"))) as wheel:
            wheel.extractall(folder / "package")
        path = os.pathsep.join((str(folder / "package"), str(ROOT)))
        command = [sys.executable, "-m", "benchmarks.runner", "--beside", str(installed.folder)]
        return subprocess.call([*command, *arguments], env=os.environ | {"PYTHONPATH": path})


def install(folder: Path, *, pure: bool = False) -> Installed:
    """Return a new environment under ``folder`` with the wheel of the working tree in it, compiled unless it is to be pure."""
    wheel = build(folder, {"VERBLINE_PURE": "1"} if pure else {})
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


def build(folder: Path, variables: Mapping[str, str]) -> Path:
    """Return a wheel built from a copy of the working tree, by what is installed here, with these variables."""
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
        **variables,
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


def run(*command: str, **variables: str) -> None:
    """Run a command to its end, with these variables; what it says is shown only when it fails."""
    done = subprocess.run(command, check=False, capture_output=True, text=True, env=os.environ | variables)  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
