"""What a log says about who people are and what they allow, without any journey. Rule: it is read as the runtime reads it.

    log -> who it is -> what was said about being written to

What operators said stands in the log too: who is one person with whom, and who is not.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter

from verbline.interpreter.guard.consent import KIND_OF_CHANNEL
from verbline.interpreter.guard.said import OWN_TYPE
from verbline.interpreter.step.world import World
from verbline.runtime.consent.ledger import Ledger
from verbline.runtime.consent.recording import HOLDS, Recorder
from verbline.runtime.consent.restored import REPLAYED, take_replayed
from verbline.runtime.feed import Feed
from verbline.runtime.identity.graph import Identity
from verbline.runtime.identity.proposed import ANSWERED, restated
from verbline.runtime.identity.rules import rules_of
from verbline.runtime.identity.stated import ERASED, PERSON, STATED, Change, named, stated
from verbline.runtime.log import Log
from verbline.runtime.order import FOREVER, known_of
from verbline.runtime.sources import renamed
from verbline.runtime.standing import File

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project
    from verbline.runtime.events import Event, Parked
    from verbline.runtime.identity.rules import Rules
    from verbline.runtime.identity.store import Store
    from verbline.runtime.log import Counts
    from verbline.runtime.sources import Sources

# What messages are sent to.
KINDS = frozenset(KIND_OF_CHANNEL.values())
# How the types begin of what operators say about people.
OPERATORS = ("verbline.merge", "verbline.split", "verbline.person.", REPLAYED)


class Known:
    """What is known after a log.

    ``counts`` are those of the log, ``parked`` its lines that are no event, ``last`` when its last event was known.
    ``changes`` are what operators have said, each with its instant. ``nobody`` counts events of which nobody can tell whose
    they are. ``each`` is told of every event, with the number of who it is about or 0, and
    how many people there have been.
    ``tables`` keep the identity graph; in memory where none are given. ``rules`` of who is who are the project's by default.
    """

    def __init__(
        self,
        project: Project,
        program: Program,
        ledger: Ledger,
        sources: Sources | None = None,
        each: Callable[[Event, int, int], object] | None = None,
        tables: Store | None = None,
        rules: Rules | None = None,
    ) -> None:
        self.identity = Identity(rules or rules_of(project), tables)
        self.ledger = ledger
        self.counts: Counts | None = None
        self.parked: list[Parked] = []
        self.changes: list[tuple[int, Change]] = []
        self.nobody = 0
        self.last: int | None = None
        self.asked: Counter[str] = Counter()
        self._each = each
        self._feed = Feed(project, program, self.identity, World(program), sources)
        self._feed.holds = self._holds
        self._recorder = Recorder(ledger, self._feed)
        self._program = program
        self._selling = frozenset(
            code for code, moments in program.by_code.items() if any(one.soft for one in moments)
        )

    @property
    def erased(self) -> set[int]:
        """Who was erased, by the number they bore then."""
        return {one.a for one in self.identity.store.notes("forget")}

    @property
    def refused(self) -> int:
        """How much was said about writing that could not be taken."""
        return self._recorder.refused

    @refused.setter
    def refused(self, number: int) -> None:
        self._recorder.refused = number

    def take(self, events: Sequence[Event]) -> None:
        """Learn what ``events`` say, one after the other."""
        renames, system_of, selling = self._feed.renames, self._program.system, self._selling
        for said in events:
            event = (restated(said) or said) if said.type == ANSWERED else said
            self._feed.vain = ()
            kind, number = event.type, 0
            if kind.startswith(OPERATORS):
                number = self._stated(event)
            else:
                if renames and event.sourced and (names := renames.get(system_of(event.source))):
                    event.data = renamed(event.data, names)
                number = self.identity.known(event.data) or named(self.identity, event)[0] or self._meet(event)  # fmt: skip
                if event.consent or kind in selling or kind.startswith(OWN_TYPE):
                    self._hear(event, number)
            if self._each is not None:
                self._each(event, number, self.identity.store.people)
        self._recorder.write()
        if events:
            self.last = events[-1].known

    def _meet(self, event: Event) -> int:
        """Return who an event is about that says something new of who that is, 0 where nobody can tell."""
        self.identity.store.dated(event.known)
        found = self.identity.meet(event.data, event.known)
        self.asked.update(desk for desk, _, _ in found.asked)
        self._feed.vain = self._feed.vain_of(found.refused, event.data)
        self.nobody += found.person is None
        for survivor, other in found.merged:
            self._recorder.merged(event, survivor, other, proved=False)
        return found.person or 0

    def _hear(self, event: Event, number: int) -> None:
        """Record what an event says about being written to, and what the sale that it is stands for."""
        moments = self._program.moments_of(event.source if event.sourced else "", event.type)
        if event.consent or event.type.startswith(OWN_TYPE):
            said = self._recorder.hear(event, number, moments)
            for contact in self._feed.spoken_for(event, said) if number else ():
                self.identity.store.dated(event.known)
                self.identity.speak(number, contact, event.data, event.known)
        if number and any(one.soft for one in moments):
            self._recorder.sold(event, number, moments, self.contacts(number))

    def _holds(self, person: str, contact: str) -> bool:
        """Return whether a person holds an address."""
        return tuple(contact.split(":", 1)) in self.contacts(self.identity.now(int(person[1:])))

    def _stated(self, event: Event) -> int:
        """Take what an operator says; return who it is about, 0 where that is nobody, or where it says nothing."""
        self.identity.store.dated(event.known)
        found = PERSON.fullmatch(str(event.data.get("person")))
        number = self.identity.now(int(found[1])) if found and int(found[1]) <= self.identity.store.people else 0  # fmt: skip
        if event.type in HOLDS and number:
            self._recorder.held(event, number)
        elif event.type == REPLAYED:
            take_replayed(self.ledger, str(event.data.get("anchor")))
        elif event.type == ERASED and not self._erase(event, number):
            self.changes.append((event.known, Change("refused", number, reason="another_person")))
            return 0
        if event.type in STATED:
            for one in stated(self.identity, event):
                self.changes.append((event.known, one))
                number = number or one.one
                if one.what == "merge":
                    self._recorder.merged(event, one.one, one.other, proved=True)
                elif one.what == "split":
                    self._recorder.split(event, one.one, one.other)
        return number

    def _erase(self, event: Event, number: int) -> bool:
        """Take somebody out of the ledger, before nothing names them any more; return whether the number is theirs."""
        contacts = self.contacts(number) if number else []
        keys = [":".join(one) for one in contacts]
        is_other = bool(keys) and not self._recorder.means(event, keys)
        shared = [
            key
            for key, one in zip(keys, contacts, strict=True)
            if len(self.identity.holders(*one)) > 1
        ]
        if is_other or not number:
            self._recorder.erased(event, (), (), ())
        else:
            self._recorder.erased(event, self.names(number), keys, shared)
        return not is_other

    def names(self, number: int) -> list[str]:
        """Return every id that a person has had, the one they bear now first."""
        leaves = self.identity.links.leaves(number) - {number}
        return [f"P{one}" for one in (number, *sorted(leaves))]

    def contacts(self, number: int) -> list[tuple[str, str]]:
        """Return the addresses that a person holds, each once, as (kind, value)."""
        store = self.identity.store
        held = dict.fromkeys(ident for kind, ident in store.held(number) if kind in KINDS)
        return [store.ident(ident) for ident in held]


def known(  # noqa: PLR0913 - all but the first by name
    project: Project,
    program: Program,
    log: Path,
    store: Path | None = None,
    *,
    until: int | None = None,
    sources: Sources | None = None,
    key: bytes | None = None,
    now: int | None = None,
    each: Callable[[Event, int, int], object] | None = None,
    progress: Callable[[Log], object] = bool,
) -> Known:
    """Return what is known after the log at ``log``, up to before ``until``; `LogError` where it cannot be read.

    In the file ``store`` it is kept, and only what is new since last time is read; `StoreError` where it cannot be used. A
    question about ``until`` leaves it alone. ``key`` is that of the ledger, ``now`` what the clock shows; ``each`` is told of
    every event that is read, ``progress`` is called now and then.
    """
    if store is not None and until is None:
        file = File(store, project, key)
        try:
            found = Known(project, program, file.ledger, sources, each, file.tables)
            file.catch_up(found, log, now, progress)
        except BaseException:
            file.close()
            raise
        return found
    found = Known(project, program, Ledger(key=key), sources, each)
    read = Log(log, now=now, park=found.parked.append)
    found.counts = read.counts
    for events in within(read, until):
        found.take(events)
        progress(read)
    return found


def within(log: Log, until: int | None) -> Iterator[list[Event]]:
    """Yield the events of a log up to before ``until``, some at a time."""
    end = FOREVER if until is None else until
    for batch in log.batches():
        is_last = batch[-1].known >= end
        events = batch[: bisect_left(batch, end, key=known_of)] if is_last else batch
        if events:
            yield events
        if is_last:
            return
