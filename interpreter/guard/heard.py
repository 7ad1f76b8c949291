"""Which events a question has to hear. Rule: a yes of this person for exactly this; a no of anybody at this address.

An objection of the person counts at every address of theirs.
"""

from __future__ import annotations

from verbline.interpreter.guard.consent import EVERY, MERGE, NO, YES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from verbline.interpreter.guard.consent import Consent
    from verbline.interpreter.guard.policy import Row
    from verbline.interpreter.guard.purpose import Length, Purpose
    from verbline.interpreter.zones import Zone

# No merge is recorded: nobody was asked since.
NEVER = 1 << 62


class Asked:
    """What is asked about: a person at one address, by one channel, for one purpose and topic.

    ``contact`` is None where the person is asked and no address (recognition); ``confirm`` is how long a yes may stay
    pending, None where it counts at once. ``merged`` maps the ids of those who turned out to be this person to the place
    in the ledger of the merge, and whether an exclusive id proved it.
    """

    __slots__ = (
        "channel",
        "confirm",
        "contact",
        "epoch",
        "merged",
        "person",
        "purpose",
        "row",
        "topic",
        "zone",
    )

    def __init__(
        self, person: str, contact: str | None, channel: str, purpose: Purpose, zone: Zone, row: Row
    ) -> None:
        self.person = person
        self.contact = contact
        self.channel = channel
        self.purpose = purpose
        self.zone = zone
        self.row = row
        self.epoch = 0
        self.topic: str | None = None
        self.confirm: Length | None = None
        self.merged: Mapping[str, tuple[int, bool]] | None = None

    def is_of(self, person: str | None) -> bool:
        """Return whether ``person`` is the one who is asked about."""
        return person == self.person or (self.merged is not None and person in self.merged)

    def one_since(self, first: str | None, second: str | None) -> int:
        """Return the place in the ledger from which two ids are known to be one person; 0 where they always were."""
        if first == second:
            return 0
        merged = self.merged or {}
        return max(self._joined(first, merged), self._joined(second, merged))

    def _joined(self, person: str | None, merged: Mapping[str, tuple[int, bool]]) -> int:
        if person == self.person:
            return 0
        if person is None:  # nobody logged in: said to whoever the person was then
            return max((seq for seq, _exclusive in merged.values()), default=0)
        return merged[person][0] if person in merged else NEVER


def merged_into(
    person: str, ids: Sequence[str], consents: Sequence[Consent]
) -> dict[str, tuple[int, bool]]:
    """Return for each of ``ids``, who turned out to be ``person``, the place of the merge and whether an id proved it.

    ``ids`` stand in the order in which they came: whoever had become a part of another before came with that one.
    """
    merges = {one.person: one for one in consents if one.act == MERGE}
    found: dict[str, tuple[int, bool]] = {}
    came, is_proved = 0, True
    for name in ids:
        merge = merges.get(name)
        if merge is None:
            found[name] = NEVER, False
            continue
        proved = merge.basis == "exclusive"
        if merge.seq >= came:
            came, is_proved = merge.seq, proved
        found[name] = came, is_proved and proved
    found.pop(person, None)
    return found


def heard(
    asked: Asked, consents: Sequence[Consent], at: int, known: int | None = None
) -> list[Consent]:
    """Return the events that count for ``asked`` at ``at``, in the order in which they happened."""
    found: list[Consent] = []
    replaced: set[int] | None = None
    is_sorted, is_moved, when, seq = True, False, -NEVER, 0
    for one in consents:
        if known is not None and one.seq > known:
            continue
        if one.corrects is not None and one.act in YES:
            replaced = {*(replaced or ()), one.corrects}
        if one.when > at or not counts(asked, one):
            continue
        is_sorted = is_sorted and (one.when > when or (one.when == when and one.seq >= seq))
        when, seq = one.when, one.seq
        is_moved = is_moved or one.act == "reassign"
        found.append(one)
    if not is_sorted:
        found.sort(key=lambda one: (one.when, one.seq))
    if replaced:
        found = [one for one in found if one.seq not in replaced or one.act not in YES]
    return _since_reassigned(asked, found) if is_moved else found


def counts(asked: Asked, one: Consent) -> bool:
    """Return whether an event is about the purpose, the topic, the channel and the address."""
    if one.purpose != asked.purpose.key and one.purpose != EVERY:
        return False
    if one.topic is not None and one.topic != asked.topic:
        return False
    act = one.act
    if act in NO:
        return (one.channel == asked.channel or one.channel == EVERY) and _no_reaches(asked, one)
    if act in YES:
        return (
            one.channel == asked.channel
            and one.purpose == asked.purpose.key
            and _yes_reaches(asked, one)
        )
    return act == "reassign" and one.contact is not None and one.contact == asked.contact


def _no_reaches(asked: Asked, one: Consent) -> bool:
    if one.contact is None:
        # Nobody's no without an address stands in this record for a reason: it counts.
        return one.person is None or asked.is_of(one.person)
    if one.act == "object" and asked.is_of(one.person):
        return True
    if asked.contact is None:
        return True
    return one.contact == asked.contact and one.epoch == asked.epoch


def _yes_reaches(asked: Asked, one: Consent) -> bool:
    if one.act == "confirm":  # who holds the token was written to at the address
        return one.contact is None or asked.contact in (None, one.contact)
    if asked.contact is None:
        return asked.is_of(one.person)
    if one.contact is None:
        return asked.channel == "post" and _said_as_one(asked, one)
    return (
        one.contact == asked.contact
        and one.epoch == asked.epoch
        and (one.person is None or asked.is_of(one.person))
    )


def _said_as_one(asked: Asked, one: Consent) -> bool:
    """Return whether a yes for no address was said by this person, and not by one of two who turned out to be one."""
    if not asked.is_of(one.person):
        return False
    merged = asked.merged or ()
    return all(one.seq > asked.one_since(one.person, other) for other in (asked.person, *merged))


def _since_reassigned(asked: Asked, events: list[Consent]) -> list[Consent]:
    """Return ``events`` without what was said at the address before it changed hands."""
    last = max(at for at, one in enumerate(events) if one.act == "reassign")
    kept = [one for one in events[:last] if is_personal(asked, one)]
    return kept + events[last + 1 :]


def is_personal(asked: Asked, one: Consent) -> bool:
    """Return whether a no was said by the person for themselves, and not for an address."""
    return one.act in NO and (
        one.contact is None or (one.act == "object" and asked.is_of(one.person))
    )
