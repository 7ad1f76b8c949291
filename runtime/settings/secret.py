"""Secrets by their names. Rule: what a secret is stands in no setting, no message, no trace and no ``repr``.

password = { env = "SMTP_PASSWORD" }     the variable of the environment
password = { file = "secrets/smtp" }     the first line of a file, from the project's folder on
"""

from __future__ import annotations

import re

from verbline.runtime.settings.faults import fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LENGTH_MAX = 4096
NAME_OF_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


class SecretError(Exception):
    """A secret that is not where its name says. The sentence tells the name, never the secret."""


class Secret:
    """The name of a secret: ``kind`` is ``env`` or ``file``."""

    __slots__ = ("kind", "name")

    def __init__(self, kind: str, name: str) -> None:
        assert kind in ("env", "file"), f"no secret is kept in {kind}"
        self.kind = kind
        self.name = name

    def __repr__(self) -> str:
        return f"Secret({self.kind} {self.name})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and (self.kind, self.name) == (other.kind, other.name)

    def __hash__(self) -> int:
        return hash((self.kind, self.name))

    def read(self, folder: Path, environment: Mapping[str, str]) -> str:
        """Return the secret itself; ``folder`` is the project's. `SecretError` where there is none."""
        if self.kind == "env":
            found = environment.get(self.name, "")
            if not found:
                raise SecretError(f"The environment has no variable {self.name}, or it is empty.")
            return found
        path = folder / self.name
        try:
            with path.open("rb") as file:
                line = file.readline(LENGTH_MAX)
            found = line.decode().rstrip("\r\n")
        except OSError as error:
            raise SecretError(f'"{path}" cannot be read: {error.strerror}.') from None
        except UnicodeDecodeError:
            raise SecretError(f'"{path}" holds no text.') from None
        if not found:
            raise SecretError(f'The first line of "{path}" is empty.')
        return found


def secret_of(table: Mapping[str, object]) -> Secret | None:
    """Return the secret that a table names, or None where it names none, or two."""
    if len(table) != 1:
        return None
    ((kind, name),) = table.items()
    if kind == "env" and isinstance(name, str) and NAME_OF_VARIABLE.fullmatch(name):
        return Secret(kind, name)
    if kind == "file" and isinstance(name, str) and name and "\0" not in name:
        return Secret(kind, name)
    return None


def named(found: object) -> Secret:
    """Return the secret that a setting names; refuse one that is written out."""
    if isinstance(found, Secret):
        return found
    secret = secret_of(found) if isinstance(found, dict) else None
    if secret is None:
        raise fault("secret")
    return secret
