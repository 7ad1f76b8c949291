"""What stands in the rows of a store, as bytes. Rule: what is packed comes out the same, and is never longer than it was.

What stands together is much alike: of a page of it a quarter is left. Less than a page is not worth the time.
"""

from __future__ import annotations

import zlib

# Nothing is gained by making less than this smaller: a page is written whole.
SMALL = 1_000
LEVEL = 1
# How what is compressed begins; no array and no map of MessagePack does, but for one of a number that is alone.
MARK = b"\x78\x01"


def packed(content: bytes) -> bytes:
    """Return an array or a map of MessagePack compressed, where that is shorter."""
    if len(content) < SMALL:
        return content
    pressed = zlib.compress(content, LEVEL)
    return pressed if len(pressed) < len(content) else content


def unpacked(body: bytes) -> bytes:
    """Return what `packed` was given."""
    return zlib.decompress(body) if body.startswith(MARK) else body
