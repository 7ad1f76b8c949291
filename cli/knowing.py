"""What commands have in common that ask a log about people. Rule: the log is read as the runtime reads it, and only read.

PERSON is an id such as P7, or something that one person alone holds, such as email=tina@mail.example.
"""

from __future__ import annotations

import os
import re
from functools import partial
from pathlib import Path

from verbline.cli import WrongUsageError
from verbline.cli.folders import readable
from verbline.cli.output import complain
from verbline.cli.progress import Progress, read_so_far

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from verbline.cli.programs import Compiled
    from verbline.interpreter.program.program import Program
    from verbline.runtime.consent.ledger import Ledger
    from verbline.runtime.consent.standing import Somebody
    from verbline.runtime.events import Event
    from verbline.runtime.known import Known

# The environment variable that names the file with the lines of `consent anchor`.
ANCHORS = "VERBLINE_CONSENT_ANCHOR_FILE"
ID = re.compile(r"[Pp]([1-9]\d{0,17})")


class Place:
    """Where a command looks: the project, the log, and the file that keeps what is known, if any."""

    __slots__ = ("log", "project", "store")

    def __init__(self, project: str | None, log: str, store: str | None) -> None:
        self.project = project
        self.log = Path(log)
        self.store = None if store is None else Path(store)


class Knowledge:
    """A compiled project, what its log says, and the instant that it is asked at; ``values`` are what countries are told by."""

    __slots__ = ("compiled", "known", "now", "place", "values")

    def __init__(
        self, place: Place, compiled: Compiled, known: Known, asked: tuple[int, Values]
    ) -> None:
        self.place = place
        self.compiled = compiled
        self.known = known
        self.now, self.values = asked

    def number(self, person: str) -> int:
        """Return the number that PERSON bears now; wrong usage where nobody, or not one alone, is meant."""
        identity = self.known.identity
        found = ID.fullmatch(person.strip())
        if found is not None:
            number = int(found[1])
            if number > identity.store.people:
                raise WrongUsageError(f'There is nobody called "{readable(person)}".')
            return identity.now(number)
        kind, equals, value = person.partition("=")
        if not equals:
            raise WrongUsageError(
                "Name a person by an id such as P7, or as email=tina@mail.example."
            )
        holders = self.holders(kind.strip(), value.strip())
        if len(holders) != 1:
            how_many = f"{len(holders)} people hold" if holders else "Nobody holds"
            raise WrongUsageError(f"{how_many} what PERSON names.")
        return holders[0]

    def holders(self, kind: str, value: str) -> tuple[int, ...]:
        """Return who holds an identifier, written as people write it."""
        return self.known.identity.holders(*self.identifier(kind, value))

    def identifier(self, kind: str, value: str) -> tuple[str, str]:
        """Return the kind and the key of an identifier, written as people write it."""
        from verbline.interpreter.guard.consent import KIND_OF_CHANNEL
        from verbline.runtime.identity.normalise import address_key, id_key

        kind = self.known.identity.links.rules.contacts.get(kind, kind)
        if kind in KIND_OF_CHANNEL.values():
            return kind, address_key(kind, value, self.compiled.program.country) or ""
        return namespace_of(kind), id_key(value) or ""

    def signs(self, person: str) -> dict[str, str]:
        """Return what somebody alone is known by, as the fields of an event; ``person`` is an id they bore."""
        identity = self.known.identity
        fields = {namespace_of(field): field for field in identity.links.rules.keys}
        held = identity.store.held(identity.now(int(person[1:])))
        return {
            fields[kind]: identity.store.ident(ident)[1] for kind, ident in held if kind in fields
        }

    def somebody(self, number: int) -> Somebody:
        """Return a person as the ledger is asked about one."""
        from verbline.runtime.consent.standing import Somebody

        known = self.known
        ids = known.names(number)
        values: dict[str, object] = {}
        for one in sorted(ids, key=lambda name: int(name[1:]), reverse=True):
            values |= self.values.of(int(one[1:]))
        return Somebody(ids[0], ids, known.contacts(number), values, number in known.erased)


def namespace_of(field: str) -> str:
    """Return the kind under which the values of a field that names one person are kept."""
    from verbline.runtime.identity.signs import namespace

    return namespace(field)


class Values:
    """What events say that somebody's country or zone is told by, by the number that people bore then; the latest of each."""

    __slots__ = ("_fields", "_values")

    def __init__(self, program: Program) -> None:
        fields = (*program.country_fields, *program.zone_fields)
        self._fields = tuple(one for one in fields if one not in program.contact_fields)
        self._values: dict[int, dict[str, object]] = {}

    @property
    def needed(self) -> bool:
        """Whether anybody asks for any."""
        return bool(self._fields)

    def met(self, event: Event, number: int, _people: int) -> None:
        """Take what an event about a person says."""
        for field in self._fields:
            value = event.data.get(field)
            if value is not None and number:
                self._values.setdefault(number, {})[field] = value

    def of(self, number: int) -> dict[str, object]:
        """Return what was said of the person ``number``."""
        return self._values.get(number, {})


def number_of(found: Knowledge, person: str) -> int:
    """Return the number that PERSON bears now; 0, and said on standard error, where that is nobody or not one alone."""
    if not ID.fullmatch(person.strip()) and "=" not in person:
        return found.number(person)
    try:
        return found.number(person)
    except WrongUsageError as error:
        complain(str(error))
        return 0


def knowledge(
    place: Place, each: Callable[[Event, int, int], object] | None = None, *, at_all: bool = False
) -> Knowledge | None:
    """Return what the log at ``place`` says; None where the project has errors, which are then told.

    ``each`` is told of every event that is read, of whom, and how many people there have been. Where a backup was put back
    there is no answer before what was said since was replayed, but for whoever asks ``at_all``.
    """
    from verbline.cli.programs import compiled
    from verbline.runtime.clock import now

    found = compiled(place.project)
    if found is None:
        return None
    at, values = now(), Values(found.program)
    if each is not None:
        said = read(place, found, at, each)
    else:
        said = read(place, found, at, values.met if values.needed else None)
        if values.needed and place.store is not None:
            # What is kept does not say it.
            read(Place(place.project, str(place.log), None), found, at, values.met)
    if not at_all:
        refuse_if_restored(said.ledger)
    return Knowledge(place, found, said, (at, values))


def refuse_if_restored(ledger: Ledger) -> None:
    """Answer nothing where a ledger ends before the last anchor, and what was said since was not replayed."""
    from verbline.runtime.consent.restored import behind

    path = os.environ.get(ANCHORS, "")
    try:
        lines = Path(path).read_text("utf-8").split("\n") if path else []
    except OSError as error:
        raise WrongUsageError(
            f"The file that {ANCHORS} names cannot be read: {error.strerror}."
        ) from error
    last = next((line for line in reversed(lines) if line.strip()), "")
    why = behind(ledger, last) if last else ""
    if why:
        raise WrongUsageError(
            f"Nobody is answered about: {why}. Put back what was said since with `verbline consent replay`."
        )


def read(
    place: Place, found: Compiled, now: int, each: Callable[[Event, int, int], object] | None
) -> Known:
    """Return what is known of the log at ``place``; wrong usage where something of it cannot be read."""
    from verbline.runtime.consent.keys import NoKeyError, key_in
    from verbline.runtime.known import known
    from verbline.runtime.lines import LogError
    from verbline.runtime.sources import SourcesError, sources_of
    from verbline.runtime.standing import StoreError

    progress = Progress()
    try:
        return known(
            found.project,
            found.program,
            place.log,
            place.store,
            sources=sources_of(found.reading.settings),
            key=key_in(os.environ),
            now=now,
            each=each,
            progress=lambda log: progress.show(partial(read_so_far, log.counts)),
        )
    except (LogError, NoKeyError, SourcesError, StoreError) as error:
        raise WrongUsageError(str(error)) from error
    except OSError as error:
        raise WrongUsageError(f"The key of the ledger cannot be read: {error.strerror}.") from error
    finally:
        progress.clear()
