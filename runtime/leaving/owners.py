"""Owners of journeys are told when something needs a person. Rule: one note a day for each journey and reason, however much there is.

Without an address in ``[people]``, or without mail, nobody is told; `verbline outbox` shows all of it anyway.
"""

from __future__ import annotations

import tomllib
from functools import cache
from hashlib import sha256
from importlib.resources import files

from verbline.interpreter.zones import DAY
from verbline.runtime.channels.addresses import AddressError, address_of, mailbox_of
from verbline.runtime.channels.intent import URGENT, Intent, Words
from verbline.runtime.leaving.drafts import NOTE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from verbline.interpreter.program.program import Program
    from verbline.runtime.health import Beat

MAIL = "email"


class Owners:
    """The owners of the journeys of ``program``; ``addresses`` are theirs, by name, as ``[people]`` says them."""

    def __init__(self, program: Program, addresses: Mapping[str, str]) -> None:
        self._program = program
        self._addresses = {
            name: plain for name, one in addresses.items() if (plain := plain_of(one))
        }

    def unknown(self, intent: Intent, reason: str, now: int) -> Intent | None:
        """Return the note that nobody knows whether ``intent`` arrived; None where nobody can be told."""
        return self._note("unknown", intent, reason, now)

    def failed(self, intent: Intent, reason: str, now: int) -> Intent | None:
        """Return the note that ``intent`` has no words; None where nobody can be told."""
        return self._note("failed", intent, reason, now)

    def silent(self, name: str, beat: Beat, now: int) -> Intent | None:
        """Return the note to somebody that a moment does not come; None where they have no address."""
        address = self._addresses.get(name, "")
        if not address:
            return None
        language = self._program.language
        told = {
            "moment": beat.moment, "number": beat.number, "length": beat.length, "came": beat.came,
            "journeys": ", ".join(beat.journeys) or "-",
        }  # fmt: skip
        parts = [said(one, language).format_map(told) for one in ("silent", "silent_next")]
        subject = " ".join(said("silent_subject", language).format_map(told).split())
        named = f"owner\0silent\0{beat.moment}\0{name}\0{now}"
        return self._mail(named, address, Words(subject=subject, text="\n\n".join(parts) + "\n"), now)  # fmt: skip

    def _note(self, kind: str, intent: Intent, reason: str, now: int) -> Intent | None:
        journey = self._program.journeys.get(intent.journey)
        address = self._addresses.get(journey.owner, "") if journey is not None else ""
        if not address or intent.kind == NOTE:
            return None
        language = self._program.language
        told = {
            "journey": intent.journey, "message": intent.message or intent.channel, "key": intent.key, "reason": reason,
        }  # fmt: skip
        parts = [said(one, language).format_map(told) for one in (kind, "about", "next")]
        subject = " ".join(said(f"{kind}_subject", language).format_map(told).split())
        named = f"owner\0{kind}\0{intent.journey}\0{now // DAY}"
        words = Words(subject=subject, text="\n\n".join(parts) + "\n")
        return self._mail(named, address, words, now, intent.journey)

    def _mail(self, named: str, address: str, words: Words, now: int, journey: str = "") -> Intent:
        """Return a note, whose key follows from what is ``named``."""
        return Intent(
            key=sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:32],
            kind=NOTE,
            channel=MAIL,
            address=address,
            words=words,
            at=now,
            language=self._program.language,
            lane=URGENT,
            journey=journey,
        )


def plain_of(mailbox: str) -> str:
    """Return the address in a mailbox such as ``Ana <ana@club.example>``; nothing where it holds none."""
    try:
        return str(mailbox_of(mailbox)[1] if "<" in mailbox else address_of(mailbox.strip()))
    except AddressError:
        return ""


def said(key: str, language: str) -> str:
    """Return one of the sentences in ``language``; in English where it has none."""
    wordings = sentences()[key]
    return wordings.get(language) or wordings["en"]


@cache
def sentences() -> Mapping[str, Mapping[str, str]]:
    """Return what ``owners.toml`` holds."""
    return tomllib.loads(files(__package__ or "").joinpath("owners.toml").read_text("utf-8"))
