"""Where things stand in the repository. Rule: one place knows the folders, from pyproject.toml."""

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PACKAGES: list[str] = PROJECT["tool"]["setuptools"]["packages"]
FOLDERS: dict[str, str] = PROJECT["tool"]["setuptools"]["package-dir"]
PYTHON_FOLDERS = (*FOLDERS.values(), "tests", "benchmarks")
MADE = {"__pycache__", ".venv", ".git", "build", "dist", "outbox"}


def files(folder: str) -> Iterator[Path]:
    """Yield the files under ``folder``, sorted, without what tools have made."""
    for here, folders, names in os.walk(ROOT / folder):
        folders[:] = sorted(name for name in folders if not made(name))
        yield from (Path(here, name) for name in sorted(names))


def made(name: str) -> bool:
    """Return whether a folder of this name is made by a tool."""
    return name in MADE or name.endswith((".egg-info", "_cache")) or name == ".hypothesis"


def python_files() -> list[Path]:
    """Return every Python file of ours."""
    return [path for folder in PYTHON_FOLDERS for path in files(folder) if path.suffix == ".py"]


def short(path: Path) -> str:
    """Return ``path`` as it is written from the root, with forward slashes."""
    return path.relative_to(ROOT).as_posix()
