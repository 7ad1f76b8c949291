"""Fixtures that several files share. Rule: no test needs to know how they are made."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import click
import pytest

from verbline.cli import app
from verbline.cli.commands import Entry

Install = Callable[[Callable[..., object]], None]

# Where these are set, pytest works out every difference to its last line. Two stores that should differ differ in a hundred
# thousand lines, which takes hours.
for name in ("CI", "BUILD_NUMBER"):
    os.environ.pop(name, None)


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Return a function that makes its argument the one command, called ``try``."""

    def put(function: Callable[..., object]) -> None:
        module = ModuleType("made_here")
        module.__dict__["command"] = click.command("try")(function)
        monkeypatch.setitem(sys.modules, "made_here", module)
        monkeypatch.setattr(app, "COMMANDS", {"try": Entry("made_here:command", "Try.")})
        monkeypatch.setattr(sys, "argv", ["verbline", "try"])

    return put


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder that stands for the user's temporary one."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path
