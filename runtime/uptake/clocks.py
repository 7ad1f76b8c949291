"""By which rules clocks are set: the data of the tzdata package. Rule: another release counts anew only whom it concerns."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from importlib import metadata, resources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

PACKAGE = "tzdata"
# So much of a hash tells two states of one zone apart.
DIGITS = 12


@cache
def release() -> str:
    """Return the release of the data."""
    return metadata.version(PACKAGE)


def rules() -> dict[str, str]:
    """Return a hash of the rules of each zone, by its name."""
    top = resources.files(PACKAGE).joinpath("zoneinfo")
    return {
        name: sha256(file.read_bytes()).hexdigest()[:DIGITS] for name, file in files_in(top, "")
    }


def files_in(folder: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    """Yield the files of zones below ``folder``, each with its name."""
    for one in sorted(folder.iterdir(), key=lambda one: one.name):
        if one.is_dir():
            if not one.name.startswith("__"):
                yield from files_in(one, f"{prefix}{one.name}/")
        elif "." not in one.name:
            yield prefix + one.name, one


def others(before: Mapping[str, str], now: Mapping[str, str]) -> set[str]:
    """Return the zones whose rules are other ones than before; new zones are none of them."""
    return {name for name, told in now.items() if before.get(name, told) != told}
