"""The layout: folders, packages, links and the commands that set the project up."""

import re
import sys
from pathlib import Path

import pytest

from tests.tree import FOLDERS, PACKAGES, PROJECT, ROOT, files, short


def packages_on_disk() -> set[str]:
    """Return the import names of all folders that hold an ``__init__.py``."""
    found = set()
    for package, folder in FOLDERS.items():
        for path in files(folder):
            if path.name == "__init__.py":
                inner = path.parent.relative_to(ROOT / folder).parts
                found.add(".".join([package, *inner]))
    return found


def modules_on_disk() -> list[Path]:
    """Return the Python files and packages inside the mapped folders."""
    inside = [path for folder in FOLDERS.values() for path in files(folder)]
    modules = [path for path in inside if path.suffix == ".py" and path.stem != "__init__"]
    packages = [path.parent for path in inside if path.name == "__init__.py"]
    return [*modules, *(path for path in packages if path.parent != ROOT)]


def test_the_packages_are_the_folders() -> None:
    """A sub-package that is not listed works here and is missing from the wheel."""
    assert set(PACKAGES) == packages_on_disk()
    assert len(set(PACKAGES)) == len(PACKAGES)


def test_no_code_lies_outside_a_package() -> None:
    """A Python file in a folder without ``__init__.py`` is missing from the wheel."""
    lost = [
        short(path)
        for folder in FOLDERS.values()
        for path in files(folder)
        if path.suffix == ".py" and not (path.parent / "__init__.py").exists()
    ]
    assert lost == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_package_is_whole(package: str) -> None:
    """Each package has its own ``__init__.py``, with a rule, and is marked as typed."""
    owner = max((name for name in FOLDERS if f"{package}.".startswith(f"{name}.")), key=len)
    folder = ROOT.joinpath(FOLDERS[owner], *package.removeprefix(owner).split(".")[1:])
    assert (folder / "py.typed").exists()
    assert "Rule: " in (folder / "__init__.py").read_text("utf-8")


def test_no_module_bears_a_standard_name() -> None:
    """A file called like a standard module would hide it, or be hidden by it."""
    taken = sys.stdlib_module_names
    assert [short(path) for path in modules_on_disk() if path.stem in taken] == []


def test_the_links_show_every_folder() -> None:
    """The type checker sees each mapped folder under its import name, and nothing else."""
    links = {path.name: path for path in (ROOT / ".types" / "verbline").iterdir()}
    assert set(links) == {package.removeprefix("verbline.") for package in FOLDERS}
    for name, path in links.items():
        assert path.is_symlink()
        assert not path.readlink().is_absolute()
        assert path.resolve() == ROOT / FOLDERS[f"verbline.{name}"]


def test_the_layers_hold_every_package() -> None:
    """The import contracts look at each mapped folder, and each has its layer."""
    linter = PROJECT["tool"]["importlinter"]
    layers = " | ".join(linter["contracts"][0]["layers"]).split(" | ")
    assert set(linter["root_packages"]) == set(FOLDERS)
    assert set(layers) == set(FOLDERS)


def test_a_bare_import_of_each_folder_is_banned() -> None:
    """``import interpreter`` would load a second copy; the linter refuses it for each folder."""
    banned = PROJECT["tool"]["ruff"]["lint"]["flake8-tidy-imports"]["banned-api"]
    assert set(FOLDERS.values()) <= set(banned)


def test_what_users_and_checks_run_is_the_same() -> None:
    """The README's test command is the one that a change has to pass."""
    readme = (ROOT / "README.md").read_text("utf-8")
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    assert "\nmake test\n" in script
    assert re.search(r"^make test\b", readme, re.MULTILINE)


def test_versions_are_locked_without_an_address() -> None:
    """The lock names versions alone, so it works with any package index, and covers all we ask for."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    locked = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line) for line in locked)
    project = PROJECT["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {plain_name(re.split(r"[<>=!~ ]", line)[0]) for line in asked}
    assert names <= {plain_name(line.partition("==")[0]) for line in locked}


def plain_name(name: str) -> str:
    """Return the name of a distribution as names are compared: PEP 503."""
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_map_names_every_module_of_the_interpreter() -> None:
    """A newcomer finds each module of the interpreter in its stage, and none that is gone."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    rows = text.split("| Stage | Files |")[1].split("\n\n")[0]
    named = re.findall(r"`([a-z_]+)`", rows)
    modules = {path.stem for path in (ROOT / "interpreter").glob("*.py")} - {"__init__"}
    assert set(named) == modules
    assert len(named) == len(set(named)), "a module stands in one stage"
