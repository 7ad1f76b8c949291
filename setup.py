"""The compiled build. Rule: all modules that have types beside them are compiled, or none; the `.py` files are what they mean.

A module with a ``.pxd`` of its name is compiled for a wheel where there is a C compiler, and `pyproject.toml` says all else.
Nothing is compiled into the tree: Python would go on with the old machine code after a change of the text.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import tomllib
from pathlib import Path

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext

ROOT = Path(__file__).resolve().parent
STAGE = Path("build", "compiled")
FLAGS = ["-O3", "-g0", "-fwrapv", "-fno-strict-aliasing"]
DIRECTIVES = {"language_level": 3, "binding": False, "annotation_typing": False}
PROBE = "#include <Python.h>\nint main(void) { return 0; }\n"


def sources() -> dict[Path, Path]:
    """Return the files from which modules are made, and where each stands as part of the package."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    folders = project["tool"]["setuptools"]["package-dir"]
    return {
        path.relative_to(ROOT): STAGE.joinpath(*package.split("."), path.relative_to(ROOT / folder))
        for package, folder in folders.items()
        for kind in ("*.py", "*.pxd")
        for path in sorted((ROOT / folder).rglob(kind))
    }


def compiled(placed: dict[Path, Path]) -> dict[str, Path]:
    """Return the modules that are compiled, and their files: whatever has a ``.pxd`` that does not describe a class left to Python."""
    found = {}
    for path, place in placed.items():
        types = path.with_suffix(".pxd")
        module = ".".join(place.relative_to(STAGE).with_suffix("").parts)
        if path.suffix != ".py" or types not in placed:
            continue
        if f"ctypedef class {module}." not in (ROOT / types).read_text("utf-8"):
            found[module] = place
    return found


def why_not() -> str | None:
    """Return why nothing is compiled, or None."""
    if os.environ.get("VERBLINE_PURE", "0") not in ("", "0"):
        return "VERBLINE_PURE is set"
    if "bdist_wheel" not in sys.argv:
        return ""  # what is edited, and what is only described, stays as it is
    try:
        import Cython  # noqa: F401, PLC0415 - it may be missing
    except ImportError:
        return "Cython is missing"
    command = [*(os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()]
    with tempfile.TemporaryDirectory() as folder:
        probe = Path(folder, "probe.c")
        probe.write_text(PROBE, "utf-8")
        include = f"-I{sysconfig.get_path('include')}"
        try:
            done = subprocess.run(  # noqa: S603
                [*command, include, "-c", str(probe), "-o", str(probe.with_suffix(".o"))],
                capture_output=True,
                check=False,
            )
        except OSError:
            return "there is no C compiler"
        made = probe.with_suffix(".o").exists()
    return None if done.returncode == 0 and made else "no C compiler works here"


def extensions() -> list[Extension]:
    """Return what is compiled."""
    reason = why_not()
    if reason is not None:
        if reason:
            print(f"verbline: no modules are compiled, because {reason}; all works, slower.")
        return []
    from Cython.Build import cythonize  # noqa: PLC0415 - see `why_not`

    placed = sources()
    for path, place in placed.items():
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, place)
    modules = compiled(placed)
    return cythonize(
        [
            Extension(name, [str(place)], extra_compile_args=FLAGS)
            for name, place in modules.items()
        ],
        include_path=[str(STAGE)],
        compiler_directives=DIRECTIVES,
        nthreads=os.cpu_count() or 1,
        quiet=True,
    )


class AllOrNone(build_ext):
    """Compiles all modules; where one cannot be, none is there."""

    def run(self) -> None:
        """Compile."""
        try:
            super().run()
        except Exception as error:  # noqa: BLE001 - compilers fail in many ways, and an install goes through without one
            print(
                f"verbline: no modules are compiled, because that failed; all works, slower. {error}"
            )
            for path in self.get_outputs():
                Path(path).unlink(missing_ok=True)
            self.extensions = []


setup(
    ext_modules=extensions(),
    cmdclass={"build_ext": AllOrNone},
    options={"build_ext": {"parallel": os.cpu_count() or 1}},
)
