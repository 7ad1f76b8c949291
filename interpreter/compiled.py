"""Compiled or plain. Rule: how quickly an answer is there depends on it, and nothing else does.

Some modules of an installation may be compiled, and their text stands beside them. Which of both is loaded is decided when
the first of them is asked for: the text where somebody wants it so, and where the compiled modules would misread what a
library has laid out in memory.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

OURS = "verbline."
# It says of itself whether it is compiled, so it is loaded as it stands.
LAID = "verbline.interpreter.step.laid"
VARIABLE = "VERBLINE_PURE"
# How the files of compiled modules end; what would say so is not loaded for `verbline --version`.
MACHINE = (".so", ".pyd")
NOT_BUILT = "no modules were compiled"
ASKED = f"{VARIABLE} is set"
UNFIT = "the compiled modules do not fit this msgspec"


class Chooser:
    """Finds our modules, each as text where the compiled ones must not be used."""

    def __init__(self) -> None:
        self._reason: str | None = None

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return what `import` loads for ``name``, None where that is for others to say."""
        if not name.startswith(OURS) or path is None:
            return None
        from importlib.machinery import ExtensionFileLoader, PathFinder

        found = PathFinder.find_spec(name, path, target)
        if found is None or not isinstance(found.loader, ExtensionFileLoader) or name == LAID:
            return found
        if self._reason is None:
            self._reason = why_plain()
        return text_of(found) if self._reason else found


def text_of(found: ModuleSpec) -> ModuleSpec | None:
    """Return how the text is loaded that stands beside a compiled module."""
    from importlib.util import spec_from_file_location

    assert found.origin is not None, "it was found in a file"
    folder, file = os.path.split(found.origin)
    return spec_from_file_location(found.name, os.path.join(folder, f"{file.partition('.')[0]}.py"))


def is_built() -> bool:
    """Return whether there are compiled modules."""
    folder = os.path.join(os.path.dirname(__file__), "step")
    return any(one.startswith("laid.") and one.endswith(MACHINE) for one in os.listdir(folder))


def is_asked_for() -> bool:
    """Return whether somebody wants the text to be used."""
    return os.environ.get(VARIABLE, "0") not in ("", "0")


def word() -> str:
    """Return what is installed, in a word: no library is loaded for that, so whether it fits is not said."""
    return "compiled" if is_built() and not is_asked_for() else "plain"


def why_plain() -> str:
    """Return why the compiled modules are not used; nothing where they are."""
    if not is_built():
        return NOT_BUILT
    if is_asked_for():
        return ASKED
    try:
        from verbline.interpreter.step.laid import is_as_expected

        return "" if is_as_expected() else UNFIT
    except Exception:  # noqa: BLE001 - whatever it does otherwise, the text copes with
        return UNFIT


def choose() -> None:
    """See to it that what is imported from now on is compiled or plain as it should be."""
    if is_built() and not any(isinstance(one, Chooser) for one in sys.meta_path):
        sys.meta_path.insert(0, Chooser())
