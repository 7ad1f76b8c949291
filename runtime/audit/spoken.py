"""What a log says about being written to. Rule: the last word of each source counts, and where two sources differ it is no.

A yes has evidence where it names the words shown, or a record of them.
"""

from __future__ import annotations

from collections import Counter
from typing import TypeVar

from verbline.interpreter.guard.consent import EVERY, KIND_OF_CHANNEL, NO, SUBJECT, YES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import TypeAlias

    from verbline.interpreter.guard.consent import Consent
    from verbline.runtime.identity.graph import Identity

    # A purpose, a channel and a source by number, and when which word was said.
    Word: TypeAlias = tuple[int, int, int, int]

Where = TypeVar("Where")
# The word of a source, from the one that counts most at one instant.
REFUSED, BARE, PROVED, OWN = 0, 1, 2, 3
STATES = ("yes", "without_evidence", "no", "unknown")
CODES = 4


class Numbers:
    """Names as numbers from 0, and back."""

    __slots__ = ("_of", "names")

    def __init__(self, *names: str) -> None:
        self.names: list[str] = list(names)
        self._of = {name: at for at, name in enumerate(names)}

    def of(self, name: str) -> int:
        """Return the number of a name."""
        number = self._of.get(name)
        if number is None:
            number = self._of[name] = len(self.names)
            self.names.append(name)
        return number

    def __contains__(self, name: str) -> bool:
        return name in self._of


class Row:
    """One purpose and channel: how many addresses there are in each of the `STATES`, and how many two sources differ about.

    ``pairs`` counts the addresses by the two sources that differ.
    """

    __slots__ = ("channel", "conflicts", "counts", "pairs", "purpose", "total")

    def __init__(self, purpose: str, channel: str) -> None:
        self.purpose = purpose
        self.channel = channel
        self.counts = dict.fromkeys(STATES, 0)
        self.conflicts = 0
        self.pairs: Counter[tuple[str, str]] = Counter()
        self.total = 0


class Spoken:
    """Everything that was said, as the last word of each source about an address, a purpose and a channel.

    ``acts`` counts, by source, what was said there; ``suppressed`` are addresses that a channel gave up,
    ``against`` how many addresses were written to after the last that was said of them, which is a no.
    """

    __slots__ = ("_addresses", "_channels", "_persons", "_purposes", "_sent", "_sources", "_words", "acts", "against", "suppressed")  # fmt: skip

    def __init__(self) -> None:
        self._addresses = Numbers()
        self._purposes = Numbers(EVERY)
        self._channels = Numbers(EVERY, *KIND_OF_CHANNEL)
        self._sources = Numbers()
        # (address, purpose, channel, source) -> the instant times CODES, plus the word.
        self._words: dict[tuple[int, int, int, int], int] = {}
        # What somebody said of all their addresses, by person.
        self._persons: dict[int, dict[tuple[int, int, int], int]] = {}
        self.acts: dict[str, Counter[str]] = {}
        self.suppressed: set[str] = set()
        self.against = 0
        # When an address was written to last.
        self._sent: dict[str, int] = {}

    def hear(self, consent: Consent, source: str, person: int) -> None:
        """Take one thing that was said; ``source`` is where it was recorded."""
        acts = self.acts.setdefault(source, Counter())
        if consent.act not in NO and consent.act not in YES:
            acts[consent.act] += 1
            if consent.act == "suppress" and consent.contact and consent.basis != "pause":
                self.suppressed.add(consent.contact)
            return
        word = word_of(consent)
        acts["no" if word == REFUSED else "yes" if word > BARE else "without_evidence"] += 1
        label = consent.purpose if consent.topic is None else f"{consent.purpose}: {consent.topic}"
        purpose, channel = self._purposes.of(label), self._channels.of(consent.channel)
        value = consent.when * CODES + word
        where = purpose, channel, self._sources.of(source)
        if consent.contact is not None:
            address = self._addresses.of(consent.contact)
            put(self._words, (address, *where), value)
        elif person:
            put(self._persons.setdefault(person, {}), where, value)

    def sent(self, contact: str, at: int) -> None:
        """Note that an address was written to."""
        self._sent[contact] = max(at, self._sent.get(contact, at))

    def rows(self, identity: Identity, asked: Iterable[tuple[str, str]]) -> list[Row]:
        """Return what is known for each purpose and channel that was spoken of, or that is ``asked``."""
        rows = {pair: Row(*pair) for pair in sorted({*asked, *self._spoken_of()})}
        if not rows and self._words:
            rows = {(EVERY, EVERY): Row(EVERY, EVERY)}
        said = self._by_address(identity)
        self.against = 0
        totals = Counter[str]()
        for contact, words in said:
            kind = contact.partition(":")[0]
            totals[kind] += 1
            if words:
                self.against += self._is_against(contact, words)
                for row in rows.values():
                    if row.channel == EVERY or KIND_OF_CHANNEL.get(row.channel) == kind:
                        self._judge(row, words)
        for row in rows.values():
            kind = KIND_OF_CHANNEL.get(row.channel, "")
            row.total = totals[kind] if kind else totals.total()
            row.counts["unknown"] = row.total - sum(row.counts.values())
        return list(rows.values())

    def _spoken_of(self) -> set[tuple[str, str]]:
        """Return the purposes and channels of which something was said, but for those that mean all."""
        found = set()
        for _address, purpose, channel, _source in self._words:
            if purpose and channel:
                found.add((self._purposes.names[purpose], self._channels.names[channel]))
        return found

    def sources_of(self) -> dict[str, set[str]]:
        """Return the sources that said something about each purpose."""
        found: dict[str, set[str]] = {}
        for _address, purpose, _channel, source in self._words:
            name = self._purposes.names[purpose].partition(": ")[0]
            found.setdefault(name, set()).add(self._sources.names[source])
        return found

    def _by_address(self, identity: Identity) -> Iterator[tuple[str, list[Word]]]:
        """Yield each address with what was said about it, as (purpose, channel, source, value)."""
        said: dict[int, list[Word]] = {}
        for (address, purpose, channel, source), when in self._words.items():
            said.setdefault(address, []).append((purpose, channel, source, when))
        of_person: dict[int, list[Word]] = {}
        for person, words in self._persons.items():
            told = [(*where, when) for where, when in words.items()]
            of_person.setdefault(identity.now(person), []).extend(told)
        store, met = identity.store, set[int]()
        for number in range(1, store.idents + 1):
            kind, value = store.ident(number)
            if kind not in KINDS:
                continue
            contact = f"{kind}:{value}"
            here: list[Word] = []
            if contact in self._addresses:
                met.add(at := self._addresses.of(contact))
                here += said.get(at, ())
            if of_person:
                here += (
                    word for holder in store.holders(number) for word in of_person.get(holder, ())
                )
            yield contact, here
        for address, contact in enumerate(self._addresses.names):
            if address not in met:
                yield contact, said.get(address, [])

    def _is_against(self, contact: str, words: list[Word]) -> bool:
        """Return whether an address was written to after the last that was said of it, which is a no."""
        sent, last = self._sent.get(contact), words[0][-1]
        for *_where, when in words:
            last = when if is_later(when, last) else last
        return sent is not None and last % CODES == REFUSED and last // CODES < sent

    def _judge(self, row: Row, words: list[Word]) -> None:
        """Count one address in a row."""
        purposes, channels = self._purposes, self._channels
        wanted = purposes.of(row.purpose) if row.purpose in purposes else -1
        last: dict[int, int] = {}
        for purpose, channel, source, value in words:
            if purpose in (0, wanted) and (channel == 0 or channels.names[channel] == row.channel):
                put(last, source, value)
        if not last:
            return
        row.counts[state_of(last.values())] += 1
        refusing = [source for source, value in last.items() if value % CODES == REFUSED]
        agreeing = [source for source, value in last.items() if value % CODES != REFUSED]
        if refusing and agreeing:
            row.conflicts += 1
            names = self._sources.names
            for one in agreeing:
                for other in refusing:
                    row.pairs[names[one], names[other]] += 1


KINDS = frozenset(KIND_OF_CHANNEL.values())


def put(words: dict[Where, int], key: Where, value: int) -> None:
    """Keep the later of two words; of one instant, the no."""
    old = words.get(key)
    if old is None or is_later(value, old):
        words[key] = value


def is_later(value: int, old: int) -> bool:
    """Return whether a word counts instead of an older one."""
    at, before = value // CODES, old // CODES
    return at > before or (at == before and value < old)


def word_of(consent: Consent) -> int:
    """Return what one event says: no, or a yes by how much it proves."""
    if consent.act in NO:
        return REFUSED
    if not consent.complete and consent.act != "confirm":
        return BARE
    return OWN if consent.actor == SUBJECT else PROVED


def state_of(values: Iterable[int]) -> str:
    """Return what the last words of the sources come to: a no, unless the person said yes after it, with evidence."""
    words = sorted(values)
    no = max((value // CODES for value in words if value % CODES == REFUSED), default=None)
    lifted = any(value % CODES == OWN and no is not None and value // CODES > no for value in words)
    if no is not None and not lifted:
        return "no"
    return "yes" if any(value % CODES >= PROVED for value in words) else "without_evidence"
