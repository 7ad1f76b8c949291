"""What an engine is given. Rule: it is read before anything is opened, and stays the same until another version is taken up."""

from __future__ import annotations

from pathlib import Path

from verbline.runtime.engine.opened import Wanted
from verbline.runtime.settings.tables import Runtime
from verbline.runtime.sources import Sources
from verbline.runtime.store.journal import Loaded
from verbline.runtime.uptake.stored import taken_up

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from verbline.interpreter.person.record import Person
    from verbline.interpreter.problems import Problem
    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project
    from verbline.runtime.metrics import Metrics
    from verbline.runtime.store.journal import Journal
    from verbline.runtime.uptake.uptake import Taken


class UnreadableError(Exception):
    """A project of which something cannot be read: the text is a sentence for people."""


class Nobody:
    """The records of a store that is not there yet."""

    path = Path()

    def load(self) -> Loaded:
        """Return that there are none."""
        return Loaded({}, {})

    def named(self) -> dict[str, bytes]:
        """Return that nothing is kept by name."""
        return {}


class Given:
    """A ``project`` called ``name`` in ``folder``, the ``log`` that it runs on, and what is wrong with it.

    ``settings`` are those that only the runtime reads, ``sources`` how systems write themselves. ``key`` is that of the
    ledger, ``environment`` holds the secrets; ``notes`` are versions that the store keeps, by name. ``certificate`` is what
    its file holds, None where there is none. ``ends`` are journeys that are gone and
    whose people do not finish; ``taken`` is how the project is taken up, and ``program`` what runs.
    """

    def __init__(self, project: Project, log: Path) -> None:
        self.project = project
        self.log = log
        self.name = ""
        self.folder = log
        self.errors: Sequence[Problem] = ()
        self.sources = Sources()
        self.settings = Runtime()
        self.key: bytes | None = None
        self.environment: Mapping[str, str] = {}
        self.notes: dict[str, str] = {}
        self.certificate: object = None
        self.ends: Collection[str] = ()
        # What takes the numbers of a run, where somebody wants them.
        self.metrics: Metrics | None = None
        self.taken: Taken | None = None
        self.program: Program

    def wanted(self, kind: str) -> Wanted:
        """Return what a store of this project has to fit."""
        return Wanted(kind, self.name, self.project, self.key, self.notes)

    def take_up(
        self, journal: Journal | Nobody, people: Iterable[Person | None] | None = None
    ) -> None:
        """Take the project up, with the versions that people in a store are inside of. `NotTakenError` where that cannot be.

        ``people`` are those of the store, where somebody has them in memory already.
        """
        self.taken = taken_up(
            journal,
            self.project,
            self.errors,
            certificate=self.certificate,
            ends=self.ends,
            people=people,
        )
        self.program = self.taken.program
