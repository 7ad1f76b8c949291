"""What is written where. Rule: standard output holds the answer and nothing else; what is said about it goes to standard error."""

from __future__ import annotations

import os
import sys

COLORS = {"error": "31", "warning": "33", "hint": "36", "code": "2", "bold": "1"}


def write(text: str) -> None:
    """Write text for people; a letter that the terminal cannot show becomes a question mark."""
    try:
        sys.stdout.write(text)
    except UnicodeEncodeError:
        encoding = sys.stdout.encoding
        sys.stdout.write(text.encode(encoding, "replace").decode(encoding))


def write_utf8(text: str) -> None:
    """Write text for programs, and text that is a file: UTF-8 wherever it goes, line ends as they are."""
    write_bytes(text.encode("utf-8", "replace"))


def write_bytes(content: bytes) -> None:
    """Write bytes as they are."""
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def write_document(text: str) -> None:
    """Write text that may become a file: UTF-8, but on a terminal what the terminal can show."""
    (write if sys.stdout.isatty() else write_utf8)(text)


def write_file(path: str, text: str) -> None:
    """Write a file that appears whole; wrong usage where that is not possible."""
    beside = f"{path}.part"
    try:
        with open(beside, "w", encoding="utf-8", errors="replace", newline="") as file:
            file.write(text)
        os.replace(beside, path)
    except OSError as error:
        raise unwritable(path, error) from error


def must_be_writable(path: str) -> None:
    """Tell that a file cannot be written before there is anything to write, where that takes a while to come by."""
    from errno import EISDIR

    beside = f"{path}.part"
    try:
        if os.path.isdir(path):
            raise IsADirectoryError(EISDIR, os.strerror(EISDIR))
        with open(beside, "ab"):
            pass
        os.remove(beside)
    except OSError as error:
        raise unwritable(path, error) from error


def unwritable(path: str, error: OSError) -> Exception:
    """Return the wrong usage that stands against writing a file."""
    from verbline.cli import WrongUsageError
    from verbline.cli.folders import readable

    return WrongUsageError(f'"{readable(path)}" cannot be written: {error.strerror}.')


def complain(sentence: str) -> None:
    """Say on standard error why something was not done."""
    sys.stderr.write(f"Error: {sentence}\n")


def wants_color(choice: str) -> bool:
    """Return whether to colour: as asked, or on a terminal where nobody has said no."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout.isatty()
