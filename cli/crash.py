"""What a crash leaves behind. Rule: versions and places in our code, never anybody's data.

A message of an exception may hold an address, a file name or a line of a journey, so only the
names of exceptions are kept; a line number in a known module is enough to find the place.
"""

import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from importlib import metadata
from traceback import walk_tb

from verbline.cli.version import VERSION

LIBRARIES = ("click", "lark")


def tell(error: BaseException) -> None:
    """Write the report of ``error`` to a file and its place to standard error."""
    text = report(error)
    path = save(text)
    where = f"The report is in {path}" if path else f"The report could not be saved:\n\n{text}"
    sys.stderr.write(
        "Verbline stopped because of a mistake of its own, not of yours.\n"
        f"{where}\n"
        "It holds versions and places in the program, nothing of your files or people.\n"
        "Please send it with a word on what you were doing.\n"
    )


def save(text: str) -> str | None:
    """Return the path of a new private file with ``text``, or None where none can be made."""
    try:
        number, path = tempfile.mkstemp(prefix="verbline-crash-", suffix=".txt", text=True)
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError:
        return None
    return path


def report(error: BaseException) -> str:
    """Return the report of ``error``: versions, then each exception with its places."""
    return "\n".join([*versions(), "", *trace(error), ""])


def versions() -> Iterator[str]:
    """Yield one line a program whose version can matter."""
    yield f"verbline {VERSION}"
    yield f"python {platform.python_version()} on {platform.system()} {platform.machine()}"
    for name in LIBRARIES:
        try:
            yield f"{name} {metadata.version(name)}"
        except metadata.PackageNotFoundError:
            yield f"{name} is not installed"


def trace(error: BaseException) -> Iterator[str]:
    """Yield the name and the places of ``error`` and of each exception behind it."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield f"{type(link).__module__}.{type(link).__qualname__}"
        yield from places(link)
        link = link.__cause__ or link.__context__


def places(error: BaseException) -> Iterator[str]:
    """Yield one line a frame of ``error``; code made at run time stays without a name."""
    for frame, line in walk_tb(error.__traceback__):
        module = frame.f_globals.get("__name__")
        if module in sys.modules:
            yield f"  {module}:{line} in {frame.f_code.co_qualname}"
        else:
            yield f"  generated code:{line}"
