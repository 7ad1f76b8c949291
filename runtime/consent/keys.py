"""The key that erased addresses are known by. Rule: it never stands in the ledger; another key than the first is refused.

Whoever holds a ledger without its key cannot try out which addresses were erased.
"""

from __future__ import annotations

import hmac
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping

KEY, KEY_FILE = "VERBLINE_CONSENT_KEY", "VERBLINE_CONSENT_KEY_FILE"
BYTES_MIN = 16
NAME = "key"
# The length of a mark.
MARK = 32


class NoKeyError(ValueError):
    """The key is missing, too short, or another one."""


def key_in(environment: Mapping[str, str]) -> bytes | None:
    """Return the key from ``environment``, or from the file that is named there; None where neither is.

    Raises NoKeyError where it is shorter than 16 bytes, OSError where the file cannot be read.
    """
    key = environment.get(KEY, "").encode()
    path = environment.get(KEY_FILE, "")
    if not key and path:
        key = Path(path).read_bytes().strip()
    if not key:
        return None
    if len(key) < BYTES_MIN:
        raise NoKeyError(f"the key of the ledger has {len(key)} bytes; {BYTES_MIN} is the least")
    return key


def mark_of(key: bytes, address: str) -> bytes:
    """Return what is kept of an erased address."""
    return hmac.digest(key, b"address\0" + address.encode(), "sha256")


def seed_of(key: bytes) -> bytes:
    """Return what the salts of a chain are made from."""
    return hmac.digest(key, b"salt\0", "sha256")


def proof_of(key: bytes) -> bytes:
    """Return what shows later that a key is this one."""
    return hmac.digest(key, b"proof\0", "sha256")


def same_key(connection: sqlite3.Connection, key: bytes | None) -> None:
    """Raise NoKeyError where the ledger was used with another key than ``key``."""
    row = connection.execute("select value from setting where name = ?", (NAME,)).fetchone()
    if row and key is not None and not hmac.compare_digest(row[0], proof_of(key)):
        raise NoKeyError("this is not the key that addresses were erased with")


def remember(connection: sqlite3.Connection, key: bytes) -> None:
    """Note the proof of the key with the first erasure."""
    connection.execute("insert or ignore into setting values (?, ?)", (NAME, proof_of(key)))
