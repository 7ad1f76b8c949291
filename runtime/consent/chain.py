"""What is hashed. Rule: an entry's hash covers the one before it, its skeleton, and a commitment to what was said.

hash = sha256(hash before, skeleton, commitment);  commitment = sha256(salt, content, address, person). Salt, content, address and
person can be deleted; the commitment then stands for something nobody can find out, and the chain still holds.
"""

from __future__ import annotations

from hashlib import blake2b, sha256
from typing import NamedTuple

import msgspec

START = bytes(32)
SALT = 16
ANCHOR = "verbline-consent"
ERASE = "erase"

encode = msgspec.json.Encoder().encode


class Content(NamedTuple):
    """What is kept of an event beside its address and its person.

    ``sender`` and ``event`` name the event of a log that said it: its `source` and its `id`.
    """

    actor: str
    source: str
    basis: str
    complete: bool
    until: int | None
    token: str
    corrects: int | None
    epoch: int
    notice: str
    record: str
    sender: str = ""
    event: str = ""


content_in = msgspec.json.Decoder(Content).decode


class Anchor(NamedTuple):
    """The place and the hash of an entry, written down outside the ledger."""

    seq: int
    hash: bytes

    def __str__(self) -> str:
        return f"{ANCHOR} {self.seq} {self.hash.hex()}"


def anchor_in(line: str) -> Anchor | None:
    """Return the anchor that ``line`` says, with nothing before or after it; None where it says none."""
    words = line.split()
    if len(words) != 3 or words[0] != ANCHOR or not words[1].isdecimal():
        return None
    try:
        found = Anchor(int(words[1]), bytes.fromhex(words[2]))
    except ValueError:
        return None
    return found if len(found.hash) == len(START) else None


def commitment(salt: bytes, content: bytes, address: str, person: str) -> bytes:
    """Return the commitment to what was said."""
    named = address.encode()
    return sha256(b"%b%b%d:%b%b" % (salt, content, len(named), named, person.encode())).digest()


def link(previous: bytes, skeleton: tuple[object, ...], committed: bytes) -> bytes:
    """Return the hash of an entry; ``skeleton`` is seq, at, known, contact, person, act, channel, purpose and topic."""
    return sha256(previous + encode(skeleton) + committed).digest()


def salt_after(previous: bytes, seed: bytes) -> bytes:
    """Return the salt of the entry behind the one with the hash ``previous``: the same wherever the seed is the same."""
    return blake2b(previous, digest_size=SALT, key=seed).digest()
