"""Sums over the life of a store. Rule: a sum is written with the batch that changed it, and no other is."""

from __future__ import annotations

from collections import Counter

import msgspec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from verbline.runtime.engine.ids import Ids
    from verbline.runtime.engine.recorded import Recorded

COUNT = "count/"
_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.decode


class Counting:
    """What was counted, by name in ``found``: by whoever counts there, by the feed, and how often an id was there before."""

    def __init__(self, kept: Mapping[str, bytes], feed: Recorded, ids: Ids) -> None:
        self._written = {
            name.removeprefix(COUNT): int(_decode(content))
            for name, content in kept.items()
            if name.startswith(COUNT)
        }
        self.found = Counter(self._written)
        self._feed, self._ids = feed, ids
        feed.nobody, feed.refused = self.found["nobody"], self.found["consent refused"]
        feed.graph.ambiguous, ids.duplicates = self.found["ambiguous"], self.found["duplicates"]
        for name, number in self._written.items():
            self._give_back(*name.split(" ", 1), number=number)

    def _give_back(self, what: str, rest: str = "", *, number: int) -> None:
        """Let the feed go on counting where it was."""
        feed = self._feed
        if what == "strange" or what == "foreign":
            source, _, kind = rest.partition("\0")
            (feed.strange if what == "strange" else feed.foreign)[source, kind] = number
        elif what == "asked":
            feed.asked[rest] = number
        elif what == "operators":
            feed.operators.refused[rest] = number

    def changed(self) -> Iterator[tuple[str, bytes]]:
        """Yield the sums that are others than those that were written, as the store keeps them."""
        feed, counts = self._feed, self.found
        counts["nobody"], counts["consent refused"] = feed.nobody, feed.refused
        counts["ambiguous"], counts["duplicates"] = feed.graph.ambiguous, self._ids.duplicates
        for what, found in (("strange", feed.strange), ("foreign", feed.foreign)):
            for (source, kind), number in found.items():
                counts[f"{what} {source}\0{kind}"] = number
        for what, told in (("asked", feed.asked), ("operators", feed.operators.refused)):
            for name, number in told.items():
                counts[f"{what} {name}"] = number
        for name, number in counts.items():
            if self._written.get(name, 0) != number:
                self._written[name] = number
                yield COUNT + name, _encode(number)
