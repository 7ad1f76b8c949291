"""A run that takes one person after the other. Rule: what it comes to is, to the byte, what a run in the order of time comes to.

    log -> who it is, and who belongs together -> for each of them: the events again -> what happens -> sums

People who belong together are taken together, in the order of time. What they did is then thrown away, so nothing is held
of those who wait. Whether somebody had to wait at an entry brake shows only when all have entered: then, and where the log
has an answer to a question of which it cannot be told whose it is, or what an operator says about people, this way is no way
and the log has to be taken in the order of time.
"""

from __future__ import annotations

from verbline.interpreter.guard.consent import YES
from verbline.interpreter.guard.said import OWN_TYPE
from verbline.interpreter.person.record import Person
from verbline.runtime.answered import Answered
from verbline.runtime.answers import DESK, QUESTION
from verbline.runtime.entries import Entries, OutOfOrderError
from verbline.runtime.events import Event
from verbline.runtime.gist import Gists, read_beside
from verbline.runtime.identity.memory import Memory
from verbline.runtime.identity.resolution import Resolution
from verbline.runtime.identity.stated import STATED, named
from verbline.runtime.jotted import NOTHING, Again, Jotted, Remembered
from verbline.runtime.kin import Doors, Kin

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from verbline.runtime.gist import Gist
    from verbline.runtime.log import Log
    from verbline.runtime.simulate import Simulation

# So many events are read again at once.
TOGETHER = 1_024


class Apart:
    """One run of a simulation over a log, one person after the other."""

    def __init__(self, simulation: Simulation, log: Log) -> None:
        self.simulation = simulation
        self.log = log
        self.kin = Kin()
        self.doors = Doors()
        self.jotted = Jotted()
        self.entries = Entries()
        self.answered = Answered()
        # When the last line was known.
        self.reached = 0
        self.contacts = tuple(simulation.program.contact_fields.items())

    def run(self, progress: Callable[[], object] = bool) -> None:
        """Let the log happen; ``progress`` is called now and then. `OutOfOrderError` where that is no way."""
        self.learn(progress)
        self.live(progress)
        self.entries.check()

    # The first reading

    def learn(self, progress: Callable[[], object] = bool, *, beside: bool = False) -> None:
        """Read who each event is about, and who belongs together; nothing happens to anybody.

        ``beside``: the log is read by another process, and here is only found out whom it is about.
        """
        self.log.counts.passes = 2
        gists = Gists(self.simulation, self.log)

        def take(gist: Gist) -> None:
            self.jot(gist, gists.kinds)
            progress()

        if beside:
            read_beside(gists, take)
        else:
            for gist in gists.read():
                take(gist)
        # A line that is no event moves time too, and may be the last of all.
        self.reached = max(gists.reached, self.simulation.world.now)
        self.settle()

    def settle(self) -> None:
        """Let go of what only told who belongs together: from now on nobody asks for that."""
        self.doors = Doors()
        store = self.simulation.feed.graph.store
        if isinstance(store, Memory):
            store.settled()

    def families(self) -> Iterator[list[int]]:
        """Yield those who belong together, in the order of the first of each."""
        return self.jotted.families(self.kin)

    def follow(self, simulation: Simulation) -> None:
        """Let another simulation of the same project live what was learned."""
        known, self.simulation, self.entries = self.simulation, simulation, Entries()
        simulation.first, simulation.last, simulation.events = known.first, known.last, known.events
        simulation.feed.graph = known.feed.graph

    def jot(self, gist: Gist, kinds: Sequence[tuple[str, bool, str]]) -> None:
        """Note of the events of ``gist`` who they are about, and who belongs together."""
        feed, learned = self.simulation.feed, self.jotted.learned
        known, meet = feed.identity.known, feed.identity.meet
        owners: list[int] = []
        said: list[int] = []
        for place, subject in enumerate(gist.subjects):
            if not isinstance(subject, Event):
                number = known(subject)
                if number:
                    owners.append(number)
                    said.append(NOTHING)
                    continue
                found: Resolution | None = (met := meet(subject, gist.known[place]))
                number = met.person or 0
                if number:
                    self.relate(met, number)
                else:
                    source, sourced, code = kinds[gist.kinds[place]]
                    feed.pass_over(Event(id="", type=code, source=source, sourced=sourced), None)
            else:
                number, found = self.hear(subject)
            owners.append(number)
            said.append(learned(found) if number and found is not None else NOTHING)
        self.jotted.add(gist, owners, said)

    def hear(self, event: Event) -> tuple[int, Resolution | None]:
        """Return who an event is about that says something about being written to, or is the runtime's own, and what it says of who that is.

        The number is 0 where the event is about nobody.
        """
        feed = self.simulation.feed
        if event.type in STATED:
            raise OutOfOrderError(event.type)
        number = feed.identity.known(event.data) or named(feed.graph, event)[0]
        if event.type in (DESK, QUESTION) and isinstance(key := event.data.get("key"), str):
            self.answered.take(key, number)
        says = bool(event.consent) or event.type.startswith(OWN_TYPE)
        found: Resolution | None = None
        if not number:
            found = feed.identity.meet(event.data, event.known)
            if found.person is None:
                number = self.behind(event) if says else 0
                if not number:
                    feed.pass_over(event, None)
                return number, found
            number = found.person
            self.relate(found, number)
        if says and not (found is not None and self.is_about(event, found.added)):
            found = self.overhear(event, number, found)
        return number, found

    def relate(self, found: Resolution, number: int) -> None:
        """Put together whom an event shows to be one, or to be reached at one address."""
        kin = self.kin
        if number >= len(kin):
            kin.reach(number)
        for survivor, other in found.merged:
            kin.join(survivor, other)
        for kind, value in found.added:
            first = self.doors.first(f"{kind}:{value}", number)
            if first != number:
                kin.join(first, number)
        if found.asked:
            self.simulation.feed.asked.update(desk for desk, _, _ in found.asked)

    def is_about(self, event: Event, added: tuple[tuple[str, str], ...]) -> bool:
        """Return whether what an event says about being written to is about addresses that it has added, and no other."""
        if event.type.startswith(OWN_TYPE) or not all(
            "short" in one for one in event.consent or ()
        ):
            return False
        for field, kind in self.contacts:
            value = event.data.get(field)
            if isinstance(value, str) and (kind, value) not in added:
                return False
        return True

    def overhear(self, event: Event, number: int, found: Resolution | None) -> Resolution | None:
        """Put together those who are concerned by what somebody says about an address.

        Return what was ``found``, with the addresses of which they become a holder since they speak for them.
        """
        feed = self.simulation.feed
        source = event.source if event.sourced else ""
        moments = feed.program.moments_of(source, event.type)
        feed.vain = feed.vain_of(found.refused, event.data) if found is not None else ()
        taken = feed.said(event, f"P{number}", moments)[0]
        feed.vain = ()
        for consent in taken:
            if consent.contact:
                first = self.doors.first(consent.contact, number)
                if first != number:
                    self.kin.join(first, number)
        for contact in feed.spoken_for(event, taken):
            if feed.graph.speak(number, contact, event.data, event.known):
                kind, _colon, value = contact.partition(":")
                found = found or Resolution(number)
                found.added = (*found.added, (kind, value))
        return found

    def behind(self, event: Event) -> int:
        """Put together those behind the addresses at which nobody who can be told said no, and return one of them, or 0."""
        feed, there = self.simulation.feed, set[int]()
        source = event.source if event.sourced else ""
        for consent in feed.said(event, None, feed.program.moments_of(source, event.type))[0]:
            if consent.act not in YES:
                kind, _, value = (consent.contact or "").partition(":")
                there.update(feed.graph.holders(kind, value))
        first = min(there, default=0)
        for other in there - {first}:
            self.kin.join(first, other)
        return first

    # The second reading

    def live(
        self,
        progress: Callable[[], object] = bool,
        families: Iterable[list[int]] | None = None,
        of: int = 1,
    ) -> None:
        """Let happen what happens to everybody, or to some ``families``, which are about one of so many; one family after the other.

        Whether somebody had to wait at an entry brake is only known when all have been counted; see `entries`.
        """
        simulation, counts = self.simulation, self.log.counts
        feed, world = simulation.feed, simulation.world
        remembered = feed.identity = Remembered(self.jotted)
        feed.newcomer = self.newcomer
        world.brakes = self.entries
        self.answered.watch(simulation.answers, self.kin)
        world.parted = False  # nobody is taken apart here
        world.numbered = [None] * len(self.kin)
        done, read = 0, counts.read
        world.now = 0
        simulation.live_at = simulation.start
        with Again(self.jotted, self.log.files) as again:
            for portion in self.portions(self.families() if families is None else families):
                found = again.events([one for _, indices in portion for one in indices])
                for people, indices in portion:
                    remembered.follow(indices)
                    simulation.take([found[one] for one in indices])
                    if people:
                        self.leave(people)
                done += len(found)
                counts.read = read + read * done * of // max(1, len(self.jotted.owner))
                progress()
        simulation.finish()  # where nobody came, the end is told too

    def portions(
        self, families: Iterable[list[int]]
    ) -> Iterator[list[tuple[list[int], list[int]]]]:
        """Yield families with their events, so many as are read at once.

        Of a family with more events those before the last portion come without the people.
        """
        portion: list[tuple[list[int], list[int]]] = []
        size = 0
        for people in families:
            indices = self.jotted.of(people)
            while size + len(indices) > TOGETHER:
                room = TOGETHER - size
                if portion and len(indices) <= TOGETHER:
                    room = 0
                else:
                    portion.append(([], indices[:room]))
                yield portion
                indices, portion, size = indices[room:], [], 0
            portion.append((people, indices))
            size += len(indices)
        if portion:
            yield portion

    def newcomer(self, number: int) -> None:
        """Let somebody be known under the number of the first reading."""
        world = self.simulation.world
        person = Person(f"P{number}", number)
        world.people[person.id] = person
        world.numbered[number] = person

    def leave(self, people: list[int]) -> None:
        """Let time pass to its end for a family, count it, and make room for the next."""
        simulation, world, reached = self.simulation, self.simulation.world, self.reached
        if simulation.last is not None and reached > simulation.last:
            simulation.answers.reach(reached)
        simulation.finish()
        simulation.leave([world.numbered[number] for number in people])
        for number in people:
            world.numbered[number] = None
        world.people.clear()
        world.holders.clear()
        world.alarms.clear()
        world.now = 0
        simulation.live_at = simulation.start
        simulation.answers.forget()
