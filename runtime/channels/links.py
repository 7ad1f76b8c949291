"""Links that carry their own proof: the way out of a message, an answer, a confirmation. Rule: who can make one has the key.

A link names one intent by its key, what it does, one answer and an end. It names no person and no address: whoever sees it
in a log learns nothing. A link changes nothing by being looked at; only what is sent from its page does.

    https://club.example/v/AWwAAAAAAGsx….cQ3…
"""

from __future__ import annotations

import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp

from verbline.runtime.own import settle

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

VERSION = 1
LEAVE, ANSWER, CONFIRM = "leave", "answer", "confirm"
LETTERS = {LEAVE: b"l", ANSWER: b"a", CONFIRM: b"c"}
KINDS = {letter: kind for kind, letter in LETTERS.items()}
# Bytes: the proof at the end, when it ends, what stands before the key.
PROOF, END = 16, 6
HEAD = 2 + END
LENGTH_MAX = 1024
# How many bytes SHA-256 takes at a time.
BLOCK = 64
KEY_MIN = 16


class LinkError(Exception):
    """A link that does nothing: ``reason`` is ``broken``, ``forged`` or ``expired``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Claim:
    """What a link says: its ``kind``, the ``key`` of the intent it stood in, the ``answer`` or nothing."""

    __slots__ = ("answer", "key", "kind")

    def __init__(self, kind: str, key: str, answer: str) -> None:
        self.kind = kind
        self.key = key
        self.answer = answer


class Proof:
    """Proves what stands in a link: HMAC-SHA256 (RFC 2104) with a ``key``, which is taken in once for all links."""

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        self._inner, self._outer = (sha256(bytes(one ^ pad for one in key.ljust(BLOCK, b"\0"))) for pad in (0x36, 0x5C))  # fmt: skip

    def of(self, content: bytes) -> bytes:
        """Return the proof of ``content``."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(content)
        outer.update(inner.digest())
        return outer.digest()[:PROOF]


class Links:
    """Makes links under ``base`` and reads them; the first of ``keys`` signs, all of them count."""

    __slots__ = ("_base", "_keys")

    def __init__(self, base: str, keys: Iterable[str]) -> None:
        found = list(keys)
        if not found or any(len(key) < KEY_MIN for key in found):
            raise ValueError(f"A key of links has {KEY_MIN} signs or more.")
        self._base = base.rstrip("/")
        self._keys = [Proof(sha256(b"verbline links\0" + key.encode()).digest()) for key in found]

    def link(self, kind: str, key: str, answer: str = "", expires: int = 0) -> str:
        """Return a link; ``expires`` is its end in milliseconds since 1970 UTC, 0 for none. The same question, the same link."""
        return f"{self._base}/{self.token(kind, key, answer, expires)}"

    def token(self, kind: str, key: str, answer: str = "", expires: int = 0) -> str:
        """Return what stands at the end of a link."""
        assert key, "a link is about something"
        assert "\0" not in key + answer, "a key is a name"
        head = bytes((VERSION,)) + LETTERS[kind] + expires.to_bytes(END, "big")
        content = head + key.encode() + (b"\0" + answer.encode() if answer else b"")
        return f"{_text(content)}.{_text(self._keys[0].of(content))}"

    def read(self, token: str, now: int) -> Claim:
        """Return what a link says. `LinkError` where it is none of ours, or over at ``now``."""
        content, proof = _parts(token)
        proofs = [key.of(content) for key in self._keys]
        # Each is compared, so that the time it takes says nothing.
        if not sum(hmac.compare_digest(proof, one) for one in proofs):
            raise LinkError("forged")
        kind = KINDS.get(content[1:2])
        if kind is None or content[0] != VERSION:
            raise LinkError("broken")
        expires = int.from_bytes(content[2:HEAD], "big")
        if expires and now > expires:
            raise LinkError("expired")
        key, _, answer = content[HEAD:].partition(b"\0")
        return Claim(kind, key.decode(), answer.decode())


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _parts(token: str) -> tuple[bytes, bytes]:
    """Return content and proof of a token, each written in the one way in which we write it."""
    written = token.split(".")
    if len(token) > LENGTH_MAX or len(written) != 2:
        raise LinkError("broken")
    try:
        content, proof = (urlsafe_b64decode(one + "=" * (-len(one) % 4)) for one in written)
    except ValueError:
        raise LinkError("broken") from None
    if [_text(content), _text(proof)] != written or len(content) <= HEAD or len(proof) != PROOF:
        raise LinkError("broken")
    return content, proof


def kept_key(path: Path) -> str:
    """Return the key in the file at ``path``; where there is no such file, it is made, for its owner alone."""
    if not path.exists():
        descriptor, made = mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(_text(os.urandom(32)).encode() + b"\n")
            file.flush()
            os.fsync(descriptor)
        # Of several that make one at once, one is kept.
        with suppress(FileExistsError):
            os.link(made, path)
        Path(made).unlink()
        # Before a link is sent that nobody could prove without it.
        settle(path.parent)
    return path.read_text("ascii").strip()
