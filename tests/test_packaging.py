"""The wheel and the source archive: what is in them, and that the command runs from them."""

import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

from tests.limits import LONGEST
from tests.tree import FOLDERS, PROJECT, ROOT, files, made
from verbline.cli.version import VERSION

pytestmark = pytest.mark.slow

Contents = dict[str, bytes]


def build(source: Path, into: Path, *kind: str) -> Path:
    """Return the folder ``into`` with what is built from ``source``, by what is installed here; `test_compiled` compiles."""
    command = [sys.executable, "-m", "build", "--no-isolation", *kind, "--outdir"]
    plain = os.environ | {"VERBLINE_PURE": "1"}
    subprocess.run([*command, into, source], env=plain, check=True, capture_output=True, timeout=LONGEST)  # fmt: skip
    return into


def read_wheel(wheel: Path) -> Contents:
    """Return the files of ``wheel`` by name."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the repository: a build leaves files behind in the folder it builds from."""
    copy = tmp_path_factory.mktemp("source") / "verbline"
    shutil.copytree(
        ROOT,
        copy,
        symlinks=True,
        ignore=lambda _folder, names: [name for name in names if made(name)],
    )
    return copy


@pytest.fixture(scope="module")
def release(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a release: the source archive, and the wheel built from that archive."""
    return build(tree, tmp_path_factory.mktemp("release"))


@pytest.fixture
def wheel(release: Path) -> Path:
    """Return the wheel of the release."""
    return next(release.glob("*.whl"))


@pytest.fixture
def source_archive(release: Path) -> Path:
    """Return the source archive of the release."""
    return next(release.glob("*.tar.gz"))


def test_the_wheel_holds_the_folders_and_nothing_else(wheel: Path) -> None:
    """Every file of a mapped folder is in the wheel under its import name, unchanged."""
    expected = {
        "/".join([*package.split("."), *path.relative_to(ROOT / folder).parts]): path.read_bytes()
        for package, folder in FOLDERS.items()
        for path in files(folder)
    }
    inside = read_wheel(wheel)
    packed = {name: text for name, text in inside.items() if ".dist-info/" not in name}
    assert packed.keys() == expected.keys()
    assert packed == expected


def test_the_wheel_needs_what_the_project_says(wheel: Path) -> None:
    """Version, Python, licence and command in the wheel are those of pyproject.toml."""
    inside = read_wheel(wheel)
    folder = f"verbline-{VERSION}.dist-info"
    metadata = inside[f"{folder}/METADATA"].decode()
    assert f"\nVersion: {VERSION}\n" in metadata
    assert f"\nRequires-Python: {PROJECT['project']['requires-python']}\n" in metadata
    assert "\nLicense-Expression: MIT\n" in metadata
    assert f"{folder}/licenses/LICENSE" in inside
    assert b"verbline = verbline.cli:main" in inside[f"{folder}/entry_points.txt"]
    assert b"verbline = verbline.cli.pytest_plugin" in inside[f"{folder}/entry_points.txt"]


def test_both_ways_to_the_wheel_give_the_same(tree: Path, wheel: Path, tmp_path: Path) -> None:
    """The wheel built from the tree is the wheel built from the source archive, file by file."""
    (direct,) = build(tree, tmp_path, "--wheel").iterdir()
    assert read_wheel(direct) == read_wheel(wheel)


def test_the_source_archive_is_what_a_build_needs(source_archive: Path) -> None:
    """The archive holds licence, changes and sources, and no tests that could not run there."""
    with tarfile.open(source_archive) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "CHANGELOG.md",
        "LICENSE",
        "README.md",
        "pyproject.toml",
        "setup.py",
        *FOLDERS.values(),
    } <= names
    assert {f"{one}.pxd" for one in ("runtime/seen", "runtime/events")} <= names
    assert {name for name in names if name.startswith("tests")} == set()


def test_the_command_runs_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    """A fresh environment with nothing but the wheel answers ``verbline --version``."""
    home = tmp_path / "fresh"
    venv.create(home, with_pip=False)
    python = home / "bin" / "python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "install", "--no-deps", "--no-index", wheel],
        check=True,
        capture_output=True,
        timeout=LONGEST,
    )
    for command in ([home / "bin" / "verbline"], [python, "-m", "verbline.cli"]):
        shown = subprocess.check_output(
            [*command, "--version"], text=True, cwd=tmp_path, timeout=LONGEST
        )
        assert shown == f"verbline {VERSION} (plain)\n"
