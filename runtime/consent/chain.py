"""What is hashed. Rule: an entry's hash covers the one before it, its skeleton, and a commitment to what was said.

hash = H(hash before, skeleton, commitment);  commitment = H(salt, content, address, person);  H is BLAKE2b of 32 bytes. Salt and
content stand together; they, the address and the person can be deleted: the commitment then stands for something nobody can
find out, and the chain still holds.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple

import msgspec

HASH = 32
START = bytes(HASH)
SALT = 16
ANCHOR = "verbline-consent"
ERASE = "erase"

encode = msgspec.json.Encoder().encode


class Content(NamedTuple):
    """What is kept of an event beside its address and its person.

    ``sender`` and ``event`` name the event of a log that said it: its `source` and its `id`. What is seldom said stands last.
    """

    actor: str
    source: str
    basis: str
    complete: bool
    notice: str
    sender: str
    event: str
    record: str = ""
    epoch: int = 0
    until: int | None = None
    token: str = ""
    corrects: int | None = None


SELDOM = tuple(Content._field_defaults.values())
content_in = msgspec.json.Decoder(Content).decode


def content_of(
    said: tuple[str, str, str, bool, str, str, str],
    seldom: tuple[str, int, int | None, str, int | None],
) -> bytes:
    """Return a content as it is kept: what is ``seldom`` said only where it is."""
    return encode(said if seldom == SELDOM else said + seldom)


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


def commitment(said: bytes, address: bytes, person: bytes) -> bytes:
    """Return the commitment to ``said``, which is a salt and a content."""
    return blake2b(b"%b%d:%b%b" % (said, len(address), address, person), digest_size=HASH).digest()


def link(previous: bytes, skeleton: tuple[object, ...], committed: bytes) -> bytes:
    """Return the hash of an entry; ``skeleton`` is seq, at, known, contact, person, act, channel, purpose and topic."""
    return blake2b(previous + encode(skeleton) + committed, digest_size=HASH).digest()


def salt_after(previous: bytes, seed: bytes) -> bytes:
    """Return the salt of the entry behind the one with the hash ``previous``: the same wherever the seed is the same."""
    return blake2b(previous, digest_size=SALT, key=seed).digest()
