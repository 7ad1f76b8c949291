"""Signatures of webhooks, as https://www.standardwebhooks.com says. Rule: the name, the time and every byte are signed.

    webhook-id: the key of the intent             the same in every retry
    webhook-timestamp: 1614265330                 when this attempt was made, in seconds
    webhook-signature: v1,g0hM9SsE+OTPJTGt/tm…    HMAC-SHA256 of "id.timestamp.body"; several with a blank between

A receiver refuses what is older than five minutes, and takes a name once.
"""

from __future__ import annotations

import hmac
from base64 import b64decode, b64encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

PREFIX = "whsec_"


def signing_key(secret: str) -> bytes:
    """Return the key that a secret stands for: ``whsec_`` and base64, or any other text as it is."""
    if secret.startswith(PREFIX):
        return b64decode(secret.removeprefix(PREFIX), validate=True)
    return secret.encode()


def signature(key: bytes, name: str, seconds: int, body: bytes) -> str:
    """Return one signature."""
    signed = f"{name}.{seconds}.".encode() + body
    return f"v1,{b64encode(hmac.digest(key, signed, 'sha256')).decode()}"


def signed(keys: Iterable[bytes], name: str, seconds: int, body: bytes) -> dict[str, str]:
    """Return the three headers."""
    return {
        "webhook-id": name,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(signature(key, name, seconds, body) for key in keys),
    }
