"""What the record says about one question. Rule: the latest word of the person counts, and only the person lifts a no.

`state` folds the events that a question has to hear. An unconfirmed yes, or one without evidence, takes away nothing
that stands: nobody can silence a reader by typing an address, nor an import by being incomplete.
"""

from __future__ import annotations

from verbline.interpreter.guard.consent import NO, SUBJECT, Said
from verbline.interpreter.guard.heard import NEVER, counts, heard
from verbline.interpreter.guard.spans import has_passed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from verbline.interpreter.guard.consent import Consent
    from verbline.interpreter.guard.heard import Asked
    from verbline.interpreter.guard.purpose import Length

ABSENT, PENDING, GRANTED, BARE = "none", "pending", "granted", "granted without evidence"
SOFT, IMPLIED, EXPIRED, DENIED = "soft", "implied", "expired", "denied"
# Why it is denied.
OBJECTED, OPTED_OUT, NOT_FROM_SUBJECT = "objected", "opted_out", "grant_not_from_subject"
STANDING = frozenset((GRANTED, SOFT, IMPLIED))
EMPTY = frozenset((ABSENT, EXPIRED))
# So many kinds of questions about one person are remembered.
FOLDS_MAX = 64
NO_LENGTHS: tuple[Length, ...] = ()


class State:
    """``name`` is one of the names above; ``note`` says why, where it is denied; ``kind`` which soft or implied basis holds.

    ``evidence`` are the places in the ledger of the events it stands on.
    """

    __slots__ = ("_asked", "_lengths", "_limit", "_no", "_requests", "_since", "evidence", "kind", "name", "note")  # fmt: skip

    def __init__(self, asked: Asked | None) -> None:
        self.name = ABSENT
        self.note = ""
        self.kind = ""
        self.evidence: tuple[int, ...] = ()
        self._asked = asked
        self._since = 0
        self._limit: int | None = None
        self._lengths = NO_LENGTHS
        self._requests: dict[str, Consent] | None = None  # yeses that wait for their confirmation
        self._no: list[
            Consent
        ] = []  # what was refused at the latest instant at which something was

    def __repr__(self) -> str:
        return f"State({self.name} {self.evidence})"

    def end(self) -> int | None:
        """Return when the permission lapses; None where it does not, or where there is none."""
        asked = self._asked
        if asked is None or self.name not in STANDING:
            return None
        ends = [asked.zone.add(self._since, *length) for length in self._lengths]
        if self._limit is not None:
            ends.append(self._limit)
        return min(ends, default=None)

    def at(self, at: int) -> State:
        """Return the state at ``at``, which stays as it is when this one goes on."""
        found = State(self._asked)
        for name in State.__slots__:
            setattr(found, name, getattr(self, name))
        if found.is_over(at):
            found.name = EXPIRED
        return found

    def take(self, one: Consent) -> None:
        """Take the next event."""
        if self.is_over(one.when):
            self.name = EXPIRED
        act = one.act
        if act in NO:
            self._refuse(one)
        elif act == "confirm":
            self._confirm(one)
        elif one.basis == "consent":
            self._grant(one)
        else:
            self._infer(one)

    def is_over(self, at: int) -> bool:
        """Return whether there was a permission and it has lapsed at ``at``."""
        if self.name not in STANDING:
            return False
        if self._limit is not None and self._limit <= at:
            return True
        asked = self._asked
        assert asked is not None, "only what was heard for a question gives a permission"
        return any(has_passed(asked.zone, self._since, length, at) for length in self._lengths)

    def _refuse(self, one: Consent) -> None:
        at_once = self.name == DENIED and self._no[-1].when == one.when
        self._no = [*self._no, one] if at_once else [one]
        self._requests = None
        self.name = DENIED
        self.note = OBJECTED if one.act == "object" else OPTED_OUT
        self.evidence = (one.seq,)

    def _grant(self, one: Consent) -> None:
        if one.actor != SUBJECT:
            self._told(one)
        elif not one.complete:
            self._bare(one)
        elif self.name == DENIED and self._ties(one):
            pass
        elif self._asked is not None and self._asked.confirm is not None:
            self._wait(one)
        else:
            self._allow(one, (one.seq,))

    def _ties(self, one: Consent) -> bool:
        """Return whether another system says no at the same instant: then nobody knows which came last."""
        return self._no[-1].when == one.when and any(no.source != one.source for no in self._no)

    def _told(self, one: Consent) -> None:
        """Take a yes that staff, a system or an import tells of."""
        if self.name == DENIED:
            self.note = NOT_FROM_SUBJECT
            self.evidence = (*self.evidence, one.seq)
        elif one.complete:
            self._allow(one, (one.seq,))
        else:
            self._bare(one)

    def _bare(self, one: Consent) -> None:
        if self.name in EMPTY:
            self.name = BARE
            self.evidence = (one.seq,)

    def _wait(self, one: Consent) -> None:
        self._requests = {**(self._requests or {}), one.token: one}
        if self.name not in STANDING:
            self.name = PENDING
            self.evidence = (one.seq,)

    def _confirm(self, one: Consent) -> None:
        asked = self._asked
        request = self._requests.get(one.token) if self._requests and one.token else None
        if request is None or asked is None or asked.confirm is None or one.actor != SUBJECT:
            return
        # Used at the very end it still counts.
        if not has_passed(asked.zone, request.when, asked.confirm, one.when - 1):
            self._allow(one, (request.seq, one.seq))

    def _allow(self, one: Consent, evidence: tuple[int, ...]) -> None:
        self._stand(GRANTED, "", one)
        self._requests = None
        self.evidence = evidence

    def _stand(self, name: str, kind: str, one: Consent) -> None:
        asked = self._asked
        assert asked is not None, "only what was heard for a question gives a permission"
        lapses = asked.purpose.lapses
        self.name = name
        self.kind = kind
        self.evidence = (one.seq,)
        self._since = one.when
        self._limit = one.until
        self._lengths = (lapses,) if lapses is not None else NO_LENGTHS
        if name == IMPLIED:
            self._lengths += ((asked.row.implied[kind], "month"),)

    def _infer(self, one: Consent) -> None:
        """Take a basis that stands in for a yes; of two, the one that lasts longer counts."""
        asked = self._asked
        name, _colon, kind = one.basis.partition(":")
        if name not in (SOFT, IMPLIED) or self.name not in (*EMPTY, name):
            return
        if name == IMPLIED and (asked is None or kind not in asked.row.implied):
            return  # a basis that the country does not know is none
        before = (self.name, self.kind, self.evidence, self._since, self._limit, self._lengths)
        end = self.end()
        self._stand(name, kind, one)
        later = self.end()
        if before[0] == name and later is not None and (end is None or later < end):
            self.name, self.kind, self.evidence, self._since, self._limit, self._lengths = before


NOTHING_SAID = State(None)


def state(asked: Asked, consents: Sequence[Consent], at: int, known: int | None = None) -> State:
    """Return what is on record at ``at`` for ``asked``, as far as the ledger went at ``known`` (None: all of it)."""
    if known is None and type(consents) is Said:
        return gone_on(asked, consents, at)
    events = heard(asked, consents, at, known) if consents else None
    return folded(asked, events, at) if events else NOTHING_SAID


class Fold:
    """What the first ``number`` events of a ledger come to for one question; ``last`` is when the last of them happened."""

    __slots__ = ("last", "number", "state")

    def __init__(self, asked: Asked) -> None:
        self.state = State(asked)
        self.number = 0
        self.last = (-NEVER, 0)

    def take(self, one: Consent) -> None:
        """Take the next event."""
        self.last = one.when, one.seq
        self.state.take(one)

    def goes_on(self, asked: Asked, consents: Said, at: int) -> bool:
        """Take the events that are new; return whether that is right: none changes what was taken before, or lies ahead."""
        for place in range(self.number, len(consents)):
            one = consents[place]
            if one.when > at or one.act == "reassign" or one.corrects is not None:
                return False
            if counts(asked, one):
                if (one.when, one.seq) < self.last:
                    return False
                self.take(one)
        self.number = len(consents)
        return self.last[0] <= at


def gone_on(asked: Asked, consents: Said, at: int) -> State:
    """Return the same as `state` of a long ledger, whose events were taken up to the last question of the kind."""
    key = (
        asked.person, asked.contact, asked.epoch, asked.channel, asked.purpose, asked.topic, asked.confirm, asked.zone,
        asked.row,
    )  # fmt: skip
    fold = consents.folds.get(key)
    if fold is None or not fold.goes_on(asked, consents, at):
        fold = Fold(asked)
        for one in heard(asked, consents, at):
            fold.take(one)
        fold.number = len(consents)
        if len(consents.folds) >= FOLDS_MAX:
            consents.folds.clear()
        if all(one.when <= at for one in consents):
            consents.folds[key] = fold
    return fold.state.at(at)


def folded(asked: Asked, events: Sequence[Consent], at: int) -> State:
    """Return what ``events``, in the order in which they happened, come to at ``at``."""
    found = State(asked)
    for one in events:
        found.take(one)
    if found.is_over(at):
        found.name = EXPIRED
    return found
