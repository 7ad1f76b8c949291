"""Reason codes in words. Rule: a code is said the same way wherever somebody asks why.

The words stand in ``pages/reasons.toml``, how a channel is said ("by email") in ``pages/told.toml``.
"""

from __future__ import annotations

import os

from verbline.interpreter.problems import PAGES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    Table = Mapping[str, Mapping[str, str]]

_tables: dict[str, Table] = {}


def table(name: str) -> Table:
    """Return the sentences in ``pages/NAME.toml``: a key, then a language; read once."""
    if name not in _tables:
        import tomllib

        with open(os.path.join(PAGES, f"{name}.toml"), "rb") as file:
            _tables[name] = tomllib.load(file)
    return _tables[name]


def said(name: str, key: str, language: str) -> str:
    """Return one sentence of a table in ``language``; in English where it has none."""
    wordings = table(name)[key]
    return wordings.get(language) or wordings["en"]


def reason(code: str, language: str, *, purpose: str = "", channel: str = "") -> str:
    """Return why, as a clause; a code that no table has is told with blanks."""
    if code not in table("reasons"):
        return code.replace("_", " ")
    how = by_channel(channel, language) if channel else ""
    clause = said("reasons", code, language).format(purpose=purpose, channel=how)
    return " ".join(clause.split())


def by_channel(channel: str, language: str) -> str:
    """Return how a message goes by ``channel``, such as "by email"."""
    return said("told", f"by-{channel}", language)
