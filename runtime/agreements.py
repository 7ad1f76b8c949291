"""What forms say shortly, as entries. Rule: what was said once is worked out once; the same bytes mean the same.

{"offers": {"email": true, "sms": false}}    ->    a grant by email and a denial by sms, each with "short": true
"""

from __future__ import annotations

import msgspec

from verbline.runtime.careful import entries_of, fault_of_bytes, fault_of_text
from verbline.runtime.events import Event, Fault
from verbline.runtime.shapes import UNREADABLE, keys_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

KEPT_MAX = 1 << 12
# More than any line has, so that one with such a member is never taken for one that is all there.
NO_WAY_TO_TELL = 1 << 30


class Agreement:
    """The entries of one ``agrees``, None where it says nothing, or what is wrong with it; and how many keys it has."""

    __slots__ = ("entries", "keys")

    def __init__(self, entries: list[dict[str, Any]] | Fault | None, keys: int) -> None:
        self.entries = entries
        self.keys = keys


UNTOLD = Agreement(None, NO_WAY_TO_TELL)


class Agreements:
    """The short answers met so far, by their bytes."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: dict[bytes, Agreement] = {}

    def of(self, raw: Any) -> Agreement:
        """Return what a JSON value says, ``raw`` or found already; it is `UNTOLD` where it has to be read with care."""
        if isinstance(raw, Agreement):
            return raw
        text = bytes(raw)
        found = self._kept.get(text)
        if found is None:
            found = agreement_of(text)
            if len(self._kept) < KEPT_MAX:
                self._kept[text] = found
        return found


def agreement_of(text: bytes) -> Agreement:
    """Return what the JSON value ``text`` says."""
    if fault_of_bytes(text) is not None or fault_of_text(text) is not None:
        return UNTOLD
    try:
        said = msgspec.json.decode(text)
    except UNREADABLE:
        return UNTOLD
    return Agreement(entries_of(None, said), keys_in(said))


def with_consent(event: Event, agreements: Agreements) -> Event | Fault:
    """Return ``event`` with what its ``agrees`` stands for in its ``consent``, or what is wrong with them."""
    entries = entries_of(event.consent, None) if event.consent is not None else None
    if event.agrees is not None:
        short = agreements.of(event.agrees).entries
        event.agrees = None
        if entries is None or isinstance(short, Fault):
            entries = short
        elif short is not None and not isinstance(entries, Fault):
            entries = entries + short
    if isinstance(entries, Fault):
        return entries
    event.consent = entries
    return event
