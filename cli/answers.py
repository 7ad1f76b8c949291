"""Answers given before. Rule: an answer is given again only where everything that could change it is the same, byte by byte.

An answer is kept in one small JSON file of the user's cache folder, one a question (the command, its options, its
paths). What it depends on is hashed: names and contents of every file of the project, the text files it asked for, and
the state of Verbline itself. Times of files are never trusted for the author's files, since an editor may keep them.
"""

from __future__ import annotations

import os
import sys

try:
    # hashlib loads a whole cryptographic library first.
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

from verbline.cli.project import text_content

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from verbline.cli.project import Reading

FORMAT = 1
KEPT_MAX = 512
KEPT_AFTER = 384
TEXT_MAX = 512 * 1024
OFF = "off"
# What an answer depends on of Verbline itself; all of it stands beside this package.
PARTS = ("cli", "grammar", "interpreter", "stdlib")


class Answers:
    """The answers to one question about some projects."""

    def __init__(self, question: Sequence[str], found: Sequence[Reading]) -> None:
        self.found = found
        asked = [part for one in found for part in (one.folder, *one.asked, "")]
        self.name = digest([*question, "", *asked])[:32] + ".json"
        self.usable = not any(one.unread for one in found)
        self.folder = folder() if self.usable else None
        state = own_state() if self.folder else None
        self.key = digest([self.name, state, *contents(found)]) if state else ""

    def find(self) -> tuple[int, str] | None:
        """Return the exit code and the text given before, or None where there is none or something has changed."""
        if not self.key or self.folder is None:
            return None
        import json

        try:
            kept = json.loads(own_file(os.path.join(self.folder, self.name)))
            code, text, texts = kept["code"], kept["text"], kept["texts"]
            fits = kept["format"] == FORMAT and kept["key"] == self.key
            if fits and type(code) is int and type(text) is str and self.same_texts(texts):
                return code, text
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            # Whatever a damaged file looks like: it is no answer, and the next one takes its place.
            pass
        return None

    def same_texts(self, kept: list[dict[str, str | None]]) -> bool:
        """Return whether every text file that the answer asked for is what it was then."""
        return len(kept) == len(self.found) and all(
            stamp(text_content(one.folder, path)) == was
            for one, texts in zip(self.found, kept, strict=True)
            for path, was in texts.items()
        )

    def keep(self, code: int, text: str) -> None:
        """Keep an answer, where there is a place for it."""
        if not self.key or self.folder is None or len(text) > TEXT_MAX:
            return
        import json

        texts = [
            {path: stamp(content) for path, content in one.texts.items()} for one in self.found
        ]
        kept = {"format": FORMAT, "key": self.key, "texts": texts, "code": code, "text": text}
        try:
            write_own(self.folder, self.name, json.dumps(kept).encode("ascii"))
            drop_oldest(self.folder)
        except OSError:
            # A full disk or a folder that is gone costs time, not the answer.
            pass


def digest(parts: Iterable[str | bytes]) -> str:
    """Return a hash of ``parts``, in which the border between two of them counts."""
    total = blake2b(digest_size=32)
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        total.update(b"%d:" % len(raw))
        total.update(raw)
    return total.hexdigest()


def stamp(content: bytes | None) -> str | None:
    """Return the hash of a text file, or None where there is none."""
    return None if content is None else digest([content])


def contents(found: Sequence[Reading]) -> Iterator[str | bytes]:
    """Yield everything that was read."""
    for one in found:
        yield from (one.folder, one.settings_shown, str(one.settings is None), one.settings or b"")
        for name, content in one.contents.items():
            yield name
            yield one.shown[name]
            yield content


def own_state() -> str | None:
    """Return what tells this Verbline and this Python from any other, or None where nothing can.

    Our own files are told apart as Python tells apart what it has compiled: by size and time.
    """
    top = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    parts = [sys.version]
    try:
        for part in PARTS:
            parts += sorted(states(os.path.join(top, part)))
    except OSError:
        return None
    return "\n".join(parts)


def states(folder: str) -> Iterator[str]:
    """Yield a line for each file below ``folder``, compiled ones left out."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name == "__pycache__":
                continue
            if entry.is_dir():
                yield from states(entry.path)
            else:
                status = entry.stat()
                yield f"{entry.path} {status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"


def folder() -> str | None:
    """Return the folder of answers, made where it is missing; None where it is switched off or not ours alone."""
    if os.environ.get("VERBLINE_CACHE", "").lower() == OFF:
        return None
    path = os.path.join(user_cache(), "verbline", "answers")
    try:
        os.makedirs(path, mode=0o700, exist_ok=True)
        status = os.lstat(path)
    except OSError:
        return None
    return path if is_ours(status) else None


def user_cache() -> str:
    """Return the folder where programs of this user keep what can be made again."""
    wanted = os.environ.get("XDG_CACHE_HOME", "")
    if os.path.isabs(wanted):
        return wanted
    if sys.platform == "win32":
        return os.environ.get("LOCALAPPDATA") or os.path.expanduser("~\\AppData\\Local")
    if sys.platform == "darwin":
        return os.path.expanduser("~/Library/Caches")
    return os.path.expanduser("~/.cache")


def is_ours(status: os.stat_result) -> bool:
    """Return whether nobody but this user may have written what has this status."""
    if sys.platform == "win32":
        return True
    is_link = status.st_mode & 0o170000 == 0o120000
    return not is_link and status.st_uid == os.geteuid() and not status.st_mode & 0o022


def own_file(path: str) -> bytes:
    """Return the bytes of a file that nobody but this user can have written."""
    with open(path, "rb", buffering=0) as file:
        if not is_ours(os.fstat(file.fileno())):
            raise PermissionError(path)
        return file.readall()


def write_own(folder: str, name: str, content: bytes) -> None:
    """Write a private file at once: a reader sees the old one or the new one, never half of it."""
    made = os.path.join(folder, f"{name}.{os.getpid()}")
    number = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
        os.replace(made, os.path.join(folder, name))
    except OSError:
        os.unlink(made)
        raise


def drop_oldest(folder: str) -> None:
    """Keep the number of answers bounded."""
    names = os.listdir(folder)
    if len(names) <= KEPT_MAX:
        return
    ages = sorted((os.lstat(os.path.join(folder, name)).st_mtime, name) for name in names)
    for _age, name in ages[: len(names) - KEPT_AFTER]:
        os.unlink(os.path.join(folder, name))
