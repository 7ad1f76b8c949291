"""The process in which templates are rendered. Rule: it has no more memory and time than one text needs, and nothing to lose.

It reads jobs from standard input and writes answers to standard output, each four bytes of length and so many of JSON:

    {"source": "…", "values": {…}, "rich": true}    ->    {"text": "…"}    or    {"reason": "…", "told": "…"}
"""

from __future__ import annotations

import os
import resource
import sys
import time
from pathlib import Path

import msgspec

from verbline.runtime.templates.environment import Templates
from verbline.runtime.templates.faults import TemplateError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

# What a text may take beside the program itself.
MEMORY = 64 << 20
CPU_SECONDS = 2
SIZE_GUESSED = 256 << 20
# A few files: what is imported late.
FILES = 16


class Job(msgspec.Struct):
    """One template and its values."""

    source: str
    values: dict[str, object]
    rich: bool = False
    marked: list[str] = []  # values that are HTML of our own


def main() -> None:
    """Answer jobs until nobody asks any more."""
    templates = Templates()
    templates.render("{% for x in v %}{{ x | escape }}{% endfor %}", {"v": ["a"]}, rich=True)
    confine()
    while (content := framed(0)) is not None:
        allow_time()
        sent(1, msgspec.json.encode(answer(templates, msgspec.json.decode(content, type=Job))))


def answer(templates: Templates, job: Job) -> Mapping[str, str]:
    """Return the answer to a job."""
    from markupsafe import Markup  # noqa: PLC0415 - beside the library that it belongs to

    values = {
        name: Markup(value) if name in job.marked and isinstance(value, str) else value  # noqa: S704 - our own
        for name, value in job.values.items()
    }
    try:
        return {"text": templates.render(job.source, values, rich=job.rich)}
    except TemplateError as error:
        return {"reason": error.reason, "told": str(error)}


def confine() -> None:
    """Take from this process what it does not need: memory, files, cores."""
    size = size_now()
    resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, size + MEMORY))
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def size_now() -> int:
    """Return how many bytes of address space this process has; where nobody says it, as many as it may have come to."""
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()[0]
    except OSError:
        return SIZE_GUESSED
    return int(pages) * resource.getpagesize()


def allow_time() -> None:
    """Allow this process a little more time than it has had; past that it is killed."""
    soft = int(time.process_time()) + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def framed(descriptor: int) -> bytes | None:
    """Return the next message; None where there is none."""
    head = whole(descriptor, 4)
    return whole(descriptor, int.from_bytes(head, "big")) if head is not None else None


def whole(descriptor: int, length: int) -> bytes | None:
    """Return so many bytes; None where the other side went before."""
    found = b""
    while len(found) < length:
        piece = os.read(descriptor, length - len(found))
        if not piece:
            return None
        found += piece
    return found


def sent(descriptor: int, content: bytes) -> None:
    """Write a message."""
    rest = memoryview(len(content).to_bytes(4, "big") + content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


if __name__ == "__main__":
    try:
        main()
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(0)
