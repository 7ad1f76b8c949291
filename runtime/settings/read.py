"""The tables of ``verbline.toml`` that only the runtime reads. Rule: every mistake is a finding at its place, in one go.

[environments.test] overrides what stands above it: its tables are laid over the others, key by key, when `run` is told
``--environment test``. The mistakes of every environment are told, whichever is chosen.
"""

from __future__ import annotations

from pydantic import ValidationError

from verbline.interpreter.nearness import nearest
from verbline.interpreter.problems import Problem
from verbline.interpreter.settings import Reader, settings_of
from verbline.runtime.settings.faults import PREFIX
from verbline.runtime.settings.tables import Channel, Desk, Links, Outbox, Runtime, Table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from pydantic_core import ErrorDetails

READ = ("channels", "desks", "links", "outbox")
# Overrides may stand beside these, which others read.
TABLES_OF_ENVIRONMENT = ("channels", "desks", "links", "outbox", "sources")
MODELS: dict[str, type[Table]] = {
    "channels": Channel,
    "desks": Desk,
    "links": Links,
    "outbox": Outbox,
}
# What a setting wants to be, by how pydantic calls that it is not.
WANTED = {
    "string": "text", "int": "number", "dict": "table", "model": "table", "tuple": "list", "list": "list",
    "bool": "yes-no",
}  # fmt: skip


class UnknownEnvironmentError(Exception):
    """An environment that the settings do not have; the sentence says which there are."""


def runtime_of(
    path: str, content: bytes, environment: str = ""
) -> tuple[Runtime, tuple[Problem, ...]]:
    """Return what the runtime reads of the file, and what is wrong with it.

    With findings the settings are those of an empty file: half of what was meant is never used. `UnknownEnvironmentError`
    where ``environment`` is not in the file.
    """
    reader = Tables(path, content)
    found = reader.read(environment)
    return found, tuple(sorted(reader.problems, key=lambda problem: problem.key))


class Tables(Reader):
    """The settings file read a second time, for the runtime."""

    def read(self, environment: str) -> Runtime:
        """Return the settings with those of ``environment`` laid over them."""
        raw = self.load()
        if raw is None:
            return Runtime()
        self.language = settings_of(self.path, self.text.encode()).language
        environments = self.table(raw, "environments")
        if environment and environment not in environments:
            raise UnknownEnvironmentError(unknown_environment(environment, environments))
        plain = {name: raw[name] for name in READ if name in raw}
        chosen = self.validated(plain, "", {})
        for name, table in environments.items():
            over = self.overrides(name, table)
            found = self.validated(overlaid(plain, over), name, over)
            if name == environment:
                chosen = found
        return Runtime() if self.problems else chosen

    def overrides(self, name: str, table: object) -> dict[str, Any]:
        """Return what an environment overrides, and report what it cannot."""
        if not isinstance(table, dict):
            self.report_kind(("environments", name), "table", table)
            return {}
        for key in table:
            if key not in TABLES_OF_ENVIRONMENT:
                self.report_unknown(("environments", name), key, TABLES_OF_ENVIRONMENT)
        return {key: value for key, value in table.items() if key in READ}

    def validated(self, tables: dict[str, Any], name: str, over: dict[str, Any]) -> Runtime:
        """Return the settings in ``tables``; report what is wrong with them, each mistake once."""
        try:
            return Runtime.model_validate(tables)
        except ValidationError as error:
            told = {repr(problem) for problem in self.problems}
            before = len(self.problems)
            for one in error.errors(include_url=False, include_input=True):
                keys = keys_of(one, tables)
                self.tell(one, keys, ("environments", name) if stands_in(over, keys) else ())
            fresh = [one for one in self.problems[before:] if repr(one) not in told]
            self.problems[before:] = fresh
            return Runtime()

    def tell(self, error: ErrorDetails, keys: tuple[str, ...], above: tuple[str, ...]) -> None:
        """Report one mistake at its place; ``above`` is the environment that brings it."""
        kind, shown = error["type"], error.get("ctx", {})
        if kind == "extra_forbidden":
            self.report_stray(keys, above)
        elif kind.startswith(PREFIX):
            self.report_value(keys, above, shown)
        elif kind == "literal_error":
            known = str(shown["expected"]).replace(" or ", ", ").replace("'", "")
            value = str(error["input"])
            self.report_value(keys, above, {"variant": "one_of", "value": value, "known": known})
        elif kind.startswith(("greater", "less")):
            self.report_value(keys, above, {"variant": "range"})
        else:
            wanted = WANTED.get(kind.rpartition("_")[0], "text")
            self.report_kind((*above, *keys), wanted, error["input"])

    def report_stray(self, keys: tuple[str, ...], above: tuple[str, ...]) -> None:
        """Report a key that nobody reads."""
        model = MODELS[keys[0]]
        known = [field.alias or name for name, field in model.model_fields.items()]
        self.report_unknown((*above, *keys[:-1]), keys[-1], known)

    def report_value(
        self, keys: tuple[str, ...], above: tuple[str, ...], shown: Mapping[str, Any]
    ) -> None:
        """Report a value that the setting cannot have."""
        values = {"table": ".".join(keys[:2]), "key": keys[-1]}
        values |= {name: str(value) for name, value in shown.items() if name != "variant"}
        self.report("P007", self.place(*above, *keys), str(shown["variant"]), "", **values)


def keys_of(error: ErrorDetails, tables: object) -> tuple[str, ...]:
    """Return the keys that lead to the mistake, as far as the file has them."""
    keys: list[str] = []
    for key in error["loc"]:
        if not isinstance(key, str) or not isinstance(tables, dict):
            break
        tables = tables.get(key)
        keys.append(key)
    # A mistake of a whole table may be about one key of it.
    about = error.get("ctx", {}).get("key")
    if about and isinstance(tables, dict) and about in tables:
        keys.append(str(about))
    return tuple(keys)


def stands_in(tables: object, keys: tuple[str, ...]) -> bool:
    """Return whether ``keys`` lead to something in ``tables``."""
    for key in keys:
        if not isinstance(tables, dict) or key not in tables:
            return False
        tables = tables[key]
    return bool(keys)


def overlaid(below: dict[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``below`` with ``above`` laid over it: channels and links key by key, a desk whole, since it has one way."""
    found = dict(below)
    for table, value in above.items():
        found[table] = laid(found.get(table), value, 2 if table == "channels" else 1)
    return found


def laid(under: object, over: object, depth: int) -> object:
    """Return ``over``, with what ``under`` has beside it down to ``depth`` tables; a secret is named anew."""
    if not depth or not isinstance(under, dict) or not isinstance(over, dict):
        return over
    return under | {key: laid(under.get(key), value, depth - 1) for key, value in over.items()}


def unknown_environment(name: str, known: Mapping[str, object]) -> str:
    """Return the sentence about an environment that is not there."""
    near = nearest(name, known)
    if near:
        return f'The settings have no environment "{name}". Did you mean "{near}"?'
    there = ", ".join(known) or "none"
    return f'The settings have no environment "{name}". There are: {there}.'
