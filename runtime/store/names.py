"""By what name a store is opened. Rule: there is one, so that what SQLite keeps beside the file is found again.

What was written and is not in the file yet stands beside it, in a file that bears its name. Under another name, in another
folder, nobody would look for it there. A symbolic link is followed to the name behind it, and so is harmless.
"""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path

MOUNTS = Path("/proc/self/mountinfo")
POINT = 4  # which word of a line of it is where something is mounted
ESCAPED = re.compile(r"\\([0-7]{3})")
BESIDE = "What was written last is kept in a file beside the name by which a store was opened, and under another name it would be missed."
LINKED = (
    '"{path}" stands under {count} names (hard links). '
    + BESIDE
    + " Keep one of them; a symbolic link may stand for another."
)
MOUNTED = '"{path}" is mounted by itself. ' + BESIDE + " Mount the folder that it stands in."


def other_name(path: Path) -> str:
    """Return why the file at ``path`` cannot be opened by this name, nothing where it can, or where there is none."""
    try:
        count = path.stat().st_nlink
        name = str(path.resolve())
    except OSError:
        return ""
    if count > 1:
        return LINKED.format(path=path, count=count)
    return MOUNTED.format(path=path) if name in mounted() else ""


def mounted() -> set[str]:
    """Return where something is mounted, as far as the system says so."""
    found = set()
    with suppress(OSError):
        for line in MOUNTS.read_text("utf-8", "surrogateescape").splitlines():
            words = line.split(" ")
            if len(words) > POINT:
                found.add(ESCAPED.sub(lambda one: chr(int(one[1], 8)), words[POINT]))
    return found
