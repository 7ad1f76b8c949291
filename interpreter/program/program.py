"""The compiled form of a project. Rule: what a turn looks up is one look-up away, and nothing is worked out twice."""

from __future__ import annotations

from copy import copy

from verbline.interpreter.nodes import Word
from verbline.interpreter.person.aside import NONE
from verbline.interpreter.program.conditions import compile_value
from verbline.interpreter.program.reckoning import milliseconds
from verbline.interpreter.program.spans import later
from verbline.interpreter.program.starts import choices_of
from verbline.interpreter.program.systems import system_key
from verbline.interpreter.program.whereabouts import country_of, zones_said
from verbline.interpreter.zones import zone

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any, TypeAlias

    from verbline.interpreter.allowed import Cap
    from verbline.interpreter.guard.policy import Policy
    from verbline.interpreter.guard.purpose import Purpose
    from verbline.interpreter.person.record import Person
    from verbline.interpreter.program.conditions import Value
    from verbline.interpreter.program.meanings import Meanings
    from verbline.interpreter.program.parts import (
        Desk,
        Journey,
        Message,
        Moment,
        NoLonger,
        Offer,
        Segment,
    )
    from verbline.interpreter.program.reckoning import Duration
    from verbline.interpreter.program.scores import Score
    from verbline.interpreter.step.situations import Situations
    from verbline.interpreter.step.steps import Step
    from verbline.interpreter.step.turn import Turn
    from verbline.interpreter.working import WorkingTime
    from verbline.interpreter.zones import Zone

    Site: TypeAlias = "tuple[Journey | Step, str, str, str, str]"

# So many released messages are kept before the old ones are looked for.
COUNTED = 32
NO_MOMENTS: tuple[Moment, ...] = ()
# So many instants are remembered with what lies some time after them.
REMEMBERED = 1_024


class Sites:
    """What records are counted by: the journey or the step, kind, verdict, reason, and what else tells two apart."""

    __slots__ = ("_numbers", "known")

    def __init__(self) -> None:
        self.known: list[Site] = []
        self._numbers: dict[Site, int] = {}

    def number(self, site: Site) -> int:
        """Return the number under which records of one kind are counted."""
        number = self._numbers.get(site)
        if number is None:
            number = self._numbers[site] = len(self.known)
            self.known.append(site)
        return number


class Program:
    """A compiled project. The tables are by name; ``journeys`` in the order in which they are served.

    ``watched`` are the segments whose entries somebody waits for, ``fading`` the labels that can be taken back.
    """

    named: frozenset[str] | None = (
        None  # the words that sentences and messages name, once somebody has looked
    )
    # In which people were, once some are kept in brief.
    situations: Situations | None = None
    silences = False  # some condition asks how long somebody has given no sign of life

    # By name and version: journeys that somebody is still in, beside the newest; and where their people find their step again.
    older: Mapping[tuple[str, str], Journey] = NONE
    targets: Mapping[tuple[str, str], Mapping[str, str]] = NONE

    def __init__(self, zone_name: str, country: str, work: WorkingTime, policy: Policy) -> None:
        found = zone(zone_name)
        assert found is not None, "the settings were checked"
        self.zone: Zone = found
        self.country = country
        self.work = work
        self.policy = policy
        self.version = ""
        self.moments: dict[str, Moment] = {}
        self.by_code: dict[str, tuple[Moment, ...]] = {}
        self.spellings: dict[str, str] = {}
        self.journeys: dict[str, Journey] = {}
        self.purposes: dict[str, Purpose] = {}
        self.desks: dict[str, Desk] = {}
        self.offers: dict[str, Offer] = {}
        self.messages: dict[str, Message] = {}
        self.segments: dict[str, Segment] = {}
        self.scores: dict[str, Score] = {}
        self.watched: tuple[Segment, ...] = ()
        self.fading: dict[str, tuple[NoLonger, ...]] = {}
        self.labels: frozenset[str] = frozenset()
        self.trusted: dict[str, tuple[str, ...]] = {}  # field -> systems that know it best
        self.zone_fields: tuple[str, ...] = ()
        self.country_fields: tuple[str, ...] = ()
        self.marketing_cap: Cap | None = None
        self.language = ""
        self.folder = ""  # how the places of lines begin
        # Fields of people, those that say where somebody is, and the kind of contact that a field holds.
        self.facts: frozenset[str] = frozenset()
        self.place_fields: frozenset[str] = frozenset()
        self.contact_fields: dict[str, str] = {}
        self.watches = False
        self.sites = Sites()
        self.confirmed = False  # a yes for some purpose may wait for a link
        self.purpose_keys: dict[str, Purpose] = {}
        self.purpose_lines: dict[str, str] = {}
        self.cap_span = 0  # the longest time for which a cap counts a message, in milliseconds
        self.meanings: Meanings = None  # type: ignore[assignment]  # the compiler sets it first of all
        self._named: dict[str, Value] = {}
        self._later: dict[tuple[Any, ...], int] = {}

    def moments_of(self, source: str, code: str) -> tuple[Moment, ...]:
        """Return the moments that an event of type ``code`` from ``source`` is; an event without a source matches by type."""
        found = self.by_code.get(code, NO_MOMENTS)
        if not found or not source:
            return found
        system = self.spellings.get(source) or self.system(source)
        if len(found) == 1:
            only = found[0].source
            return found if not only or only == system else NO_MOMENTS
        return tuple(one for one in found if not one.source or one.source == system)

    def system(self, source: str) -> str:
        """Return the name of the system that calls itself ``source``, as systems are compared."""
        known = self.spellings.get(source)
        if known is None:
            known = system_key(source)
            if len(self.spellings) < 10_000:
                self.spellings[source] = known
        return known

    def later(
        self, turn: Turn, start: int, length: Duration, work: WorkingTime | None = None
    ) -> int:
        """Return the instant ``length`` after ``start``: by the person's clock, or by that of the desk whose ``work`` it is."""
        number, unit = length
        if unit == "hour" or unit == "minute":
            return start + milliseconds(number, unit)
        if work is None:
            here = turn.person.zone or turn.zone
            if unit == "day" and number.__class__ is int:
                end = here.after_days(start, int(number))
                if end is not None:
                    return end
            return self._reckoned(here, self.work, start, length)
        return self._reckoned(work.zone, work, start, length)

    def _reckoned(self, here: Zone, work: WorkingTime, start: int, length: Duration) -> int:
        """Return what `later` says. What many wait for begins at the same instants, such as the opening of a day."""
        key = here, work, start, length
        found = self._later.get(key)
        if found is None:
            if len(self._later) >= REMEMBERED:
                self._later.clear()
            found = self._later[key] = later(here, work, start, *length)
        return found

    def value_of(self, turn: Turn, name: str) -> Any:
        """Return what a data word in a message, a task or a question stands for now; None where it is unknown."""
        value = self._named.get(name)
        if value is None:
            word = Word("NAME", name, 0, 0)
            value = self._named[name] = compile_value(word, self.meanings)
        return value.of(turn)

    def count(self, turn: Turn, journey: str, purpose: str, key: str) -> None:
        """Keep a released message for as long as a cap may count it; where there is no cap, nothing is kept."""
        if not self.cap_span:
            return
        person = turn.person
        kept = person.accepted
        if len(kept) > COUNTED:
            oldest = turn.now - self.cap_span
            kept = tuple(one for one in kept if one[0] > oldest)
        person.accepted = (*kept, (turn.now, journey, purpose, key))

    def version_of(self, journey: str, version: str) -> Journey | None:
        """Return a journey in the version that a visit bears; None where the program does not hold it."""
        newest = self.journeys.get(journey)
        if newest is not None and newest.version == version:
            return newest
        return self.older.get((journey, version))

    @property
    def versions(self) -> Iterator[Journey]:
        """Every journey in every version: the newest, then the older ones."""
        yield from self.journeys.values()
        yield from self.older.values()

    def limited(self, journeys: Iterable[str]) -> Program:
        """Return the same program with only some of its journeys."""
        names = frozenset(journeys)
        other = copy(self)
        other.journeys = {name: one for name, one in self.journeys.items() if name in names}
        other.older = {key: one for key, one in self.older.items() if key[0] in names}
        other.moments = {}
        for name, moment in self.moments.items():
            kept = other.moments[name] = copy(moment)
            kept.starts = tuple(one for one in moment.starts if one.journey.name in names)
            kept.choices = choices_of(kept)
        other.by_code = {
            code: tuple(other.moments[one.name] for one in ones)
            for code, ones in self.by_code.items()
        }
        other.segments = {}
        for name, segment in self.segments.items():
            there = other.segments[name] = copy(segment)
            there.starts = tuple(one for one in segment.starts if one.name in names)
        stopping = {name for one in other.versions for name in one.stops_segment}
        other.watched = tuple(
            one for name, one in other.segments.items() if one.starts or name in stopping
        )
        other.fading = {
            label: kept_fading
            for label, fading in self.fading.items()
            if (kept_fading := tuple(one for one in fading if one.journey.name in names))
        }
        other.watches = bool(other.watched or other.fading)
        return other

    def zone_of(self, person: Person) -> Zone:
        """Return the person's zone, worked out anew: the one that the fields say, else the project's."""
        said = zones_said(self, person) if self.zone_fields else ()
        found = said[0] if len(said) == 1 else self.zone
        if said or self.contact_fields.keys().isdisjoint(self.zone_fields):
            person.zone = found  # else a number that becomes known may say it
        return found

    def country_of(self, person: Person) -> str:
        """Return the person's country as two letters, else the project's; nothing where what was said is none, or open."""
        return country_of(self, person)
