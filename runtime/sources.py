"""How systems write themselves and their fields. Rule: what a source writes otherwise is renamed before anybody looks at it.

[sources."booking system"]
source = ["booking-system", "urn:club:booking"]
fields = { memberNo = "member-number" }
"""

from __future__ import annotations

import tomllib

from verbline.interpreter.program.systems import system_key

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from verbline.interpreter.program.program import Program


class SourcesError(Exception):
    """A table of sources that says nothing: its text is a sentence for people."""


class Sources:
    """What a project's settings say about its systems.

    ``spellings`` maps what a source calls itself to the system's name as systems are compared, ``fields`` such a name to
    the names of the system's fields and ours for them.
    """

    __slots__ = ("fields", "spellings")

    def __init__(self, tables: Mapping[str, Any] | None = None) -> None:
        self.spellings: dict[str, str] = {}
        self.fields: dict[str, dict[str, str]] = {}
        for name, table in (tables or {}).items():
            self._add(name, table)

    def _add(self, name: str, table: Any) -> None:
        if not isinstance(table, dict):
            raise SourcesError(f'[sources."{name}"] in verbline.toml is no table.')
        written, fields = table.get("source", []), table.get("fields", {})
        if isinstance(written, str):
            written = [written]
        if not isinstance(written, list) or not all(isinstance(one, str) for one in written):
            raise SourcesError(f'`source` of [sources."{name}"] in verbline.toml lists no texts.')
        if not isinstance(fields, dict) or not all(isinstance(one, str) for one in fields.values()):
            raise SourcesError(f'`fields` of [sources."{name}"] in verbline.toml names no fields.')
        system = system_key(name)
        self.spellings |= dict.fromkeys(written, system)
        if fields:
            self.fields[system] = dict(fields)

    def tell(self, program: Program) -> None:
        """Let ``program`` know the systems by all their spellings."""
        program.spellings.update(self.spellings)


def sources_of(settings: bytes | None) -> Sources:
    """Return the sources of the settings file ``settings``, which is known to be readable; none where there is no file."""
    if settings is None:
        return Sources()
    tables = tomllib.loads(settings.removeprefix(b"\xef\xbb\xbf").decode()).get("sources", {})
    if not isinstance(tables, dict):
        raise SourcesError("`sources` in verbline.toml is no table.")
    return Sources(tables)


def renamed(data: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """Return ``data`` with our names for its fields; a field that bears one of ours already stays as it is."""
    get = names.get
    ours = {get(name, name): data[name] for name in data}
    if not data.keys().isdisjoint(names.values()):
        ours.update((name, data[name]) for name in names.values() if name in data)
    return ours
