"""What an engine is given. Rule: it is read before anything is opened, and stays the same until another version is taken up."""

from __future__ import annotations

from verbline.runtime.engine.opened import Wanted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from verbline.interpreter.program.program import Program
    from verbline.interpreter.project import Project
    from verbline.runtime.settings.tables import Runtime
    from verbline.runtime.sources import Sources


class Given:
    """A ``project`` called ``name`` in ``folder`` with its ``program``, and the ``log`` that it runs on.

    ``settings`` are those that only the runtime reads, ``sources`` how systems write themselves. ``key`` is that of the
    ledger, ``environment`` holds the secrets; ``notes`` are versions that the store keeps, by name.
    """

    __slots__ = ("environment", "folder", "key", "log", "name", "notes", "program", "project", "settings", "sources")  # fmt: skip

    def __init__(
        self,
        project: Project,
        program: Program,
        log: Path,
        sources: Sources,
        settings: Runtime,
    ) -> None:
        self.project = project
        self.program = program
        self.log = log
        self.sources = sources
        self.settings = settings
        self.name = ""
        self.folder: Path = log
        self.key: bytes | None = None
        self.environment: Mapping[str, str] = {}
        self.notes: dict[str, str] = {}

    def wanted(self, kind: str) -> Wanted:
        """Return what a store of this project has to fit."""
        return Wanted(kind, self.name, self.project, self.key, self.notes)
