"""Where a key stands in TOML. Rule: the standard reader keeps no places, so the lines are looked through once more.

It is asked only for files that have a finding, and a place is the worst it can get wrong.
"""

from __future__ import annotations

import re

from verbline.interpreter.source import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Key: TypeAlias = tuple[str, int, int]  # name, start, end in code points from the line's start

KEY = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([\w-]+))\s*""")


def place_in(lines: list[str], keys: tuple[str, ...]) -> Span:
    """Return where the last of ``keys`` stands; else the nearest key above it, or the first line."""
    table: tuple[str, ...] = ()
    best, depth = Span(1, 1, 1, max(len(lines[0]), 1) + 1), 0
    for number, line in enumerate(lines, 1):
        names, header = keys_of(line)
        if not names:
            continue
        path = tuple(name for name, _start, _end in names)
        if header:
            table = path
        else:
            path = (*table, *path)
        if len(path) > depth and path == keys[: len(path)]:
            depth = len(path)
            _name, start, end = names[-1]
            if depth < len(keys):
                start, end = inner_key(line, end, keys[-1]) or (start, end)
            best = Span(number, start + 1, number, end + 1)
    return best


def keys_of(line: str) -> tuple[list[Key], bool]:
    """Return the dotted keys that a line begins with, and whether they are the title of a table."""
    body = line.lstrip()
    start = len(line) - len(body)
    header = body.startswith("[")
    if header:
        start += len(body) - len(body.lstrip("["))
    return keys_at(line, start, "]" if header else "="), header


def keys_at(line: str, at: int, closing: str) -> list[Key]:
    """Return the dotted keys that stand at ``at`` before the sign ``closing``; none where there is no such sign."""
    names: list[Key] = []
    match = KEY.match(line, at)
    while match is not None:
        group = match.lastindex or 0
        names.append((match[group], *match.span(group)))
        sign = line[match.end() : match.end() + 1]
        if sign == closing:
            return names
        match = KEY.match(line, match.end() + 1) if sign == "." else None
    return []


def inner_key(line: str, at: int, key: str) -> tuple[int, int] | None:
    """Return the place of ``key`` in a table written on one line, or None where it is not there."""
    match = re.compile(rf"""[{{,]\s*["']?({re.escape(key)})["']?\s*=""").search(line, at)
    return match.span(1) if match else None
