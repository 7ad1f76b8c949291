"""How a case is told. Rule: in the language of the project; the sentences stand in ``pages/explained.toml``, records are told as in a test."""

from __future__ import annotations

from verbline.interpreter.guard.consent import KIND_OF_CHANNEL
from verbline.interpreter.reasons import said, table
from verbline.interpreter.scenarios.wording import Teller

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

ACTS = frozenset((
    "grant", "confirm", "withdraw", "deny", "object", "erase", "suppress", "unsuppress", "reassign", "merge",
    "bounce",
))  # fmt: skip
EVERY = "*"


class Words(Teller):
    """See `Teller`; no file is the one that needs no naming."""

    def word(self, key: str, **values: object) -> str:
        """Return the sentence ``key`` of ``pages/explained.toml`` with its values, without blanks that nobody needs."""
        return " ".join(said("explained", key, self.language).format_map(values).split())

    def actor(self, actor: str) -> str:
        """Return who spoke."""
        kind, colon, name = actor.partition(":")
        if kind not in ("staff", "system", "import"):
            return self.word("by-subject")
        return self.word(f"by-{kind}", name=name if colon else "")

    def cause(self, source: str, event: str) -> str:
        """Return an event by its id and the system it came from."""
        return self.word("event", id=event, source=source)

    def delivered(self, what: str, said: Mapping[str, Any]) -> str:
        """Return what a channel said about a message."""
        by = str(said.get("channel", ""))
        values = {"message": said.get("message-name", ""), "by": self.by(by) if by in KIND_OF_CHANNEL else by}  # fmt: skip
        if f"message-{what}" not in table("explained"):
            return self.word("came", type=f"verbline.message.{what}")
        return self.word(f"message-{what}", **values)

    def joined(self, how: str) -> str:
        """Return by what two people turned out to be one, or two, as the identity graph notes it."""
        return self.word(f"joined-{how}") if f"joined-{how}" in table("explained") else how

    def entry(self, one: Mapping[str, Any], at: int, known: int) -> str:
        """Return an entry of the ledger, as `exports.event` tells it, in one sentence."""
        parts = [self.word(f"act-{one['act']}", about=self.about(one))]
        parts.append(self.word("said-at", at=self.at(at)))
        if known > at:
            parts.append(self.word("known-at", at=self.at(known)))
        parts.append(self.actor(one["actor"]))
        if one["source"]:
            parts.append(self.word("in-source", source=one["source"]))
        if one["cause"]:
            parts.append(f"({self.cause(one['cause']['source'], one['cause']['id'])})")
        found = f"#{one['seq']}: {' '.join(parts)}"
        return found + self.shown(one)

    def about(self, one: Mapping[str, Any]) -> str:
        """Return what an entry is about: purpose, topic, channel and address, as far as it names them."""
        purpose, channel = one["purpose"], one["channel"]
        parts = [self.word("everything") if purpose == EVERY else f'"{purpose}"']
        parts += [self.word("about-topic", topic=one["topic"])] if one["topic"] else []
        parts += [self.by(channel)] if channel != EVERY else []
        contact = (one["contact"] or "").partition(":")[2]
        parts += [self.word("to-address", address=contact)] if contact else []
        return " ".join(parts)

    def shown(self, one: Mapping[str, Any]) -> str:
        """Return the words that were shown, or what else there is to show for it."""
        if one["words"]:
            return f"; {self.word('shown', words=one['words'])}"
        if one["record"] and one["act"] != "merge":
            return f"; {self.word('record', record=one['record'])}"
        if one["act"] == "grant" and not one["evidence"]:
            return f"; {self.word('no-proof')}"
        return ""
