"""What is hashed. Rule: an entry's hash covers the one before it, its skeleton, and a commitment to what was said.

hash = H(hash before, skeleton, commitment);  commitment = H(salt, content, address, person);  H is BLAKE2b of 32 bytes. Salt and
content stand together; they, the address and the person can be deleted: the commitment then stands for something nobody can
find out, and the chain still holds.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import NamedTuple

import msgspec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from verbline.runtime.consent.numbering import Cells
    from verbline.runtime.consent.rows import Draft

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


def chained(
    drafts: Sequence[Draft],
    names: tuple[Cells, Cells],
    end: tuple[int, bytes, int],
    salts: bytes,
    *,
    is_seed: bool,
) -> tuple[list[tuple[Any, ...]], dict[int, int]]:
    """Return the rows by which ``drafts`` go on a chain, and by number which of them is the last about it.

    ``names`` are the cells of addresses and of people, ``end`` the last entry's place and hash and when it was recorded; ``salts`` are those of
    the rows, or the seed that they come from.
    """
    (contacts, people), (seq, previous, last) = names, end
    nobody, rows, lasts = (contacts[None], people[None]), [], {}
    for start, one in zip(range(0, SALT * len(drafts), SALT), drafts, strict=True):
        address, name, at, known, act, channel, purpose, topic, content = one
        if known < last:
            raise ValueError(f"recorded at {known}, before the last event, at {last}")
        last = known
        seq += 1
        contact, person = contacts[address], people[name]
        (where, before), (who, by_person) = contact, person
        said = (salt_after(previous, salts) if is_seed else salts[start : start + SALT]) + content
        if act == ERASE:  # it names nobody
            committed = commitment(said, b"", b"")
        else:
            committed = commitment(said, (address or "").encode(), (name or "").encode())
        skeleton = (seq, at, known, where, who, act, channel, purpose, topic)
        previous = link(previous, skeleton, committed)
        rows.append((
            seq, where, who, before, by_person, at, known, act, channel, purpose, topic, said, previous, None,
        ))  # fmt: skip
        contact[1] = person[1] = lasts[where] = lasts[who] = seq
        nobody[0][1] = nobody[1][1] = 0
    lasts.pop(0, None)
    return rows, lasts
