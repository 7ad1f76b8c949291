"""Plain TOML: tables of texts, as settings files mostly are. Rule: what is not plain is left to the standard reader.

The standard reader takes longer to load than most files take to lint. What is read here it would read the same
(tests/test_plain.py); a line that it might read otherwise, or refuse, ends the attempt.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Value: TypeAlias = "str | int | bool | list[str] | dict[str, Value]"

KEY = r'(?:[A-Za-z0-9_-]+|"[^"\\]+")'
TEXT = r"""(?:"[^"\\]*"|'[^']*')"""
LINE = re.compile(
    rf"""(?:
    \[(?P<table>{KEY}(?:\.{KEY})*)\]
    |(?P<key>{KEY})[ ]*=[ ]*(?:
        (?P<text>{TEXT})
        |(?P<number>0|[1-9][0-9]*)
        |(?P<truth>true|false)
        |\[(?P<list>[ ]*(?:{TEXT}(?:[ ]*,[ ]*{TEXT})*)?[ ]*)\]
        |\{{(?P<inner>[ ]*(?:{KEY}[ ]*=[ ]*{TEXT}(?:[ ]*,[ ]*{KEY}[ ]*=[ ]*{TEXT})*)?[ ]*)\}}
    ))?[ ]*(?:\#.*)?""",
    re.VERBOSE,
)
KEYS = re.compile(KEY)
TEXTS = re.compile(TEXT)
PAIRS = re.compile(rf"({KEY})[ ]*=[ ]*({TEXT})")


def tables_of(text: str) -> dict[str, Any]:
    """Return the tables of ``text``, by the standard reader where they are not plain; ValueError where it is no TOML."""
    plain = plain_tables(text)
    if plain is not None:
        return plain
    import tomllib

    return tomllib.loads(text)


def plain_tables(text: str) -> dict[str, Value] | None:
    """Return the tables of ``text``, or None where the standard reader has to look at it."""
    tables: dict[str, Value] = {}
    table = tables
    # The tables that headers have named, and those above them.
    headers: set[tuple[str, ...]] = set()
    for line in text.split("\n"):
        match = LINE.fullmatch(line) if line.isprintable() else None
        if match is None:
            return None
        if match["table"] is not None:
            path = tuple(key.strip('"') for key in KEYS.findall(match["table"]))
            inner = table_at(tables, path, headers)
            if inner is None:
                return None
            table = inner
        elif match["key"] is not None:
            value = value_of(match)
            if value is None or not put(table, match["key"], value):
                return None
    return tables


def table_at(
    tables: dict[str, Value], path: tuple[str, ...], headers: set[tuple[str, ...]]
) -> dict[str, Value] | None:
    """Return the new table at ``path``, or None where something stands there that only the standard reader can judge."""
    table = tables
    for depth, key in enumerate(path, 1):
        if key not in table:
            inner: dict[str, Value] = {}
            table[key] = inner
            headers.add(path[:depth])
        elif depth == len(path) or path[:depth] not in headers:
            return None
        else:
            found = table[key]
            assert isinstance(found, dict), "a header was read for it"
            inner = found
        table = inner
    return table


def value_of(match: re.Match[str]) -> Value | None:
    """Return the value on a line, or None where a key stands in it twice."""
    if match["text"] is not None:
        return match["text"][1:-1]
    if match["number"] is not None:
        return int(match["number"])
    if match["truth"] is not None:
        return match["truth"] == "true"
    if match["list"] is not None:
        return [text[1:-1] for text in TEXTS.findall(match["list"])]
    inner: dict[str, Value] = {}
    for key, text in PAIRS.findall(match["inner"]):
        if not put(inner, key, text[1:-1]):
            return None
    return inner


def put(table: dict[str, Value], key: str, value: Value) -> bool:
    """Put ``value`` into ``table``; return whether the place was free."""
    name = key.strip('"')
    if name in table:
        return False
    table[name] = value
    return True
