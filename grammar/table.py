"""Loads the saved parse table and the words. Rule: start-up time counts, so nothing but json and zlib is imported here."""

from __future__ import annotations

import json
import os
import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

FOLDER = os.path.dirname(os.path.abspath(__file__))
GRAMMAR = os.path.join(FOLDER, "journey.lark")
SAVED = os.path.join(FOLDER, "table.json")


def word_files() -> list[str]:
    """Return the paths of the word tables, one a language, in the order of their names."""
    folder = os.path.join(FOLDER, "words")
    return sorted(
        os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".toml")
    )


def checksum() -> int:
    """Return the CRC-32 of the grammar and the word tables, whatever their line ends."""
    total = 0
    for path in (GRAMMAR, *word_files()):
        with open(path, "rb") as file:
            total = zlib.crc32(file.read().replace(b"\r\n", b"\n"), total)
    return total


def load() -> dict[str, Any]:
    """Return the saved table; where it is damaged, or the grammar or the words have changed since, one built anew.

    Building needs lark. Nothing is written: the folder may belong to somebody else.
    """
    try:
        with open(SAVED, "rb") as file:
            table = json.loads(file.read())
    except (OSError, ValueError):
        table = None
    if isinstance(table, dict) and table.get("checksum") == checksum():
        return table
    from verbline.grammar.build import build

    return build()


def words(table: dict[str, Any], code: str) -> dict[str, Any]:
    """Return the words of language ``code``; they are kept packed, since most runs need one language."""
    found: dict[str, Any] = json.loads(table["words"][code])
    return found


def choices(table: dict[str, Any], code: str) -> dict[str, Any]:
    """Return which form of a word stands beside which, in language ``code``; only a translation needs it."""
    found: dict[str, Any] = json.loads(table["choices"][code])
    return found


def hints(table: dict[str, Any], code: str) -> dict[str, Any]:
    """Return what was probably meant by what, in language ``code``; only a message about a broken line needs it."""
    found: dict[str, Any] = json.loads(table["hints"][code])
    return found
